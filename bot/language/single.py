"""One moment that people type: a clock time, a date, or both, in either order."""

import re

from bot.language.clocks import read_clock
from bot.language.dates import NO_DATE, find_date
from bot.language.reading import Read
from bot.language.walls import Reader, choose, last_weekday, moments, nearest, whole_day

_CLOCK_FIRST = re.compile(
    r"(\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?)\s+(?![ap]\.?m\b)([a-z].*)", re.IGNORECASE
)
_WEEKDAY = re.compile(
    r"\b(last\s+)?((?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)\b", re.IGNORECASE
)
_AROUND = re.compile(r"^(?:at|on|,|T)\s*|\s*(?:at|,)$", re.IGNORECASE)


def read_single(text: str, reader: Reader, *, zoned: bool) -> Read | None:
    """The moment of a text without its zone; ``zoned``: it had one, so that a lone hour is a time.

    Raises ValueError for a date that does not exist. None when the text is no time.
    """
    bare = text
    if first := _CLOCK_FIRST.fullmatch(bare):  # else the 05 of `14:05 Oct 18` is taken for a day
        bare = f"{first[2]} {first[1]}"
    weekday = _WEEKDAY.search(bare)
    bare = _WEEKDAY.sub(r"\2", bare)
    days, rest = find_date(bare, now=reader.local_now, near=reader.local_near, order=reader.order)
    rest = _AROUND.sub("", rest.strip()).strip()
    if not rest:
        return None if days is NO_DATE or not days else choose([whole_day(day, reader.zone) for day in days])
    clock = read_clock(rest, bare=zoned or days is not NO_DATE)
    if clock is None:
        return None
    if days is NO_DATE:
        return choose(nearest(clock, reader))
    if weekday and len(days) == 1:
        days = [last_weekday(days[0], clock, reader, before_today=bool(weekday[1]))]
    return choose([moment for day in days for moment in moments(day, clock, reader.zone)])
