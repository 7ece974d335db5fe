"""What a workspace decides about reminders: the rungs of each ladder. Plain data with the defaults of the product."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.nudges import NudgeRules
from bot.domain.working_time import WorkingTime


def _minutes(*counts: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=n) for n in counts)


def _days(*counts: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(days=n) for n in counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRules:
    """Lengths before and after an item's due moment."""

    task_before: tuple[timedelta, ...] = _minutes(30, 10)
    #: An overdue task speaks so often while its incident is open, to the commander too.
    task_every: timedelta = timedelta(minutes=30)
    before: tuple[timedelta, ...] = _days(2)
    after: tuple[timedelta, ...] = _days(1, 3, 7)
    commander_after: timedelta = timedelta(days=10)
    channel_after: timedelta = timedelta(days=14)
    #: From then on, without end.
    channel_every: timedelta = timedelta(days=7)
    #: An item with an owner and no date.
    undated_every: timedelta = timedelta(days=7)

    def __post_init__(self) -> None:
        """Ladders are climbed in order of time, and every repetition must move on."""
        before = [*self.task_before, timedelta(0)]
        early = [*self.before, timedelta(0)]
        late = [timedelta(0), *self.after, self.commander_after, self.channel_after]
        ordered = late == sorted(late) and all(x == sorted(x, reverse=True) for x in (before, early))
        if not ordered or min(self.task_every, self.channel_every, self.undated_every) <= timedelta(0):
            raise ValueError("rungs before the due moment go from early to late, rungs after it upwards")


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """So many days after the resolution: calendar days, or (``working``) days on which people work."""

    days: int
    working: bool = False


def _due() -> Mapping[str, Within]:
    soon, later = Within(days=3), Within(days=5, working=True)
    return {"SEV1": soon, "P0": soon, "Critical": soon, "SEV2": later, "P1": later, "High": later}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRules:
    """When a postmortem is owed, by the severity's label; one that is not named is not asked for."""

    due: Mapping[str, Within] = field(default_factory=_due)
    hours: WorkingTime = field(default_factory=WorkingTime)
    before: tuple[timedelta, ...] = _days(1)
    after: tuple[timedelta, ...] = _days(1, 3, 7)
    #: The last word about a late one, to the channel too.
    channel_after: timedelta = timedelta(days=14)
    #: From the resolution to the follow-up review; and again when it has no result then.
    followup_days: int = 30
    followup_again: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All ladders; each kind of reminder has its own part."""

    actions: ActionRules = field(default_factory=ActionRules)
    nudges: NudgeRules = field(default_factory=NudgeRules)
    document: DocumentRules = field(default_factory=DocumentRules)
