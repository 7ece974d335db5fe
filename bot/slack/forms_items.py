"""The forms of action items: making one, correcting all that one says, its owners, its next reminder, its end."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.incident import ActionItem
from bot.domain.vocabulary import ActionKind, ActionState, Horizon
from bot.slack import blocks as b
from bot.slack.ids import Form
from bot.slack.inputs import DUE_HINT, Asked, modal, select, text, words

PRIORITIES = ("P0", "P1", "P2", "P3", "P4", "Critical", "High", "Medium", "Low")


def _action(asked: Asked) -> dict[str, Any]:
    """A new item; where ``item`` is filled in, that one as it stands."""
    item = asked.incident.actions.get(asked.text("item") or "") if asked.incident else None
    if item is None:
        return modal(Form.ACTION, asked, "Action item", _whole(asked, None), "Add")
    typed = {name: value for name, value in (asked.filled or {}).items() if name != "item"}
    correcting = Asked(
        policy=asked.policy,
        incident=asked.incident,
        channel=asked.channel,
        carried={**(asked.carried or {}), "item": item.id, "drawn": item.changed_at.isoformat()},
        filled={**_filled(item), **typed},
    )
    return modal(Form.ACTION, correcting, f"item {item.id}", _whole(correcting, item), "Save")


def _whole(asked: Asked, item: ActionItem | None) -> list[b.Block]:
    items = [each for each in asked.incident.actions.values() if each is not item] if asked.incident else []
    parents = [(each.id, f"{each.id} {each.details.text}") for each in items[-b.OPTIONS :]]
    kinds = [(kind.value, kind.label) for kind in ActionKind]
    states = [s for s in ActionState if s is not ActionState.CANCELLED or (item and item.state is s)]
    own = (item.details.priority,) if item and item.details.priority else ()
    priorities = dict.fromkeys((*PRIORITIES, *own))
    blocks = [
        text(asked, "text", "What is to be done?", multiline=True, needed=True),
        select(asked, "kind", "Kind", kinds, initial=ActionKind.FOLLOW_UP.value),
        *_owners(asked),
        text(asked, "due", "Due", hint=DUE_HINT),
        select(asked, "priority", "Priority", [(p, p) for p in priorities]),
        select(asked, "horizon", "Horizon", words(Horizon)),
        select(asked, "state", "State", words(states)),
        text(asked, "label", "Label"),
        text(asked, "details", "Details, one per line", multiline=True),
        text(asked, "order", "Number in its list"),
        text(asked, "type", "Type: prevent, detect, mitigate …"),
        text(asked, "group", "Group"),
        text(asked, "tracker", "Tracker: a reference, a link, or both"),
    ]
    if parents:
        blocks.append(select(asked, "parent", "Under which item?", parents))
    return blocks


def _filled(item: ActionItem) -> dict[str, str]:
    """All that an item says, as its form's inputs hold it."""
    details = item.details
    said = {
        "text": details.text,
        "kind": details.kind.value,
        "owners": ",".join(owner.user for owner in details.owners if owner.user),
        "other_owners": "\n".join(owner.typed for owner in details.owners if not owner.user),
        "due": due_typed(item),
        "priority": details.priority,
        "horizon": details.horizon.value if details.horizon else None,
        "state": item.state.value,
        "label": details.label,
        "details": "\n".join(details.details),
        "order": str(details.order) if details.order is not None else None,
        "type": details.type,
        "group": details.group,
        "tracker": details.tracker,
        "parent": details.parent,
    }
    return {name: value for name, value in said.items() if value}


def due_typed(item: ActionItem) -> str | None:
    """When it is due, so that it could be typed again: `2d` would mean another day tomorrow."""
    due = item.details.due
    if due is None or due.at is None:
        return due.raw if due else None
    local = due.at.astimezone(ZoneInfo(due.zone or "UTC"))
    return f"{local:%Y-%m-%d}" if due.day_only else f"{local:%Y-%m-%d %H:%M}"


def _owners(asked: Asked) -> list[b.Block]:
    """Slack users, and anybody else by name."""
    chosen = [user for user in (asked.text("owners") or "").split(",") if user]
    users = {"type": "multi_users_select", "action_id": "owners", "placeholder": b.plain("Nobody yet")}
    label = "Other owners: @group, team, name or address, one per line"
    return [
        b.input_block("owners", "Owners", users | ({"initial_users": chosen} if chosen else {})),
        text(asked, "other_owners", label, multiline=True),
    ]


def _reassign(asked: Asked) -> dict[str, Any]:
    return modal(Form.REASSIGN, asked, "Reassign", _owners(asked), "Reassign")


def _snooze(asked: Asked) -> dict[str, Any]:
    blocks = [text(asked, "until", "No reminder until", hint=DUE_HINT, needed=True)]
    return modal(Form.SNOOZE, asked, "Snooze", blocks, "Snooze")


def _cancel(asked: Asked) -> dict[str, Any]:
    blocks = [text(asked, "reason", "Why is it not needed any more?", multiline=True, needed=True)]
    return modal(Form.CANCEL, asked, "Cancel item", blocks, "Cancel the item")


BUILDERS: Mapping[Form, Callable[[Asked], dict[str, Any]]] = {
    Form.ACTION: _action,
    Form.CANCEL: _cancel,
    Form.REASSIGN: _reassign,
    Form.SNOOZE: _snooze,
}
