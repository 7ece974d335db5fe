"""The timeline in messages: a page of entries with a menu on each, and one entry with its history."""

import re

from bot.slack import blocks as b
from bot.slack.ids import Action
from bot.slack.spans import value_of, write
from bot.views.timeline_page import PAGE, EntryCard, EntryLine, TimelinePage


def page(view: TimelinePage) -> list[b.Block]:
    """Each entry with its menu, which carries what it was drawn from; the page's place travels in its block."""
    asked = re.sub(r"&lt;(@[UW]\w+)&gt;", r"<\1>", b.escape(view.asked))
    head = f"*{b.escape(view.title)}*" + (f" · {asked}" if asked else "")
    made = [b.section(head)]
    if view.notice:
        made.append(b.context(write(view.notice)))
    place = value_of(incident=view.incident, asked=view.asked, first=view.older)
    made += [_entry_line(line, place) for line in view.lines]
    if not view.lines:
        nothing = "Nothing yet. Put :pushpin: on a message, or type `/incident note …`."
        made.append(
            b.section(nothing if view.plain else "No entry is like that. `/incident timeline` shows all.")
        )
    turns = [
        b.button(
            f"{word} ({left})",
            f"{Action.TURN}#{word}",
            value_of(incident=view.incident, asked=view.asked, first=first),
        )
        for word, left, first in (
            ("Older", view.older, max(0, view.older - PAGE)),
            ("Newer", view.newer, view.older + len(view.lines)),
        )
        if left
    ]
    return [*made, *([b.actions(turns)] if turns else [])]


def _entry_line(line: EntryLine, place: str) -> b.Block:
    hide, key = ("show", "Show again") if line.hidden else ("hide", "Hide"), ("unkey", "Not key")
    menu = (
        ("edit", "Edit or move …"),
        hide,
        key if line.key else ("key", "Mark key"),
        ("merge", "Merge with …"),
        ("use", "Use its time as …"),
    )
    options = [b.option(label, f"{do}:{line.entry}:{line.seen}") for do, label in menu]
    element: b.Element = {"type": "overflow", "action_id": Action.ENTRY.value, "options": options}
    return b.section(b.cut(write(line.line), 700), accessory=element, block_id=f"{line.entry}|{place}")


def entry_card(view: EntryCard) -> list[b.Block]:
    """The entry with its menu, and what became of it."""
    made = [_entry_line(view.line, value_of(incident=view.incident, asked="", first=-1))]
    left_out = [f"{view.left_out} earlier changes are in the audit trail."] if view.left_out else []
    lines = [*left_out, *(write(line) for line in view.history)]
    return [*made, *(b.context(line) for line in lines)]
