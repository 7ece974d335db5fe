"""Everything that can happen to an incident, named in one file. Facts only; nothing here is ever changed in place.

An event is stored with a number (1, 2, … per incident), the moment and the person; see `Recorded`.
Times inside an event are aware; a message is named by its channel and Slack ts (a string, never a float).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain.fields import Value
from bot.domain.people import Person
from bot.domain.times import Time
from bot.domain.vocabulary import (
    ActionKind,
    ActionState,
    DocumentStatus,
    EntryKind,
    HandoffOutcome,
    Horizon,
    Kind,
    Marker,
    NudgeKind,
    Phase,
    Status,
    TagKind,
    TimeName,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """A rung of the workspace's ladder. Lower level is worse; the label is printed as it stands."""

    level: int
    label: str
    scheme: str = "SEV"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A Slack message: unique by channel and ts."""

    channel: str
    ts: str

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.ts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When something is owed: a moment (UTC), or only words ("as early as possible"), as typed in ``raw``.

    ``day_only`` says that a date was meant and the clock time was filled in; ``derived`` that a horizon gave it.
    ``zone`` is the IANA zone in which the words were read.
    """

    at: datetime | None = None
    raw: str | None = None
    day_only: bool = False
    derived: bool = False
    zone: str | None = None


# --- lifecycle ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    title: str
    severity: Severity | None = None
    kind: Kind = Kind.NORMAL
    private: bool = False
    symptom: str | None = None
    services: tuple[str, ...] = ()
    declared_from: str | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOpened:
    """The incident's channel stands in Slack. ``adopted``: it stood before, and is its team's, not ours."""

    channel: str
    name: str
    adopted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRefused:
    """Slack would not open a channel; the incident exists all the same."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRetried:
    """Somebody asked for the channel once more after it was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRenamed:
    """Somebody, or we, gave the channel another name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelArchived:
    """Somebody archived the channel in Slack, or (not ``archived``) brought it back."""

    archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePrivate:
    """From now on it is known to its members only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """Another incident turned out to be this one; not ``present``: it was opened again by itself."""

    incident: int
    present: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChanged:
    severity: Severity
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged:
    """``time`` is when it was so, where a person said it; else the moment of recording counts."""

    status: Status
    reason: str | None = None
    time: Time | None = None
    #: With `Status.MERGED`: of which incident it is a duplicate.
    into: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSet:
    """A moment was set by hand, or taken back when ``time`` is None."""

    which: TimeName
    time: Time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned:
    """``beside``: those who hold the role keep it too."""

    role: str
    person: Person
    beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleReleased:
    role: str
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffOffered:
    """Whoever holds the role asked ``to`` to take it, which counts until ``expires_at``."""

    handoff: int
    role: str
    giver: Person
    to: Person
    expires_at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffSettled:
    handoff: int
    outcome: HandoffOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudged:
    """The channel was reminded of what the incident lacks."""

    about: tuple[NudgeKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgesSnoozed:
    """No nudge before ``until``; None: as the rules say."""

    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePosted:
    """A message for readers; ``next_at`` promises the next one."""

    text: str
    next_at: datetime | None = None


# --- timeline ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDetails:
    """What people may say of a timeline entry beside its time. None means not said."""

    text: str | None = None
    marker: Marker | None = None
    action: str | None = None
    actor: str | None = None
    label: str | None = None
    order: int | None = None
    kind: EntryKind | None = None
    evidence: tuple[str, ...] = ()
    key: bool = False
    #: Of the incident; None: as its time tells.
    phase: Phase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded:
    """A timeline entry that somebody typed."""

    entry: str
    time: Time
    details: EntryDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTagged:
    """A message was put on the timeline (or among the raw notes) at its own time.

    Its words are the transcript's unless ``details.text`` replaces them. Tagging again overwrites the details given.
    """

    entry: str
    message: MessageRef
    tag: TagKind = TagKind.TIMELINE
    details: EntryDetails = field(default_factory=EntryDetails)
    via: Literal["reaction", "shortcut", "pin"] = "reaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUntagged:
    entry: str
    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChanged:
    """Wording, time or marks of an entry were corrected; the earlier ones stay in the events."""

    entry: str
    time: Time | None = None
    details: EntryDetails | None = None
    #: The details are all that it says now, and not only what is said anew.
    whole: bool = False
    key: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHidden:
    """Left out of the document, or taken in again, and then also out of the entry it was merged into."""

    entry: str
    hidden: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryMerged:
    """An entry says the same as another one, which stays with ``details``."""

    entry: str
    into: str
    details: EntryDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """The words of an entry, a message or the n-th update (from 0) were removed, here and from the events before."""

    entry: str | None = None
    message: MessageRef | None = None
    update: int | None = None
    reason: str | None = None


# --- action items ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDetails:
    """What is known of an action item."""

    text: str
    kind: ActionKind = ActionKind.FOLLOW_UP
    owners: tuple[Person, ...] = ()
    due: Due | None = None
    priority: str | None = None
    horizon: Horizon | None = None
    type: str | None = None
    group: str | None = None
    label: str | None = None
    details: tuple[str, ...] = ()
    parent: str | None = None
    order: int | None = None
    tracker: str | None = None
    source: str | None = None
    #: The message that it was made of.
    message: MessageRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAdded:
    action: str
    details: ActionDetails
    state: ActionState = ActionState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionEdited:
    action: str
    details: ActionDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRemoved:
    """It was made by mistake; what stood under it stands under its parent now."""

    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStateChanged:
    action: str
    state: ActionState
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSnoozed:
    """No reminder of this item before ``until``."""

    action: str
    until: datetime


# --- postmortem --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSet:
    """A field of the document model was filled (path of `bot.domain.fields`), or emptied with None."""

    path: str
    value: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAdded:
    path: str
    item: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRemoved:
    path: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanged:
    """An item of a list was corrected: its columns are these now."""

    path: str
    item: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentStatusChanged:
    """``reason``: why it was done in spite of what the document still lacks."""

    status: DocumentStatus
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionAsked:
    """Somebody was asked to fill in a section of the postmortem (`bot.domain.sections`)."""

    ask: str
    section: str
    person: Person
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff:
    """A line of the sign-off was signed, or waived with a ``reason``. ``revision``: the newest rendering then."""

    item: str
    person: Person
    state: Literal["signed", "waived"]
    date: str
    reason: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderingKept:
    """A rendering was made: by which pack, and the SHA-256 of its bytes, by which it is known again."""

    revision: int
    format: str
    pack: str
    digest: str
    pack_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRequested:
    """Somebody, or the lifecycle, asked for a rendering; publish makes the files of it."""

    revision: int
    formats: tuple[str, ...]
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequested:
    """Somebody asked for the timeline as an image; it is a look at the record, and no revision of the postmortem."""

    picture: int
    format: str


Event = (
    Declared
    | ChannelOpened
    | ChannelRefused
    | ChannelRetried
    | ChannelRenamed
    | ChannelArchived
    | MadePrivate
    | Absorbed
    | Renamed
    | SeverityChanged
    | StatusChanged
    | TimeSet
    | RoleAssigned
    | RoleReleased
    | HandoffOffered
    | HandoffSettled
    | Nudged
    | NudgesSnoozed
    | UpdatePosted
    | NoteAdded
    | MessageTagged
    | MessageUntagged
    | EntryChanged
    | EntryHidden
    | EntryMerged
    | Redacted
    | ActionAdded
    | ActionEdited
    | ActionRemoved
    | ActionStateChanged
    | ActionSnoozed
    | FieldSet
    | ItemAdded
    | ItemRemoved
    | ItemChanged
    | DocumentStatusChanged
    | SectionAsked
    | SignedOff
    | RenderingKept
    | DocumentRequested
    | PictureRequested
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as it stands in the record: whose incident, which number, when and by whom."""

    incident: int
    number: int
    at: datetime
    by: str
    event: Event
