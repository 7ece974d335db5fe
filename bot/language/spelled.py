"""Times said back: `spell` so that they can be typed again, `echo` so that their reader recognises them."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from bot.domain.times import Precision, Time, clock, offset_name, zone_of


def spell(time: Time) -> str:
    """Text that reads back as this time, to its precision, whoever types it: ``~2026-01-29 14:00-14:25 UTC``."""
    if time.utc is None:
        return "unknown"
    zone = _spelling_zone(time)
    first = _spelled(time, time.utc, zone)
    text = first
    if time.end_utc is not None:
        last = _spelled(time, time.end_utc, zone)
        same_day = time.precision is not Precision.DAY and first[:10] == last[:10]
        text += f"-{last[11:]}" if same_day else f" to {last}"
    text = f"{text} {_zone_name(time, zone)}"
    return ("~" if time.approx else "") + text + (" onward" if time.open_ended else "")


def _spelling_zone(time: Time) -> tzinfo:
    """UTC, but where only the stated zone shows the time for what it is: a date, an hour of India."""
    assert time.utc is not None, "only moments are spelled"
    odd_hour = time.precision is Precision.HOUR and time.utc.minute != 0
    return (zone_of(time.tz) if time.precision is Precision.DAY or odd_hour else None) or UTC


def _zone_name(time: Time, zone: tzinfo) -> str:
    """Always named, because even a date is another one elsewhere."""
    assert time.utc is not None, "only moments are spelled"
    if zone is UTC or time.tz is None:
        return "UTC"
    return time.tz if time.precision is Precision.DAY else time.utc.astimezone(zone).isoformat()[-6:]


def _spelled(time: Time, moment: datetime, zone: tzinfo) -> str:
    shapes = {Precision.DAY: "%Y-%m-%d", Precision.HOUR: "%Y-%m-%d %H", Precision.SECOND: "%Y-%m-%d %H:%M:%S"}
    return moment.astimezone(zone).strftime(shapes.get(time.precision, "%Y-%m-%d %H:%M"))


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
    text += " onward" if moment.open_ended else ""
    if own == spoken and here == there:
        return text
    return f"{text} ({here} {own} your time)" if here != there else f"{text} ({own} your time)"


def _face(moment: Time, zone: tzinfo) -> str:
    assert moment.utc is not None, "only moments have a face"
    first = _clock_face(moment, moment.utc, zone)
    if moment.end_utc is not None:
        days = moment.end_utc.astimezone(zone).date() != moment.utc.astimezone(zone).date()
        last = _clock_face(moment, moment.end_utc, zone)
        first += f"–{moment.end_utc.astimezone(zone):%Y-%m-%d} {last}" if days else f"–{last}"  # noqa: RUF001
    return ("~" if moment.approx else "") + first


def _clock_face(time: Time, moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    if time.precision is not Precision.HOUR:
        return local.strftime("%H:%M:%S" if time.precision is Precision.SECOND else "%H:%M")
    if local.minute:  # an hour of India is no hour of UTC
        stated = moment.astimezone(zone_of(time.tz) or zone)
        return f"{stated:%H}h {offset_name(stated)}"
    return f"{local:%H}h"
