"""Action items: made, changed, finished, snoozed."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.incident import ActionItem, Incident
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import ActionState

Actions = c.AddAction | c.EditAction | c.AmendAction | c.RemoveAction | c.ChangeActionState | c.SnoozeAction

DEPTH_LIMIT = 4


def decide(incident: Incident, command: Actions, *, at: datetime) -> tuple[e.Event, ...] | Refusal:
    if isinstance(command, c.AddAction):
        return _add(incident, command)
    item = incident.actions.get(command.action)
    if item is None:
        return Refusal(
            what="No action item was changed",
            why=f"{incident.ref} has no item {command.action}.",
            hint="`/incident actions` lists them.",
        )
    match command:
        case c.EditAction():
            return _edit(item, command.details)
        case c.AmendAction():
            owners = item.details.owners if command.owners is None else command.owners
            due = command.due or item.details.due
            return _edit(item, replace(item.details, owners=owners, due=due))
        case c.RemoveAction():
            return (e.ActionRemoved(action=item.id),)
        case c.ChangeActionState():
            return _change_state(item, command)
        case c.SnoozeAction():
            return _snooze(item, command, at)
        case _:
            assert_never(command)


def _add(incident: Incident, command: c.AddAction) -> tuple[e.Event, ...] | Refusal:
    text = " ".join(command.details.text.split())
    if not text:
        return Refusal(
            what="The action item was not added",
            why="it does not say what is to be done.",
            hint="Say it: `/incident task roll back v41 @bea due 30m`.",
            field="text",
        )
    parent = command.details.parent
    if parent is not None:
        if parent not in incident.actions:
            return Refusal(
                what="The action item was not added",
                why=f"{incident.ref} has no item {parent} to put it under.",
                hint="`/incident actions` lists them.",
                field="parent",
            )
        if _depth(incident, parent) >= DEPTH_LIMIT:
            return Refusal(
                what="The action item was not added",
                why=f"items nest {DEPTH_LIMIT} deep at the most.",
                hint="Put it under an item further up.",
                field="parent",
            )
    number = incident.actions_made + 1
    return (
        e.ActionAdded(action=f"A{number}", details=replace(command.details, text=text), state=command.state),
    )


def _depth(incident: Incident, action: str | None) -> int:
    depth = 0
    while action is not None:
        depth += 1
        action = incident.actions[action].details.parent
    return depth


def _edit(item: ActionItem, details: e.ActionDetails) -> tuple[e.Event, ...]:
    return () if details == item.details else (e.ActionEdited(action=item.id, details=details),)


def _change_state(item: ActionItem, command: c.ChangeActionState) -> tuple[e.Event, ...] | Refusal:
    if item.state is command.state:
        return ()
    if command.state is ActionState.CANCELLED and not (command.reason or "").strip():
        return Refusal(
            what=f"{item.id} was not cancelled",
            why="a cancelled item needs a reason.",
            hint=f"`/incident action {item.id} cancelled because …`",
            field="reason",
        )
    return (e.ActionStateChanged(action=item.id, state=command.state, reason=command.reason),)


def _snooze(item: ActionItem, command: c.SnoozeAction, at: datetime) -> tuple[e.Event, ...] | Refusal:
    if item.state.is_finished:
        return Refusal(
            what=f"{item.id} was not snoozed",
            why=f"it is {item.state.label} already; nobody will be reminded of it.",
            hint="Nothing is left to do.",
        )
    if command.until <= at:
        return Refusal(
            what=f"{item.id} was not snoozed",
            why="that time is past.",
            hint="Give a time ahead, such as `1h` or `tomorrow`.",
        )
    return (
        () if item.snoozed_until == command.until else (e.ActionSnoozed(action=item.id, until=command.until),)
    )
