"""Reminders: what every kind of them is made of. The kinds themselves are listed in `bot.domain.reminder_kinds`.

A kind names its subjects in an incident (``action:A1``) and gives each a ladder: rungs in order of time, perhaps
without end. The machinery keeps only how far a ladder has been climbed, so a rung is said once and never lost.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.incident import Incident
from bot.domain.rules import Rules


class Manner(StrEnum):
    """How a reminder reaches people."""

    #: At its moment, whatever they have set.
    URGENT = "urgent"
    #: At its moment, unless they asked Slack not to be disturbed.
    AT_ONCE = "at_once"
    #: In their working hours.
    WORKING = "working"
    #: When their next working day begins, with everything else for that day.
    DAILY = "daily"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One rung of a ladder; ``at`` is UTC. ``to`` names audiences, which the kind turns into people and channels."""

    rung: str
    at: datetime
    to: tuple[str, ...] = ("owner",)
    manner: Manner = Manner.AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of reminder, as pure functions.

    ``subjects``: what is reminded of now, by id, with everything that its ladder depends on. When that changes, the
    ladder begins anew at that moment; when the id is gone, nothing is said any more.
    ``rungs``: the ladder of one subject in order of time; may be endless.
    ``audience``: Slack ids of the people and channels that one rung is for. Empty: whoever is responsible.
    """

    subjects: Callable[[Incident], Mapping[str, object]]
    rungs: Callable[[Incident, str, Rules], Iterator[Reminder]]
    audience: Callable[[Incident, str, Reminder], tuple[str, ...]]


def responsible(incident: Incident) -> tuple[str, ...]:
    """Who is asked when nobody else can be: the commander, or who declared."""
    commanders = tuple(p.slack_id for p in incident.holders("commander") if p.slack_id)
    return commanders or declarers(incident)


def declarers(incident: Incident) -> tuple[str, ...]:
    """Who declared, where that is somebody in Slack."""
    return (incident.declarer,) if incident.declarer else ()
