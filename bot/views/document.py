"""The postmortem as plain data: dicts, lists, strings and numbers, everything that a template may print.

Pure. Paths are those of the document model; what is not known is absent or None, never invented and never 0.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.events import Due
from bot.domain.fields import FIELDS, LISTS, Value
from bot.domain.incident import ActionItem, Entry, Incident
from bot.domain.people import SYSTEM, Person
from bot.domain.times import Precision, Time, clock
from bot.domain.transcript import Message, Profile
from bot.domain.vocabulary import ActionKind, ActionState, EntryKind, TagKind, TimeName
from bot.views.durations import durations
from bot.views.prose import prose
from bot.views.sla import verdicts

Data = dict[str, Any]
SCHEMA = "postmortem-document/1"
ROLE_LABELS = {
    "commander": "Incident Commander",
    "comms": "Communications Lead",
    "ops": "Operations Lead",
    "scribe": "Scribe",
}
SHORT = timedelta(hours=1)  # incidents within an hour are told to the second


class _Names:
    """People as the document prints them."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self.profiles = profiles

    def of(self, key: str | None) -> str | None:
        if not key or key == SYSTEM:
            return None
        known = self.profiles.get(key)
        return known.name if known else key

    def person(self, person: Person) -> str:
        return self.of(person.key) or person.key

    def text(self, text: str | None) -> str | None:
        return prose(text, self.profiles) if text else None


def build_document(
    incident: Incident,
    *,
    messages: Mapping[str, Message],
    profiles: Mapping[str, Profile],
    now: datetime,
    display_zone: str = "UTC",
) -> Data:
    """Everything about an incident. ``messages`` are tagged ones by key; ``now`` is when the rendering was asked for."""
    names = _Names(profiles)
    document: Data = {"schema": SCHEMA, "rendered_at": _iso(now), "display_zone": display_zone}
    for path, value in incident.fields.items():
        _put(document, path, _plain(value))
    for path, items in incident.lists.items():
        _put(document, path, [_item(path, item.id, item.values, names) for item in items])
    _merge(document, "incident", _incident(incident, names))
    seconds = _by_the_second(incident)
    document["times"] = {name.value: _time(time) for name, time in incident.times.items()}
    document["durations"] = durations(incident)
    document["people"] = _people(incident, names)
    entries = _entries(incident, messages, names, seconds=seconds)
    document["timeline"] = [e for e in entries if e["tag"] == TagKind.TIMELINE]
    document["notes"] = [e for e in entries if e["tag"] == TagKind.NOTE]
    document["steps"] = sorted(
        (e for e in document["timeline"] if e.get("order")), key=lambda e: int(e["order"])
    )
    document["history"] = _history(incident, names)
    document["updates"] = [_update(u, names) for u in incident.updates if u.text]
    document["sla"] = verdicts(incident, document["durations"])
    document["actions"] = _actions(incident, names, follows=True)
    document["recommendations"] = _actions(incident, names, only=ActionKind.RECOMMENDATION)
    document["preventive_measures"] = _actions(incident, names, only=ActionKind.PREVENTIVE_MEASURE)
    document["action_totals"] = _totals(incident)
    document["checklists"] = [_checklist(i) for i in document.get("checklists", [])]
    _merge(document, "doc", {"status": incident.document.value, "status_label": incident.document.label})
    document["spans_days"] = len({e["time"]["date"] for e in document["timeline"] if e["time"]["date"]}) > 1
    return document


# --- small pieces ------------------------------------------------------------------------------------------------------


def _put(document: Data, path: str, value: Any) -> None:
    """Set a dotted path; a list and fields may share a name (``impact.services``), then the list wins."""
    *parents, last = path.split(".")
    place = document
    for name in parents:
        place = place.setdefault(name, {})
    place[last] = value


def _merge(document: Data, name: str, more: Data) -> None:
    document[name] = {**document.get(name, {}), **more}


def _plain(value: Value) -> Any:
    if isinstance(value, Time):
        return _time(value)
    return list(value) if isinstance(value, tuple) else value


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _time(time: Time, *, seconds: bool = False) -> Data:
    """A stated moment with the words it is printed in; UTC, and the zone it was typed in where that differs."""
    shown = clock(time, seconds=seconds and time.precision is Precision.SECOND)
    return {
        "utc": _iso(time.utc) if time.utc else None,
        "date": f"{time.utc:%Y-%m-%d}" if time.utc else None,
        "clock": shown,
        "local": _local(time),
        "precision": time.precision.value,
        "approx": time.approx,
        "raw": time.raw,
        "tz": time.tz,
        "end": _iso(time.end_utc) if time.end_utc else None,
        "open_ended": time.open_ended,
    }


def _local(time: Time) -> str | None:
    """``14:05 GMT+1``: what a person read on the clock, where they named an offset of their own."""
    if time.utc is None or not time.tz or not (match := re.fullmatch(r"([+-])(\d{2}):(\d{2})", time.tz)):
        return None
    sign = -1 if match[1] == "-" else 1
    local = time.utc + sign * timedelta(hours=int(match[2]), minutes=int(match[3]))
    minutes = f":{match[3]}" if match[3] != "00" else ""
    return f"{local:%H:%M} GMT{match[1]}{int(match[2])}{minutes}"


def _by_the_second(incident: Incident) -> bool:
    """Whether minutes would hide the order: the impact lasted less than an hour, and somebody gave seconds."""
    typed = any(e.time.precision is Precision.SECOND and e.message is None for e in incident.entries.values())
    start, end = incident.times.get(TimeName.IMPACT_STARTED), incident.times.get(TimeName.RESOLVED)
    start = start or incident.times.get(TimeName.DECLARED)
    short = bool(start and end and start.utc and end.utc and end.utc - start.utc < SHORT)
    return short or typed


def _incident(incident: Incident, names: _Names) -> Data:
    severity = incident.severity
    return {
        "id": incident.number,
        "ref": incident.ref,
        "title": incident.title,
        "kind": incident.kind.value,
        "private": incident.private,
        "severity": {"scheme": severity.scheme, "level": severity.level, "label": severity.label}
        if severity
        else None,
        "status": incident.status.value,
        "channel": {"id": incident.channel, "name": incident.channel_name} if incident.channel else None,
        "declared_by": names.of(incident.declared_by),
        "reopened": [_time(time) for time in incident.reopened],
    }


def _people(incident: Incident, names: _Names) -> list[Data]:
    """Everybody who held a role, with the roles, in the order of taking them."""
    found: dict[str, Data] = {}
    for given in incident.appointments:
        person = found.setdefault(given.person.key, {"name": names.person(given.person), "roles": []})
        label = ROLE_LABELS.get(given.role, given.role.replace("_", " "))
        if label not in person["roles"]:
            person["roles"].append(label)
    return list(found.values())


# --- timeline ------------------------------------------------------------------------------------------------------------


def _entries(
    incident: Incident, messages: Mapping[str, Message], names: _Names, *, seconds: bool
) -> list[Data]:
    """Visible entries by when they happened; coarser times first, then as they were added."""
    shown = [entry for entry in incident.entries.values() if not entry.hidden]
    ordered = sorted(shown, key=lambda entry: entry.time.sort_key)
    return [_entry(incident, entry, messages, names, seconds=seconds) for entry in ordered]


def _entry(
    incident: Incident, entry: Entry, messages: Mapping[str, Message], names: _Names, *, seconds: bool
) -> Data:
    details = entry.details
    message = messages.get(entry.message.key) if entry.message else None
    words = names.text(details.text) or _said(message, names)
    return {
        "id": entry.id,
        "tag": entry.tag.value,
        "time": _time(entry.time, seconds=seconds),
        "text": words or "(deleted in Slack)",
        "deleted": bool(message and message.deleted),
        "action": names.text(details.action),
        "actor": details.actor or _author(message, names),
        "actor_stated": details.actor is not None,
        "marker": details.marker.label if details.marker else None,
        "label": details.label,
        "order": details.order,
        "kind": (details.kind or EntryKind.EVENT).value,
        "evidence": [*details.evidence, *([message.permalink] if message and message.permalink else [])],
        "files": [{"name": f.name, "url": f.permalink} for f in message.files] if message else [],
        "added_by": names.of(entry.added_by),
        "late": entry.added_at.isoformat() if entry.message is None else None,
        "before_declaration": bool(entry.time.utc and entry.time.utc < incident.declared_at),
    }


def _said(message: Message | None, names: _Names) -> str | None:
    if message is None or message.deleted:
        return None
    return names.text(message.text) or ", ".join(file.name for file in message.files) or None


def _author(message: Message | None, names: _Names) -> str | None:
    return (message.bot_name or names.of(message.user)) if message else None


def _history(incident: Incident, names: _Names) -> list[Data]:
    """Changes of status, severity and roles: kept apart from what people put on the timeline."""
    return [
        {
            "time": _time(Time(utc=change.at, precision=Precision.MINUTE)),
            "what": change.what,
            "text": _named(change.text, names),
            "by": names.of(change.by),
            "reason": change.reason,
        }
        for change in incident.history
        if change.what != "update"
    ]


def _named(text: str, names: _Names) -> str:
    return re.sub(r"\b[UW][A-Z0-9]{2,}\b", lambda match: names.of(match[0]) or match[0], text)


def _update(update: Any, names: _Names) -> Data:
    return {
        "time": _time(Time(utc=update.at)),
        "by": names.of(update.by),
        "text": names.text(update.text),
        "status": update.status.value,
    }


# --- action items --------------------------------------------------------------------------------------------------------


def _actions(
    incident: Incident, names: _Names, *, only: ActionKind | None = None, follows: bool = False
) -> list[Data]:
    """Items as a flat list in order of their tree, each with its depth and number (``2.1``)."""
    apart = {ActionKind.RECOMMENDATION, ActionKind.PREVENTIVE_MEASURE}
    chosen = [
        item
        for item in incident.actions.values()
        if (item.details.kind is only if only else follows and item.details.kind not in apart)
    ]
    if only:
        chosen.sort(key=lambda item: item.details.order or 0)
    ids = {item.id for item in chosen}
    found: list[Data] = []

    def walk(parent: str | None, depth: int, prefix: str) -> None:
        children = [i for i in chosen if (i.details.parent if i.details.parent in ids else None) == parent]
        for number, item in enumerate(children, 1):
            label = f"{prefix}{number}"
            found.append({**_action(item, names), "depth": depth, "number": label})
            walk(item.id, depth + 1, f"{label}.")

    walk(None, 0, "")
    return found


def _action(item: ActionItem, names: _Names) -> Data:
    details = item.details
    return {
        "id": item.id,
        "text": names.text(details.text),
        "label": details.label,
        "details": [names.text(line) for line in details.details],
        "kind": details.kind.value,
        "type": details.type,
        "group": details.group,
        "owners": [names.person(owner) for owner in details.owners],
        "due": _due(details.due),
        "priority": details.priority,
        "horizon": details.horizon.value if details.horizon else None,
        "state": item.state.value,
        "state_label": item.state.label,
        "finished": item.state.is_finished,
        "done": item.state is ActionState.DONE,
        "reason": item.reason,
        "order": details.order,
        "parent": details.parent,
        "tracker": details.tracker,
    }


def _due(due: Due | None) -> str | None:
    """The date, with the words it was given in where they say more than the date."""
    if due is None:
        return None
    if due.at is None:
        return due.raw
    day = f"{due.at:%Y-%m-%d}" if due.day_only else f"{due.at:%Y-%m-%d %H:%M} UTC"
    wordy = due.raw and not re.fullmatch(r"[\d\s:.-]+(?:UTC)?", due.raw)
    return f"{day} ({due.raw})" if wordy else day


def _totals(incident: Incident) -> Data:
    items = [item for item in incident.actions.values() if item.state is not ActionState.CANCELLED]
    return {
        "total": len(items),
        "done": sum(item.state is ActionState.DONE for item in items),
        "unowned": sum(not item.details.owners for item in items if not item.state.is_finished),
        "undated": sum(item.details.due is None for item in items if not item.state.is_finished),
    }


# --- lists ---------------------------------------------------------------------------------------------------------------


def _item(path: str, item: str, values: Mapping[str, Value], names: _Names) -> Data:
    made: Data = {column.name: None for column in LISTS[path].columns} if path in LISTS else {}
    for name, value in values.items():
        made[name] = names.text(value) if isinstance(value, str) else _plain(value)
    return {"id": item, **made}


def _checklist(item: Data) -> Data:
    """Lines of ``# section`` and ``[x] item`` as sections."""
    sections: list[Data] = []
    for line in str(item.get("items") or "").splitlines():
        stripped = line.strip()
        if stripped.startswith("#"):
            sections.append({"title": stripped.lstrip("# "), "items": []})
        elif stripped:
            done = bool(re.match(r"^[-*]?\s*\[x\]", stripped, re.IGNORECASE))
            text = re.sub(r"^[-*]?\s*\[[ xX]?\]\s*|^[-*]\s+", "", stripped)
            if not sections:
                sections.append({"title": None, "items": []})
            sections[-1]["items"].append({"text": text, "done": done})
    return {"name": item.get("name"), "sections": sections}


def known_paths() -> Iterable[str]:
    """All paths that a template can rely on, filled or not."""
    return (*FIELDS, *LISTS)
