"""What people and the bot's own effects may ask of an incident: the vocabulary of `decide`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain.events import ActionDetails, Due, EntryDetails, MessageRef, Severity
from bot.domain.fields import Value
from bot.domain.people import Person
from bot.domain.times import Time
from bot.domain.vocabulary import (
    ActionKind,
    ActionState,
    DocumentStatus,
    Horizon,
    Kind,
    NudgeKind,
    Status,
    TagKind,
    TimeName,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare:
    title: str
    severity: Severity | None = None
    kind: Kind = Kind.NORMAL
    private: bool = False
    symptom: str | None = None
    services: tuple[str, ...] = ()
    declared_from: str | None = None
    template: str | None = None
    #: The channel in which it is declared becomes the incident's.
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChannel:
    """The gateway opened (or found) the channel."""

    channel: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseChannel:
    """Slack will not open the channel, whatever we try."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryChannel:
    """Slack refused the channel; perhaps it does not any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteChannelName:
    """The channel bears another name now."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteArchived:
    """The channel was archived in Slack, or brought back."""

    archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePrivate:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorb:
    """Another incident was merged into this one, or (not ``present``) opened again."""

    incident: int
    present: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeverity:
    severity: Severity
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStatus:
    """Any status; resolving, closing and reopening are changes of status too. ``time``: when it was so."""

    status: Status
    reason: str | None = None
    time: Time | None = None
    outcome: str | None = None
    into: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTime:
    which: TimeName
    time: Time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole:
    """``beside``: the role may have several holders; ``vacant``: only if nobody holds it."""

    role: str
    person: Person
    beside: bool = False
    vacant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRole:
    """Without a role, the only one that the person holds."""

    role: str | None
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHandoff:
    """``by`` asks ``to`` to take a role; without one, the one that ``by`` holds. ``note``: a word beside it."""

    to: Person
    by: Person
    role: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHandoff:
    handoff: int
    by: Person
    accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireHandoff:
    """Its time is over."""

    handoff: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """Remind the channel of what the incident lacks."""

    about: tuple[NudgeKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeNudges:
    """None ends a snooze."""

    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostUpdate:
    text: str
    status: Status | None = None
    severity: Severity | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    time: Time
    details: EntryDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class TagMessage:
    message: MessageRef
    tag: TagKind = TagKind.TIMELINE
    details: EntryDetails = field(default_factory=EntryDetails)
    via: Literal["reaction", "shortcut", "pin"] = "reaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class UntagMessage:
    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEntry:
    """Correct an entry. ``whole``: the details are all that it says; ``key`` marks it, or takes the mark away.

    ``seen``, here and below: how many changes the entry had when it was shown; refused when it has more by now.
    """

    entry: str
    time: Time | None = None
    details: EntryDetails | None = None
    whole: bool = False
    key: bool | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HideEntry:
    entry: str
    hidden: bool = True
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeEntry:
    """The entry goes into another one, which stays."""

    entry: str
    into: str
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseEntryTime:
    """The time of an entry is a time of the incident."""

    entry: str
    which: TimeName
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLine:
    time: Time
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEntries:
    """Lines of a log, all at once; ``details`` hold for every one."""

    lines: tuple[ImportedLine, ...]
    details: EntryDetails = field(default_factory=EntryDetails)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redact:
    """Remove words for good. Nothing named: of the message that was tagged last."""

    entry: str | None = None
    message: MessageRef | None = None
    update: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAction:
    details: ActionDetails
    state: ActionState = ActionState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class EditAction:
    """Everything that an item says. ``drawn``: it must not have changed since then."""

    action: str
    details: ActionDetails
    drawn: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendAction:
    """Other owners, another due date, other words …; None leaves it."""

    action: str
    text: str | None = None
    kind: ActionKind | None = None
    owners: tuple[Person, ...] | None = None
    due: Due | None = None
    priority: str | None = None
    horizon: Horizon | None = None
    type: str | None = None
    group: str | None = None
    label: str | None = None
    details: tuple[str, ...] | None = None
    parent: str | None = None
    order: int | None = None
    tracker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAction:
    """It was made by mistake."""

    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeActionState:
    action: str
    state: ActionState
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeAction:
    action: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFields:
    """Fill fields (path -> value; None empties it)."""

    values: Mapping[str, Value | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLines:
    """More lines behind those that a field of lines holds."""

    path: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItem:
    path: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceItems:
    """The list shall hold just these."""

    path: str
    items: tuple[Mapping[str, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeItem:
    """Correct an item of a list; ``values`` None takes it out."""

    path: str
    item: str
    values: Mapping[str, Value] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDocumentStatus:
    """``reason``: why in spite of what the document still lacks."""

    status: DocumentStatus
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSection:
    section: str
    person: Person
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """``person`` signs a line of the sign-off, or waives it with a reason. ``called``: their name in Slack."""

    item: str
    person: Person
    called: str | None = None
    waived: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRendering:
    """A rendering was made of these bytes."""

    revision: int
    format: str
    pack: str
    pack_version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDocument:
    formats: tuple[str, ...] = ("markdown", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPicture:
    """The timeline as an image in the channel."""

    format: Literal["png", "svg"] = "png"


Command = (
    Declare
    | OpenChannel
    | RefuseChannel
    | RetryChannel
    | NoteChannelName
    | NoteArchived
    | MakePrivate
    | Absorb
    | Rename
    | ChangeSeverity
    | ChangeStatus
    | SetTime
    | AssignRole
    | ReleaseRole
    | OfferHandoff
    | AnswerHandoff
    | ExpireHandoff
    | Nudge
    | SnoozeNudges
    | PostUpdate
    | AddNote
    | TagMessage
    | UntagMessage
    | ChangeEntry
    | HideEntry
    | MergeEntry
    | UseEntryTime
    | ImportEntries
    | Redact
    | AddAction
    | EditAction
    | AmendAction
    | RemoveAction
    | ChangeActionState
    | SnoozeAction
    | SetFields
    | AddLines
    | AddItem
    | ReplaceItems
    | ChangeItem
    | ChangeDocumentStatus
    | AskSection
    | SignOff
    | KeepRendering
    | RequestDocument
    | RequestPicture
)
