"""Field values as people type them in one line: numbers, yes or no, dates, times, choices, lines.

Raises nothing but `Unclear`, for a date or time that has to be asked about.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import assert_never

from bot.domain.fields import FIELDS, Field, FieldType, Value
from bot.domain.times import Time
from bot.language.intents import Context
from bot.language.reading import Ambiguous, Read, Understood
from bot.language.said import Misread, Unclear, moment, try_due, try_time
from bot.language.typed import unquote
from bot.language.words import alike, fold


@dataclass(frozen=True, slots=True)
class Unreadable:
    why: str
    hint: str


_YES = frozenset({"yes", "y", "true", "1", "on", "ja", "yep"})
_NO = frozenset({"no", "n", "false", "0", "off", "none", "nope"})
_SCALE: Mapping[str, float] = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9}
_SIGNS: Mapping[str, str] = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_NUMBER = re.compile(
    r"(?P<approx>~|≈|±|about\s|around\s|approx(?:imately|\.)?\s|roughly\s|ca?\.?\s)?\s*(?P<sign>[$€£¥₹])?\s*"
    r"(?P<digits>-?\d+(?:[,'  ]\d{3})*(?:\.\d+)?|-?\d+,\d{1,2})\s*(?P<scale>k|m|mn|mio|million|bn|b)?\s*"
    r"(?P<percent>%|percent)?\s*(?P<unit>[$€£¥₹]|[A-Za-z]+)?\s*(?P<plus>\+)?",
    re.IGNORECASE | re.ASCII,
)
_BULLET = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+)")  # noqa: RUF001 - bullets as people type them
_UNITS = frozenset(
    {"user", "users", "customer", "customers", "people", "ticket", "tickets", "post", "posts", "day", "days"}
)
_HALF_A_YEAR = timedelta(days=183)


def read_value(text: str, kind: FieldType, choices: tuple[str, ...], context: Context) -> Value | Unreadable:
    """What was typed, as the field keeps it."""
    match kind:
        case FieldType.LINE:
            return " ".join(unquote(text).split())
        case FieldType.TEXT:
            return unquote(text)
        case FieldType.LINES:
            return read_lines(text)
        case FieldType.NUMBER:
            return _number(text)
        case FieldType.BOOL:
            return _yes_or_no(text)
        case FieldType.CHOICE:
            return _choice(text, choices)
        case FieldType.DATE:
            return _date(text, context)
        case FieldType.TIME:
            return _time(text, context)
        case _:
            assert_never(kind)


def read_lines(text: str) -> tuple[str, ...]:
    """Lines, or parts between semicolons, without their bullets."""
    parts = (_BULLET.sub("", part).strip() for part in re.split(r"[\n;]", unquote(text)))
    return tuple(part for part in parts if part)


def _number(text: str) -> int | float | Unreadable:
    match = _NUMBER.fullmatch(unquote(text))
    if match is None or not _is_unit(match["unit"]):
        return Unreadable(f"`{text}` is not a number.", "Type digits, such as 15000, 15k or 99.9.")
    digits = re.sub(r"(?<=\d)[,'  ](?=\d{3})", "", match["digits"]).replace(",", ".")
    number = float(digits) * _SCALE.get((match["scale"] or "").lower(), 1)
    if abs(number) >= 1e15:
        return Unreadable(f"`{text}` is more than can be counted here.", "Type a smaller number.")
    return int(round(number, 6)) if number == round(number) else round(number, 6)


def _is_unit(unit: str | None) -> bool:
    return unit is None or unit in _SIGNS or unit.lower() in _UNITS or bool(re.fullmatch(r"[A-Z]{3}", unit))


def _yes_or_no(text: str) -> bool | Unreadable:
    word = fold(text)
    if word in _YES | _NO:
        return word in _YES
    return Unreadable(f"`{text}` is neither yes nor no.", "Type yes or no.")


def _choice(text: str, choices: tuple[str, ...]) -> str | Unreadable:
    word = fold(text)
    known = {fold(choice): choice for choice in choices}
    if word in known:
        return known[word]
    if {"yes", "no"} <= set(choices) and word in _YES | _NO:
        return "yes" if word in _YES else "no"
    begun = [choice for name, choice in known.items() if word and name.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    near = alike(word, known)
    meant = f" Did you mean {known[near]}?" if near else ""
    return Unreadable(f"`{text}` is none of the choices.{meant}", f"Choose one of {', '.join(choices)}.")


# --- dates and times ---------------------------------------------------------------------------------------------


def _date(text: str, context: Context) -> str | Unreadable:
    """A calendar date as ``2026-01-31``, past or ahead; without a year the one within half a year of now."""
    typed = unquote(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed, re.ASCII):
        return _iso(typed)
    # A date may lie long before the incident: a contract's, a release's.
    past, coming = try_time(typed, replace(context, declared=None)), try_due(typed, context)
    for answer in (past, coming):
        if isinstance(answer, Ambiguous):
            raise Unclear(typed, answer)
    found = _nearest(past, coming, context.now)
    if found is None:
        return Unreadable(f"`{typed}` is not a date.", "Type it as 2026-01-31.")
    return found.astimezone(context.zone).date().isoformat()


def _iso(text: str) -> str | Unreadable:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return Unreadable(f"there is no day `{text}`.", "Type a date such as 2026-01-31.")


def _nearest(past: Read, coming: Read, now: datetime) -> datetime | None:
    """The coming day, unless it is more than half a year off and the past one is not."""
    ahead = coming.time.utc if isinstance(coming, Understood) else None
    back = past.time.utc if isinstance(past, Understood) else None
    if ahead is None or back is None:
        return ahead or back
    return back if ahead - now > _HALF_A_YEAR and now - back < _HALF_A_YEAR else ahead


def _time(text: str, context: Context) -> Time | Unreadable:
    try:
        return moment(unquote(text), context)
    except Unclear:
        raise
    except Misread as misread:
        return Unreadable(misread.why, misread.hint)


# --- what else a number says ---------------------------------------------------------------------------------------


def read_field(field: Field, text: str, context: Context) -> Mapping[str, Value] | Unreadable:
    """The value of a field, with what a typed number says of its neighbours: ``~``, a currency, a percentage."""
    if field.type is FieldType.NUMBER and (match := _NUMBER.fullmatch(unquote(text))):
        field = _sibling(field, "percent") if match["percent"] and field.path.endswith(".count") else field
        value = read_value(text, field.type, field.choices, context)
        return value if isinstance(value, Unreadable) else {field.path: value, **_neighbours(field, match)}
    value = read_value(text, field.type, field.choices, context)
    return value if isinstance(value, Unreadable) else {field.path: value}


def _sibling(field: Field, name: str) -> Field:
    return FIELDS.get(f"{field.group}.{name}", field)


def _neighbours(field: Field, match: re.Match[str]) -> dict[str, Value]:
    said: dict[str, Value] = {}
    approx, currency = _sibling(field, "approx"), _sibling(field, "currency")
    if match["approx"] and approx is not field:
        said[approx.path] = True
    unit = match["sign"] or match["unit"] or ""
    if currency is not field and (unit in _SIGNS or re.fullmatch(r"[A-Z]{3}", unit)):
        said[currency.path] = _SIGNS.get(unit, unit)
    return said
