"""Service levels: the budget of the window, what this incident took of it, and the verdict."""

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from bot.domain.fields import Value
from bot.domain.incident import Incident
from bot.domain.times import parse_duration
from bot.views.durations import Impact, Span

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def service_levels(
    incident: Incident, impact: Impact | None, *, at: datetime, zone: tzinfo
) -> list[dict[str, Any]]:
    """A row for each service level; one more for each window that the incident reached into.

    ``at`` is when the incident began; it chooses the window where none is named. Windows are those of ``zone``.
    """
    return [
        row
        for item in incident.lists.get("sla", ())
        for row in _rows(item.values, impact, at=at.astimezone(zone))
    ]


def _rows(values: Mapping[str, Value], impact: Impact | None, *, at: datetime) -> Iterator[dict[str, Any]]:
    said = {name: value for name, value in values.items() if name != "budget"}
    used = parse_duration(str(values.get("used_before", "")))
    for number, (label, window) in enumerate(_windows(values, impact, at=at)):
        budget = _budget(values, window)
        this = impact.seconds(window) if impact else None
        approx = bool(impact and impact.approx)
        # What was used before belongs to the first window; a later one began with this incident.
        before = used if number == 0 else 0
        actual = None if this is None else this + (before or 0)
        yield {
            **said,
            "window_ref": label,
            "budget_s": budget,
            "used_before_s": before,
            "this_s": this,
            "actual_s": actual,
            "approx": approx,
            **_verdict(budget, actual, values),
        }


def _verdict(budget: int | None, actual: int | None, values: Mapping[str, Value]) -> dict[str, Any]:
    if budget is None or actual is None:
        return {"verdict": values.get("verdict") or "unknown"}
    if actual > budget:
        return {"verdict": "breached", "overage_s": actual - budget}
    return {"verdict": "within", "left_s": budget - actual}


def _budget(values: Mapping[str, Value], window: Span | None) -> int | None:
    """In seconds: as stated, or what the target leaves of the window."""
    stated = parse_duration(str(values.get("budget", "")))
    if stated is not None:
        return stated
    target = values.get("target_pct")
    if window is None or not isinstance(target, int | float):
        return None
    length = (window[1] - window[0]).total_seconds()
    return round(length * (100 - target) / 100)


def _windows(
    values: Mapping[str, Value], impact: Impact | None, *, at: datetime
) -> Iterator[tuple[str | None, Span | None]]:
    """The calendar windows that count: the one named, or each one that the incident touched."""
    kind, named = str(values.get("window", "")), str(values.get("window_ref", "")).strip()
    if kind not in _MONTHS and "target_pct" not in values and not named:
        yield None, None
        return
    start = _named(named, at.tzinfo or UTC)
    if start is not None:
        yield named, _window(start, _MONTHS.get(kind) or _months_of(named))[0]
        return
    months = _MONTHS.get(kind, 1)
    end = impact.spans[-1][1] if impact else at
    begin = at
    while True:
        window, following = _window(begin, months)
        yield named or _label(window[0].astimezone(at.tzinfo), months), window
        if following >= end:
            return
        begin = following


def _window(at: datetime, months: int) -> tuple[Span, datetime]:
    """The month, quarter or year around a local moment, in UTC; and the local start of the next one."""
    first = (at.month - 1) // months * months + 1
    start = at.replace(month=first, day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    days = sum(calendar.monthrange(at.year, month)[1] for month in range(first, first + months))
    following = start + timedelta(days=days)
    return (start.astimezone(UTC), following.astimezone(UTC)), following


def _named(text: str, zone: tzinfo) -> datetime | None:
    """A moment in ``2025-11``, ``2025-Q4`` or ``2025``."""
    match = re.fullmatch(r"((?:19|20|21)\d\d)(?:-(\d{1,2})|[-\s]?[qQ]([1-4]))?", text)
    if match is None:
        return None
    month = int(match[2]) if match[2] else int(match[3]) * 3 if match[3] else 1
    return datetime(int(match[1]), month, 1, tzinfo=zone) if 1 <= month <= 12 else None


def _months_of(named: str) -> int:
    return 3 if "q" in named.lower() else 1 if "-" in named else 12


def _label(start: datetime, months: int) -> str:
    return {1: f"{start:%Y-%m}", 3: f"{start:%Y}-Q{(start.month + 2) // 3}", 12: f"{start:%Y}"}[months]
