"""What time does to an incident by itself: each watch knows when, and which command follows then. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain import commands as c
from bot.domain.incident import Incident
from bot.domain.nudges import next_nudge
from bot.domain.rules import Rules
from bot.domain.vocabulary import HandoffOutcome, Status, TimeName


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    at: datetime
    command: c.Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """``subjects``: what is watched now, by id, with all that the moment depends on, as for a reminder's ladder.

    ``turn``: when something follows, and what; None: never.
    """

    subjects: Callable[[Incident], Mapping[str, object]]
    turn: Callable[[Incident, str, "Look"], Turn | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What else a moment may depend on. ``heard``: when a person last wrote in the incident's channel."""

    rules: Rules
    now: datetime
    heard: datetime | None


def _nudged(incident: Incident) -> Mapping[str, object]:
    if not (incident.status.is_open or incident.status is Status.RESOLVED):
        return {}
    started = TimeName.IMPACT_STARTED in incident.times
    basis = (
        incident.status,
        incident.status_since,
        incident.severity,
        bool(incident.holders("commander")),
        incident.next_update_at,
        len(incident.updates),
        len(incident.nudges),
        incident.nudges_snoozed_until,
        started,
    )
    return {"channel": basis}


def _nudge(incident: Incident, _: str, look: Look) -> Turn | None:
    following = next_nudge(incident, look.rules.nudges, heard=look.heard, now=look.now)
    return Turn(at=following.at, command=c.Nudge(about=following.about)) if following else None


def _offers(incident: Incident) -> Mapping[str, object]:
    return {
        str(handoff.number): handoff.expires_at
        for handoff in incident.handoffs
        if handoff.outcome is HandoffOutcome.WAITING
    }


def _expiry(incident: Incident, number: str, _: Look) -> Turn | None:
    handoff = incident.handoff(int(number))
    if handoff is None:
        return None
    return Turn(at=handoff.expires_at, command=c.ExpireHandoff(handoff=handoff.number))


WATCHES: Mapping[str, Watch] = {
    "nudge": Watch(subjects=_nudged, turn=_nudge),
    "handoff": Watch(subjects=_offers, turn=_expiry),
}


def watch_of(subject: str) -> tuple[Watch, str] | None:
    """The watch of ``nudge:channel``, and the id in it; None for a reminder's ladder."""
    name, _, each = subject.partition(":")
    return (WATCHES[name], each) if name in WATCHES else None
