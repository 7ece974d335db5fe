"""Lists shown on request: open incidents, and the timeline as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import Entry, Incident
from bot.domain.vocabulary import Kind, TagKind

#: As many as one message can hold; the postmortem shows all.
ENTRIES_SHOWN = 40


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLine:
    entry: str
    at: datetime | None
    approx: bool
    marker: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    """The newest entries in order of when they happened."""

    ref: str
    title: str
    lines: tuple[TimelineLine, ...]
    earlier: int


def timeline_page(incident: Incident, words: Mapping[str, str]) -> TimelinePage:
    """``words`` are the present wordings of tagged messages, by message key."""
    entries = [
        entry for entry in incident.entries.values() if not entry.hidden and entry.tag is TagKind.TIMELINE
    ]
    ordered = sorted(entries, key=lambda entry: entry.time.sort_key)
    shown = ordered[-ENTRIES_SHOWN:]
    return TimelinePage(
        ref=incident.ref,
        title=incident.title,
        lines=tuple(_line(entry, words) for entry in shown),
        earlier=len(ordered) - len(shown),
    )


def _line(entry: Entry, words: Mapping[str, str]) -> TimelineLine:
    own = entry.details.text or (words.get(entry.message.key) if entry.message else None)
    return TimelineLine(
        entry=entry.id,
        at=entry.time.utc,
        approx=entry.time.approx,
        marker=entry.details.marker.label if entry.details.marker else None,
        text=own or "(deleted in Slack)",
    )
