"""Times in Slack messages: date tokens, which every reader sees in their own zone, with UTC beside them."""

from datetime import UTC, datetime, tzinfo

from bot.domain.times import Precision, Time, offset_name, zone_of


def moment(at: datetime, style: str = "time") -> str:
    """A Slack date token: the reader's own zone, with UTC beside it as fallback (docs: date formatting)."""
    utc = at.astimezone(UTC)
    stamp = int(at.timestamp())
    match style:
        case "time":
            return f"<!date^{stamp}^{{time}}|{utc:%H:%M} UTC>"
        case "day":
            return f"<!date^{stamp}^{{date_short_pretty}}|{utc:%Y-%m-%d}>"
        case "ago":
            return f"<!date^{stamp}^{{ago}}|{utc:%Y-%m-%d %H:%M} UTC>"
        case _:
            local = f"<!date^{stamp}^{{date_short_pretty}} {{time}}|{utc:%Y-%m-%d %H:%M} UTC>"
            return f"{local} ({utc:%H:%M} UTC)"


def stated(time: Time, zone: tzinfo | None) -> str:
    """A stated time with its date: ``~<local>`` and UTC in brackets; never finer than it was said.

    Slack has no token for an hour alone, so an hour is written out in ``zone``, the reader's.
    """
    if time.utc is None:
        return "an unknown time"
    write = {Precision.DAY: _day, Precision.HOUR: _hour}.get(time.precision, _minute)
    text = write(time, time.utc, zone)
    if time.end_utc:
        text += f" to {write(time, time.end_utc, zone)}"
    return ("~" if time.approx else "") + text + (" onward" if time.open_ended else "")


def _day(time: Time, at: datetime, _zone: tzinfo | None) -> str:
    """A date is a date where it was stated."""
    return f"{at.astimezone(zone_of(time.tz) or UTC):%Y-%m-%d}"


def _hour(time: Time, at: datetime, zone: tzinfo | None) -> str:
    utc, local = at.astimezone(UTC), at.astimezone(zone or UTC)
    if utc.minute:  # an hour of India is no hour of UTC
        there = at.astimezone(zone_of(time.tz) or zone or UTC)
        return f"{there:%Y-%m-%d %H}h {offset_name(there)} (from {utc:%Y-%m-%d %H:%M} UTC)"
    if local.utcoffset() == utc.utcoffset():
        return f"{utc:%Y-%m-%d %H}h UTC"
    face = f"{local:%Y-%m-%d %H}h" if not local.minute else f"{local:%Y-%m-%d %H:%M} for an hour,"
    return f"{face} {offset_name(local)} ({utc:%Y-%m-%d %H}h UTC)"


def _minute(time: Time, at: datetime, _zone: tzinfo | None) -> str:
    utc = at.astimezone(UTC)
    token, face = ("{time_secs}", "%H:%M:%S") if time.precision is Precision.SECOND else ("{time}", "%H:%M")
    spoken = f"{utc:%Y-%m-%d {face}} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {token}|{spoken}> ({spoken})"
