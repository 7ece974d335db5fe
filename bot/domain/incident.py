"""An incident as its events tell it: plain data. `bot.domain.evolve` makes it from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain.details import ActionDetails, EntryDetails, MessageRef, Severity
from bot.domain.fields import Value
from bot.domain.people import SYSTEM, Person
from bot.domain.times import Time
from bot.domain.vocabulary import (
    ActionState,
    DocumentStatus,
    EntryKind,
    HandoffOutcome,
    Kind,
    Marker,
    NudgeKind,
    Status,
    TagKind,
    TimeName,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A timeline entry (or raw note): typed, or a tagged message whose words live in the transcript."""

    id: str
    time: Time
    details: EntryDetails
    tag: TagKind = TagKind.TIMELINE
    message: MessageRef | None = None
    added_at: datetime
    added_by: str
    hidden: bool = False
    via: str = "note"
    #: The marker that the emoji on the message carry now; another one in ``details`` was set by hand and stays.
    emoji_marker: Marker | None = None
    #: How often it was changed since it was added: what was shown before is out of date.
    changes: int = 0
    merged_into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    id: str
    details: ActionDetails
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
    severity: Severity | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """Words were removed. ``renderings``, ``pictures``: how many had been made with them."""

    at: datetime
    by: str
    entry: str | None
    message: MessageRef | None
    update: int | None
    renderings: int
    pictures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """Somebody was given a role."""

    role: str
    person: Person
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a rendering came to in one format: the pack that made it, and the SHA-256 of its bytes."""

    format: str
    pack: str
    pack_version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A role that ``giver`` wants ``to`` to take over."""

    number: int
    role: str
    giver: Person
    to: Person
    at: datetime
    by: str
    expires_at: datetime
    outcome: HandoffOutcome = HandoffOutcome.WAITING
    settled_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeSent:
    at: datetime
    about: tuple[NudgeKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A rendering that was asked for. ``published``: the document was published then."""

    revision: int
    formats: tuple[str, ...]
    final: bool
    at: datetime
    by: str
    published: bool = False
    kept: tuple[Kept, ...] = ()
    #: The event that asked for it; 0 for one that nobody asked for.
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Who last wrote something, when, and with which event."""

    at: datetime
    by: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A section of the postmortem that somebody was asked to fill in; answered when they wrote into it."""

    id: str
    section: str
    person: Person
    at: datetime
    by: str
    note: str | None = None
    answered: Written | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The state after ``version`` events."""

    number: int
    version: int
    #: The newest event that a document can show: all but what we note of our own renderings.
    said: int
    title: str
    kind: Kind
    private: bool
    status: Status
    severity: Severity | None
    declared_at: datetime
    declared_by: str
    declared_from: str | None
    #: The severity at the declaration.
    first_severity: Severity | None = None
    channel: str | None = None
    channel_name: str | None = None
    #: Slack's word for why there is no channel, and how often it was asked for again.
    channel_refused: str | None = None
    channel_tries: int = 0
    #: The channel stood before the incident and is its team's.
    adopted: bool = False
    #: Everybody in the workspace can enter it; only people in Slack can change that.
    public_channel: bool = False
    archived: bool = False
    #: How often the channel was brought back; each time we must enter it again.
    unarchived: int = 0
    #: Incidents of which this one was called a duplicate, the last of which counts while the status is merged.
    duplicate_of: tuple[int, ...] = ()
    #: Incidents that are duplicates of this one.
    absorbed: tuple[int, ...] = ()
    roles: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    appointments: tuple[Appointment, ...] = ()
    #: Who gave a role up or lost it, in order.
    releases: tuple[Appointment, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    nudges: tuple[NudgeSent, ...] = ()
    nudges_snoozed_until: datetime | None = None
    times: Mapping[TimeName, Time] = field(default_factory=dict)
    #: Impact windows that ended before a reopen: (start, end).
    windows: tuple[tuple[Time, Time], ...] = ()
    #: When it began again, for each reopen.
    reopened: tuple[Time, ...] = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)
    #: Message key -> entry id, for messages that are tagged now.
    tagged: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, ActionItem] = field(default_factory=dict)
    #: How many were ever made; ids are never used again.
    actions_made: int = 0
    fields: Mapping[str, Value] = field(default_factory=dict)
    lists: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    #: How many items were ever added to a list; ids are never used again.
    items_added: Mapping[str, int] = field(default_factory=dict)
    updates: tuple[Update, ...] = ()
    history: tuple[Change, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    document: DocumentStatus = DocumentStatus.DRAFT
    renderings: tuple[Rendering, ...] = ()
    #: The timeline as images that were asked for: ``revision`` counts them apart from the postmortem's.
    pictures: tuple[Rendering, ...] = ()
    asks: tuple[Ask, ...] = ()
    #: Path of a field, list or time, or a part of the record such as "timeline" -> who wrote there last.
    written: Mapping[str, Written] = field(default_factory=dict)
    status_since: datetime | None = None

    @property
    def ref(self) -> str:
        return f"INC-{self.number}"

    @property
    def merged_into(self) -> int | None:
        return self.duplicate_of[-1] if self.duplicate_of and self.status is Status.MERGED else None

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

    @property
    def involved(self) -> frozenset[str]:
        """Slack ids of who declared it, holds a role or owns an item in it."""
        people = [person for held in self.roles.values() for person in held]
        people += [person for item in self.actions.values() for person in item.details.owners]
        return frozenset({self.declared_by, *(person.slack_id for person in people if person.slack_id)})

    @property
    def declarer(self) -> str | None:
        """The Slack id of who declared it; None where that was nobody in Slack, as from a terminal."""
        return Person.of(self.declared_by).user if self.declared_by != SYSTEM else None

    def holders(self, role: str) -> tuple[Person, ...]:
        return self.roles.get(role, ())

    def handoff(self, number: int) -> Handoff | None:
        return self.handoffs[number - 1] if 0 < number <= len(self.handoffs) else None

    def entry_of(self, message: MessageRef) -> Entry | None:
        """The entry of a message that is tagged now."""
        entry = self.tagged.get(message.key)
        return self.entries[entry] if entry else None


#: Entries that a bot adds by itself carry this kind; packs may hide them.
SYSTEM_ENTRY = EntryKind.SYSTEM
