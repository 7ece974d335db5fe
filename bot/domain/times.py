"""Moments and lengths as people state them: with a precision, perhaps approximate, perhaps a range. UTC inside."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Precision(StrEnum):
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    NONE = "none"


_COARSENESS = {
    p: n for n, p in enumerate((Precision.DAY, Precision.HOUR, Precision.MINUTE, Precision.SECOND))
}

Source = Literal["slack_ts", "typed", "import", "derived"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A stated moment. ``utc`` is None only with precision none; ``raw`` keeps what was typed, ``tz`` its zone."""

    utc: datetime | None
    precision: Precision = Precision.MINUTE
    approx: bool = False
    raw: str | None = None
    tz: str | None = None
    end_utc: datetime | None = None
    open_ended: bool = False
    source: Source = "typed"

    def __post_init__(self) -> None:
        if (self.utc is None) != (self.precision is Precision.NONE):
            raise ValueError("a time without a moment has precision none, and only such a time")
        for name in ("utc", "end_utc"):
            moment = getattr(self, name)
            if moment is not None:
                object.__setattr__(self, name, aware(moment))

    @classmethod
    def at(cls, moment: datetime, precision: Precision = Precision.MINUTE) -> "Time":
        return cls(utc=moment, precision=precision)

    @classmethod
    def from_slack_ts(cls, ts: str) -> "Time":
        """``1736207085.539649``, exact to the microsecond and never through a float."""
        seconds, _, fraction = ts.partition(".")
        micros = int((fraction + "000000")[:6])
        moment = EPOCH + timedelta(seconds=int(seconds), microseconds=micros)
        return cls(utc=moment, precision=Precision.SECOND, source="slack_ts")

    @property
    def sort_key(self) -> tuple[datetime, int]:
        """By moment, then coarser first; times without a moment last."""
        if self.utc is None:
            return (datetime.max.replace(tzinfo=UTC), 0)
        return (self.utc, _COARSENESS[self.precision])


def as_slack_ts(moment: datetime) -> str:
    """A moment as Slack writes it: seconds, a dot, six digits."""
    micros = (aware(moment) - EPOCH) // timedelta(microseconds=1)
    return f"{micros // 1_000_000}.{micros % 1_000_000:06}"


def aware(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValueError for a naive one, because nobody could say when it is."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)


def clock(time: Time, *, seconds: bool = False, zone: tzinfo = UTC, clock12: bool = False) -> str:
    """The clock face: ``14:05``, ``~14:05``, a range, ``09:41 onward``, ``16 UTC``, ``16h (GMT+1)`` or ``—``.

    An hour is never printed as an exact minute. The zone is named only where the hour alone would be unclear.
    """
    if time.utc is None:
        return "—"
    faces = [_face(time, time.utc, seconds=seconds, zone=zone, clock12=clock12)]
    if time.end_utc is not None:
        faces.append(_face(time, time.end_utc, seconds=seconds, zone=zone, clock12=clock12))
    face = "–".join(faces) + (" onward" if time.open_ended else "")  # noqa: RUF001
    return f"~{face}" if time.approx else face


def _face(time: Time, moment: datetime, *, seconds: bool, zone: tzinfo, clock12: bool) -> str:
    if time.precision is Precision.DAY:
        # A date is a date where it was stated: elsewhere its midnight belongs to the day before.
        return f"{moment.astimezone(zone_of(time.tz) or zone):%Y-%m-%d}"
    local = moment.astimezone(zone)
    if time.precision is Precision.HOUR:
        if local.minute:  # an hour of India is no hour of UTC: it is printed where it was stated
            local = moment.astimezone(zone_of(time.tz) or zone)
        name = offset_name(local)
        return f"{local:%H} UTC" if name == "UTC" else f"{local:%H}h ({name})"
    # A minute somebody typed is not claimed to the second.
    exact = seconds and (time.precision is Precision.SECOND or local.second)
    if exact:
        # Seconds are for comparing with logs, which count to 24.
        return local.strftime("%H:%M:%S")
    return local.strftime("%I:%M %p").removeprefix("0") if clock12 else local.strftime("%H:%M")


def offset_name(local: datetime) -> str:
    """The offset in words that read the same everywhere: ``UTC``, ``GMT+1``, ``GMT-3:30``."""
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    hours, left = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"GMT{sign}{hours}" + (f":{left:02}" if left else "") if minutes else "UTC"


def zone_of(tz: str | None) -> tzinfo | None:
    """The zone that ``Time.tz`` names, an IANA name or ``+01:00``; None when it names none."""
    if tz is None:
        return None
    if match := re.fullmatch(r"(?:UTC)?([+-])(\d\d):(\d\d)", tz, re.ASCII):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(-offset if match[1] == "-" else offset) if offset < timedelta(days=1) else None
    try:
        return ZoneInfo(tz)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


_UNITS = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hr": 3600,
    "hour": 3600,
}
_UNITS |= {"d": 86400, "day": 86400, "w": 604800, "wk": 604800, "week": 604800}
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]+?)s?(?=$|[\s\d,])", re.ASCII)


def parse_duration(text: str) -> int | None:
    """Seconds of ``30m``, ``2h30m``, ``45 min``, ``1 d``, ``90s``; None when it is no length of time."""
    cleaned = re.sub(r"\band\b|,", " ", text.strip().lower())
    total = 0.0
    rest = cleaned
    while rest:
        match = _PART.match(rest)
        if match is None or match[2] not in _UNITS:
            return None
        total += float(match[1]) * _UNITS[match[2]]
        rest = rest[match.end() :].strip()
    return int(total) if cleaned else None


def format_duration(seconds: float | None, *, approx: bool = False) -> str:
    """``2 min 15 s`` under an hour, ``47 min``, ``5 h 38 min``, ``2 d 7 h 10 min``; unknown is said, never 0."""
    if seconds is None:
        return "unknown"
    whole = abs(round(seconds))
    sign = "-" if round(seconds) < 0 else ""
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    if whole < 3600 and (left or not minutes):
        parts.append(f"{left} s")
    text = " ".join(part for part in parts if part)
    return f"~{sign}{text}" if approx else f"{sign}{text}"
