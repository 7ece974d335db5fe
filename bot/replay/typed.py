"""What a case says, in the words in which a person would type it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.fields import FIELDS, LISTS
from bot.domain.times import Time
from bot.language.due import read_due
from bot.language.reading import Understood
from bot.language.when import read_time
from bot.language.zones import split_zone

Args = Mapping[str, Any]
MINUTE = 60


def details(args: Args) -> dict[str, Any]:
    marker = args.get("marker")
    return {
        "text": args.get("text"),
        "marker": marker.lower().replace(" ", "_") if marker else None,
        "action": args.get("action"),
        "actor": args.get("actor"),
        "label": args.get("label"),
        "order": str(args["order"]) if args.get("order") is not None else None,
        "kind": args.get("kind"),
        "phase": args.get("phase"),
    }


def leaves(fields: Args, prefix: str = "") -> list[tuple[str, Any]]:
    """Dotted paths down to what has a place of its own; ``impact.users`` of a case is several fields here."""
    found: list[tuple[str, Any]] = []
    for name, value in fields.items():
        path = f"{prefix}{name}"
        group = isinstance(value, Mapping) and not {"utc", "raw"} & set(value)
        if group and path not in FIELDS and path not in LISTS:
            found += leaves(value, f"{path}.")
        else:
            found.append((path, value))
    return found


def as_typed(value: Any) -> Any:
    """A value as a person types it; a moment of a case is its words, else the moment itself."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    if isinstance(value, Mapping):
        return exactly(value) or str(value.get("raw") or "")
    return str(value)


def tracker(value: Any) -> str | None:
    """A reference, an address, or both."""
    if isinstance(value, Mapping):
        ref, url = str(value.get("ref") or ""), str(value.get("url") or "")
        return url if ref in url and url else f"{ref} {url}".strip() or None
    return str(value) if value else None


def date(value: Any) -> str | None:
    """A date in the words in which it was said."""
    if isinstance(value, Mapping):
        return value.get("raw") or value.get("iso") or value.get("date") or exactly(value)
    return str(value) if value else None


def due_words(value: Any, zone: str, now: datetime) -> str | None:
    """The words in which something is owed; with the day behind them where they do not come to it by themselves."""
    if not isinstance(value, Mapping):
        return date(value)
    raw, day = value.get("raw"), value.get("date")
    if not raw or not day:
        return raw or day
    answer = read_due(str(raw), now=now, zone=ZoneInfo(zone))
    moment = answer.time.utc if isinstance(answer, Understood) else None
    same = moment is not None and moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d") == day
    return str(raw) if same else f"{raw} ({day})"


# --- moments -------------------------------------------------------------------------------------------------------


def said(time: Args) -> str:
    """The time in the words in which it was said, else without doubt."""
    raw = str(time.get("raw") or "")
    if not raw:
        return exactly(time) or "unknown"
    zone = time.get("tz")
    return f"{raw} {zone}" if zone and split_zone(raw)[1] is None else raw


def told(time: Args, *, now: datetime, zone: str, near: datetime | None) -> str:
    """What a person types who looks at the reading that is repeated to them: where it is another moment, the exact one."""
    text, exact = said(time), exactly(time)
    answer = read_time(text, now=now, zone=ZoneInfo(zone), near=near)
    if exact is None or (isinstance(answer, Understood) and _is_meant(answer.time, time)):
        return text
    return exact


def _is_meant(read: Time, time: Args) -> bool:
    moments = [(read.utc, time.get("utc")), (read.end_utc, _end(time))]
    same = all(
        meant is None
        or (found and abs((found - datetime.fromisoformat(str(meant))).total_seconds()) < MINUTE)
        for found, meant in moments
    )
    return same and all(getattr(read, name) or not time.get(name) for name in ("approx", "open_ended"))


def _end(time: Args) -> Any:
    end = time.get("end_utc") or time.get("end")
    return end.get("utc") if isinstance(end, Mapping) else end


def exactly(time: Args) -> str | None:
    """The time so that it can be read in one way only."""
    if not time.get("utc"):
        return None
    moment = datetime.fromisoformat(str(time["utc"]))
    clock = "%H:%M:%S" if time.get("precision") == "second" else "%H:%M"
    shape = {"hour": "%Y-%m-%d %H", "day": "%Y-%m-%d"}.get(str(time.get("precision")), f"%Y-%m-%d {clock}")
    text = moment.strftime(shape)
    if end := _end(time):
        last = datetime.fromisoformat(str(end)).astimezone(UTC)
        text = f"{moment:%Y-%m-%d} {moment.strftime(clock)} to {last:%Y-%m-%d} {last.strftime(clock)}"
    text += " UTC onward" if time.get("open_ended") else " UTC"
    return f"~{text}" if time.get("approx") else text


def ts_at(at: datetime, count: int) -> str:
    """A Slack ts at this very second, unique by its last digits."""
    return f"{int(at.timestamp())}.{count + 1:06d}"
