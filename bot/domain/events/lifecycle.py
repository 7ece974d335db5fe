"""Declared, its channel, status, severity, times, updates."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.details import Severity
from bot.domain.times import Time
from bot.domain.vocabulary import Kind, Status, TimeName


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
class UpdatePosted:
    """A message for readers; ``next_at`` promises the next one."""

    text: str
    next_at: datetime | None = None


Lifecycle = (
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
    | UpdatePosted
)
