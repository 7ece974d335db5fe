"""Declare, open a channel, change status, severity and times, tell readers."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.details import Severity
from bot.domain.times import Time
from bot.domain.vocabulary import Kind, Status, TimeName


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
class PostUpdate:
    text: str
    status: Status | None = None
    severity: Severity | None = None
    next_at: datetime | None = None


Lifecycle = (
    OpenChannel
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
    | PostUpdate
)
