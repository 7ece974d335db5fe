"""Dates inside what people type: ISO, month names, weekdays, yesterday; ambiguous ones give every valid reading."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "mon monday",
            "tue tues tuesday",
            "wed wednesday",
            "thu thur thurs thursday",
            "fri friday",
            "sat saturday",
            "sun sunday",
        )
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T\s]|$)", re.IGNORECASE)
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\b\.?,?(?:\s+(\d{{4}}))?", re.IGNORECASE
)
_MONTH_DAY = re.compile(
    rf"\b({_MONTH})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+(\d{{4}})\b)?", re.IGNORECASE
)
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})\b")
#: Without a year only before a clock time: `3/4 of the nodes` is no date.
_NUMERIC_BARE = re.compile(
    r"(?<![\d/.])(\d{1,2})/(\d{1,2}),?\s+(?:at\s+)?(?=\d{1,2}(?::\d{2}|\s*[ap]\.?m))", re.IGNORECASE
)
_SIX = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})(?!\d)")
_EIGHT = re.compile(r"(?<!\d)(\d{8})(?!\d)")
_LOG = re.compile(rf"\b(\d{{1,2}})[/-]({_MONTH})[/-](\d{{4}})(?::(?=\d\d:)|\b)", re.IGNORECASE)
_DAYS_AGO = re.compile(
    r"\b(\d{1,3}|an?|one|two|three)\s*(days?|d|weeks?|w)\s+ago\b(?:\s+at\b)?", re.IGNORECASE
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
_WORD = re.compile(
    rf"\b((?:the\s+)?day before yesterday|this (?:morning|afternoon|evening)|today|yesterday|{'|'.join(sorted(_WEEKDAYS, key=len, reverse=True))})\b,?",
    re.IGNORECASE,
)

#: No date was typed, which is something else than a date that does not exist (an empty list).
NO_DATE: list[date] = []

Order = Literal["DMY", "MDY"]


def find_date(text: str, *, now: datetime, near: datetime | None, order: Order) -> tuple[list[date], str]:
    """The readings of the date in a text, and the text without it. `NO_DATE` itself when there is none.

    Raises ValueError for a date that does not exist. ``now`` and ``near`` are in the typist's zone.
    """
    about = near or now
    if match := _ISO.search(text):
        return [date(int(match[1]), int(match[2]), int(match[3]))], _without(text, match)
    if match := _LOG.search(text):
        return [date(int(match[3]), _MONTHS[match[2].lower()], int(match[1]))], _without(text, match)
    if match := _DAY_MONTH.search(text):
        return [_with_year(match[3], _MONTHS[match[2].lower()], int(match[1]), about, now)], _without(
            text, match
        )
    if match := _MONTH_DAY.search(text):
        return [_with_year(match[3], _MONTHS[match[1].lower()], int(match[2]), about, now)], _without(
            text, match
        )
    if match := _NUMERIC.search(text):
        return _valid(_orders(match[1], match[2], match[3], order)), _without(text, match)
    if match := _NUMERIC_BARE.search(text):
        return _without_year(match[1], match[2], order, about, now), _without(text, match)
    if match := _EIGHT.search(text):
        return _valid(_eight(match[1], order)), _without(text, match)
    if match := _SIX.search(text):
        first, middle, last = match[1], match[2], match[3]
        return _valid([*_orders(first, middle, last, order), (first, middle, last)]), _without(text, match)
    if match := _DAYS_AGO.search(text):
        count = _COUNTS.get(match[1].lower()) or int(match[1])
        back = timedelta(days=count * (7 if match[2].lower().startswith("w") else 1))
        return [now.date() - back], _without(text, match)
    if match := _WORD.search(text):
        return [_by_word(match[1].lower(), now)], _without(text, match)
    return NO_DATE, text


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()


def _with_year(year: str | None, month: int, day: int, about: datetime, now: datetime) -> date:
    """Without a year: the nearest date to what is talked about that is not ahead of now."""
    if year:
        return date(int(year), month, day)
    found = []
    for candidate in (about.year - 1, about.year, about.year + 1):
        try:
            found.append(date(candidate, month, day))
        except ValueError:  # 29 February
            continue
    past = [day for day in found if day <= now.date()]
    if not past and not found:
        raise ValueError("there is no such day")
    return min(past or found, key=lambda day: abs(day - about.date()))


def _without_year(first: str, second: str, order: Order, about: datetime, now: datetime) -> list[date]:
    """Day and month in both orders, each in its nearest year. Raises ValueError when none exists."""

    def nearest(_: str, month: str, day: str) -> date:
        return _with_year(None, int(month), int(day), about, now)

    return _existing(_orders(first, second, "", order), nearest)


#: Year, month and day as digits.
Digits = tuple[str, str, str]


def _orders(first: str, second: str, year: str, order: Order) -> list[Digits]:
    """Day before month and month before day; the order only sorts."""
    day_first, month_first = (year, second, first), (year, first, second)
    return [day_first, month_first] if order == "DMY" else [month_first, day_first]


def _eight(digits: str, order: Order) -> list[Digits]:
    """`20260129` as ISO 8601 has it; the year last where it cannot be first."""
    if digits[:2] in {"19", "20"}:
        return [(digits[:4], digits[4:6], digits[6:])]
    return _orders(digits[:2], digits[2:4], digits[4:], order)


def _valid(readings: list[Digits]) -> list[date]:
    """The days that exist, each once. Raises ValueError when none does."""

    def exactly(year: str, month: str, day: str) -> date:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))

    return _existing(readings, exactly)


def _existing(readings: list[Digits], make: Callable[[str, str, str], date]) -> list[date]:
    found: list[date] = []
    for digits in readings:
        try:
            made = make(*digits)
        except ValueError:
            continue
        if made not in found:
            found.append(made)
    if not found:
        raise ValueError("there is no such day")
    return found


def _by_word(word: str, now: datetime) -> date:
    if word == "today" or word.startswith("this "):
        return now.date()
    if word.endswith("yesterday"):
        return now.date() - timedelta(days=1 if word == "yesterday" else 2)
    back = (now.weekday() - _WEEKDAYS[word]) % 7
    return now.date() - timedelta(days=back)
