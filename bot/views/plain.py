"""Spans as plain text for a terminal: names for ids, times in UTC."""

from collections.abc import Mapping
from datetime import UTC
from typing import assert_never

from bot.domain.times import Precision, Time, clock
from bot.domain.transcript import Profile
from bot.views.notices import Notice
from bot.views.text import Bold, ChannelName, Code, Link, Mention, Moment, Span, Stated


def plain(notice: Notice, profiles: Mapping[str, Profile]) -> str:
    """The sentences of a notice, a line each; its buttons are left out."""
    return "\n".join("".join(_span(span, profiles) for span in line) for line in notice.lines)


def _span(span: Span, profiles: Mapping[str, Profile]) -> str:
    match span:
        case str():
            return span
        case Mention():
            known = profiles.get(span.person.key)
            return known.name if known else span.person.key
        case ChannelName():
            return f"#{span.name or span.id}"
        case Moment():
            return f"{span.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        case Stated():
            return _stated(span.time)
        case Bold() | Code():
            return span.text
        case Link():
            return f"{span.label} ({span.url})"
        case _:
            assert_never(span)


def _stated(time: Time) -> str:
    """With its date, to its precision."""
    if time.utc is None:
        return clock(time)
    day = f"{time.utc.astimezone(UTC):%Y-%m-%d}"
    return day if time.precision is Precision.DAY else f"{day} {clock(time)} UTC"
