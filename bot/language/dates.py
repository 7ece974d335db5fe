"""Dates inside what people type: ISO, month names, weekdays, yesterday; ambiguous ones give every valid reading."""

import re
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
_SIX = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})(?!\d)")
_WORD = re.compile(
    rf"\b(today|yesterday|{'|'.join(sorted(_WEEKDAYS, key=len, reverse=True))})\b,?", re.IGNORECASE
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
    if match := _DAY_MONTH.search(text):
        return [_with_year(match[3], _MONTHS[match[2].lower()], int(match[1]), about, now)], _without(
            text, match
        )
    if match := _MONTH_DAY.search(text):
        return [_with_year(match[3], _MONTHS[match[1].lower()], int(match[2]), about, now)], _without(
            text, match
        )
    if match := (_NUMERIC.search(text) or _SIX.search(text)):
        return _readings(int(match[1]), int(match[2]), match[3], order), _without(text, match)
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


def _readings(first: int, second: int, year: str, order: Order) -> list[date]:
    """Day before month and month before day; the order only sorts."""
    full = int(year) + (2000 if len(year) == 2 else 0)
    pairs = [(first, second), (second, first)] if order == "DMY" else [(second, first), (first, second)]
    found: list[date] = []
    for day, month in pairs:
        try:
            made = date(full, month, day)
        except ValueError:
            continue
        if made not in found:
            found.append(made)
    if not found:
        raise ValueError("there is no such day")
    return found


def _by_word(word: str, now: datetime) -> date:
    if word == "today":
        return now.date()
    if word == "yesterday":
        return now.date() - timedelta(days=1)
    back = (now.weekday() - _WEEKDAYS[word]) % 7
    return now.date() - timedelta(days=back)
