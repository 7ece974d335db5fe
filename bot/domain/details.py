"""What is said of a severity, a message, a due date, an entry, an item: commands, events and the state share it.

Times are aware; a message is named by its channel and Slack ts (a string, never a float).
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import Person
from bot.domain.vocabulary import ActionKind, EntryKind, Horizon, Marker, Phase


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
