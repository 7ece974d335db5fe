"""From a wall time and a zone to moments: one, or two where clocks were set back or forward."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from bot.domain.times import Precision, Time, zone_of
from bot.language.clocks import Clock
from bot.language.reading import TWO_WAYS, Ambiguous, Read, Reading, Understood
from bot.language.spelled import spell
from bot.language.zones import Zone

FUTURE_SLACK = timedelta(minutes=1)  # people round up
TODAY = timedelta(hours=20)  # an incident so near is one of today


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """In whose place a text is read: the moment of typing, the zone, what it is about, the order of dates."""

    now: datetime
    zone: Zone
    near: datetime | None
    order: Literal["DMY", "MDY"]

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(self.zone.info)

    @property
    def local_near(self) -> datetime | None:
        return self.near.astimezone(self.zone.info) if self.near else None


def moments(day: date, clock: Clock, zone: Zone) -> list[Time]:
    """The moment of a wall time; two where it was skipped or came twice."""
    wall = datetime.combine(day, clock.at, zone.info)
    utc = sorted({wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1)})
    return [Time(utc=moment, precision=clock.precision, tz=zone.name) for moment in utc]


def whole_day(day: date, zone: Zone) -> Time:
    start = datetime.combine(day, time(0), zone.info)
    return Time(utc=start.astimezone(UTC), precision=Precision.DAY, tz=zone.name)


def nearest(clock: Clock, reader: Reader) -> list[Time]:
    """A bare time: its last occurrence before now, or the one closest to an incident that is not of today."""
    about = reader.now if reader.near is None or abs(reader.now - reader.near) < TODAY else reader.near
    today = about.astimezone(reader.zone.info).date()
    by_day = [moments(today + timedelta(days=shift), clock, reader.zone) for shift in (-1, 0, 1)]
    past = [found for found in by_day if _utc(found[0]) <= reader.now + FUTURE_SLACK]
    if not past:
        return by_day[1]
    if about == reader.now:
        return past[-1]
    return min(past, key=lambda found: abs(_utc(found[0]) - about))


def last_weekday(day: date, clock: Clock, reader: Reader, *, before_today: bool) -> date:
    """The weekday's last occurrence that is not ahead; `last monday`, on a monday, is a week ago."""
    ahead = _utc(moments(day, clock, reader.zone)[0]) > reader.now + FUTURE_SLACK
    today = day == reader.local_now.date()
    return day - timedelta(days=7) if ahead or (before_today and today) else day


def ending(start: Time, clock: Clock, zone: Zone) -> list[Time]:
    """The ranges from a start to the next such wall time: on its day, else on the day after."""
    begun = _utc(start)
    day = begun.astimezone(zone.info).date()
    for each in (day, day + timedelta(days=1)):
        ends = [_utc(found) for found in moments(each, clock, zone)]
        if left := [end for end in ends if end >= begun]:
            return [_with_end(start, end) for end in left]
    return []


def _with_end(start: Time, end: datetime) -> Time:
    return Time(utc=start.utc, precision=start.precision, tz=start.tz, end_utc=end)


def choose(found: Iterable[Time]) -> Read | None:
    """One time is understood; several are asked about, in words that fit the reason."""
    times = list(found)
    if not times:
        return None
    if len(times) == 1:
        return Understood(times[0])
    return Ambiguous(tuple(Reading(each, spell(each)) for each in times), _why(times))


def _why(times: list[Time]) -> str:
    first, last = times[0], times[-1]
    zone = first.tz or "UTC"
    if len(times) != 2 or first.end_utc or abs(_utc(last) - _utc(first)) > timedelta(hours=2):
        return TWO_WAYS
    info = zone_of(zone) or UTC
    faces = {f"{_utc(each).astimezone(info):%H:%M}" for each in times}
    if len(faces) == 1:
        return f"was twice in {zone}: clocks were set back."
    return f"never was in {zone}: clocks were set forward."


def _utc(time: Time) -> datetime:
    assert time.utc is not None, "only moments come of wall times"
    return time.utc
