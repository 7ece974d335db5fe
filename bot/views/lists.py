"""Lists shown on request: open incidents."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.vocabulary import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    number: int
    title: str
    status: str
    severity: str | None
    kind: Kind
    channel: str | None
    declared_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentList:
    """``wanted``: what was asked for, such as ``open`` or ``SEV1``."""

    wanted: str
    incidents: tuple[IncidentLine, ...]
