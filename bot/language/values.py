"""Typed values of the postmortem's fields: numbers, yes or no, dates, choices, lines."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from bot.domain.fields import FieldType, Value
from bot.domain.times import Precision
from bot.language.intents import Context
from bot.language.reading import Ambiguous, Understood
from bot.language.when import read_time


@dataclass(frozen=True, slots=True)
class Unreadable:
    why: str
    hint: str


_YES = frozenset({"yes", "y", "true", "1", "on"})
_NO = frozenset({"no", "n", "false", "0", "off"})
_NUMBER = re.compile(r"^[~≈$€£]?\s*(-?\d[\d, ]*(?:\.\d+)?)\s*([km])?\s*%?$", re.IGNORECASE)


def read_value(text: str, kind: FieldType, choices: tuple[str, ...], context: Context) -> Value | Unreadable:
    """What was typed, as the field keeps it. Never raises."""
    match kind:
        case FieldType.LINE:
            return " ".join(text.split())
        case FieldType.TEXT:
            return text.strip()
        case FieldType.LINES:
            return tuple(line.strip() for line in re.split(r"\n|;", text) if line.strip())
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


def _number(text: str) -> int | float | Unreadable:
    match = _NUMBER.match(text.strip())
    if match is None:
        return Unreadable(f"`{text}` is not a number.", "Type digits, such as 15000 or 99.9.")
    number = float(match[1].replace(",", "").replace(" ", "")) * {"k": 1e3, "m": 1e6}.get(
        (match[2] or "").lower(), 1
    )
    return int(number) if number == int(number) else number


def _yes_or_no(text: str) -> bool | Unreadable:
    word = text.strip().lower()
    if word in _YES | _NO:
        return word in _YES
    return Unreadable(f"`{text}` is neither yes nor no.", "Type yes or no.")


def _choice(text: str, choices: tuple[str, ...]) -> str | Unreadable:
    word = re.sub(r"[\s-]+", "_", text.strip().lower())
    if word in choices:
        return word
    near = get_close_matches(word, choices, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return Unreadable(f"`{text}` is none of the choices.{meant}", f"Choose one of {', '.join(choices)}.")


def _date(text: str, context: Context) -> str | Unreadable:
    """A calendar date as ``2026-01-31``; dates ahead are fine here."""
    iso = re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip())
    if iso:
        return iso[0]
    ahead = context.now.replace(year=context.now.year + 2)
    answer = read_time(text, now=ahead, zone=context.zone, near=context.now, date_order=context.date_order)
    if isinstance(answer, Ambiguous):
        readings = ", ".join(
            r.time.utc.astimezone(context.zone).strftime("%Y-%m-%d") for r in answer.readings if r.time.utc
        )
        return Unreadable(f"`{text}` can be read as {readings}.", "Type the one you mean.")
    if isinstance(answer, Understood) and answer.time.utc and answer.time.precision is not Precision.NONE:
        return answer.time.utc.astimezone(context.zone).strftime("%Y-%m-%d")
    return Unreadable(f"`{text}` is not a date.", "Type it as 2026-01-31.")


def _time(text: str, context: Context) -> Value | Unreadable:
    answer = read_time(
        text, now=context.now, zone=context.zone, near=context.near, date_order=context.date_order
    )
    match answer:
        case Understood():
            return answer.time
        case Ambiguous():
            readings = ", ".join(reading.label for reading in answer.readings)
            return Unreadable(f"`{text}` can be read as {readings}.", "Type the one you mean.")
        case _:
            return Unreadable(answer.why, answer.hint)
