"""How a workspace wants severities and statuses to look: emoji and words of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.events import Severity
from bot.domain.vocabulary import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Emoji by the severity's label; labels by status. What is not named looks as it is called."""

    emoji: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[Status, str] = field(default_factory=dict)

    def status(self, status: Status) -> str:
        return self.labels.get(status, status.value)

    def emoji_of(self, severity: Severity | None) -> str | None:
        """The emoji's name without colons."""
        return self.emoji.get(severity.label) if severity else None
