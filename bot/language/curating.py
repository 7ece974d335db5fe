"""`entry T3 …`: one entry of the timeline, and what is to become of it; `timeline …`: which entries are looked at."""

import re

from bot.domain import commands as c
from bot.domain.details import EntryDetails
from bot.domain.timeline_filter import TimelineFilter
from bot.language.entries import details_of, numbered
from bot.language.intents import Context, Intent, Show
from bot.language.people import named
from bot.language.said import Misread, Said, choice, moment
from bot.language.typed import behind, tokens, unquote
from bot.language.words import ENTRY_KINDS, MARKERS, TIMES, fold, leading

PICTURES = frozenset({"picture", "image", "chart", "png", "svg"})
FILTER_LENGTH = 100  # it travels in every button of the page
_MERGE = re.compile(r"(?:merge|same as)\b\s*(?:(with|into)\b)?\s*(.*)", re.IGNORECASE | re.DOTALL)
_USE = re.compile(r"(?:use(?:\s+(?:its|the|this)\s+time)?\s+)?(?:as|for)\s+(.*)", re.IGNORECASE)
_MOVE = re.compile(r"(?:at|move(?:\s+to)?)\s+(.*)", re.IGNORECASE)
_HIDE = {"hide": True, "show": False, "unhide": False}
_KEY = {"key": True, "mark key": True, "unkey": False, "not key": False, "unmark key": False, "unmark": False}


def entry(said: Said) -> Intent:
    """`entry 3` shows it; `entry 3 hide`, `… at 14:07`, `… merge 5`, `… key`, `… use as mitigated`, `… edit words`."""
    name, rest = numbered(said, "T")
    word = fold(rest)
    if not rest and not said.options:
        return Show(what="entry", incident=said.incident, topic=name)
    if word in {"history", "changes"}:
        return Show(what="entry", incident=said.incident, topic=name)
    if word in _HIDE:
        return said.do(c.HideEntry(entry=name, hidden=_HIDE[word]))
    if word in _KEY:
        return said.do(c.ChangeEntry(entry=name, key=_KEY[word]))
    if merge := _MERGE.fullmatch(rest):
        other, left = numbered(said, "T", merge[2])
        if left:
            raise Misread(f"`{left}` is not understood here.", "Name one entry, such as T5.")
        gone, kept = (name, other) if (merge[1] or "").lower() == "into" else (other, name)
        return said.do(c.MergeEntry(entry=gone, into=kept))
    if use := _USE.fullmatch(rest):
        found = leading(use[1], TIMES)
        if found is None or found[1]:
            names = ", ".join(dict.fromkeys(f"`{which.value}`" for which in TIMES.values()))
            raise Misread(f"`{use[1]}` is not one of the incident's times.", f"They are {names}.")
        return said.do(c.UseEntryTime(entry=name, which=found[0]))
    if move := _MOVE.fullmatch(rest):
        return said.do(c.ChangeEntry(entry=name, time=moment(unquote(move[1]), said.context)))
    return _corrected(said, name, re.sub(r"^edit\b\s*", "", rest, flags=re.IGNORECASE))


def _corrected(said: Said, name: str, wording: str) -> Intent:
    details, time = details_of(said, wording), said.at()
    if details == EntryDetails() and time is None:
        return Show(what="entry", incident=said.incident, topic=name)
    changed = None if details == EntryDetails() else details
    return said.do(c.ChangeEntry(entry=name, time=time, details=changed))


def import_lines(said: Said) -> Intent:
    """`import` opens the form; lines pasted behind it stand in it already."""
    return said.form("import", text=said.text)


# --- which entries -----------------------------------------------------------------------------------------------------


def timeline(said: Said) -> Intent:
    """`timeline`, `timeline hidden`, `timeline degraded by @bea`; `timeline picture` as a file for everybody."""
    if fold(said.text) in PICTURES:
        return said.do(c.RequestPicture(format="svg" if fold(said.text) == "svg" else "png"))
    read_filter(said.text, said.context)
    return Show(what="timeline", incident=said.incident, topic=said.text or None)


def read_filter(line: str, context: Context) -> TimelineFilter:
    """Markers, kinds, `hidden`, `key` and people by their words; behind `text`, or quoted, words to look for."""
    if len(line) > FILTER_LENGTH:
        raise Misread("that is too long to look for.", "Type a few words.")
    marker = kind = person = None
    hidden = key = False
    words: list[str] = []
    rest = re.sub(r"--(?=\w)", "", line)
    while items := tokens(rest):
        word = items[0]
        text, rest = fold(word.text), behind(rest, items, 1)
        if word.quoted:
            words.append(word.text)
        elif text in {"hidden", "key"}:
            hidden, key = hidden or text == "hidden", key or text == "key"
        elif text in {"text", "words"}:
            words, rest = [*words, unquote(rest)], ""
        elif text in {"marker", "kind"}:
            continue
        elif text in {"by", "from", "person"} or word.text.startswith(("<@", "@")):
            who = rest if text in {"by", "from", "person"} else word.text
            first = tokens(who)
            if not first:
                raise Misread("it does not say by whom.", "Name somebody: `/incident timeline by @bea`.")
            person = ", ".join(p.key for p in named(first[0].text, context))
            rest = behind(rest, first, 1) if who is rest else rest
        elif text in MARKERS:
            marker = choice(text, MARKERS, "marker")
        elif text in ENTRY_KINDS:
            kind = choice(text, ENTRY_KINDS, "kind of entry")
        else:
            raise Misread(
                f"`{word.text}` is not understood here.",
                "Type a marker, a kind of entry, `by @bea`, `key`, `hidden`, or `text pool` to look for words.",
                title=True,
            )
    return TimelineFilter(
        marker=marker, kind=kind, person=person, hidden=hidden, key=key, words=" ".join(words) or None
    )
