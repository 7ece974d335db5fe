"""How long things took: computed from the times, approximate where they are, unknown where one is missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.incident import Incident
from bot.domain.times import Precision, Time, parse_duration
from bot.domain.vocabulary import Marker, TagKind, TimeName

Span = tuple[datetime, datetime]
Moments = Mapping[TimeName, Time]

_MEASURED = {
    "time_to_detect": TimeName.DETECTED,
    "time_to_acknowledge": TimeName.ACKNOWLEDGED,
    "time_to_declare": TimeName.DECLARED,
    "time_to_identify": TimeName.IDENTIFIED,
    "time_to_mitigate": TimeName.MITIGATED,
    "time_to_resolve": TimeName.RESOLVED,
}
_TROUBLE = frozenset({Marker.FAILURE, Marker.DEGRADED, Marker.DETECTED})
_COARSE = frozenset({Precision.HOUR, Precision.DAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time of the incident. ``basis`` tells where it was read when nobody stated it."""

    time: Time
    basis: str | None = None


def moments(incident: Incident) -> dict[TimeName, Moment]:
    """The incident's times; what nobody stated is read from the timeline's markers, and says so."""
    found = {name: Moment(time=time) for name, time in incident.times.items()}
    window = incident.fields.get("impact.window.from")
    marked = sorted(
        (
            (entry.time, entry.details.marker)
            for entry in incident.entries.values()
            if entry.details.marker and entry.time.utc and entry.tag is TagKind.TIMELINE and not entry.hidden
        ),
        key=lambda pair: pair[0].sort_key,
    )

    def read(name: TimeName, markers: frozenset[Marker], *, last: bool = False) -> None:
        hits = [(time, marker) for time, marker in marked if marker in markers]
        if hits:
            time, marker = hits[-1 if last else 0]
            which = "last" if last else "first"
            found[name] = Moment(
                time=replace(time, source="derived"), basis=f"{which} entry marked {marker.label}"
            )

    if TimeName.IMPACT_STARTED not in found:
        if isinstance(window, Time) and window.utc:
            found[TimeName.IMPACT_STARTED] = Moment(time=window, basis="impact window")
        else:
            read(TimeName.IMPACT_STARTED, _TROUBLE)
    if TimeName.DETECTED not in found:
        read(TimeName.DETECTED, frozenset({Marker.DETECTED}))
    # Resolving without a stop at monitoring copies its time; a marker knows better.
    if TimeName.MITIGATED in found and found[TimeName.MITIGATED].time.source == "derived":
        read(TimeName.MITIGATED, frozenset({Marker.RESTORED}), last=True)
    return found


@dataclass(frozen=True, slots=True)
class Impact:
    """When users were hit: windows that do not overlap. ``whole_minutes`` when no end is known to the second."""

    spans: tuple[Span, ...]
    approx: bool = False
    whole_minutes: bool = False

    def seconds(self, window: Span | None = None) -> int:
        """Its length, or of the part within a window."""
        cut = [(max(a, window[0]), min(b, window[1])) for a, b in self.spans] if window else self.spans
        return _rounded(
            sum(max(0.0, (b - a).total_seconds()) for a, b in cut), whole_minutes=self.whole_minutes
        )


def windows(incident: Incident, times: Mapping[TimeName, Moment]) -> list[tuple[Time, Time | None]]:
    """The impact's windows: one, and one more for each reopening. The last has no end while it lasts."""
    first = times.get(TimeName.IMPACT_STARTED) or times[TimeName.DECLARED]
    resolved = times.get(TimeName.RESOLVED)
    end = resolved.time if resolved else incident.fields.get("impact.window.to")
    ended: list[tuple[Time, Time | None]] = [*incident.windows]
    if ended:
        ended[0] = (first.time, ended[0][1])
    start = incident.reopened[-1] if ended and incident.reopened else first.time
    return [*ended, (start, end if isinstance(end, Time) else None)]


def impact(incident: Incident, times: Mapping[TimeName, Moment]) -> Impact | None:
    """The union of the windows; None while the end of one is not known, or lies before its start."""
    spans: list[Span] = []
    known: list[Time] = []
    for start, end in windows(incident, times):
        if start.utc is None or end is None or end.utc is None or end.utc < start.utc:
            return None
        spans.append((start.utc, end.utc))
        known += [start, end]
    return Impact(
        _union(spans), approx=any(map(_inexact, known)), whole_minutes=any(map(_to_the_minute, known))
    )


def durations(incident: Incident, times: Mapping[TimeName, Moment]) -> dict[str, Any]:
    """Each length as seconds and whether it is approximate; ``measured_from`` says from which moment."""
    name = TimeName.IMPACT_STARTED if TimeName.IMPACT_STARTED in times else TimeName.DECLARED
    start = times[name]
    whole = impact(incident, times)
    found: dict[str, Any] = {
        "measured_from": name.label,
        "basis": start.basis,
        "impact": {"seconds": whole.seconds(), "approx": whole.approx} if whole else None,
        "detect_to_resolve": _between(times.get(TimeName.DETECTED), times.get(TimeName.RESOLVED)),
    }
    for path, end in _MEASURED.items():
        measured = end is not name and times.get(end)
        # A start that was read from the same entry as the end measures nothing.
        same = measured and measured.basis and measured.basis == start.basis
        found[path] = _between(start, measured) if measured and not same else None
    stated = incident.fields.get("incident.stated_duration")
    if stated:
        found["stated"] = str(stated)
        found["stated_differs"] = whole is not None and _differs(whole.seconds(), str(stated))
    return found


def _between(start: Moment | None, end: Moment | None) -> dict[str, Any] | None:
    if start is None or end is None or start.time.utc is None or end.time.utc is None:
        return None
    seconds = (end.time.utc - start.time.utc).total_seconds()
    if seconds < 0:
        return None
    ends = (start.time, end.time)
    whole = any(map(_to_the_minute, ends))
    return {"seconds": _rounded(seconds, whole_minutes=whole), "approx": any(map(_inexact, ends))}


def _inexact(time: Time) -> bool:
    """An hour or a day is not claimed to the minute."""
    return time.approx or time.precision in _COARSE


def _to_the_minute(time: Time) -> bool:
    return time.precision is not Precision.SECOND


def _rounded(seconds: float, *, whole_minutes: bool) -> int:
    """Never more exact than its ends; and what took a moment did not take nothing."""
    minutes = round(seconds / 60) * 60
    return minutes if whole_minutes and minutes else round(seconds)


def _union(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _differs(computed: int, stated: str) -> bool:
    """By more than 10 s and 1 %; 5 % where the words say that it is about."""
    words = stated.strip().lower()
    exact = re.sub(r"^(?:[~±≈]|about|around|approximately|approx\.?|ca\.?)\s*", "", words)
    seconds = parse_duration(exact)
    if seconds is None:
        return False
    gap = abs(computed - seconds)
    return gap > 10 and gap > seconds * (0.05 if exact != words else 0.01)
