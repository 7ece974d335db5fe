"""Remind the channel of what is missing."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.vocabulary import NudgeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """Remind the channel of what the incident lacks."""

    about: tuple[NudgeKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeNudges:
    """None ends a snooze."""

    until: datetime | None


Nudging = Nudge | SnoozeNudges
