"""Moments and lengths as people state them: with a precision, perhaps approximate, perhaps a range. UTC inside."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Literal

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Precision(StrEnum):
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    NONE = "none"


_COARSENESS = {p: n for n, p in enumerate((Precision.DAY, Precision.HOUR, Precision.MINUTE, Precision.SECOND))}

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


def aware(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValueError for a naive one, because nobody could say when it is."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)


def clock(time: Time, *, seconds: bool = False, zone: tzinfo = UTC, clock12: bool = False) -> str:
    """The clock face: ``14:05``, ``~14:05``, ``14:05–14:25``, ``09:41 onward``, ``16 UTC``, or ``—``.

    An hour is never printed as an exact minute. The zone is named only where the hour alone would be unclear.
    """
    if time.utc is None:
        return "—"
    face = _face(time.utc, time.precision, seconds=seconds, zone=zone, clock12=clock12)
    if time.end_utc is not None:
        face += "–" + _face(time.end_utc, Precision.MINUTE, seconds=False, zone=zone, clock12=clock12)  # noqa: RUF001
    if time.open_ended:
        face += " onward"
    return f"~{face}" if time.approx else face


def _face(moment: datetime, precision: Precision, *, seconds: bool, zone: tzinfo, clock12: bool) -> str:
    local = moment.astimezone(zone)
    if precision is Precision.DAY:
        return f"{local:%Y-%m-%d}"
    if precision is Precision.HOUR:
        name = local.tzname() or "UTC"
        return f"{local:%H} {name}" if zone is UTC else f"{local:%H}h {name}"
    shape = "%H:%M:%S" if seconds else "%H:%M"
    if clock12:
        shape = "%I:%M:%S %p" if seconds else "%I:%M %p"
    return local.strftime(shape)


_UNITS = {"s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600}
_UNITS |= {"d": 86400, "day": 86400, "w": 604800, "wk": 604800, "week": 604800}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+?)s?(?=$|[\s\d,])", re.IGNORECASE)


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
    whole = round(seconds)
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    if whole < 3600 and (left or not minutes):
        parts.append(f"{left} s")
    text = " ".join(part for part in parts if part)
    return f"~{text}" if approx else text
