"""When something is owed, as people say it: always ahead, in the owner's zone, days by the wall clock.

Our small grammar first, then dateparser for what is left, then a refusal. A date alone means the end of the working
day. `next friday` is the Friday of next week; `friday` is the coming one.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.domain.times import Precision, Time, parse_duration
from bot.language.dates import NO_DATE, find_date
from bot.language.when import Ambiguous, NotUnderstood, Read, Reading, Understood, normalise
from bot.language.zones import split_zone

END_OF_DAY = time(17)
EXAMPLES = "Try `30m`, `tomorrow 17:00`, `friday`, `next monday 9am`, `2026-12-01` or `end of week`."
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"(?:at\s+)?(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:(next|this|on)\s+)?(mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)
_LOOKS_LIKE_TIME = re.compile(r"\d+\s*[a-z]|[a-z]+\s*\d|tomorrow|week|month|noon|midnight", re.IGNORECASE)


def read_due(text: str, *, now: datetime, zone: ZoneInfo) -> Read:
    """The moment by which something is owed. Never raises; ``now`` is aware."""
    raw = text.strip()
    cleaned = normalise(raw).lower()
    if not cleaned:
        return NotUnderstood("No due date was given.", EXAMPLES)
    try:
        answer = _read(cleaned, now, zone) or _by_dateparser(cleaned, now, zone)
    except (ValueError, OverflowError):
        answer = None
    if answer is None:
        return NotUnderstood(f"`{raw}` is not a date or time that can be read.", EXAMPLES)
    if isinstance(answer, Understood) and answer.time.utc and answer.time.utc <= now:
        return NotUnderstood(f"`{raw}` is past ({answer.time.utc:%Y-%m-%d %H:%M} UTC).", "Give a date ahead.")
    return answer


def _read(text: str, now: datetime, zone: ZoneInfo) -> Read | None:
    body = re.sub(r"^(?:in|by|before|until|within)\s+", "", text)
    days = re.fullmatch(r"(\d+)\s*(d|days?|w|wks?|weeks?)", body)
    if days:
        count = int(days[1]) * (7 if days[2].startswith("w") else 1)
        return _same_clock(now, zone, count)
    if (seconds := parse_duration(body)) is not None:
        return Understood(Time(utc=now + timedelta(seconds=seconds), tz=str(zone)))
    bare, typed = split_zone(body)
    place = typed.info if typed else zone
    return _named(bare, now, place) or _dated(bare, now, place)


def _same_clock(now: datetime, zone: ZoneInfo, days: int) -> Read:
    """So many days on, at the same wall time: a day is a calendar day, also when clocks change."""
    local = now.astimezone(zone)
    return _at(local.date() + timedelta(days=days), local.time().replace(tzinfo=None), zone)


def _named(text: str, now: datetime, zone: tzinfo) -> Read | None:
    """`eod`, `end of week`, `tomorrow 17:00`, `next friday`, `monday 9am`, `17:00`."""
    today = now.astimezone(zone).date()
    words = re.sub(r"^(?:the\s+)?end of (?:the\s+)?", "end of ", text)
    words = {"eod": "end of day", "eow": "end of week", "eom": "end of month"}.get(words, words)
    words = re.sub(r"^eod\s+", "", words)
    match words:
        case "end of day" | "today" | "end of today":
            return _on(today, zone)
        case "end of week" | "this week":
            return _on(today + timedelta(days=(4 - today.weekday()) % 7), zone)
        case "next week":
            return _on(today + timedelta(days=7 - today.weekday()), zone)
        case "end of month":
            following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
            return _on(following - timedelta(days=1), zone)
    if match := re.match(r"(?:by\s+)?(tomorrow|today|tonight)\b\s*", words):
        day = today + timedelta(days=1 if match[1] == "tomorrow" else 0)
        return _with_clock(day, words[match.end() :], zone)
    if match := _WEEKDAY.match(words):
        return _with_clock(_weekday(match, today), words[match.end() :].strip(), zone)
    if re.fullmatch(r"\d{1,2}(?::\d{2}|\s*[ap]m|:\d{2}\s*[ap]m)", words) and (clock := _clock(words)):
        first = datetime.combine(today, clock, zone)
        return _at(today if first > now else today + timedelta(days=1), clock, zone)
    return None


def _weekday(match: re.Match[str], today: date) -> date:
    wanted = next(n for n, name in enumerate(_WEEKDAYS) if name.startswith(match[2].lower()))
    if (match[1] or "").lower() == "next":
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=wanted)
    return today + timedelta(days=(wanted - today.weekday()) % 7 or 7)


def _with_clock(day: date, rest: str, zone: tzinfo) -> Read | None:
    if not rest.strip():
        return _on(day, zone)
    if rest.strip() == "morning":
        return _at(day, time(9), zone)
    clock = _clock(rest.strip())
    return _at(day, clock, zone) if clock else None


def _clock(text: str) -> time | None:
    match = _CLOCK.match(text)
    if match is None:
        return {"noon": time(12), "midnight": time(0)}.get(text)
    hour = int(match[1])
    if match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "pm" else 0)
    return time(hour, int(match[2] or 0))


def _dated(text: str, now: datetime, zone: tzinfo) -> Read | None:
    local = now.astimezone(zone)
    days, rest = find_date(text, now=local + timedelta(days=366), near=local + timedelta(days=180), order="DMY")
    if days is NO_DATE or not days:
        return None
    clock = _clock(rest.strip().removeprefix("at ").strip()) if rest.strip() else None
    if rest.strip() and clock is None:
        return None
    made = [_at(day, clock, zone) if clock else _on(day, zone) for day in days]
    if len(made) == 1:
        return made[0]
    return Ambiguous(tuple(Reading(r.time, f"{r.time.utc:%Y-%m-%d}") for r in made if r.time.utc))


def _on(day: date, zone: tzinfo) -> Understood:
    moment = datetime.combine(day, END_OF_DAY, zone).astimezone(UTC)
    return Understood(Time(utc=moment, precision=Precision.DAY, tz=str(zone)))


def _at(day: date, clock: time, zone: tzinfo) -> Understood:
    moment = datetime.combine(day, clock, zone).astimezone(UTC)
    return Understood(Time(utc=moment, tz=str(zone)))


def _by_dateparser(text: str, now: datetime, zone: ZoneInfo) -> Read | None:
    """Only for what looks like a time at all: alone it would take `12` and `may` for dates."""
    if not _LOOKS_LIKE_TIME.search(text):
        return None
    import warnings

    import dateparser

    settings = {
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": now.astimezone(zone).replace(tzinfo=None),
        "TIMEZONE": str(zone),
        "RETURN_AS_TIMEZONE_AWARE": True,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = dateparser.parse(text, languages=["en"], settings=settings)
    return Understood(Time(utc=found.astimezone(UTC), tz=str(zone))) if found else None
