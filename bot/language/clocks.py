"""Clock times inside what people type: `14:05:30`, `2:05 PM`, `0654`, `16h`, `14:??`, noon."""

import re
from dataclasses import dataclass
from datetime import time

from bot.domain.times import Precision

_CLOCK = re.compile(
    r"(?P<h>\d{1,2})(?::(?P<m>\d{2}|\?\?)(?::(?P<s>\d{2})(?:[.,](?P<f>\d+))?)?)?\s*(?P<ap>[ap])\.?m\.?|"
    r"(?P<h2>\d{1,2})[:.h](?P<m2>\d{2}|\?\?|xx)(?::(?P<s2>\d{2})(?:[.,](?P<f2>\d+))?)?(?:\s*h(?:rs|ours)?)?|"
    r"(?P<h3>\d{2})(?P<m3>\d{2})(?:\s*h(?:rs|ours)?)?",
    re.IGNORECASE,
)
#: ISO 8601's basic format; six digits alone are a date.
_BASIC = re.compile(r"(\d\d)(\d\d)(\d\d)(?:[.,](\d+))?")
_BARE_HOUR = re.compile(r"(\d{1,2})(?:\s*h)?")
_WORDS = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_ENDS_PM = re.compile(r"\d\s*([ap])\.?m\.?$", re.IGNORECASE)
_STARTS_BARE = re.compile(r"(?<![\d:])(1[0-2]|0?[1-9])(?::[0-5]\d)?$")


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time without a date."""

    at: time
    precision: Precision


def read_clock(text: str, *, bare: bool = False) -> Clock | None:
    """The clock time that a text is. ``bare``: beside a date or zone, where `16` and `140530` count too.

    Noon is twelve and midnight is 00:00; an hour alone has the precision of an hour.
    """
    stripped = text.strip()
    if at := _WORDS.get(stripped.lower()):
        return Clock(at, Precision.MINUTE)
    match = _CLOCK.fullmatch(stripped)
    if match:
        return _spoken(match)
    if bare and (hour := _BARE_HOUR.fullmatch(stripped)):
        return _made(int(hour[1]), None, None, None)
    if bare and (basic := _BASIC.fullmatch(stripped)):
        return _made(int(basic[1]), basic[2], basic[3], basic[4])
    return None


def _spoken(match: re.Match[str]) -> Clock | None:
    hours = int(match["h"] or match["h2"] or match["h3"])
    if match["ap"]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if match["ap"].lower() == "p" else 0)
    minutes = match["m"] or match["m2"] or match["m3"]
    return _made(hours, minutes, match["s"] or match["s2"], match["f"] or match["f2"])


def _made(hours: int, minutes: str | None, seconds: str | None, fraction: str | None) -> Clock | None:
    if hours > 23:
        return None
    if minutes is None or not minutes.isdigit():
        return Clock(time(hours), Precision.HOUR)
    if int(minutes) > 59 or int(seconds or 0) > 59:
        return None
    micros = int(((fraction or "") + "000000")[:6])
    precision = Precision.SECOND if seconds else Precision.MINUTE
    return Clock(time(hours, int(minutes), int(seconds or 0), micros), precision)


def same_half(left: str, right: str) -> str:
    """`2:00-2:25 PM` starts in the afternoon too; `11:30-1:00 PM` in the morning."""
    half, start = _ENDS_PM.search(right.strip()), _STARTS_BARE.search(left.strip())
    end = read_clock(right)
    if half is None or start is None or end is None:
        return left
    for mark in (half[1], "a" if half[1].lower() == "p" else "p"):
        clock = read_clock(f"{start[0]} {mark}m")
        if clock is not None and clock.at <= end.at:
            return f"{left.strip()} {mark}m"
    return f"{left.strip()} {half[1]}m"
