"""Reminding an incident's channel of what it lacks, and being asked not to."""

from datetime import datetime, timedelta
from typing import assert_never

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.incident import Incident
from bot.domain.refusals import Refusal

#: A snooze is a pause: an incident that is forgotten is worse than a noisy one.
LONGEST_SNOOZE = timedelta(hours=24)


def decide(
    incident: Incident, command: c.Nudge | c.SnoozeNudges, *, at: datetime
) -> tuple[e.Event, ...] | Refusal:
    match command:
        case c.Nudge():
            return (e.Nudged(about=command.about),)
        case c.SnoozeNudges():
            return _snooze(incident, command.until, at)
        case _:
            assert_never(command)


def _snooze(incident: Incident, until: datetime | None, at: datetime) -> tuple[e.Event, ...] | Refusal:
    if not incident.status.is_open:
        return Refusal(
            what="Nothing was snoozed",
            why=f"{incident.ref} is {incident.status.value}; its channel is not reminded of anything.",
            hint="Nothing is left to do.",
        )
    if until is not None and until <= at:
        return Refusal(
            what="Nothing was snoozed",
            why="that time is past.",
            hint="Give a time ahead, such as `30m` or `2h`.",
        )
    if until is not None and until - at > LONGEST_SNOOZE:
        return Refusal(
            what="Nothing was snoozed",
            why="a snooze lasts 24 hours at the most.",
            hint="If nobody works on it, resolve or close it.",
        )
    return () if until == incident.nudges_snoozed_until else (e.NudgesSnoozed(until=until),)
