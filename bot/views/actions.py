"""Action items as their owners see them: the card in the DM, and lists."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.details import Due
from bot.domain.incident import ActionItem, Incident
from bot.domain.people import Person
from bot.domain.vocabulary import ActionKind, ActionState
from bot.views.notices import Notice
from bot.views.refused import explain
from bot.views.text import Bold, Code, Mention, Moment, Text, join


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
    horizon: str | None = None
    label: str | None = None
    parent: str | None = None
    tracker: str | None = None
    details: tuple[str, ...] = ()


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
        horizon=item.details.horizon.value if item.details.horizon else None,
        label=item.details.label,
        parent=item.details.parent,
        tracker=item.details.tracker,
        details=item.details.details,
        snoozed_until=item.snoozed_until,
    )


#: What may be asked for, as it is said back.
LISTED = {"open": "open", "mine": "your open", "overdue": "overdue", "unowned": "unowned", "all": "all"}
NONE_MADE = "No action items. `/incident task roll back v41 @bea due 30m` makes one."
NONE_LEFT = "There are none. `/incident actions all` shows every one, done and cancelled too."


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionList:
    """Items under a heading; ``empty`` is said where there is none."""

    head: str
    items: tuple[Card, ...]
    empty: str


def action_list(incident: Incident, which: str | None, by: str, now: datetime) -> ActionList:
    """Of one incident, in the order they were made. ``which``: open (None is the same), mine, overdue, unowned, all."""
    items = (card(incident, item) for item in incident.actions.values())
    head = f"{incident.ref} {incident.title}: {LISTED[which or 'open']} action items"
    empty = NONE_MADE if not incident.actions else NONE_LEFT
    return ActionList(head=head, items=tuple(chosen(items, which, by, now)), empty=empty)


def settled(incident: Incident, action: str) -> Notice:
    """How one item stands, in a sentence."""
    item = incident.actions.get(action)
    if item is None:
        return Notice.of((Bold(f"{incident.ref} {action}"), " was deleted."))
    state: Text = (f" is {item.state.label}: {item.details.text}",)
    snoozed: Text = ()
    if item.snoozed_until and not item.state.is_finished:
        snoozed = (" · no reminder before ", Moment(item.snoozed_until, "date"))
    return Notice.of((Bold(f"{incident.ref} {action}"), *state, *snoozed))


def past_card(incident: Incident, action: str) -> Notice:
    """What becomes of a card whose item was deleted, or is somebody else's now."""
    item = incident.actions.get(action)
    if item is None:
        return Notice.of((Bold(f"{incident.ref} {action}"), " was deleted; nothing is left to do."))
    owners: Text = (" It is with ", *join(item.details.owners), " now.") if item.details.owners else ()
    return Notice.of(
        (Bold(f"{incident.ref} {action}"), f" is no longer yours: {item.details.text}.", *owners)
    )


def unreached(incident: Incident, item: ActionItem, owner: Person, word: str) -> Notice:
    """For whoever is responsible: an owner gets no messages from us. ``word`` is Slack's."""
    why, hint = explain(word)
    return Notice.of(
        (
            Bold(f"{incident.ref} {item.id}"),
            " belongs to ",
            Mention(owner),
            f", who cannot be told, because {why} (Slack says ",
            Code(word),
            "). So its card and reminders come to you.",
        ),
        (f"{hint} Or reassign it.",),
    )


def chosen(items: Iterable[Card], which: str | None, by: str, now: datetime) -> Iterator[Card]:
    for item in items:
        mine = by in {p.key for p in item.owners}
        late = bool(item.due and item.due.at and item.due.at < now)
        fits = {"mine": mine, "unowned": not item.owners, "overdue": late}.get(which or "", True)
        if fits and (which == "all" or not item.state.is_finished):
            yield item


def due_text(due: Due | None) -> Text:
    if due is None:
        return ()
    if due.at is None:
        return (f" · due {due.raw}",)
    return (" · due ", Moment(due.at, "day" if due.day_only else "date"))
