"""An incident as its events tell it: the state, and `evolve`, which folds one more event into it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal, TypeVar, assert_never

from bot.domain import events as e
from bot.domain.fields import Value
from bot.domain.people import Person
from bot.domain.times import Precision, Time
from bot.domain.vocabulary import (
    ActionState,
    DocumentStatus,
    EntryKind,
    Kind,
    Status,
    TagKind,
    TimeName,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A timeline entry (or raw note): typed, or a tagged message whose words live in the transcript."""

    id: str
    time: Time
    details: e.EntryDetails
    tag: TagKind = TagKind.TIMELINE
    message: e.MessageRef | None = None
    added_at: datetime
    added_by: str
    hidden: bool = False
    via: str = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    id: str
    details: e.ActionDetails
    state: ActionState
    created_at: datetime
    created_by: str
    changed_at: datetime
    done_at: datetime | None = None
    reason: str | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a document list."""

    id: str
    values: Mapping[str, Value]
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of a history: what became of a field, when and by whom."""

    at: datetime
    by: str
    what: Literal["status", "severity", "role", "title", "update", "document"]
    text: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    at: datetime
    by: str
    text: str
    status: Status
    severity: e.Severity | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """Somebody was given a role."""

    role: str
    person: Person
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A rendering that was asked for."""

    revision: int
    formats: tuple[str, ...]
    final: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The state after ``version`` events."""

    number: int
    version: int
    title: str
    kind: Kind
    private: bool
    status: Status
    severity: e.Severity | None
    declared_at: datetime
    declared_by: str
    declared_from: str | None
    channel: str | None = None
    channel_name: str | None = None
    channel_refused: str | None = None
    roles: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    appointments: tuple[Appointment, ...] = ()
    times: Mapping[TimeName, Time] = field(default_factory=dict)
    #: Impact windows that ended before a reopen: (start, end).
    windows: tuple[tuple[Time, Time], ...] = ()
    #: When it began again, for each reopen.
    reopened: tuple[Time, ...] = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)
    #: Message key -> entry id, for messages that are tagged now.
    tagged: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, ActionItem] = field(default_factory=dict)
    fields: Mapping[str, Value] = field(default_factory=dict)
    lists: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    #: How many items were ever added to a list; ids are never used again.
    items_added: Mapping[str, int] = field(default_factory=dict)
    updates: tuple[Update, ...] = ()
    history: tuple[Change, ...] = ()
    document: DocumentStatus = DocumentStatus.DRAFT
    renderings: tuple[Rendering, ...] = ()
    status_since: datetime | None = None

    @property
    def ref(self) -> str:
        return f"INC-{self.number}"

    @property
    def symptom(self) -> str | None:
        """What users see, as last said."""
        items = self.lists.get("impact.experience", ())
        return str(items[-1].values["text"]) if items else None

    @property
    def open_actions(self) -> tuple[ActionItem, ...]:
        return tuple(action for action in self.actions.values() if not action.state.is_finished)

    @property
    def next_update_at(self) -> datetime | None:
        return self.updates[-1].next_at if self.updates and self.status.is_open else None

    def holders(self, role: str) -> tuple[Person, ...]:
        return self.roles.get(role, ())

    def entry_of(self, message: e.MessageRef) -> Entry | None:
        """The entry of a message that is tagged now."""
        entry = self.tagged.get(message.key)
        return self.entries[entry] if entry else None


T = TypeVar("T")


def overlay(old: e.EntryDetails, new: e.EntryDetails) -> e.EntryDetails:
    """What was said before, with what is said now written over it; what is not said stays."""
    said: dict[str, Any] = {
        f.name: getattr(new, f.name) for f in fields(new) if getattr(new, f.name) not in (None, (), False)
    }
    return replace(old, **said)


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
        title=event.title,
        kind=event.kind,
        private=event.private,
        status=Status.TRIAGE,
        severity=event.severity,
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
    return replace(_apply(incident, recorded), version=recorded.number)


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
            return replace(state, channel=event.channel, channel_name=event.name, channel_refused=None)
        case e.ChannelRefused():
            return replace(state, channel_refused=event.reason)
        case e.Renamed():
            return _noted(replace(state, title=event.title), recorded, "title", event.title)
        case e.SeverityChanged():
            changed = replace(state, severity=event.severity)
            return _noted(changed, recorded, "severity", event.severity.label, event.reason)
        case e.StatusChanged():
            return _with_status(state, recorded, event)
        case e.TimeSet():
            return replace(state, times=_put(state.times, event.which, event.time))
        case e.RoleAssigned():
            holders = (event.person,)
            noted = _noted(state, recorded, "role", f"{event.role}: {event.person.key}")
            appointed = Appointment(role=event.role, person=event.person, at=at, by=by)
            return replace(
                noted,
                roles=_put(state.roles, event.role, holders),
                appointments=(*state.appointments, appointed),
            )
        case e.RoleReleased():
            left = tuple(p for p in state.holders(event.role) if p != event.person)
            return replace(state, roles=_put(state.roles, event.role, left or None))
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
        case e.NoteAdded() | e.MessageTagged() | e.MessageUntagged() | e.EntryChanged() | e.EntryHidden():
            return _with_entry(state, recorded, event)
        case e.ActionAdded() | e.ActionEdited() | e.ActionStateChanged() | e.ActionSnoozed():
            return replace(state, actions=_with_action(state.actions, recorded, event))
        case e.FieldSet():
            return replace(state, fields=_put(state.fields, event.path, event.value))
        case e.ItemAdded():
            item = Item(id=event.item, values=dict(event.values), added_at=at, added_by=by)
            items = (*state.lists.get(event.path, ()), item)
            count = state.items_added.get(event.path, 0) + 1
            return replace(
                state,
                lists=_put(state.lists, event.path, items),
                items_added=_put(state.items_added, event.path, count),
            )
        case e.ItemRemoved():
            rest = tuple(item for item in state.lists.get(event.path, ()) if item.id != event.item)
            return replace(state, lists=_put(state.lists, event.path, rest or None))
        case e.DocumentStatusChanged():
            return _noted(replace(state, document=event.status), recorded, "document", event.status.value)
        case e.DocumentRequested():
            asked = Rendering(revision=event.revision, formats=event.formats, final=event.final, at=at, by=by)
            return replace(state, renderings=(*state.renderings, asked))
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


def _with_entry(
    state: Incident,
    recorded: e.Recorded,
    event: e.NoteAdded | e.MessageTagged | e.MessageUntagged | e.EntryChanged | e.EntryHidden,
) -> Incident:
    entries = dict(state.entries)
    tagged = dict(state.tagged)
    match event:
        case e.NoteAdded():
            entries[event.entry] = Entry(
                id=event.entry,
                time=event.time,
                details=event.details,
                added_at=recorded.at,
                added_by=recorded.by,
            )
        case e.MessageTagged():
            old = entries.get(event.entry)
            entries[event.entry] = Entry(
                id=event.entry,
                time=old.time if old else Time.from_slack_ts(event.message.ts),
                details=overlay(old.details, event.details) if old else event.details,
                tag=event.tag,
                message=event.message,
                added_at=old.added_at if old else recorded.at,
                added_by=old.added_by if old else recorded.by,
                via=event.via,
            )
            tagged[event.message.key] = event.entry
        case e.MessageUntagged():
            entries[event.entry] = replace(entries[event.entry], hidden=True)
            tagged.pop(event.message.key, None)
        case e.EntryChanged():
            old = entries[event.entry]
            details = overlay(old.details, event.details) if event.details else old.details
            entries[event.entry] = replace(old, time=event.time or old.time, details=details)
        case e.EntryHidden():
            entries[event.entry] = replace(entries[event.entry], hidden=event.hidden)
        case _:
            assert_never(event)
    return replace(state, entries=entries, tagged=tagged)


def _with_action(
    actions: Mapping[str, ActionItem],
    recorded: e.Recorded,
    event: e.ActionAdded | e.ActionEdited | e.ActionStateChanged | e.ActionSnoozed,
) -> Mapping[str, ActionItem]:
    at = recorded.at
    match event:
        case e.ActionAdded():
            item = ActionItem(
                id=event.action,
                details=event.details,
                state=event.state,
                created_at=at,
                created_by=recorded.by,
                changed_at=at,
                done_at=at if event.state is ActionState.DONE else None,
            )
        case e.ActionEdited():
            item = replace(actions[event.action], details=event.details, changed_at=at)
        case e.ActionStateChanged():
            item = replace(
                actions[event.action],
                state=event.state,
                changed_at=at,
                done_at=at if event.state is ActionState.DONE else None,
                reason=event.reason,
            )
        case e.ActionSnoozed():
            item = replace(actions[event.action], snoozed_until=event.until)
        case _:
            assert_never(event)
    return _put(actions, event.action, item)


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


K = TypeVar("K")


def _put(mapping: Mapping[K, T], key: K, value: T | None) -> dict[K, T]:
    """A copy with one key set, or without it when the value is None."""
    copy = dict(mapping)
    if value is None:
        copy.pop(key, None)
    else:
        copy[key] = value
    return copy


#: Entries that a bot adds by itself carry this kind; packs may hide them.
SYSTEM_ENTRY = EntryKind.SYSTEM
