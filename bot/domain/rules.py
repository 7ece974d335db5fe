"""What a workspace decides about reminders: the rungs of each ladder. Plain data with the defaults of the product."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.nudges import NudgeRules


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
class Rules:
    """All ladders; each kind of reminder has its own part."""

    actions: ActionRules = field(default_factory=ActionRules)
    nudges: NudgeRules = field(default_factory=NudgeRules)
