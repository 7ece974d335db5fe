"""The timeline of the document: what people tagged and typed, and what the lifecycle adds by itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.incident import Change, Entry, Incident
from bot.domain.redaction import STUB
from bot.domain.times import Precision, Time
from bot.domain.transcript import Message
from bot.domain.vocabulary import EntryKind, Status, TagKind, TimeName
from bot.views.durations import Moment
from bot.views.roles import Names

DELETED = "(deleted in Slack)"
#: Seconds: an impact so short is told to the second, because minutes would hide what happened.
SHORT_S = 600

Data = dict[str, Any]


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def time_data(time: Time) -> Data:
    """A stated moment as plain data; what was not stated is left out."""
    said = {"raw": time.raw, "tz": time.tz, "end_utc": iso(time.end_utc) if time.end_utc else None}
    flags = {"approx": time.approx, "open_ended": time.open_ended}
    return {
        "utc": iso(time.utc) if time.utc else None,
        "precision": time.precision.value,
        "source": time.source,
        **{name: value for name, value in said.items() if value},
        **{name: True for name, value in flags.items() if value},
    }


def timeline(
    incident: Incident,
    messages: Mapping[str, Message],
    names: Names,
    times: Mapping[TimeName, Moment],
    *,
    short: bool,
) -> list[Data]:
    """Visible entries by when they happened, coarser times first, then as they came; ``short``: within minutes."""
    entries = _visible(incident, TagKind.TIMELINE)
    lines = [(e.time, _entry(e, messages, names)) for e in entries]
    lines += [(time, line) for time, line in _lifecycle(incident, names, times)]
    lines.sort(key=lambda pair: pair[0].sort_key)
    crowded = Counter(_minute(entry.time) for entry in entries)
    return [
        {**line, "time": time_data(time), "seconds": _to_the_second(time, short=short, crowded=crowded)}
        for time, line in lines
    ]


def notes(incident: Incident, messages: Mapping[str, Message], names: Names) -> list[Data]:
    """The scribe's raw notes, kept apart from the curated timeline."""
    ordered = sorted(_visible(incident, TagKind.NOTE), key=lambda entry: entry.time.sort_key)
    return [{**_entry(e, messages, names), "time": time_data(e.time), "seconds": False} for e in ordered]


def _visible(incident: Incident, tag: TagKind) -> list[Entry]:
    return [entry for entry in incident.entries.values() if entry.tag is tag and not entry.hidden]


def _minute(time: Time) -> datetime | None:
    exact = time.utc and time.precision is Precision.SECOND
    return time.utc.replace(second=0, microsecond=0) if time.utc and exact else None


def _to_the_second(time: Time, *, short: bool, crowded: Counter[datetime | None]) -> bool:
    """A second that somebody typed is meant; Slack's own seconds count where minutes would hide the order."""
    if time.precision is not Precision.SECOND:
        return False
    return time.source in {"typed", "import"} or short or crowded[_minute(time)] > 1


def _entry(entry: Entry, messages: Mapping[str, Message], names: Names) -> Data:
    details = entry.details
    message = messages.get(entry.message.key) if entry.message else None
    own = names.typed(details.text) if details.text else None
    said = names.heard(message.said) if message and message.said else None
    files = (
        [{"name": f.name, "url": f.permalink} for f in message.files]
        if message and not message.deleted
        else []
    )
    unsaid = STUB if message and message.redacted else DELETED
    fallback = ", ".join(str(file["name"]) for file in files) or unsaid
    line: Data = {
        "id": entry.id,
        "text": own or said or fallback,
        "action": names.typed(details.action) if details.action else None,
        "actor": names.typed(details.actor) if details.actor else names.author(message),
        "marker": details.marker.value if details.marker else None,
        "marker_label": details.marker.label if details.marker else None,
        "label": names.typed(details.label) if details.label else None,
        "order": details.order,
        "kind": details.kind.value if details.kind else None,
        "evidence": list(details.evidence),
        "files": files,
        "message_url": message.permalink if message and not message.deleted else None,
        "source": "message" if entry.message else "note",
        "added_by": names.of(entry.added_by),
        "added_at": iso(entry.added_at),
    }
    flags = {"deleted": bool(message and message.deleted), "key": details.key, "system": False}
    return {name: value for name, value in line.items() if value not in (None, [])} | flags


# --- what the lifecycle adds -------------------------------------------------------------------------------------------

_TIME_OF = {
    Status.IDENTIFIED.value: TimeName.IDENTIFIED,
    Status.MONITORING.value: TimeName.MITIGATED,
    Status.RESOLVED.value: TimeName.RESOLVED,
}


def _lifecycle(
    incident: Incident, names: Names, times: Mapping[TimeName, Moment]
) -> Iterable[tuple[Time, Data]]:
    """Declaration, status, severity, roles.

    The last change into a status stands at the time it is known for, a reopen at the time when it began again.
    """
    last = {change.text: number for number, change in enumerate(incident.history) if change.what == "status"}
    declared = times[TimeName.DECLARED].time
    yield declared, _system("declared", f"Incident declared by {names.of(incident.declared_by)}", None)
    before, reopened = Status.TRIAGE, iter(incident.reopened)
    for number, change in enumerate(incident.history):
        words = _words(change, names)
        if words is None or number == 0:
            continue
        status = Status(change.text) if change.what == "status" else before
        opened_again = status.is_open and not before.is_open
        before = status
        if opened_again:
            reason = names.typed(change.reason) if change.reason else None
            yield next(reopened), _system("reopened", "Reopened", reason)
            continue
        moment = Time(utc=change.at, precision=Precision.SECOND, source="derived")
        stated = times.get(_TIME_OF.get(change.text, TimeName.DECLARED))
        if change.what == "status" and last[change.text] == number and change.text in _TIME_OF and stated:
            moment = replace(stated.time, source="derived") if stated.basis is None else moment
        yield moment, _system(change.what, words, names.typed(change.reason) if change.reason else None)


def _words(change: Change, names: Names) -> str | None:
    match change.what:
        case "status":
            return f"Status changed to {change.text}"
        case "severity":
            return f"Severity set to {change.text}"
        case "role":
            role, _, key = change.text.partition(": ")
            return f"{names.of(key)} became {names.role(role)}"
        case "title":
            return f"Renamed to {names.typed(change.text)}"
        case _:
            return None


def _system(what: str, text: str, reason: str | None) -> Data:
    said = f"{text}: {reason}" if reason else text
    return {"text": said, "kind": EntryKind.SYSTEM.value, "what": what, "system": True, "source": "system"}
