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
        return unknown_item(incident, command.action)
    match command:
        case c.EditAction():
            return _edit(incident, item, command.details)
        case c.AmendAction():
            owners = item.details.owners if command.owners is None else command.owners
            due = command.due or item.details.due
            return _edit(incident, item, replace(item.details, owners=owners, due=due))
        case c.RemoveAction():
            return (e.ActionRemoved(action=item.id),)
        case c.ChangeActionState():
            return _change_state(item, command)
        case c.SnoozeAction():
            return _snooze(item, command, at)
        case _:
            assert_never(command)


def unknown_item(incident: Incident, action: str) -> Refusal:
    return Refusal(
        what="No action item was changed",
        why=f"{incident.ref} has no item {action}.",
        hint="`/incident actions` lists them.",
    )


def _add(incident: Incident, command: c.AddAction) -> tuple[e.Event, ...] | Refusal:
    text = " ".join(command.details.text.split())
    if not text:
        return Refusal(
            what="The action item was not added",
            why="it does not say what is to be done.",
            hint="Say it: `/incident task roll back v41 @bea due 30m`.",
            field="text",
        )
    if refusal := _misplaced(incident, command.details.parent, "The action item was not added"):
        return refusal
    number = incident.actions_made + 1
    return (
        e.ActionAdded(action=f"A{number}", details=replace(command.details, text=text), state=command.state),
    )


def _misplaced(
    incident: Incident, parent: str | None, undone: str, item: str | None = None
) -> Refusal | None:
    """Why nothing (``item``: this item, with what is below it) can stand under ``parent``."""
    if parent is None:
        return None
    if parent not in incident.actions:
        why = f"{incident.ref} has no item {parent} to put it under."
        hint = "`/incident actions` lists them."
    elif item is not None and item in _upwards(incident, parent):
        why = f"{parent} is {item} or stands below it."
        hint = "Choose an item elsewhere."
    elif len(_upwards(incident, parent)) >= DEPTH_LIMIT:
        why = f"items nest {DEPTH_LIMIT} deep at the most."
        hint = "Put it under an item further up."
    else:
        return None
    return Refusal(what=undone, why=why, hint=hint, field="parent")


def _upwards(incident: Incident, action: str | None) -> tuple[str, ...]:
    """An item and those above it."""
    line: list[str] = []
    while action is not None and action in incident.actions and action not in line:
        line.append(action)
        action = incident.actions[action].details.parent
    return tuple(line)


def _edit(incident: Incident, item: ActionItem, details: e.ActionDetails) -> tuple[e.Event, ...] | Refusal:
    undone = f"{item.id} was not changed"
    if not details.text.strip():
        return Refusal(
            what=undone, why="it would not say what is to be done.", hint="Say what it is.", field="text"
        )
    moved = details.parent if details.parent != item.details.parent else None
    if refusal := _misplaced(incident, moved, undone, item.id):
        return refusal
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
