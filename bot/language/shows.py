"""What can be looked at: each view, and what may be said behind its name."""

import re

from bot.language.entries import is_number, unhide
from bot.language.intents import Intent, ReadAgain, Show, Shown, Subscribe
from bot.language.people import named
from bot.language.said import Misread, Said
from bot.language.typed import unquote
from bot.language.words import FILTERS, STATUSES, fold, read_severity

_VIEWS: dict[str, Shown] = {
    "list": "list",
    "status": "status",
    "timeline": "timeline",
    "actions": "actions",
    "items": "actions",
    "roles": "roles",
    "help": "help",
}


def _plain(said: Said, what: Shown) -> Intent:
    if said.text:
        raise Misread(f"`{said.text}` is not understood here.", f"Type only `/incident {what}`.", title=True)
    return Show(what=what, incident=said.incident)


def listing(said: Said) -> Intent:
    """``list [open | all | mine | resolved | SEV1]``: what is looked for, in one word of the topic."""
    wanted = re.sub(r"\bincidents$", "", fold(said.text)).strip()
    if wanted in {"", "open", "all"}:
        return Show(what="list", incident=said.incident, topic=wanted or "open")
    if FILTERS.get(wanted) == "mine":
        return Show(what="list", incident=said.incident, topic="mine")
    rung = read_severity(wanted, said.context.severities)
    topic = rung.label if rung else STATUSES[wanted].value if wanted in STATUSES else None
    if topic is None:
        raise Misread(
            f"`{said.text}` is nothing to list incidents by.",
            "Type `open`, `all`, `mine`, a status or a severity, such as `/incident list resolved`.",
            title=True,
        )
    return Show(what="list", incident=said.incident, topic=topic)


def catchup(said: Said) -> Intent:
    return _plain(said, "catchup")


def read_again(said: Said) -> Intent:
    if said.text:
        raise Misread(f"`{said.text}` is not understood here.", "Type only `/incident backfill`.", title=True)
    return ReadAgain(incident=said.incident)


def actions(said: Said) -> Intent:
    which = FILTERS.get(fold(said.text)) if said.text else None
    if said.text and which is None:
        raise Misread(
            f"`{said.text}` is not understood here.",
            "Type `mine`, `open`, `overdue`, `unowned` or `all`.",
            title=True,
        )
    return Show(what="actions", incident=said.incident, topic=which)


def calendar(said: Said) -> Intent:
    """``calendar [@group | "team" | all] [new]``: one's own when nobody is named."""
    words = re.sub(r"\bnew$", "", said.text, flags=re.IGNORECASE).strip()
    renew = words != said.text.strip()
    if fold(words) in {"", "me", "mine", "my"}:
        return Subscribe(renew=renew, incident=said.incident)
    if fold(words) in {"all", "everything"}:
        return Subscribe(whose="all", renew=renew, incident=said.incident)
    people = named(words, said.context)
    quoted = unquote(words) != words
    if len(people) != 1 or not (quoted or people[0].is_group):
        raise Misread(
            f"`{said.text}` has no calendar to subscribe to.",
            'Type `/incident calendar` for your own, `calendar @group`, `calendar "Naxa team"` or `calendar all`; '
            "`new` at the end renews the address.",
            title=True,
        )
    return Subscribe(whose=people[0].key, renew=renew, incident=said.incident)


def helping(said: Said) -> Intent:
    return Show(what="help", incident=said.incident, topic=fold(said.text) or None)


def show(said: Said) -> Intent:
    """``show T3`` takes a hidden entry in again; ``show timeline`` shows the timeline."""
    word, _, rest = said.text.partition(" ")
    if is_number(word) or (not word and fold(said.word) != "show"):
        return unhide(said)
    view = _VIEWS.get(fold(word) or "status")
    if view is None:
        raise Misread(
            f"there is nothing called `{word}` to show.",
            "Type an entry's number, or `timeline`, `actions`, `roles`.",
            title=True,
        )
    if view == "actions":
        which = FILTERS.get(fold(rest))
        return Show(what="actions", incident=said.incident, topic=which)
    return Show(what=view, incident=said.incident)
