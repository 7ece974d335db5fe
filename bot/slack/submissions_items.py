"""What was typed into the forms of action items."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain import commands as c
from bot.domain.details import ActionDetails, Due
from bot.domain.incident import ActionItem
from bot.domain.people import Person
from bot.domain.vocabulary import ActionKind, ActionState, Horizon
from bot.slack.forms_items import due_typed
from bot.slack.ids import Form
from bot.slack.sent import FieldErrors, Sent, carried_message, due_in, whole_in


def _owners(sent: Sent) -> tuple[Person, ...]:
    owners = [Person(slack_id=user) for user in sent.many("owners")]
    owners += [Person.typed_as(name) for name in sent.lines("other_owners")]
    return tuple(dict.fromkeys(owners))


def _action(sent: Sent) -> tuple[c.Command, ...]:
    kind, horizon, state = sent.text("kind"), sent.text("horizon"), sent.text("state")
    details = ActionDetails(
        text=sent.text("text") or "",
        kind=ActionKind(kind) if kind else ActionKind.FOLLOW_UP,
        owners=_owners(sent),
        due=_due(sent),
        priority=sent.text("priority"),
        horizon=Horizon(horizon) if horizon else None,
        type=sent.text("type"),
        group=sent.text("group"),
        label=sent.text("label"),
        details=sent.lines("details"),
        parent=sent.text("parent"),
        order=whole_in(sent, "order"),
        tracker=sent.text("tracker"),
        message=carried_message(sent) if "message_ts" in sent.carried else None,
    )
    if "item" not in sent.carried:
        return (c.AddAction(details=details, state=ActionState(state) if state else ActionState.OPEN),)
    name, item = str(sent.carried["item"]), _item(sent)
    drawn = datetime.fromisoformat(str(sent.carried["drawn"]))
    if item:
        details = replace(details, source=item.details.source, message=item.details.message)
    commands: list[c.Command] = [c.EditAction(action=name, details=details, drawn=drawn)]
    if item and state and state != item.state:
        commands.append(c.ChangeActionState(action=item.id, state=ActionState(state)))
    return tuple(commands)


def _item(sent: Sent) -> ActionItem | None:
    """The item that the form corrects, as it is now."""
    return sent.incident.actions.get(str(sent.carried.get("item"))) if sent.incident else None


def _due(sent: Sent) -> Due | None:
    """Words left as they were drawn mean what they meant when they were typed."""
    item = _item(sent)
    left_alone = item is not None and sent.text("due") == due_typed(item)
    return item.details.due if item and left_alone else due_in(sent, "due")


def _reassign(sent: Sent) -> tuple[c.Command, ...]:
    return (c.AmendAction(action=str(sent.carried["action"]), owners=_owners(sent)),)


def _snooze(sent: Sent) -> tuple[c.Command, ...]:
    due = due_in(sent, "until")
    if due is None or due.at is None:
        raise FieldErrors({"until": "Give a time ahead, such as `tomorrow 9:00` or `2026-12-01`."})
    return (c.SnoozeAction(action=str(sent.carried["action"]), until=due.at),)


def _cancel(sent: Sent) -> tuple[c.Command, ...]:
    action = str(sent.carried["action"])
    return (c.ChangeActionState(action=action, state=ActionState.CANCELLED, reason=sent.text("reason")),)


READERS: Mapping[Form, Callable[[Sent], tuple[c.Command, ...]]] = {
    Form.ACTION: _action,
    Form.CANCEL: _cancel,
    Form.REASSIGN: _reassign,
    Form.SNOOZE: _snooze,
}
