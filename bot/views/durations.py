"""How long things took: computed from the times, approximate where they are, unknown where one is missing."""

from typing import Any

from bot.domain.incident import Incident
from bot.domain.times import Time, format_duration, parse_duration
from bot.domain.vocabulary import TimeName

MEASURED = {
    "time_to_detect": TimeName.DETECTED,
    "time_to_acknowledge": TimeName.ACKNOWLEDGED,
    "time_to_declare": TimeName.DECLARED,
    "time_to_identify": TimeName.IDENTIFIED,
    "time_to_mitigate": TimeName.MITIGATED,
    "time_to_resolve": TimeName.RESOLVED,
}


def durations(incident: Incident) -> dict[str, Any]:
    """Seconds and printed text of each; ``measured_from`` says from which moment."""
    start = incident.times.get(TimeName.IMPACT_STARTED) or incident.times.get(TimeName.DECLARED)
    started = TimeName.IMPACT_STARTED if TimeName.IMPACT_STARTED in incident.times else TimeName.DECLARED
    found: dict[str, Any] = {"measured_from": started.label}
    for name, which in MEASURED.items():
        found[name] = _between(start, incident.times.get(which)) if which is not started else None
    found["impact"] = impact(incident)
    found["detect_to_resolve"] = _between(
        incident.times.get(TimeName.DETECTED), incident.times.get(TimeName.RESOLVED)
    )
    stated = incident.fields.get("incident.stated_duration")
    found["stated"] = str(stated) if stated else None
    found["stated_differs"] = _differs(found["impact"], str(stated)) if stated else False
    return found


def windows(incident: Incident) -> list[tuple[Time, Time | None]]:
    """The impact's windows: one, or one more for each reopen. The last has no end while it lasts."""
    first = incident.times.get(TimeName.IMPACT_STARTED) or incident.times.get(TimeName.DECLARED)
    start = incident.reopened[-1] if incident.reopened else first
    end = incident.times.get(TimeName.RESOLVED)
    assert start is not None, "every incident has a time of declaration"
    return [*incident.windows, (start, end)]


def impact(incident: Incident) -> dict[str, Any] | None:
    """The sum of the windows; None while one has no end."""
    total, approx = 0.0, False
    for start, end in windows(incident):
        if end is None or end.utc is None or start.utc is None:
            return None
        total += max(0.0, (end.utc - start.utc).total_seconds())
        approx = approx or start.approx or end.approx
    return _shown(total, approx=approx)


def _between(start: Time | None, end: Time | None) -> dict[str, Any] | None:
    if start is None or end is None or start.utc is None or end.utc is None:
        return None
    seconds = (end.utc - start.utc).total_seconds()
    return _shown(seconds, approx=start.approx or end.approx) if seconds >= 0 else None


def _shown(seconds: float, *, approx: bool) -> dict[str, Any]:
    return {"seconds": round(seconds), "approx": approx, "text": format_duration(seconds, approx=approx)}


def _differs(computed: dict[str, Any] | None, stated: str) -> bool:
    """By more than 10 s and 1 %; 5 % where the words say that it is about."""
    words = stated.lower().lstrip("~± ")
    loose = words != stated.lower() or "about" in words or "approx" in words
    seconds = parse_duration(words.removeprefix("approximately ").removeprefix("about ").strip())
    if computed is None or seconds is None:
        return False
    gap = abs(int(computed["seconds"]) - seconds)
    return gap > 10 and gap > seconds * (0.05 if loose else 0.01)
