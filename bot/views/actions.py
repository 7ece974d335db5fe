"""Action items as their owners see them: the card in the DM, and lists."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.events import Due
from bot.domain.incident import ActionItem, Incident
from bot.domain.people import Person
from bot.domain.vocabulary import ActionKind, ActionState
from bot.views.text import Moment, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One owner's card for one item, edited in place as the item changes."""

    incident: int
    ref: str
    title: str
    channel: str | None
    action: str
    text: str
    kind: ActionKind
    state: ActionState
    reason: str | None
    owners: tuple[Person, ...]
    due: Due | None
    priority: str | None
    snoozed_until: datetime | None


def card(incident: Incident, item: ActionItem) -> Card:
    return Card(
        incident=incident.number,
        ref=incident.ref,
        title=incident.title,
        channel=incident.channel,
        action=item.id,
        text=item.details.text,
        kind=item.details.kind,
        state=item.state,
        reason=item.reason,
        owners=item.details.owners,
        due=item.details.due,
        priority=item.details.priority,
        snoozed_until=item.snoozed_until,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionList:
    """Items of one incident, in the order they were made."""

    ref: str
    title: str
    items: tuple[Card, ...]


def action_list(incident: Incident, which: str | None, by: str, now: datetime) -> ActionList:
    """``which``: open (None is the same), mine, overdue, unowned, all; ``by`` asks, at ``now``."""
    items = [card(incident, item) for item in incident.actions.values()]
    if which == "mine":
        items = [item for item in items if by in {p.key for p in item.owners}]
    elif which == "unowned":
        items = [item for item in items if not item.owners]
    elif which == "overdue":
        items = [item for item in items if item.due and item.due.at and item.due.at < now]
    if which not in {"all", "mine"}:
        items = [item for item in items if not item.state.is_finished]
    return ActionList(ref=incident.ref, title=incident.title, items=tuple(items))


def due_text(due: Due | None) -> Text:
    if due is None:
        return ()
    if due.at is None:
        return (f" · due {due.raw}",)
    return (" · due ", Moment(due.at, "day" if due.day_only else "date"))
