"""Times that people type about an incident: always past, read near the incident, echoed before they are trusted.

Order of reading: an explicit zone in the text counts, else the typist's own. What can be read in two ways is asked,
never chosen.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.times import Precision, Time, clock, parse_duration, zone_of
from bot.language.dates import NO_DATE, find_date
from bot.language.zones import Zone, split_zone

FUTURE_SLACK = timedelta(minutes=1)  # people round up
MAX_LENGTH = 120  # no time is longer, and a pasted log must not keep the reader busy
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_APPROX = re.compile(r"^(?:~|±|≈|about|around|approx(?:imately|\.)?|circa|ca?\.)\s*", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?P<h>\d{1,2})(?::(?P<m>\d{2}|\?\?)(?::(?P<s>\d{2})(?:[.,]\d+)?)?)?\s*(?P<ap>[ap])\.?m\.?|"
    r"(?P<h2>\d{1,2})[:.h](?P<m2>\d{2}|\?\?)(?::(?P<s2>\d{2})(?:[.,](?P<f2>\d+))?)?|"
    r"(?P<h3>\d{2})(?P<m3>\d{2})(?:\s*h(?:rs|ours)?)?",
    re.IGNORECASE,
)
_BARE_HOUR = re.compile(r"(\d{1,2})(?:\s*h)?")
_AGO = re.compile(r"(.+?)\s+ago|-\s*(\d.*)", re.IGNORECASE)
_RANGE = re.compile(r"(.+\d(?:\s*[ap]m)?)\s*(?:-|to|until|till)\s*(\d.*)", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between|from)\s+(.+?)\s+(?:and|to|until|till|-)\s+(.+)", re.IGNORECASE)
_ENDS_PM = re.compile(r"\d\s*([ap])\.?m\.?$", re.IGNORECASE)
_STARTS_BARE = re.compile(r"(?<![\d:])(1[0-2]|0?[1-9])(?::[0-5]\d)?$")
_CLOCK_FIRST = re.compile(
    r"(\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?)\s+(?![ap]\.?m\b)([a-z].*)", re.IGNORECASE
)
_WEEKDAY = re.compile(
    r"\b(last\s+)?((?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)\b", re.IGNORECASE
)
_ONWARD = re.compile(r"\s*\b(?:onwards?|on|and after|\+)$|^(?:since|from)\s+", re.IGNORECASE)

EXAMPLES = "Try `14:05`, `2:05 PM CET`, `yesterday 23:50`, `2026-01-29 14:30 UTC` or `10 min ago`."


@dataclass(frozen=True, slots=True)
class Reading:
    """One of several ways to read a text; ``label`` is unambiguous text to show, and to type instead."""

    time: Time
    label: str


@dataclass(frozen=True, slots=True)
class Understood:
    time: Time


@dataclass(frozen=True, slots=True)
class Ambiguous:
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    why: str
    hint: str


Read = Understood | Ambiguous | NotUnderstood


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time without a date."""

    at: time
    precision: Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    now: datetime
    zone: Zone
    near: datetime | None
    date_order: Literal["DMY", "MDY"]


def read_time(
    text: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    near: datetime | None = None,
    date_order: Literal["DMY", "MDY"] = "DMY",
) -> Read:
    """What moment a person means. ``near`` is what the incident is about: a bare time falls next to it.

    Never raises; ``now`` and ``near`` are aware.
    """
    raw = text.strip()
    cleaned = normalise(raw)
    if not cleaned:
        return NotUnderstood("No time was given.", EXAMPLES)
    if len(cleaned) > MAX_LENGTH:
        return NotUnderstood("That is too long for a time.", EXAMPLES)
    if cleaned.lower() in {"?", "unknown", "??:??", "-"}:
        return Understood(Time(utc=None, precision=Precision.NONE, raw=raw))
    try:
        answer = _read(cleaned, now=now, zone=Zone(zone, str(zone)), near=near, date_order=date_order)
    except (ValueError, OverflowError):
        return NotUnderstood(f"`{raw}` is not a time that exists.", EXAMPLES)
    return _checked(answer, raw, now)


def normalise(text: str) -> str:
    """Plain spaces, dashes and quotes."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    for dash in _DASHES:
        plain = plain.replace(dash, "-")
    plain = plain.strip("\"'“”‘’`")  # noqa: RUF001 - the quotes that phones type
    return " ".join(plain.split()).rstrip(".")


def _read(
    cleaned: str, *, now: datetime, zone: Zone, near: datetime | None, date_order: Literal["DMY", "MDY"]
) -> Read | None:
    if cleaned.lower() in {"now", "just now"}:
        return Understood(Time(utc=now))
    body = _APPROX.sub("", cleaned)
    approx = body != cleaned
    if (span := _ago(body)) is not None:
        return Understood(Time(utc=now - timedelta(seconds=span), approx=approx))
    bounds = _BETWEEN.fullmatch(body)
    if bounds is None and (onward := _ONWARD.sub("", body)) != body:
        answer = _single(onward, _reader(onward, now, zone, near, date_order))
        return _changed(answer, approx=approx, open_ended=True)
    bounds = bounds or _time_range(body)
    if bounds:
        return _changed(_ranged(bounds[1], bounds[2], now, zone, near, date_order), approx=approx)
    return _changed(_single(body, _reader(body, now, zone, near, date_order)), approx=approx)


def _ago(text: str) -> int | None:
    """Seconds of ``10 min ago``, ``an hour ago`` or ``-10m``."""
    match = _AGO.fullmatch(text)
    if match is None:
        return None
    words = (match[1] or match[2]).strip().lower()
    words = re.sub(r"^(?:an?|one)\s+", "1 ", words)
    words = re.sub(r"^half an hour$|^1 half an hour$", "30 min", words)
    return parse_duration(words)


def _time_range(text: str) -> re.Match[str] | None:
    """``14:00-14:25``, but not the dashes of ``2026-01-29`` and not an offset behind a time."""
    match = _RANGE.fullmatch(text)
    if match is None or not _clock_in(split_zone(match[2])[0].strip(), bare=False):
        return None
    left = match[1]
    if re.search(r"\d{4}-\d{1,2}$|-\d{1,2}$", left) or not re.search(
        r"\d[:.]\d{2}|\d{4}$|[ap]m$|\b\d{1,2}$", left, re.IGNORECASE
    ):
        return None
    if split_zone(text)[1] is not None and re.fullmatch(r"\d{2}:?\d{2}", match[2]):
        return None  # `14:00 -05:00` is a zone
    return match


def _ranged(
    left: str, right: str, now: datetime, zone: Zone, near: datetime | None, date_order: Literal["DMY", "MDY"]
) -> Read | None:
    """Both ends; a zone at the right end counts for both, and an end before its start is on the next day."""
    bare, typed = split_zone(right)
    left_bare, left_typed = split_zone(left)
    use = left_typed or typed or zone
    left_bare = _same_half(left_bare, bare)
    reader = _Reader(now=now, zone=use, near=near, date_order=date_order)
    first = _single(left_bare, reader)
    end = _clock_in(bare.strip(), bare=True)
    if isinstance(first, Ambiguous) and end is not None:
        return Ambiguous(tuple(replace(r, time=_ended(r.time, end.at, use)) for r in first.readings))
    if not isinstance(first, Understood) or first.time.utc is None:
        return first
    if end is None:
        second = _single(bare, reader)
        if not isinstance(second, Understood) or second.time.utc is None:
            return second
        return Understood(replace(first.time, end_utc=second.time.utc))
    return Understood(_ended(first.time, end.at, use))


def _ended(first: Time, end: time, zone: Zone) -> Time:
    assert first.utc is not None, "a range starts at a moment"
    start = first.utc.astimezone(zone.info)
    ended = datetime.combine(start.date(), end, zone.info)
    if ended < start:
        ended = datetime.combine(start.date() + timedelta(days=1), end, zone.info)
    return replace(first, end_utc=ended.astimezone(UTC))


def _same_half(left: str, right: str) -> str:
    """``2:00-2:25 PM`` starts in the afternoon too; ``11:30-1:00 PM`` in the morning."""
    half, start = _ENDS_PM.search(right.strip()), _STARTS_BARE.search(left.strip())
    end = _clock_in(right.strip(), bare=False)
    if half is None or start is None or end is None:
        return left
    for mark in (half[1], "a" if half[1].lower() == "p" else "p"):
        clock = _clock_in(f"{start[0]} {mark}m", bare=False)
        if clock is not None and clock.at <= end.at:
            return f"{left.strip()} {mark}m"
    return f"{left.strip()} {half[1]}m"


def _reader(
    text: str, now: datetime, zone: Zone, near: datetime | None, date_order: Literal["DMY", "MDY"]
) -> _Reader:
    typed = split_zone(text)[1]
    return _Reader(now=now, zone=typed or zone, near=near, date_order=date_order)


def _single(text: str, reader: _Reader) -> Read | None:
    bare, typed = split_zone(text)
    explicit_zone = typed is not None
    if first := _CLOCK_FIRST.fullmatch(bare):  # else the 05 of `14:05 Oct 18` is taken for a day
        bare = f"{first[2]} {first[1]}"
    weekday = _WEEKDAY.search(bare)
    bare = _WEEKDAY.sub(r"\2", bare)
    days, rest = find_date(
        bare, now=reader.now.astimezone(reader.zone.info), near=_local(reader), order=reader.date_order
    )
    rest = re.sub(r"^(?:at|on|,|T)\s*|\s*(?:at|,)$", "", rest.strip(), flags=re.IGNORECASE).strip()
    if not rest:
        if days is NO_DATE or not days:
            return None
        return _choose([_day(day, reader) for day in days])
    clock = _clock_in(rest, bare=explicit_zone or days is not NO_DATE)
    if clock is None:
        return None
    if days is NO_DATE:
        return _choose(_moments(_nearest_day(clock, reader), clock, reader))
    if weekday and len(days) == 1:
        days = [_last(days[0], clock.at, reader, before_today=bool(weekday[1]))]
    return _choose([moment for day in days for moment in _moments(day, clock, reader)])


def _local(reader: _Reader) -> datetime | None:
    return reader.near.astimezone(reader.zone.info) if reader.near else None


def _last(day: date, at: time, reader: _Reader, *, before_today: bool) -> date:
    """The weekday's last occurrence that is not ahead; `last monday`, on a monday, is a week ago."""
    now = reader.now.astimezone(reader.zone.info)
    ahead = datetime.combine(day, at, reader.zone.info) > now + FUTURE_SLACK
    return day - timedelta(days=7) if ahead or (before_today and day == now.date()) else day


def _clock_in(text: str, *, bare: bool) -> Clock | None:
    """The clock time that a text is. ``bare``: a lone hour such as ``16`` counts too."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        hour = _BARE_HOUR.fullmatch(text.strip()) if bare else None
        return Clock(time(int(hour[1])), Precision.HOUR) if hour and int(hour[1]) < 24 else None
    hours = int(match["h"] or match["h2"] or match["h3"])
    minutes = match["m"] or match["m2"] or match["m3"]
    seconds = match["s"] or match["s2"]
    if match["ap"]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if match["ap"].lower() == "p" else 0)
    if minutes in {None, "??"}:
        return Clock(time(hours), Precision.HOUR) if hours < 24 else None
    if hours > 23 or int(minutes) > 59 or int(seconds or 0) > 59:
        return None
    precision = Precision.SECOND if seconds else Precision.MINUTE
    return Clock(time(hours, int(minutes), int(seconds or 0)), precision)


def _nearest_day(clock: Clock, reader: _Reader) -> date:
    """A bare time: its last occurrence before now, or the one closest to the incident, whichever the incident is near."""
    now = reader.now.astimezone(reader.zone.info)
    about = _local(reader)
    if about is None or abs(now - about) < timedelta(hours=20):
        about = now
    days = [about.date() + timedelta(days=shift) for shift in (-1, 0, 1)]
    moments = [datetime.combine(day, clock.at, reader.zone.info) for day in days]
    past = [moment for moment in moments if moment <= now + FUTURE_SLACK]
    if not past:
        return about.date()
    if about is now:
        return max(past).date()
    return min(past, key=lambda moment: abs(moment - about)).date()


def _moments(day: date, clock: Clock, reader: _Reader) -> list[Time]:
    """The moment of a wall time; two where clocks were set back, or where it was skipped."""
    info = reader.zone.info
    folds = [datetime.combine(day, clock.at, info).replace(fold=fold) for fold in (0, 1)]
    utc = sorted({moment.astimezone(UTC) for moment in folds})
    return [Time(utc=moment, precision=clock.precision, tz=reader.zone.name) for moment in utc]


def _day(day: date, reader: _Reader) -> Time:
    start = datetime.combine(day, time(0), reader.zone.info)
    return Time(utc=start.astimezone(UTC), precision=Precision.DAY, tz=reader.zone.name)


def _choose(found: Iterable[Time]) -> Read | None:
    times = list(found)
    if not times:
        return None
    if len(times) == 1:
        return Understood(times[0])
    return Ambiguous(tuple(Reading(time, _label(time)) for time in times))


def _label(time: Time) -> str:
    assert time.utc is not None, "only moments are offered"
    match time.precision:
        case Precision.DAY:  # its midnight may be the day before in UTC
            return f"{time.utc.astimezone(zone_of(time.tz) or UTC):%Y-%m-%d}"
        case Precision.HOUR:
            return f"{time.utc:%Y-%m-%d %H} UTC"
        case Precision.SECOND:
            return f"{time.utc:%Y-%m-%d %H:%M:%S} UTC"
        case _:
            return f"{time.utc:%Y-%m-%d %H:%M} UTC"


def _changed(answer: Read | None, *, approx: bool = False, open_ended: bool = False) -> Read | None:
    def marked(time: Time) -> Time:
        return replace(time, approx=approx or time.approx, open_ended=open_ended or time.open_ended)

    match answer:
        case Understood():
            return Understood(marked(answer.time))
        case Ambiguous():
            return Ambiguous(tuple(replace(r, time=marked(r.time)) for r in answer.readings))
        case _:
            return answer


def _checked(answer: Read | None, raw: str, now: datetime) -> Read:
    """Times ahead are refused, because what has not happened is no entry; the raw text is kept."""
    match answer:
        case None:
            return NotUnderstood(f"`{raw}` is not a time that can be read.", EXAMPLES)
        case NotUnderstood():
            return answer
        case Ambiguous():
            past = [r for r in answer.readings if not _is_ahead(r.time, now)]
            if len(past) == 1:
                return Understood(replace(past[0].time, raw=raw))
            if not past:
                return _ahead(raw, answer.readings[0].time)
            return Ambiguous(tuple(replace(r, time=replace(r.time, raw=raw)) for r in past))
        case Understood():
            if _is_ahead(answer.time, now):
                return _ahead(raw, answer.time)
            return Understood(replace(answer.time, raw=raw))


def _is_ahead(moment: Time, now: datetime) -> bool:
    last = moment.end_utc or moment.utc
    return last is not None and last > now + FUTURE_SLACK


def _ahead(raw: str, moment: Time) -> NotUnderstood:
    if moment.end_utc:
        return NotUnderstood(
            f"`{raw}` ends in the future ({moment.end_utc:%Y-%m-%d %H:%M} UTC).",
            "If it goes on, say since when: `09:41 onward`.",
        )
    return NotUnderstood(
        f"`{raw}` is in the future ({_label(moment)}).", "Give the time when it happened, with its date."
    )


def echo(moment: Time, zone: ZoneInfo, *, now: datetime | None = None) -> str:
    """How a reading is said back: ``13:00 UTC (14:00 your time)``, with its dates unless both are today's."""
    if moment.utc is None:
        return "an unknown time"
    if moment.precision is Precision.DAY:
        return clock(moment)
    spoken, own = _face(moment, UTC), _face(moment, zone)
    there, here = moment.utc.date(), moment.utc.astimezone(zone).date()
    dated = now is None or {there, here} != {now.astimezone(UTC).date()}
    text = f"{there} {spoken} UTC" if dated else f"{spoken} UTC"
    if own == spoken and here == there:
        return text
    return f"{text} ({here} {own} your time)" if here != there else f"{text} ({own} your time)"


def _face(moment: Time, zone: tzinfo) -> str:
    if moment.precision is not Precision.HOUR:
        return clock(moment, seconds=True, zone=zone)
    assert moment.utc is not None, "only moments have a face"
    return ("~" if moment.approx else "") + f"{moment.utc.astimezone(zone):%Hh}"
