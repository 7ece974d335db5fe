"""The channel was reminded of what is missing."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.vocabulary import NudgeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudged:
    """The channel was reminded of what the incident lacks."""

    about: tuple[NudgeKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgesSnoozed:
    """No nudge before ``until``; None: as the rules say."""

    until: datetime | None


Nudging = Nudged | NudgesSnoozed
