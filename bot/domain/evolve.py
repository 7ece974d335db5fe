"""`evolve` folds one more event into an incident; `fold` folds all of them. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal, assert_never

from bot.domain import events as e
from bot.domain.evolve_actions import with_action
from bot.domain.evolve_entries import with_entry
from bot.domain.evolve_review import with_review, writers
from bot.domain.evolve_roles import with_roles
from bot.domain.fields import Value
from bot.domain.incident import Change, Incident, Item, NudgeSent, Rendering, Update
from bot.domain.mappings import put
from bot.domain.redaction import redacted
from bot.domain.times import Precision, Time
from bot.domain.vocabulary import DocumentStatus, Status, TimeName


def begin(recorded: e.Recorded) -> Incident:
    """The state after the first event, which must be `Declared`. Raises ValueError otherwise."""
    event = recorded.event
    if not isinstance(event, e.Declared):
        raise ValueError(  # noqa: TRY004 - the record is at fault, not its type
            f"an incident begins with Declared, not {type(event).__name__}"
        )
    at, by = recorded.at, recorded.by
    filled: dict[str, Value] = {}
    if event.services:
        filled["incident.services"] = event.services
    if event.template:
        filled["doc.template"] = event.template
    lists: dict[str, tuple[Item, ...]] = {}
    if event.symptom:
        item = Item(id="1", values={"text": event.symptom}, added_at=at, added_by=by)
        lists["impact.experience"] = (item,)
    return Incident(
        number=recorded.incident,
        version=recorded.number,
        said=recorded.number,
        title=event.title,
        kind=event.kind,
        private=event.private,
        status=Status.TRIAGE,
        severity=event.severity,
        first_severity=event.severity,
        declared_at=at,
        declared_by=by,
        declared_from=event.declared_from,
        times={TimeName.DECLARED: _moment(at)},
        fields=filled,
        lists=lists,
        items_added={path: len(items) for path, items in lists.items()},
        history=(Change(at=at, by=by, what="status", text=Status.TRIAGE.value),),
        status_since=at,
    )


def evolve(incident: Incident | None, recorded: e.Recorded) -> Incident:
    """The next state. Pure; raises ValueError only for an event that cannot follow (a gap in the numbers)."""
    if incident is None:
        return begin(recorded)
    if recorded.number != incident.version + 1:
        raise ValueError(f"{incident.ref}: event {recorded.number} cannot follow {incident.version}")
    after = _apply(incident, recorded)
    written, asks = writers(after, recorded)
    said = incident.said if isinstance(recorded.event, e.RenderingKept) else recorded.number
    return replace(after, version=recorded.number, said=said, written=written, asks=asks)


def fold(record: Iterable[e.Recorded], start: Incident | None = None) -> Incident | None:
    """All events in order, from nothing or from a known state."""
    state = start
    for recorded in record:
        state = evolve(state, recorded)
    return state


def _apply(state: Incident, recorded: e.Recorded) -> Incident:
    event, at, by = recorded.event, recorded.at, recorded.by
    match event:
        case e.Declared():
            raise ValueError(f"{state.ref} was declared already")
        case e.ChannelOpened():
            return replace(
                state,
                channel=event.channel,
                channel_name=event.name or None,
                channel_refused=None,
                adopted=event.adopted,
                public_channel=not state.private,
            )
        case e.ChannelRenamed():
            return replace(state, channel_name=event.name)
        case e.ChannelArchived():
            count = state.unarchived + (not event.archived)
            return replace(state, archived=event.archived, unarchived=count)
        case e.MadePrivate():
            return replace(state, private=True)
        case e.Absorbed():
            others = tuple(number for number in state.absorbed if number != event.incident)
            return replace(state, absorbed=(*others, event.incident) if event.present else others)
        case e.ChannelRefused():
            return replace(state, channel_refused=event.reason)
        case e.ChannelRetried():
            return replace(state, channel_refused=None, channel_tries=state.channel_tries + 1)
        case e.Renamed():
            return _noted(replace(state, title=event.title), recorded, "title", event.title)
        case e.SeverityChanged():
            changed = replace(state, severity=event.severity)
            return _noted(changed, recorded, "severity", event.severity.label, event.reason)
        case e.StatusChanged():
            return _with_status(state, recorded, event)
        case e.TimeSet():
            return replace(state, times=put(state.times, event.which, event.time))
        case e.RoleAssigned():
            noted = _noted(state, recorded, "role", f"{event.role}: {event.person.key}")
            return with_roles(noted, recorded, event)
        case e.RoleReleased() | e.HandoffOffered() | e.HandoffSettled():
            return with_roles(state, recorded, event)
        case e.Nudged():
            return replace(state, nudges=(*state.nudges, NudgeSent(at=at, about=event.about)))
        case e.NudgesSnoozed():
            return replace(state, nudges_snoozed_until=event.until)
        case e.UpdatePosted():
            update = Update(
                at=at,
                by=by,
                text=event.text,
                status=state.status,
                severity=state.severity,
                next_at=event.next_at,
            )
            return _noted(replace(state, updates=(*state.updates, update)), recorded, "update", event.text)
        case (
            e.NoteAdded()
            | e.MessageTagged()
            | e.MessageUntagged()
            | e.EntryChanged()
            | e.EntryHidden()
            | e.EntryMerged()
        ):
            return with_entry(state, recorded, event)
        case e.ActionAdded():
            made = with_action(state.actions, recorded, event)
            return replace(state, actions=made, actions_made=state.actions_made + 1)
        case e.ActionEdited() | e.ActionRemoved() | e.ActionStateChanged() | e.ActionSnoozed():
            return replace(state, actions=with_action(state.actions, recorded, event))
        case e.FieldSet():
            return replace(state, fields=put(state.fields, event.path, event.value))
        case e.ItemAdded():
            item = Item(id=event.item, values=dict(event.values), added_at=at, added_by=by)
            items = (*state.lists.get(event.path, ()), item)
            count = state.items_added.get(event.path, 0) + 1
            return replace(
                state,
                lists=put(state.lists, event.path, items),
                items_added=put(state.items_added, event.path, count),
            )
        case e.ItemRemoved():
            rest = tuple(item for item in state.lists.get(event.path, ()) if item.id != event.item)
            return replace(state, lists=put(state.lists, event.path, rest or None))
        case e.DocumentStatusChanged():
            changed = replace(state, document=event.status)
            return _noted(changed, recorded, "document", event.status.value, event.reason)
        case e.DocumentRequested():
            asked = Rendering(
                revision=event.revision,
                formats=event.formats,
                final=event.final,
                at=at,
                by=by,
                published=state.document is DocumentStatus.PUBLISHED,
                number=recorded.number,
            )
            return replace(state, renderings=(*state.renderings, asked))
        case e.PictureRequested():
            formats = (event.format,)
            drawn = Rendering(
                revision=event.picture, formats=formats, final=False, at=at, by=by, number=recorded.number
            )
            return replace(state, pictures=(*state.pictures, drawn))
        case e.Redacted():
            return redacted(state, recorded, event)
        case e.ItemChanged() | e.SectionAsked() | e.SignedOff() | e.RenderingKept():
            return with_review(state, recorded, event)
        case _:
            assert_never(event)


def _with_status(state: Incident, recorded: e.Recorded, event: e.StatusChanged) -> Incident:
    """A change of status also moves the times that follow from it, unless a person set them."""
    times = dict(state.times)
    windows = state.windows
    now = event.time or _moment(recorded.at)
    reopened = state.reopened
    if event.status.is_open and not state.status.is_open:
        windows = _with_ended_window(state)
        reopened = (*reopened, now)
        for name in (TimeName.RESOLVED, TimeName.MITIGATED, TimeName.CLOSED):
            times.pop(name, None)
    follows = _TIME_OF_STATUS.get(event.status)
    if follows is not None and (event.time or follows not in times):
        times[follows] = now
    if event.status is Status.RESOLVED:
        times.setdefault(TimeName.MITIGATED, replace(times[TimeName.RESOLVED], source="derived"))
    changed = replace(
        state,
        status=event.status,
        times=times,
        windows=windows,
        reopened=reopened,
        status_since=recorded.at,
        duplicate_of=(*state.duplicate_of, event.into) if event.into else state.duplicate_of,
    )
    return _noted(changed, recorded, "status", event.status.value, event.reason)


_TIME_OF_STATUS = {
    Status.IDENTIFIED: TimeName.IDENTIFIED,
    Status.MONITORING: TimeName.MITIGATED,
    Status.RESOLVED: TimeName.RESOLVED,
    Status.CLOSED: TimeName.CLOSED,
    Status.DECLINED: TimeName.CLOSED,
    Status.MERGED: TimeName.CLOSED,
}


def _with_ended_window(state: Incident) -> tuple[tuple[Time, Time], ...]:
    """A reopen ends one impact window; the next begins when the incident is opened again."""
    end = state.times.get(TimeName.RESOLVED)
    first = state.times.get(TimeName.IMPACT_STARTED) or state.times.get(TimeName.DECLARED)
    start = state.reopened[-1] if state.reopened else first
    if end is None or start is None:
        return state.windows
    return (*state.windows, (start, end))


def _noted(
    state: Incident,
    recorded: e.Recorded,
    what: Literal["status", "severity", "role", "title", "update", "document"],
    text: str,
    reason: str | None = None,
) -> Incident:
    change = Change(at=recorded.at, by=recorded.by, what=what, text=text, reason=reason)
    return replace(state, history=(*state.history, change))


def _moment(at: datetime) -> Time:
    return Time(utc=at, precision=Precision.SECOND, source="derived")
