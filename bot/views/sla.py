"""Service levels: the budget of the window, what this incident took of it, and the verdict."""

import calendar
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.incident import Incident, Item
from bot.domain.times import format_duration, parse_duration
from bot.views.durations import windows

DAY_S = 86_400


def verdicts(incident: Incident, durations: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One line for each service level that was named."""
    return [_verdict(incident, item, durations) for item in incident.lists.get("sla", ())]


def _verdict(incident: Incident, item: Item, durations: Mapping[str, Any]) -> dict[str, Any]:
    values = item.values
    budget = _budget(incident, item)
    impact = durations.get("impact")
    used = parse_duration(str(values.get("used_before") or "")) or 0
    actual = impact["seconds"] + used if impact else None
    made: dict[str, Any] = {
        "name": values.get("name"),
        "counterparty": values.get("counterparty"),
        "kind": values.get("kind"),
        "target_pct": values.get("target_pct"),
        "window": values.get("window"),
        "window_ref": values.get("window_ref"),
        "verdict": values.get("verdict") or "unknown",
        "budget": format_duration(budget) if budget is not None else None,
        "used_before": format_duration(used) if used else None,
        "this_incident": impact["text"] if impact else None,
        "total": format_duration(actual) if actual is not None else None,
    }
    if budget is not None and actual is not None:
        over = actual - budget
        made["verdict"] = "breached" if over > 0 else "within"
        made["over" if over > 0 else "left"] = format_duration(abs(over))
    return made


def _budget(incident: Incident, item: Item) -> float | None:
    """In seconds: stated, or what the target leaves of the window."""
    values = item.values
    stated = parse_duration(str(values.get("budget") or ""))
    if stated is not None:
        return stated
    target = values.get("target_pct")
    if not isinstance(target, int | float):
        return None
    start = windows(incident)[0][0].utc or incident.declared_at
    days = _days(str(values.get("window") or "month"), str(values.get("window_ref") or ""), start)
    return round(days * DAY_S * (100 - target) / 100, 3)


def _days(window: str, named: str, at: datetime) -> int:
    """Calendar days of the month, quarter or year that is named, else of the incident's."""
    year, month = at.year, at.month
    if match := re.match(r"(\d{4})(?:-(\d{1,2})|-?[qQ](\d))?", named):
        year = int(match[1])
        month = int(match[2] or 0) or (int(match[3]) * 3 if match[3] else month)
    if window == "year":
        return 366 if calendar.isleap(year) else 365
    if window == "quarter":
        first = (month - 1) // 3 * 3 + 1
        return sum(calendar.monthrange(year, m)[1] for m in range(first, first + 3))
    return calendar.monthrange(year, min(12, month))[1]
