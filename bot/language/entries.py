"""How the timeline's verbs are read: notes, corrections, hiding."""

import re

from bot.domain import commands as c
from bot.domain.details import EntryDetails
from bot.domain.times import Time
from bot.language.intents import Context, Intent
from bot.language.people import named
from bot.language.reading import NotUnderstood
from bot.language.said import Misread, Said, choice, moment, number, try_time
from bot.language.typed import behind, first_word, tokens, unquote
from bot.language.words import ENTRY_KINDS, MARKERS, PHASES, fold

_ID = re.compile(r"#?([TA])-?(\d{1,6})", re.IGNORECASE | re.ASCII)


#: So many words may make up a time: `between 23:50 yesterday and 00:10 CET`.
_TIME_WORDS = 7


def note(said: Said) -> Intent:
    """``note what happened``; behind ``timeline add`` the time may stand first, without ``--at``."""
    time, text = said.at(), said.text
    if time is None and fold(said.word) == "timeline add":
        time, text = _leading_time(text, said.context)
    details = details_of(said, unquote(text))
    if not details.text:
        return said.form("note", at=said.chosen("at"), **_filled(details))
    return said.do(c.AddNote(time=time or Time.at(said.context.now), details=details))


def _leading_time(text: str, context: Context) -> tuple[Time | None, str]:
    """The longest beginning that is a time, and what follows it. Raises `Unclear` where it has several readings."""
    words = tokens(text)
    for count in range(min(_TIME_WORDS, len(words) - 1), 0, -1):
        typed = text[: words[count - 1].end].rstrip(":,")
        clear = not words[0].quoted and any(sign.isdigit() for sign in typed)  # `now` may begin a sentence
        if clear and not isinstance(try_time(typed, context), NotUnderstood):
            return moment(typed, context), behind(text, words, count)
    return None, text


def edit(said: Said) -> Intent:
    entry, rest = numbered(said, "T")
    details, time = details_of(said, unquote(rest)), said.at()
    changed = None if details == EntryDetails() else details
    if changed is None and time is None:
        raise Misread(
            "it does not say what to change.",
            f"Type a time or new words: `/incident edit {entry} --at 14:07 …`.",
        )
    return said.do(c.ChangeEntry(entry=entry, time=time, details=changed))


def hide(said: Said) -> Intent:
    return said.do(c.HideEntry(entry=_alone(said)))


def unhide(said: Said) -> Intent:
    return said.do(c.HideEntry(entry=_alone(said), hidden=False))


def _alone(said: Said) -> str:
    entry, rest = numbered(said, "T")
    if is_number(first_word(rest)):
        raise Misread("several entries are named.", "Name one at a time.")
    if rest:
        raise Misread(f"`{rest}` is not understood here.", "Type only the entry's number.", title=True)
    return entry


def is_number(word: str) -> bool:
    return _ID.fullmatch(word.rstrip(".,;:")) is not None


def numbered(said: Said, letter: str, text: str | None = None) -> tuple[str, str]:
    """``T3`` or ``A3`` at the beginning, and what follows it."""
    text = said.text if text is None else text
    words = tokens(text)
    word = words[0].text.rstrip(".,;:") if words else ""
    match = _ID.fullmatch(word) or (
        _ID.fullmatch(f"{letter}{word}") if word.isascii() and word.isdigit() else None
    )
    if match is None or match[1].upper() != letter:
        lists = "timeline" if letter == "T" else "actions"
        why = (
            f"`{word}` is not the number of one, such as {letter}3."
            if word
            else f"it does not say which, such as {letter}3."
        )
        raise Misread(why, f"`/incident {lists}` shows the numbers.", title=bool(word) and match is None)
    return f"{letter}{int(match[2])}", behind(text, words, 1)


def details_of(said: Said, text: str) -> EntryDetails:
    """What the options say of an entry, and its wording."""
    phase = said.option("phase")
    marker, kind, order, by = (said.option(name) for name in ("marker", "kind", "order", "by"))
    return EntryDetails(
        text=text or None,
        marker=choice(marker, MARKERS, "marker") if marker else None,
        action=said.option("action"),
        actor=", ".join(person.key for person in named(by, said.context)) or None if by else None,
        label=said.option("label"),
        order=number(order, "step number") if order else None,
        kind=choice(kind, ENTRY_KINDS, "kind of entry") if kind else None,
        evidence=tuple(link for typed in said.options.get("evidence", ()) for link in typed.split()),
        key=said.has("key"),
        phase=choice(phase, PHASES, "phase") if phase else None,
    )


def _filled(details: EntryDetails) -> dict[str, str | None]:
    return {
        "marker": details.marker.value if details.marker else None,
        "action": details.action,
        "actor": details.actor,
        "label": details.label,
        "order": str(details.order) if details.order is not None else None,
        "kind": details.kind.value if details.kind else None,
        "evidence": "\n".join(details.evidence),
    }
