"""How times, dates, lengths and numbers of the document are printed. Plain strings; escaping comes later."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.times import Precision, Time, clock, format_duration, offset_name, zone_of

_CURRENCIES = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?=$|T)")


def read_time(data: Mapping[str, Any] | str) -> Time:
    """A `Time` again, of the document's plain data or of an ISO 8601 moment."""
    if isinstance(data, str):
        return Time(utc=datetime.fromisoformat(data))
    utc, end = data.get("utc"), data.get("end_utc")
    return Time(
        utc=datetime.fromisoformat(utc) if utc else None,
        precision=Precision(data.get("precision", "minute")) if utc else Precision.NONE,
        approx=bool(data.get("approx")),
        tz=data.get("tz"),
        end_utc=datetime.fromisoformat(end) if end else None,
        open_ended=bool(data.get("open_ended")),
    )


def clock_text(data: Mapping[str, Any] | str, *, seconds: bool = False, clock12: bool = False) -> str:
    """The clock alone, in UTC: ``14:05``, ``16 UTC``, ``—``."""
    return clock(read_time(data), seconds=seconds, clock12=clock12)


def moment_text(
    data: Mapping[str, Any] | str,
    *,
    seconds: bool = False,
    zone: str | None = None,
    clock12: bool = False,
    dated: bool = True,
) -> str:
    """Date and clock in UTC, and what the clock said elsewhere: ``2023-02-07 ~13:00 (~14:00 GMT+1)``.

    ``zone`` is the readers'; without one the zone counts in which the time was stated. Without ``dated`` the date in
    UTC is left to what stands above.
    """
    time = read_time(data)
    if time.utc is None:
        return "—"
    if time.precision is Precision.DAY:
        return clock(time)
    here = _dated(time, None, seconds=seconds, clock12=clock12) or ""
    if not dated:
        here = here.partition(" ")[2]
    place = zone if zone and zone != "UTC" else time.tz
    there = _dated(time, place, seconds=seconds, clock12=clock12) if place else None
    return f"{here} ({there})" if there else here


def _dated(time: Time, zone: str | None, *, seconds: bool, clock12: bool) -> str | None:
    """Date and clock of a zone; the date only where it differs from that of UTC, nothing where all is the same."""
    assert time.utc is not None
    place = zone_of(zone) if zone else UTC
    local = time.utc.astimezone(place) if place else None
    if local is None or (zone and not local.utcoffset()):
        return None
    face = clock(_same_day(time), seconds=seconds, zone=place or UTC, clock12=clock12)
    if time.end_utc and _same_day(time) is not time:
        ending = Time(utc=time.end_utc, precision=time.precision)
        until = clock(ending, seconds=seconds, zone=place or UTC, clock12=clock12)
        face = f"{face}–{time.end_utc.astimezone(place):%Y-%m-%d} {until}"  # noqa: RUF001
    name = f" {offset_name(local)}" if zone and time.precision is not Precision.HOUR else ""
    day = "" if zone and local.date() == time.utc.date() else f"{local:%Y-%m-%d} "
    return f"{day}{face}{name}"


def _same_day(time: Time) -> Time:
    """Without its end where that is on another day, because a clock alone would mislead."""
    assert time.utc is not None
    if time.end_utc is None or time.end_utc.date() == time.utc.date():
        return time
    return Time(utc=time.utc, precision=time.precision, approx=time.approx, open_ended=time.open_ended)


def date_text(value: Any, *, long: bool = False) -> str:
    """``2026-02-05``, or ``February 5, 2026``; words that are no date stay as they are."""
    if isinstance(value, Mapping):
        if not value.get("utc"):
            return "—"
        time = read_time(value)
        place = zone_of(time.tz) if time.precision is Precision.DAY else None
        assert time.utc is not None
        return date_text(time.utc.astimezone(place or UTC).date().isoformat(), long=long)
    text = str(value)
    match = _ISO_DATE.match(text)
    if match is None:
        return text
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return text
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}" if long else day.isoformat()


def duration_text(value: Any, *, unknown: str = "unknown") -> str:
    """A length of the document, or a number of seconds."""
    if isinstance(value, Mapping):
        return format_duration(value.get("seconds"), approx=bool(value.get("approx")))
    return format_duration(value) if isinstance(value, int | float) else unknown


def number_text(value: float) -> str:
    """``15,000``, ``99.9``, ``100``."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.10g}"


def money_text(amount: float, currency: str | None) -> str:
    """``$2,400``, ``2,400 CHF``."""
    sign = _CURRENCIES.get((currency or "").upper())
    if sign:
        return f"{sign}{number_text(amount)}"
    return f"{number_text(amount)} {currency}" if currency else number_text(amount)
