"""The postmortem as plain data: dicts, lists, strings and numbers, everything that a template may print.

Pure. Paths are those of the document model; what is not known is absent or None, never invented and never 0.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from bot.domain.details import Due, Severity
from bot.domain.fields import LISTS, Value
from bot.domain.incident import ActionItem, Change, Incident, Update
from bot.domain.times import Time, zone_of
from bot.domain.transcript import Message, Profile
from bot.domain.vocabulary import ActionKind, ActionState, TimeName
from bot.views.durations import durations, impact, moments, windows
from bot.views.roles import ROLE_LABELS, Names, people, roles
from bot.views.sla import service_levels
from bot.views.timeline import SHORT_S, Data, iso, notes, time_data, timeline

#: Groups that are always there, so that a template may look into them; words that may be missing are None.
_GROUPS = (
    "incident",
    "times",
    "response",
    "detection",
    "impact",
    "cause",
    "resolution",
    "lessons",
    "doc",
    "custom",
)
_WORDS = ("summary", "background", "introduction")
#: `TimeName` where the document model has a shorter word.
_TIME_PATHS = {TimeName.IMPACT_STARTED: "impact_start"}
_WORK = frozenset({ActionKind.TASK, ActionKind.FOLLOW_UP})


def build_document(
    incident: Incident,
    *,
    messages: Mapping[str, Message],
    profiles: Mapping[str, Profile],
    now: datetime,
    workspace_zone: str = "UTC",
    display_zone: str | None = None,
    roles_called: Mapping[str, str] = ROLE_LABELS,
) -> Data:
    """Everything about an incident, as of ``now``. ``messages`` are the tagged ones, by ``channel:ts``.

    Calendar windows and dates are those of ``workspace_zone``; ``display_zone`` is a second zone for readers.
    """
    names = Names(profiles, roles_called)
    zone = zone_of(workspace_zone) or UTC
    times = moments(incident)
    whole = impact(incident, times)
    short = whole is not None and whole.seconds() < SHORT_S
    begun = (times.get(TimeName.IMPACT_STARTED) or times[TimeName.DECLARED]).time.utc or incident.declared_at

    document: Data = {**{name: {} for name in _GROUPS}, **dict.fromkeys(_WORDS), **_lists(incident, names)}
    for path, value in incident.fields.items():
        _put(document, path, _plain(value, names))
    document["incident"] |= _incident(incident, names) | {"date": begun.astimezone(zone).strftime("%Y-%m-%d")}
    document["times"] = {
        _TIME_PATHS.get(name, name.value): time_data(moment.time)
        | ({"basis": moment.basis} if moment.basis else {})
        for name, moment in times.items()
    }
    document["times"]["impact_windows"] = [
        {"start": time_data(start)} | ({"end": time_data(end)} if end else {})
        for start, end in windows(incident, times)
    ]
    document["durations"] = durations(incident, times)
    document["roles"] = roles(incident, names)
    document["people"] = people(incident, messages, names)
    document["timeline"] = timeline(incident, messages, names, times, short=short)
    document["steps"] = sorted(
        (line for line in document["timeline"] if "order" in line), key=lambda x: int(x["order"])
    )
    document["notes"] = notes(incident, messages, names)
    document["sla"] = service_levels(incident, whole, at=begun, zone=zone)
    document["actions"] = _actions(incident, names, profiles, zone, now)
    document["action_totals"] = _totals(incident)
    document["updates"] = [_update(update, names) for update in incident.updates]
    document["doc"] |= _doc(incident, names)
    document["display"] = {
        "zone": display_zone or "UTC",
        "seconds": short,
        "hide_clock_times": bool(document["doc"].get("hide_clock_times")),
    }
    document["rendered_at"] = iso(now)
    document["record"] = {"events": incident.said}
    return document


def _incident(incident: Incident, names: Names) -> Data:
    severity = incident.severity
    changed = [change for change in incident.history if change.what in {"status", "severity"}]
    return {
        "id": incident.number,
        "ref": incident.ref,
        "title": names.typed(incident.title),
        "kind": incident.kind.value,
        "private": incident.private,
        "severity": _severity(severity) if severity else None,
        "first_severity": incident.first_severity.label if incident.first_severity else None,
        "severity_history": [_change(c, names) for c in changed if c.what == "severity"],
        "status": incident.status.value,
        "status_history": [_change(c, names) for c in changed if c.what == "status"],
        "is_open": incident.status.is_open,
        "channel": {"id": incident.channel, "name": incident.channel_name} if incident.channel else None,
        "declared_by": names.of(incident.declared_by),
        "reopened": [time_data(time) for time in incident.reopened],
    }


def _severity(severity: Severity) -> Data:
    return {"scheme": severity.scheme, "level": severity.level, "label": severity.label}


def _change(change: Change, names: Names) -> Data:
    said = {"reason": names.typed(change.reason)} if change.reason else {}
    return {"at": iso(change.at), "by": names.of(change.by), "to": change.text, **said}


def _update(update: Update, names: Names) -> Data:
    return {
        "time": time_data(Time.at(update.at)),
        "by": names.of(update.by),
        "text": names.typed(update.text),
        "status": update.status.value,
        **({"severity": update.severity.label} if update.severity else {}),
    }


def _doc(incident: Incident, names: Names) -> Data:
    return {
        "status": incident.document.value,
        "status_label": incident.document.label,
        "is_draft": incident.document.value != "published",
        "revisions": [
            {
                "number": r.revision,
                "at": iso(r.at),
                "by": names.of(r.by),
                "final": r.final,
                "formats": list(r.formats),
            }
            for r in incident.renderings
        ],
    }


# --- fields and lists --------------------------------------------------------------------------------------------------


def _put(document: Data, path: str, value: Any) -> None:
    """Set a dotted path. Where a word stands in the way of a group, the group gives up."""
    *parents, last = path.split(".")
    place = document
    for name in parents:
        place = place.setdefault(name, {})
        if not isinstance(place, dict):
            return
    place[last] = value


def _plain(value: Value, names: Names) -> Any:
    match value:
        case Time():
            return time_data(value)
        case tuple():
            return [names.typed(line) for line in value]
        case str():
            return names.typed(value)
        case _:
            return value


def _lists(incident: Incident, names: Names) -> Data:
    """Every declared list, filled or empty, at its own path."""
    found: Data = {}
    for path in (*LISTS, *(path for path in incident.lists if path not in LISTS)):
        items = incident.lists.get(path, ())
        _put(found, path, [{"id": i.id, **{n: _plain(v, names) for n, v in i.values.items()}} for i in items])
    found["checklists"] = [
        {"name": item["name"], "sections": list(_sections(str(item.get("items", ""))))}
        for item in found["checklists"]
    ]
    found["related"] = [*found["related"], *_duplicates(incident)]
    return found


def _duplicates(incident: Incident) -> Iterator[Data]:
    """Incidents that are the same as this one, in either direction."""
    if incident.merged_into:
        yield {"title": f"INC-{incident.merged_into}", "kind": "duplicate", "note": "merged into it"}
    for number in incident.absorbed:
        yield {"title": f"INC-{number}", "kind": "duplicate", "note": "merged into this one"}


_TICK = re.compile(r"^(?:[-*]\s*)?\[(?P<mark>[ xX]?)\]\s*|^[-*]\s+")


def _sections(text: str) -> Iterator[Data]:
    """``# section``, ``[ ] item`` and ``[x] item`` as sections of items."""
    title: str | None = None
    items: list[Data] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#"):
            if title or items:
                yield {"title": title, "items": items}
            title, items = line.lstrip("# "), []
        else:
            tick = _TICK.match(line)
            done = bool(tick and (tick["mark"] or "").lower() == "x")
            items.append({"text": line[tick.end() :] if tick else line, "done": done})
    if title or items:
        yield {"title": title, "items": items}


# --- action items ------------------------------------------------------------------------------------------------------


def _actions(
    incident: Incident, names: Names, profiles: Mapping[str, Profile], zone: tzinfo, now: datetime
) -> list[Data]:
    """The tree, each node with its children, depth and number. Numbers run on within a kind."""
    children: dict[str | None, list[ActionItem]] = {}
    for item in incident.actions.values():
        children.setdefault(_parent(incident, item), []).append(item)

    def node(item: ActionItem, depth: int, number: str) -> Data:
        own = zone_of(_zone(item, profiles)) or zone
        below = enumerate(children.get(item.id, []), 1)
        kids = [node(child, depth + 1, f"{number}.{n}") for n, child in below]
        return {**_action(item, names, own, now), "depth": depth, "number": number, "children": kids}

    roots = sorted(children.get(None, []), key=lambda item: item.details.order or len(incident.actions) + 1)
    counts: dict[str, int] = {}
    found = []
    for item in roots:
        kind = item.details.kind.value
        counts[kind] = counts.get(kind, 0) + 1
        found.append(node(item, 1, str(counts[kind])))
    return found


def _upwards(incident: Incident, item: ActionItem) -> Iterator[ActionItem]:
    """The item and those above it. A way that leads in a circle ends where it began."""
    seen: set[str] = set()
    above: ActionItem | None = item
    while above is not None and above.id not in seen:
        seen.add(above.id)
        yield above
        above = incident.actions.get(above.details.parent or "")


def _parent(incident: Incident, item: ActionItem) -> str | None:
    """The item above, unless it is unknown or the way up leads in a circle."""
    *_, top = _upwards(incident, item)
    parent = item.details.parent
    circle = top.details.parent in incident.actions
    return None if circle or parent not in incident.actions else parent


def _zone(item: ActionItem, profiles: Mapping[str, Profile]) -> str | None:
    """Where its owner lives: a due day is a day there."""
    known = (profiles.get(owner.slack_id) for owner in item.details.owners if owner.slack_id)
    return next((profile.zone for profile in known if profile), None)


def _action(item: ActionItem, names: Names, zone: tzinfo, now: datetime) -> Data:
    details = item.details
    due = details.due
    made: Data = {
        "ref": item.id,
        "text": names.typed(details.text),
        "label": names.typed(details.label) if details.label else None,
        "details": [names.typed(line) for line in details.details],
        "kind": details.kind.value,
        "type": details.type,
        "group": details.group,
        "owners": names.all(details.owners),
        "owners_left": names.left(details.owners) or None,
        "due": _due(due, zone) if due else None,
        "priority": details.priority,
        "horizon": details.horizon.value if details.horizon else None,
        "status": item.state.value,
        "reason": names.typed(item.reason) if item.reason else None,
        "order": details.order,
        "tracker": details.tracker,
        "source": details.source,
        "created": iso(item.created_at),
        "updated": iso(item.changed_at),
        "done_at": iso(item.done_at) if item.done_at else None,
        "overdue": bool(due and due.at and due.at < now and not item.state.is_finished) or None,
    }
    always = {"owners", "details"}
    return {name: value for name, value in made.items() if value is not None or name in always}


def _due(due: Due, zone: tzinfo) -> Data:
    """The day it is owed, with the moment where one was meant; or only the words."""
    made: Data = {"derived": True} if due.derived else {}
    if due.raw:
        made["raw"] = due.raw
        # "within a week" says more than the date that it came to; "2026-12-01" does not.
        made["worded"] = not re.fullmatch(r"[\d\s:.-]+(?:UTC)?", due.raw)
    if due.at:
        made["date"] = due.at.astimezone(zone).strftime("%Y-%m-%d")
        if not due.day_only:
            made["at"] = iso(due.at)
    return made


def _totals(incident: Incident) -> Data:
    """How far the work is, in all and (``work``) without recommendations and preventive measures."""
    items = list(incident.actions.values())
    return {
        **_total(incident, items),
        "work": _total(incident, [item for item in items if item.details.kind in _WORK]),
    }


def _total(incident: Incident, items: Sequence[ActionItem]) -> Data:
    """What was cancelled is owed no more; parts are owed by the owner of the whole."""
    owed = [item for item in items if item.state is not ActionState.CANCELLED]
    unfinished = [list(_upwards(incident, item)) for item in owed if not item.state.is_finished]
    return {
        "total": len(owed),
        "done": len(owed) - len(unfinished),
        "unowned": sum(not any(above.details.owners for above in line) for line in unfinished),
        "undated": sum(all(above.details.due is None for above in line) for line in unfinished),
    }
