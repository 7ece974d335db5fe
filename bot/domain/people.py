"""Who did or owes something: a Slack user, or a name outside Slack (a team, a customer, an address)."""

import re
from dataclasses import dataclass

_SLACK_ID = re.compile(r"^(?:[UW][A-Z0-9]{2,}|S(?=[A-Z]*\d)[A-Z0-9]{6,})$")
_MENTION = re.compile(r"<(?:@|!subteam\^)([UWS][A-Z0-9]{2,})(?:\|[^>]*)?>")

#: Facts that no person caused: the bot's own effects and clocks.
SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Exactly one of a Slack id (a user's ``U…``/``W…``, a user group's ``S…``) or a plain name."""

    slack_id: str | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        if bool(self.slack_id) == bool(self.name):
            raise ValueError("a person is a Slack id or a name, not both and not neither")

    @classmethod
    def of(cls, text: str) -> "Person":
        """Read ``U012ABC`` as a Slack user, ``S012ABC`` as a user group, and anything else as a name."""
        return cls(slack_id=text) if _SLACK_ID.match(text) else cls(name=text)

    @classmethod
    def typed_as(cls, text: str) -> "Person":
        """Read what `typed` wrote, or a name. Raises ValueError when it is empty."""
        mention = _MENTION.fullmatch(text.strip())
        return cls(slack_id=mention[1]) if mention else cls.of(text.strip())

    @property
    def user(self) -> str | None:
        """The id of one Slack user, who can be written to and invited; None for groups and names."""
        return None if self.is_group else self.slack_id

    @property
    def is_group(self) -> bool:
        return self.slack_id is not None and self.slack_id.startswith("S")

    @property
    def key(self) -> str:
        return self.slack_id or self.name or ""

    @property
    def typed(self) -> str:
        """As it stands in a field of the postmortem: a mention, or the name."""
        if self.is_group:
            return f"<!subteam^{self.slack_id}>"
        return f"<@{self.slack_id}>" if self.slack_id else self.name or ""
