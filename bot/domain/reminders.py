"""When an owner is to be reminded of an action item: the ladders, as pure functions of the item."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from bot.domain.incident import ActionItem
from bot.domain.vocabulary import ActionKind

Audience = Literal["owner", "commander"]

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One rung of an item's ladder; ``at`` is UTC. ``to`` widens from the owner to the commander."""

    rung: str
    at: datetime
    to: tuple[Audience, ...] = ("owner",)


def next_reminder(item: ActionItem, *, after: datetime) -> Reminder | None:
    """The first rung strictly later than ``after``, or None when nobody is to be reminded any more.

    A snoozed item waits until its snooze ends, and then speaks once at that moment.
    """
    due = item.details.due
    if item.state.is_finished or due is None or due.at is None:
        return None
    until = item.snoozed_until
    if until is not None and until > after:
        return Reminder(rung="snoozed", at=until)
    return next(rung for rung in _ladder(item.details.kind, due.at) if rung.at > after)


def _ladder(kind: ActionKind, due: datetime) -> Iterator[Reminder]:
    """All rungs in order of time; the last repeats for ever, because only a decision ends it."""
    if kind is ActionKind.TASK:
        yield Reminder(rung="before-30m", at=due - 30 * _MINUTE)
        yield Reminder(rung="before-10m", at=due - 10 * _MINUTE)
        yield Reminder(rung="due", at=due)
        for n in count(1):
            yield Reminder(rung=f"overdue-{n}", at=due + n * 30 * _MINUTE, to=("owner", "commander"))
    yield Reminder(rung="before-2d", at=due - 2 * _DAY)
    yield Reminder(rung="due", at=due)
    for days in (1, 3, 7):
        yield Reminder(rung=f"overdue-{days}d", at=due + days * _DAY)
    for week in count(2):
        yield Reminder(rung=f"overdue-{7 * week}d", at=due + 7 * week * _DAY, to=("owner", "commander"))
