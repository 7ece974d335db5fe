"""Action items: made, changed, finished, snoozed."""

from dataclasses import fields, replace
from datetime import datetime
from typing import assert_never

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.details import ActionDetails
from bot.domain.incident import ActionItem, Incident
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import ActionState

DEPTH_LIMIT = 4


def decide(incident: Incident, command: c.Actions, *, at: datetime) -> tuple[e.Event, ...] | Refusal:
    if isinstance(command, c.AddAction):
        return _add(incident, command)
    item = incident.actions.get(command.action)
    if item is None:
        return unknown_item(incident, command.action)
    match command:
        case c.EditAction(drawn=datetime() as drawn) if drawn != item.changed_at:
            return Refusal(
                what=f"{item.id} was not changed",
                why="somebody changed it meanwhile.",
                hint="Copy what you typed, and open its form again.",
                field="text",
            )
        case c.EditAction():
            return _edit(incident, item, command.details)
        case c.AmendAction():
            named = {field.name: getattr(command, field.name) for field in fields(command)}
            changes = {name: value for name, value in named.items() if value is not None and name != "action"}
            return _edit(incident, item, replace(item.details, **changes))
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
    details = _tidy(command.details)
    number = incident.actions_made + 1
    wrong = _wrong("The action item was not added", incident, details)
    return wrong or (e.ActionAdded(action=f"A{number}", details=details, state=command.state),)


def _tidy(details: ActionDetails) -> ActionDetails:
    return replace(details, text=" ".join(details.text.split()))


def _wrong(
    what: str, incident: Incident, details: ActionDetails, item: ActionItem | None = None
) -> Refusal | None:
    """Why an item cannot be like this. ``item``: it stands already, and others may stand under it."""
    parent = details.parent
    if not details.text:
        return Refusal(
            what=what,
            why="it does not say what is to be done.",
            hint="Say it: `/incident task roll back v41 @bea due 30m`.",
            field="text",
        )
    if parent is None or (item and parent == item.details.parent):
        return None
    if parent not in incident.actions:
        return Refusal(
            what=what,
            why=f"{incident.ref} has no item {parent} to put it under.",
            hint="`/incident actions` lists them.",
            field="parent",
        )
    below = _height(incident, item.id) if item else 1
    if item and item.id in _upwards(incident, parent):
        return Refusal(
            what=what,
            why=f"{parent} is {'the item itself' if parent == item.id else f'under {item.id}'}.",
            hint="Put it under another item.",
            field="parent",
        )
    if len(_upwards(incident, parent)) + below > DEPTH_LIMIT:
        return Refusal(
            what=what,
            why=f"items nest {DEPTH_LIMIT} deep at the most.",
            hint="Put it under an item further up.",
            field="parent",
        )
    return None


def _upwards(incident: Incident, action: str | None) -> tuple[str, ...]:
    """The item, what it stands under, and so on."""
    found: list[str] = []
    while action is not None:
        found.append(action)
        action = incident.actions[action].details.parent
    return tuple(found)


def _height(incident: Incident, action: str) -> int:
    """How many levels an item and what stands under it take."""
    below = [item.id for item in incident.actions.values() if item.details.parent == action]
    return 1 + max((_height(incident, each) for each in below), default=0)


def _edit(incident: Incident, item: ActionItem, wanted: ActionDetails) -> tuple[e.Event, ...] | Refusal:
    details = _tidy(wanted)
    if details == item.details:
        return ()
    wrong = _wrong(f"{item.id} was not changed", incident, details, item)
    return wrong or (e.ActionEdited(action=item.id, details=details),)


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
