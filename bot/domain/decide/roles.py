"""Who holds which role: given, given up, and handed over once the other has accepted."""

from datetime import datetime, timedelta
from typing import assert_never

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.incident import Handoff, Incident
from bot.domain.people import Person
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import HandoffOutcome

#: Whoever was asked to take over and does not answer is asleep or away: somebody else should be asked.
HANDOFF_LASTS = timedelta(minutes=15)
FIRST_ROLE = "commander"

_NOT_OFFERED = "Nothing was handed over"
_SETTLED = {
    HandoffOutcome.ACCEPTED: "it was accepted already.",
    HandoffOutcome.DECLINED: "it was declined already.",
    HandoffOutcome.EXPIRED: "the time to answer is over.",
    HandoffOutcome.WITHDRAWN: "the role went another way meanwhile.",
}


def decide(incident: Incident, command: c.Roles, *, at: datetime) -> tuple[e.Event, ...] | Refusal:
    match command:
        case c.AssignRole():
            return _assign(incident, command)
        case c.ReleaseRole():
            return _release(incident, command)
        case c.OfferHandoff():
            return _offer(incident, command, at)
        case c.AnswerHandoff():
            return _answer(incident, command, at)
        case c.ExpireHandoff():
            return _expire(incident, command.handoff, at)
        case _:
            assert_never(command)


def _assign(incident: Incident, command: c.AssignRole) -> tuple[e.Event, ...] | Refusal:
    holders = incident.holders(command.role)
    if command.person in holders and (command.beside or len(holders) == 1):
        return ()
    if command.vacant and holders:
        return Refusal(
            what="Nothing was changed",
            by=holders[0].key,
            why="has taken it already.",
            hint="`/incident role commander me` takes it over all the same.",
        )
    given = e.RoleAssigned(role=command.role, person=command.person, beside=command.beside)
    return (*_withdrawn(incident, command.role), given)


def _release(incident: Incident, command: c.ReleaseRole) -> tuple[e.Event, ...] | Refusal:
    own = _held_by(incident, command.person)
    if command.role is None and len(own) > 1:
        return Refusal(
            what="Nothing was changed",
            why=f"that would be one of several roles: {', '.join(own)}.",
            hint=f"Name the one: `/incident unrole {own[0]}`.",
        )
    role = command.role or next(iter(own), None)
    if role not in own:
        held = f"the role {command.role}" if command.role else "any role"
        return Refusal(
            what="Nothing was changed",
            why=f"that person does not hold {held} in {incident.ref}.",
            hint="`/incident roles` shows who holds what.",
        )
    released = e.RoleReleased(role=role, person=command.person)
    return (*_withdrawn(incident, role, giver=command.person), released)


def _held_by(incident: Incident, person: Person) -> list[str]:
    return [role for role, holders in incident.roles.items() if person in holders]


def _withdrawn(incident: Incident, role: str, giver: Person | None = None) -> tuple[e.Event, ...]:
    """A role that goes another way is no longer on offer."""
    return tuple(
        e.HandoffSettled(handoff=each.number, outcome=HandoffOutcome.WITHDRAWN)
        for each in incident.handoffs
        if each.role == role and each.outcome is HandoffOutcome.WAITING and giver in {None, each.giver}
    )


# --- handing over ------------------------------------------------------------------------------------------------


def _offer(incident: Incident, command: c.OfferHandoff, at: datetime) -> tuple[e.Event, ...] | Refusal:
    role = command.role or _own_role(incident, command.by)
    if isinstance(role, Refusal):
        return role
    holders = incident.holders(role)
    refusal = _not_to_be_offered(incident, role, command.to, holders)
    if refusal:
        return refusal
    offered = e.HandoffOffered(
        handoff=len(incident.handoffs) + 1,
        role=role,
        giver=command.by if command.by in holders else holders[0],
        to=command.to,
        expires_at=at + HANDOFF_LASTS,
        note=command.note,
    )
    return (*_withdrawn(incident, role, giver=offered.giver), offered)


def _own_role(incident: Incident, person: Person) -> str | Refusal:
    """The role that a person means by handing over: the command if it is theirs, else their only role."""
    own = _held_by(incident, person)
    if FIRST_ROLE in own or len(own) == 1:
        return FIRST_ROLE if FIRST_ROLE in own else own[0]
    if not own:
        return Refusal(
            what=_NOT_OFFERED,
            why=f"you hold no role in {incident.ref}.",
            hint="Name the role, and its holder's handoff is offered: `/incident handoff scribe @bea`.",
        )
    return Refusal(
        what=_NOT_OFFERED,
        why=f"you hold several roles in {incident.ref}: {', '.join(own)}.",
        hint=f"Name the one: `/incident handoff {own[0]} @bea`.",
    )


def _not_to_be_offered(
    incident: Incident, role: str, to: Person, holders: tuple[Person, ...]
) -> Refusal | None:
    if not holders:
        return Refusal(
            what=_NOT_OFFERED,
            why=f"nobody holds the role {role} in {incident.ref}.",
            hint=f"`/incident role {role} @bea` gives it at once.",
        )
    if to in holders:
        return Refusal(
            what=_NOT_OFFERED,
            why=f"that person holds the role {role} already.",
            hint="Name somebody else.",
        )
    if to.slack_id is None:
        return Refusal(
            what=_NOT_OFFERED,
            why=f"{to.name} is not in this Slack and cannot accept.",
            hint=f'`/incident role {role} "{to.name}"` gives it at once.',
        )
    if any(
        each.role == role and each.to == to and each.outcome is HandoffOutcome.WAITING
        for each in incident.handoffs
    ):
        return Refusal(
            what=_NOT_OFFERED,
            why="that person was asked already and has not answered yet.",
            hint=f"Wait, ask somebody else, or give it at once: `/incident role {role} @bea`.",
        )
    return None


def _answer(incident: Incident, command: c.AnswerHandoff, at: datetime) -> tuple[e.Event, ...] | Refusal:
    handoff = incident.handoff(command.handoff)
    if handoff is None or handoff.to != command.by:
        return Refusal(
            what="Nothing was changed",
            why="this handoff was not offered to you.",
            hint="`/incident roles` shows who holds what.",
        )
    if handoff.outcome is not HandoffOutcome.WAITING or at >= handoff.expires_at:
        why = _SETTLED.get(handoff.outcome, _SETTLED[HandoffOutcome.EXPIRED])
        return Refusal(what="Nothing was changed", why=why, hint="`/incident roles` shows who holds what.")
    if not command.accept:
        return (e.HandoffSettled(handoff=handoff.number, outcome=HandoffOutcome.DECLINED),)
    return _accepted(handoff)


def _accepted(handoff: Handoff) -> tuple[e.Event, ...]:
    return (
        e.HandoffSettled(handoff=handoff.number, outcome=HandoffOutcome.ACCEPTED),
        e.RoleReleased(role=handoff.role, person=handoff.giver),
        e.RoleAssigned(role=handoff.role, person=handoff.to, beside=True),
    )


def _expire(incident: Incident, number: int, at: datetime) -> tuple[e.Event, ...]:
    handoff = incident.handoff(number)
    if handoff is None or handoff.outcome is not HandoffOutcome.WAITING or at < handoff.expires_at:
        return ()
    return (e.HandoffSettled(handoff=number, outcome=HandoffOutcome.EXPIRED),)
