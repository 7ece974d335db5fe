"""Reminders as people read them: one letter of one or several lines, each with what can be done about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import ActionItem, Incident
from bot.domain.people import Person
from bot.views.actions import card
from bot.views.review_reminders import followup_review, late_postmortem
from bot.views.text import Bold, Moment, Text, join

#: So many lines carry their buttons; further ones are only named.
WITH_BUTTONS = 8
LINES_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One rung for one recipient, with the incident as it is now. ``tried``: whom it could not reach before."""

    incident: Incident
    kind: str
    id: str
    rung: str
    recipient: str
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLine:
    """``body`` is any view with the buttons that belong to the line."""

    text: Text
    body: object | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLetter:
    """``more``: how many further lines one message cannot hold."""

    lines: tuple[ReminderLine, ...]
    more: int = 0

    @property
    def count(self) -> int:
        return len(self.lines) + self.more


def letter_view(sayings: Sequence[Saying], now: datetime) -> ReminderLetter:
    made = [_LINES[saying.kind](saying, now) for saying in sayings[:LINES_SHOWN]]
    plain = (ReminderLine(text=line.text) for line in made[WITH_BUTTONS:])
    return ReminderLetter(lines=(*made[:WITH_BUTTONS], *plain), more=max(0, len(sayings) - LINES_SHOWN))


def _action(saying: Saying, now: datetime) -> ReminderLine:
    item = saying.incident.actions[saying.id]
    name = Bold(f"{saying.incident.ref} {item.id}")
    text = (name, *_state(item, saying.rung, now), *_why_you(saying, item))
    return ReminderLine(text=text, body=card(saying.incident, item))


def _state(item: ActionItem, rung: str, now: datetime) -> Text:
    due = item.details.due.at if item.details.due else None
    if due is None:
        again = " again, as you asked: it" if rung == "snoozed" else ""
        return (f"{again} has no due date yet.",)
    if rung == "snoozed":
        return (" again, as you asked: due ", Moment(due, "date"), ".")
    overdue = due <= now and rung not in {"before", "due"}
    return (" is overdue since " if overdue else " is due ", Moment(due, "date"), ".")


def _why_you(saying: Saying, item: ActionItem) -> Text:
    """Somebody who does not own it is told why it comes to them."""
    owners = item.details.owners
    if saying.tried:
        unreached = tuple(Person.of(user) for user in saying.tried)
        return (" ", *join(unreached), " cannot be reached by direct message, so you are told.")
    if not owners:
        return (" Nobody owns it yet, so you are told.",)
    if saying.recipient in {p.slack_id for p in owners}:
        return ()
    if not any(p.slack_id for p in owners):
        return (" ", *join(owners), " is not in Slack, so you are told.")
    return (" Its owner is ", *join(owners), ".")


def _postmortem(saying: Saying, _: datetime) -> ReminderLine:
    text, body = late_postmortem(saying.incident, saying.rung)
    return ReminderLine(text=text, body=body)


def _followup(saying: Saying, _: datetime) -> ReminderLine:
    text, body = followup_review(saying.incident, saying.rung)
    return ReminderLine(text=text, body=body)


#: One for each kind of reminder; see `bot.domain.reminder_kinds`.
_LINES: Mapping[str, Callable[[Saying, datetime], ReminderLine]] = {
    "action": _action,
    "postmortem": _postmortem,
    "followup": _followup,
}
