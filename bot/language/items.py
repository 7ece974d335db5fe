"""How action items are read: what, who, by when; and what becomes of them."""

import re

from bot.domain import commands as c
from bot.domain.details import ActionDetails, Due
from bot.domain.people import Person
from bot.domain.vocabulary import ActionKind, ActionState
from bot.language import entries
from bot.language import said as read
from bot.language.entries import is_number, numbered
from bot.language.fill import read_lines
from bot.language.intents import Intent
from bot.language.people import named, take_people
from bot.language.said import Misread, Said, choice, number, reason
from bot.language.typed import cut, first_word, quotation_end, unquote
from bot.language.words import ACTION_KINDS, HORIZONS, PRIORITIES, STATES, alike, fold, leading

_DUE = re.compile(r"(?:^|.*\s)(due:?\s+(?:date:?\s+)?(?!to\b|and\b|or\b)(\S.*))", re.IGNORECASE)
_OWNER = re.compile(r"(?<!\S)owners?:?\s+(?=[\"“'‘])", re.IGNORECASE)  # noqa: RUF001 - quotes as phones type them
_PRIORITY_BEHIND = re.compile(r"(?:^|[\s,(])(p[0-4])\)?[.,]*$", re.IGNORECASE)
_PRIORITY_BEFORE = re.compile(r"^(P[0-4])(?:\s|:\s*|$)")
_KINDS = {
    "task": ActionKind.TASK,
    "followup": ActionKind.FOLLOW_UP,
    "recommendation": ActionKind.RECOMMENDATION,
    "measure": ActionKind.PREVENTIVE_MEASURE,
}


def add(said: Said) -> Intent:
    """Mentions anywhere are owners, ``due …`` ends the first line, further lines are details."""
    kind = _kind(said)
    head, _, below = said.text.partition("\n")
    people, head = take_people(head, said.context)
    teams, head = _quoted_owners(head, said)
    head, behind = _priority(head)
    head, due = _due(said, head)
    head, before = _priority(head)
    text = unquote(head.strip(" ,;"))
    marks = _marks(said)
    details = ActionDetails(
        text=text,
        kind=kind,
        owners=tuple(dict.fromkeys((*people, *teams, *_owners(said)))),
        due=due,
        priority=marks.priority or behind or before,
        horizon=marks.horizon,
        type=marks.type,
        group=marks.group,
        label=marks.label,
        details=(*marks.details, *read_lines(below)),
        parent=marks.parent,
        order=marks.order,
        tracker=marks.tracker,
    )
    state = choice(typed, STATES, "state") if (typed := said.option("state")) else ActionState.OPEN
    return said.do(c.AddAction(details=details, state=state)) if text else _form(said, details)


def _marks(said: Said) -> ActionDetails:
    """What the options say of an item, without its words, kind, owners and due date."""
    return ActionDetails(
        text="",
        priority=_read_priority(typed) if (typed := said.option("priority")) else None,
        horizon=choice(typed, HORIZONS, "horizon") if (typed := said.option("horizon")) else None,
        type=said.option("type"),
        group=said.option("group"),
        label=said.option("label"),
        details=read_lines(said.option("details") or ""),
        parent=numbered(said, "A", under)[0] if (under := said.option("under")) else None,
        order=number(order, "number in a list") if (order := said.option("order")) else None,
        tracker=said.option("tracker"),
    )


def _form(said: Said, details: ActionDetails) -> Intent:
    others = "\n".join(owner.name for owner in details.owners if owner.name)
    users = ",".join(owner.slack_id for owner in details.owners if owner.slack_id)
    due, horizon = (
        details.due.raw if details.due else None,
        details.horizon.value if details.horizon else None,
    )
    return said.form(
        "action",
        kind=details.kind.value,
        owners=users,
        other_owners=others,
        due=due,
        priority=details.priority,
        horizon=horizon,
        label=details.label,
        parent=details.parent,
    )


def _kind(said: Said) -> ActionKind:
    typed = said.option("kind")
    return (
        choice(typed, ACTION_KINDS, "kind of item") if typed else _KINDS.get(said.verb, ActionKind.FOLLOW_UP)
    )


def _owners(said: Said) -> tuple[Person, ...]:
    return tuple(person for typed in said.options.get("owner", ()) for person in named(typed, said.context))


def _quoted_owners(text: str, said: Said) -> tuple[tuple[Person, ...], str]:
    """``owner "Naxa team"`` anywhere."""
    match = _OWNER.search(text)
    closing = quotation_end(text, match.end()) if match else None
    if match is None or closing is None:
        return (), text
    return named(text[match.end() + 1 : closing], said.context), cut(text, ((match.start(), closing + 1),))


def _priority(text: str) -> tuple[str, str | None]:
    """``P1`` at either end; inside a sentence it is a word like any other."""
    for pattern in (_PRIORITY_BEHIND, _PRIORITY_BEFORE):
        if match := pattern.search(text):
            return (text[: match.start()] + text[match.end() :]).strip(" ,"), match[1].upper()
    return text, None


def _read_priority(text: str) -> str:
    """Priorities are printed as written; only a slip of the known ones is asked about."""
    found = PRIORITIES.get(fold(text))
    near = None if found else alike(text, PRIORITIES)
    if near:
        raise Misread(f"there is no priority `{text}`.", f"Did you mean `{PRIORITIES[near]}`?")
    return found or text


def _due(said: Said, text: str) -> tuple[str, Due | None]:
    typed = said.option("due")
    if typed:
        return text, read.due(typed, said.context)
    match = _DUE.match(text)
    if match is None:
        return text, None
    return text[: match.start(1)].rstrip(), read.due(match[2].strip(" ,."), said.context)


# --- what becomes of an item -----------------------------------------------------------------------------------------


def action(said: Said) -> Intent:
    """``action A3 done``, ``action A3 --due friday``, ``action A3`` for its form, or a new follow-up."""
    if not is_number(first_word(said.text)):
        return add(said)
    item, rest = numbered(said, "A")
    if not rest and not said.options:
        return said.form("action", item=item)
    if said.options:
        return _amend(said, item, rest)
    found = leading(re.sub(r"^(?:is|to|as)\s+", "", rest, flags=re.IGNORECASE), STATES)
    if found is None:
        word = first_word(rest)
        near = alike(word, STATES)
        meant = f"Did you mean `{STATES[near].value}`? " if near else ""
        raise Misread(
            f"there is no state `{word}`.",
            f"{meant}Type `/incident action {item} done`, or in_progress, blocked, open, cancelled and why.",
        )
    return _change(said, item, *found)


def _amend(said: Said, item: str, rest: str) -> Intent:
    """What the options name is changed. A state has a word of its own, so that its reason is not lost."""
    if rest or said.has("state"):
        raise Misread(
            "an item's state, its words and its other marks are changed one at a time.",
            f"Type `/incident action {item} done`, `/incident edit {item} new words` or `/incident action {item} --due friday`.",
        )
    marks = _marks(said)
    return said.do(
        c.AmendAction(
            action=item,
            kind=choice(typed, ACTION_KINDS, "kind of item") if (typed := said.option("kind")) else None,
            owners=_owners(said) or None,
            due=read.due(typed, said.context) if (typed := said.option("due")) else None,
            priority=marks.priority,
            horizon=marks.horizon,
            type=marks.type,
            group=marks.group,
            label=marks.label,
            details=marks.details or None,
            parent=marks.parent,
            order=marks.order,
            tracker=marks.tracker,
        )
    )


def edit(said: Said) -> Intent:
    """``edit A3 new words``, ``edit A3 due friday @bea P1``; of an entry, all that can be corrected."""
    if not re.match(r"#?a-?\d", said.text, re.IGNORECASE):
        return entries.edit(said)
    item, rest = numbered(said, "A")
    if said.options:
        raise Misread(
            "these options are an entry's.",
            f"Type `/incident action {item} --due friday`, or only `/incident edit {item}` for its form.",
        )
    if not rest:
        return said.form("action", item=item)
    people, words = take_people(rest, said.context)
    teams, words = _quoted_owners(words, said)
    words, priority = _priority(words)
    words, due = _due(said, words)
    if words.strip(" ,;"):
        return said.do(c.AmendAction(action=item, text=unquote(rest)))
    return said.do(c.AmendAction(action=item, owners=(*people, *teams) or None, due=due, priority=priority))


def change(said: Said) -> Intent:
    """``done A3``, ``block A3 why``: the verb is the state."""
    item, rest = numbered(said, "A")
    return _change(said, item, STATES[said.verb], rest)


def _change(said: Said, item: str, state: ActionState, rest: str) -> Intent:
    if is_number(first_word(rest)):
        raise Misread("several items are named.", "Name one at a time.")
    return said.do(c.ChangeActionState(action=item, state=state, reason=reason(rest)))


def reassign(said: Said) -> Intent:
    """``reassign A3 @bea``, ``reassign A3 "Naxa team"``, ``reassign A3 nobody``."""
    item, rest = numbered(said, "A")
    whom = re.sub(r"^to\s+", "", rest, flags=re.IGNORECASE)
    if not whom:
        raise Misread(f"it does not say who takes {item}.", f"Type `/incident reassign {item} @bea`.")
    owners = () if fold(whom) in {"nobody", "none", "no one"} else named(whom, said.context)
    return said.do(c.AmendAction(action=item, owners=owners))


def move(said: Said) -> Intent:
    """``reschedule A3 friday``: another due date."""
    item, rest = numbered(said, "A")
    when = re.sub(r"^(?:to|by|on)\s+", "", rest, flags=re.IGNORECASE)
    if not when:
        raise Misread(f"it does not say when {item} is due.", f"Type `/incident reschedule {item} friday`.")
    return said.do(c.AmendAction(action=item, due=read.due(when, said.context)))


def delete(said: Said) -> Intent:
    item, _ = numbered(said, "A")
    return said.do(c.RemoveAction(action=item))


def snooze(said: Said) -> Intent:
    """Of an item (an hour, when nothing else is said), or without a number of what the incident lacks (half an hour)."""
    if not is_number(first_word(said.text)):
        return _snooze_nudges(said)
    item, rest = numbered(said, "A")
    until = re.sub(r"^(?:for|until|till)\s+", "", rest, flags=re.IGNORECASE) or "1h"
    return said.do(c.SnoozeAction(action=item, until=read.ahead(until, said.context)))


def _snooze_nudges(said: Said) -> Intent:
    until = re.sub(
        r"^(?:(?:nudges|reminders)\b\s*)?(?:for|until|till)?\s*", "", said.text, flags=re.IGNORECASE
    )
    if fold(until) in {"off", "end", "stop", "over"}:
        return said.do(c.SnoozeNudges(until=None))
    return said.do(c.SnoozeNudges(until=read.ahead(until or "30m", said.context)))


def reopen_item(said: Said) -> Intent:
    item, rest = numbered(said, "A")
    return _change(said, item, ActionState.OPEN, rest)
