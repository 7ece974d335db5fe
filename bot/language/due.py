"""When something is owed, as people say it: always ahead, in the owner's zone, days by the wall clock.

Our small grammar first, then dateparser for what is left, then a refusal. A date alone means the end of the working
day. `next friday` is the Friday of next week; `friday` is the coming one.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.domain.times import Precision, Time, parse_duration
from bot.language.dates import NO_DATE, find_date
from bot.language.reading import Ambiguous, NotUnderstood, Read, Reading, Understood
from bot.language.when import MAX_LENGTH, normalise
from bot.language.zones import split_zone

END_OF_DAY = time(17)
MORNING = time(9)
EXAMPLES = "Try `30m`, `tomorrow 17:00`, `friday`, `next monday 9am`, `2026-12-01` or `end of week`."
_CLOCK = re.compile(r"(?:at\s+)?(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"(?:(next|this|on)\s+)?(?:(mon)(?:day)?|(tue)(?:s|sday)?|(wed)(?:nesday)?|(thu)(?:r|rs|rsday)?|(fri)(?:day)?"
    r"|(sat)(?:urday)?|(sun)(?:day)?)\b",
    re.IGNORECASE,
)
_LOOKS_LIKE_TIME = re.compile(
    r"\d+\s*[a-z]|[a-z]+\s*\d|\b(?:tomorrow|week|month|noon|midnight)\b", re.IGNORECASE
)
_BACK = re.compile(r"\b(?:yesterday|ago|last)\b")
_COUNTS = {"an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def read_due(text: str, *, now: datetime, zone: ZoneInfo) -> Read:
    """The moment by which something is owed. Never raises; ``now`` is aware."""
    raw = text.strip()
    cleaned = normalise(raw).lower()
    if not cleaned:
        return NotUnderstood("No due date was given.", EXAMPLES)
    if len(cleaned) > MAX_LENGTH:
        return NotUnderstood("That is too long for a due date.", EXAMPLES)
    if _BACK.search(cleaned):
        return NotUnderstood(f"`{raw}` is past.", "Give a date ahead.")
    try:
        answer = _read(cleaned, now, zone) or _by_dateparser(cleaned, now, zone)
    except (ValueError, OverflowError):
        answer = None
    if answer is None:
        return NotUnderstood(f"`{raw}` is not a date or time that can be read.", EXAMPLES)
    return _ahead(answer, raw, now)


def _ahead(answer: Read, raw: str, now: datetime) -> Read:
    """Only what is still to come, with what was typed."""
    match answer:
        case NotUnderstood():
            return answer
        case Understood():
            readings: tuple[Reading, ...] = (Reading(answer.time, ""),)
        case Ambiguous():
            readings = answer.readings
    left = [
        replace(r, time=replace(r.time, raw=raw))
        for r in readings
        if r.time.utc is not None and r.time.utc > now
    ]
    if not left:
        return NotUnderstood(
            f"`{raw}` is past ({readings[-1].time.utc:%Y-%m-%d %H:%M} UTC).", "Give a date ahead."
        )
    return Understood(left[0].time) if len(left) == 1 else Ambiguous(tuple(left))


def _read(text: str, now: datetime, zone: ZoneInfo) -> Read | None:
    body = re.sub(r"^(?:in|by|before|until|within)\s+", "", text)
    body = re.sub(r"^half an hour$", "30m", body)
    body = re.sub(rf"^({'|'.join(_COUNTS)})\s+(?=[a-z])", lambda count: f"{_COUNTS[count[1]]} ", body)
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
    words = re.sub(r"^eod\s+|\s+(?:eod|end of day)$", "", words)
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
    if words in {"morning", "the morning"}:
        return Understood(Time(utc=next_morning(now, zone), tz=str(zone)))
    if match := re.match(r"(?:by\s+)?(tomorrow|today|tonight)\b\s*", words):
        day = today + timedelta(days=1 if match[1] == "tomorrow" else 0)
        return _with_clock(day, words[match.end() :], zone)
    if match := _WEEKDAY.match(words):
        return _with_clock(_weekday(match, today), words[match.end() :].strip(), zone)
    if re.fullmatch(r"\d{1,2}(?::\d{2}|\s*[ap]m|:\d{2}\s*[ap]m)", words) and (clock := _clock(words)):
        first = datetime.combine(today, clock, zone)
        return _at(today if first > now else today + timedelta(days=1), clock, zone)
    return None


def next_morning(now: datetime, zone: tzinfo) -> datetime:
    """The first nine o'clock by the clock of ``zone`` that is still ahead; UTC."""
    today = now.astimezone(zone).date()
    first = datetime.combine(today, MORNING, zone)
    morning = first if first > now else datetime.combine(today + timedelta(days=1), MORNING, zone)
    return morning.astimezone(UTC)


def _weekday(match: re.Match[str], today: date) -> date:
    wanted = next(n for n, name in enumerate(match.groups()[1:]) if name)
    if (match[1] or "").lower() == "next":
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=wanted)
    return today + timedelta(days=(wanted - today.weekday()) % 7 or 7)


def _with_clock(day: date, rest: str, zone: tzinfo) -> Read | None:
    if not rest.strip():
        return _on(day, zone)
    if rest.strip() == "morning":
        return _at(day, MORNING, zone)
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
    days, rest = find_date(
        text, now=local + timedelta(days=366), near=local + timedelta(days=180), order="DMY"
    )
    if days is NO_DATE or not days:
        return None
    clock = _clock(rest.strip().removeprefix("at ").strip()) if rest.strip() else None
    if rest.strip() and clock is None:
        return None
    made = [(day, _at(day, clock, zone) if clock else _on(day, zone)) for day in days]
    if len(made) == 1:
        return made[0][1]
    at = f" {clock:%H:%M}" if clock else ""
    return Ambiguous(tuple(Reading(answer.time, f"{day:%Y-%m-%d}{at}") for day, answer in made))


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
        try:
            found = dateparser.parse(text, languages=["en"], settings=settings)
        except Exception:  # noqa: BLE001 - whatever a stranger's parser makes of a text, the text is merely unread
            return None
    if found is None:
        return None
    local = found.astimezone(zone)
    if local.time() == time(0) and "midnight" not in text:
        return _on(local.date(), zone)
    return Understood(Time(utc=found.astimezone(UTC), tz=str(zone)))
