"""How a workspace wants severities and statuses to look: emoji and words of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.details import Severity
from bot.domain.vocabulary import Status
from bot.views.roles import ROLE_LABELS, role_label


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Emoji by the severity's label; labels by status and role. What is not named looks as it is called."""

    emoji: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[Status, str] = field(default_factory=dict)
    #: Labels of roles by their keys, in the order in which they are shown.
    roles: Mapping[str, str] = field(default_factory=lambda: ROLE_LABELS)

    def status(self, status: Status) -> str:
        return self.labels.get(status, status.value)

    def role(self, key: str) -> str:
        return self.roles.get(key) or role_label(key)

    def in_order(self, roles: Iterable[str]) -> list[str]:
        """The configured ones first, the workspace's own as they came."""
        known = list(self.roles)
        return sorted(roles, key=lambda key: known.index(key) if key in self.roles else len(known))

    def emoji_of(self, severity: Severity | None) -> str | None:
        """The emoji's name without colons."""
        return self.emoji.get(severity.label) if severity else None


#: As Tocsin comes.
PLAIN = Look()
