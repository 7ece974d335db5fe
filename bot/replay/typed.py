"""What a case says, in the words in which a person would type it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.fields import FIELDS, LISTS

Args = Mapping[str, Any]


def details(args: Args) -> dict[str, Any]:
    marker = args.get("marker")
    return {
        "text": args.get("text"),
        "marker": marker.lower().replace(" ", "_") if marker else None,
        "action": args.get("action"),
        "actor": args.get("actor"),
        "label": args.get("label"),
        "order": str(args["order"]) if args.get("order") else None,
        "kind": args.get("kind"),
    }


def leaves(fields: Args, prefix: str = "") -> list[tuple[str, Any]]:
    """Dotted paths down to what has a place of its own; ``impact.users`` of a case is several fields here."""
    found: list[tuple[str, Any]] = []
    for name, value in fields.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping) and path not in FIELDS and path not in LISTS:
            found += leaves(value, f"{path}.")
        else:
            found.append((path, value))
    return found


def as_typed(value: Any) -> Any:
    """A value as a person types it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return str(value)


def tracker(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return str(value.get("url") or value.get("ref") or "") or None
    return str(value) if value else None


def said(time: Args) -> str:
    """The time in the words in which it was said, else without doubt."""
    raw = time.get("raw")
    if not raw:
        return exactly(time) or "unknown"
    zone = time.get("tz")
    named = re.search(r"[a-z]{3}|[+-]\d|Z$", str(raw), re.IGNORECASE)
    return f"{raw} {zone}" if zone and not named and "/" not in str(zone) else str(raw)


def exactly(time: Args) -> str | None:
    """The time so that it can be read in one way only."""
    if not time.get("utc"):
        return None
    moment = datetime.fromisoformat(str(time["utc"]))
    shape = {"hour": "%Y-%m-%d %H UTC", "day": "%Y-%m-%d", "second": "%Y-%m-%d %H:%M:%S UTC"}
    text = moment.strftime(shape.get(str(time.get("precision")), "%Y-%m-%d %H:%M UTC"))
    end = time.get("end_utc") or time.get("end")
    if isinstance(end, Mapping):
        end = end.get("utc")
    if end:
        last = datetime.fromisoformat(str(end))
        text = f"{moment:%Y-%m-%d %H:%M}-{last:%H:%M} UTC"
    if time.get("open_ended"):
        text += " onward"
    return f"~{text}" if time.get("approx") else text


def ts_at(at: datetime, count: int) -> str:
    """A Slack ts at this very second, unique by its last digits."""
    return f"{int(at.timestamp())}.{count + 1:06d}"
