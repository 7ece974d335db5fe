"""What people are told of the address of a calendar, which is secret."""

from bot.domain.people import Person
from bot.domain.refusals import Refusal
from bot.views.notices import Notice
from bot.views.text import Bold, Code, Mention, Text


def address(url: str, whose: Person | None, *, everything: bool, renewed: bool) -> Notice:
    """``whose``: a group or team; None with ``everything``: all items, else the person's own."""
    of: Text = (Mention(whose),) if whose else ("everybody's items",) if everything else ("your items",)
    head: Text = (Bold("A calendar of what is due, "), *of, ": ", Code(url))
    if renewed:
        head = (*head, " The old address shows nothing any more.")
    return Notice.of(
        head,
        (
            "Subscribe to it by this address: it follows changes. What is done, undated or private is left out.",
        ),
        ("Whoever knows the address can read it. `/incident calendar new` renews yours.",),
    )


def closed() -> Refusal:
    return Refusal(
        what="There is no calendar to subscribe to",
        why="calendars are not opened here.",
        hint="Your operator can, with `TOCSIN_LISTEN` and `TOCSIN_PUBLIC_URL`; `tocsin actions export --format ics` writes a file.",
    )
