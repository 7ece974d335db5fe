"""Folding events about roles: who holds what, who was asked to take it over."""

from dataclasses import replace
from typing import assert_never

from bot.domain import events as e
from bot.domain.incident import Appointment, Handoff, Incident
from bot.domain.mappings import put

RoleEvent = e.RoleAssigned | e.RoleReleased | e.HandoffOffered | e.HandoffSettled


def with_roles(state: Incident, recorded: e.Recorded, event: RoleEvent) -> Incident:
    at, by = recorded.at, recorded.by
    match event:
        case e.RoleAssigned():
            kept = tuple(p for p in state.holders(event.role) if event.beside and p != event.person)
            given = Appointment(role=event.role, person=event.person, at=at, by=by)
            return replace(
                state,
                roles=put(state.roles, event.role, (*kept, event.person)),
                appointments=(*state.appointments, given),
            )
        case e.RoleReleased():
            left = tuple(p for p in state.holders(event.role) if p != event.person)
            released = Appointment(role=event.role, person=event.person, at=at, by=by)
            return replace(
                state,
                roles=put(state.roles, event.role, left or None),
                releases=(*state.releases, released),
            )
        case e.HandoffOffered():
            offered = Handoff(
                number=event.handoff,
                role=event.role,
                giver=event.giver,
                to=event.to,
                at=at,
                by=by,
                expires_at=event.expires_at,
                note=event.note,
            )
            return replace(state, handoffs=(*state.handoffs, offered))
        case e.HandoffSettled():
            handoffs = tuple(
                replace(each, outcome=event.outcome, settled_at=at) if each.number == event.handoff else each
                for each in state.handoffs
            )
            return replace(state, handoffs=handoffs)
        case _:
            assert_never(event)
