"""Rules about times: missing ones, ones out of order, silences, and what a reader should know of their exactness."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from typing import Any

from bot.domain.times import format_duration, zone_of
from bot.views.lint.finding import Data, Profile, Remark, Remarks
from bot.views.lint.reading import entries, moment

_ORDER = (
    ("impact_start", "detected"),
    ("detected", "acknowledged"),
    ("impact_start", "mitigated"),
    ("detected", "mitigated"),
    ("mitigated", "resolved"),
    ("impact_start", "resolved"),
)
_COARSE = frozenset({"hour", "day", "none"})
_LONGEST_GAPS = 3
_SECOND = timedelta(seconds=1)
_LENGTHS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def no_detection_time(document: Data, _: Profile) -> Remarks:
    yield from _missing(document, "detected", "Nobody said when it was detected.", "time detected 14:05")


def no_impact_start(document: Data, _: Profile) -> Remarks:
    yield from _missing(
        document, "impact_start", "Nobody said when the impact started.", "time impact_started 14:05"
    )


def no_resolved_time(document: Data, _: Profile) -> Remarks:
    yield from _missing(document, "resolved", "Nobody said when it was resolved.", "resolve")


def _missing(document: Data, name: str, text: str, command: str) -> Remarks:
    if moment(document["times"].get(name)) is None:
        yield Remark(text=text, where=f"times.{name}", hint=f"/incident {command}")


def time_order(document: Data, _: Profile) -> Remarks:
    """Approximate times contradict nothing, and an hour is no contradiction of a minute within it."""
    for early, late in _ORDER:
        first, second = document["times"].get(early), document["times"].get(late)
        begun, ended = moment(first), moment(second)
        if begun is None or ended is None or first.get("approx") or second.get("approx"):
            continue
        if begun - ended >= max(_LENGTHS.get(time.get("precision"), _SECOND) for time in (first, second)):
            words = early.replace("_", " "), late.replace("_", " ")
            yield Remark(
                text=f"“{words[1]}” stands before “{words[0]}”.",
                where=f"times.{late}",
                hint=f"Correct one of them: /incident time {late} …",
            )


def timeline_gap(document: Data, profile: Profile) -> Remarks:
    """Silences from the impact's start (else from what is known first) to its end, the longest first."""
    begun = document["times"].get("impact_start") or {}
    # A start that was read from an entry says nothing of what was before it.
    start = None if begun.get("basis") else moment(begun)
    end = moment(document["times"].get("resolved"))
    told = sorted(at for line in entries(document) if (at := moment(line["time"])))
    declared = moment(document["times"].get("declared"))
    known = [*told, *filter(None, (start, end, declared))]
    if not known:
        return
    first, last = start or min(known), end or max(known)
    stops = [first, *(at for at in told if first < at < last), last]
    gaps = [(b - a, a, b) for a, b in pairwise(stops) if b - a > timedelta(minutes=profile.gap_minutes)]
    for length, a, b in sorted(gaps, key=lambda gap: (-gap[0], gap[1]))[:_LONGEST_GAPS]:
        yield Remark(
            text=f"Nothing is told for {format_duration(length.total_seconds())}, from {_face(a)} to {_face(b)} UTC.",
            where="timeline",
            hint="Add what happened: /incident note --at …",
        )


def _face(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def timeline_empty(document: Data, _: Profile) -> Remarks:
    if not entries(document):
        yield Remark(text="The timeline is empty.", where="timeline", hint="Tag messages with :pushpin:.")


def few_entries(document: Data, profile: Profile) -> Remarks:
    count = len(entries(document))
    if 0 < count < profile.few_entries:
        yield Remark(text=f"The timeline has only {count} entries.", where="timeline")


def no_marker_for(document: Data, _: Profile) -> Remarks:
    markers = {line.get("marker") for line in entries(document)}
    for name, kinds in (("detected", {"detected"}), ("restored", {"restored", "healthy", "recovered"})):
        if not markers & kinds:
            yield Remark(
                text=f"No entry is marked “{name}”.",
                where="timeline",
                hint=f"/incident edit T1 --marker {name}",
            )


def approximate_times(document: Data, _: Profile) -> Remarks:
    count = sum(bool(time.get("approx")) for time in _times(document))
    if count:
        yield Remark(
            text=f"{count} times are approximate; what is computed from them is too.", where="timeline"
        )


def low_precision_times(document: Data, _: Profile) -> Remarks:
    count = sum(time.get("precision") in _COARSE for time in _times(document))
    if count:
        yield Remark(text=f"{count} times are known only to the hour or the day.", where="timeline")


def _times(document: Data) -> Iterator[Data]:
    yield from (time for time in document["times"].values() if isinstance(time, dict))
    yield from (line["time"] for line in entries(document))
    yield from (line["time"] for line in document["notes"])


_SIX = re.compile(r"(?<![\d:.])(\d\d)(\d\d)(\d\d)(?![\d:.])")
_SLASHED = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?![\d/-])")


def ambiguous_date(document: Data, _: Profile) -> Remarks:
    said = [document["incident"].get("stated_dates"), *(time.get("raw") for time in _times(document))]
    for text in dict.fromkeys(filter(None, said)):
        if _ambiguous(str(text)):
            yield Remark(
                text=f"“{text}” can be read as more than one date.",
                where="incident.stated_dates",
                hint="Write it as 2026-01-31.",
            )


def _ambiguous(text: str) -> bool:
    """Six digits in a row always; day and month beside each other when both could be either."""
    if _SIX.search(text):
        return True
    match = _SLASHED.search(text)
    return bool(match and int(match[1]) <= 12 and int(match[2]) <= 12 and match[1] != match[2])


def mixed_time_zones(document: Data, _: Profile) -> Remarks:
    offsets = {_offset(time) for time in _times(document) if time.get("tz") and moment(time)}
    if document["display"].get("zone") not in {None, "UTC"}:
        # What Slack clocked is told in UTC, beside the zone of the readers.
        offsets |= {_offset(time) for time in _times(document) if moment(time) and not time.get("tz")}
    if len(offsets) > 1:
        yield Remark(
            text="Times were stated in more than one zone; all are printed in UTC.", where="timeline"
        )


def _offset(time: Data) -> timedelta:
    at = moment(time)
    place = zone_of(time.get("tz"))
    return (at.astimezone(place).utcoffset() if at and place else None) or timedelta()


def crosses_dst(document: Data, _: Profile) -> Remarks:
    told = _told(document)
    for name in sorted(_zones(document)):
        place = zone_of(name)
        if place and len({at.astimezone(place).utcoffset() for at in told}) > 1:
            yield Remark(text=f"The clocks of {name} changed during the incident.", where="timeline")
            return


def crosses_midnight(document: Data, _: Profile) -> Remarks:
    told = _told(document)
    for name in sorted({"UTC"} | _zones(document)):
        place = zone_of(name) or UTC
        if len({at.astimezone(place).date() for at in told}) > 1:
            yield Remark(text=f"The timeline spans more than one day ({name}).", where="timeline")
            return


def _zones(document: Data) -> set[str]:
    stated = {str(time["tz"]) for time in _times(document) if time.get("tz")}
    return stated | {str(document["display"].get("zone") or "UTC")}


def _told(document: Data) -> list[datetime]:
    return [at for time in _times(document) if (at := moment(time))]


def overlapping_entries(document: Data, _: Profile) -> Remarks:
    spans: list[tuple[datetime, datetime, Any]] = []
    for line in entries(document):
        start = moment(line["time"])
        end = line["time"].get("end_utc")
        if start:
            spans.append((start, datetime.fromisoformat(end) if end else start, line))
    pairs = [1 for a, b in combinations(_long(spans), 2) if a[0] < b[1] and b[0] < a[1]]
    inside = [1 for a in _long(spans) for b in spans if b[0] == b[1] and a[0] < b[0] < a[1]]
    count = len(pairs) + len(inside)
    if count:
        yield Remark(text=f"{count} entries fall into the time of another one.", where="timeline")


def _long(spans: list[tuple[datetime, datetime, Any]]) -> list[tuple[datetime, datetime, Any]]:
    return [span for span in spans if span[1] > span[0]]


def many_entries(document: Data, profile: Profile) -> Remarks:
    count = len(entries(document))
    if count > profile.many_entries:
        yield Remark(
            text=f"The timeline has {count} entries.",
            where="timeline",
            hint="Hide or merge what does not matter.",
        )


def reopened(document: Data, _: Profile) -> Remarks:
    times = len(document["incident"].get("reopened") or [])
    if times:
        yield Remark(
            text=f"The incident was reopened{'' if times == 1 else f' {times} times'}.",
            where="incident.reopened",
        )


def notes_and_timeline_disjoint(document: Data, _: Profile) -> Remarks:
    """Raw notes of one time and a timeline of another: two incidents in one report."""
    noted = [at for line in document["notes"] if (at := moment(line["time"]))]
    told = [at for line in entries(document) if (at := moment(line["time"]))]
    if noted and told and (max(noted) < min(told) or max(told) < min(noted)):
        yield Remark(
            text="The raw notes and the timeline are of different times; perhaps an older report was copied.",
            where="notes",
            hint="Link the other incident instead: /incident add related …",
        )


_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_UNTIL = r"(?:\s*(?:-|–|to|until|through)\s*(\d{1,2})(?:st|nd|rd|th)?)?"  # noqa: RUF001
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){_UNTIL}", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?{_UNTIL}\s+{_MONTH}", re.IGNORECASE)
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")


def header_dates_contradict_timeline(document: Data, _: Profile) -> Remarks:
    """The dates in the header against the days on which things happened. Years are compared where they were said."""
    stated = str(document["incident"].get("stated_dates") or "")
    days = {(d.month, d.day) for d in _days(document)}
    said = list(_stated_days(stated))
    if not said or not days:
        return
    low, high = min(said), max(said)
    if not all(low <= day <= high for day in days):
        yield Remark(
            text=f"The header says “{stated}”, the timeline runs from {_day(min(days))} to {_day(max(days))}.",
            where="incident.stated_dates",
            hint="Both are printed; correct one, or say why they differ.",
        )


def _days(document: Data) -> Iterator[date]:
    """The days of the incident itself: from its first entry to its resolution."""
    over = moment(document["times"].get("resolved"))
    zone = zone_of(document["display"].get("zone")) or UTC
    for line in entries(document):
        at = moment(line["time"])
        if at and (over is None or at <= over):
            yield at.astimezone(zone).date()


def _stated_days(text: str) -> Iterator[tuple[int, int]]:
    for match in _ISO.finditer(text):
        yield int(match[2]), int(match[3])
    for match in _MONTH_FIRST.finditer(text):
        month = _MONTHS.index(match[1].lower()) + 1
        yield from ((month, int(day)) for day in (match[2], match[3]) if day)
    for match in _DAY_FIRST.finditer(text):
        month = _MONTHS.index(match[3].lower()) + 1
        yield from ((month, int(day)) for day in (match[1], match[2]) if day)


def _day(day: tuple[int, int]) -> str:
    return f"{day[1]} {_MONTHS[day[0] - 1].capitalize()}"


def stated_duration_differs(document: Data, _: Profile) -> Remarks:
    lengths = document["durations"]
    if lengths.get("stated_differs"):
        computed = format_duration(lengths["impact"]["seconds"], approx=bool(lengths["impact"].get("approx")))
        yield Remark(
            text=f"“{lengths['stated']}” was stated, {computed} is computed.",
            where="incident.stated_duration",
            hint="Both are printed. Correct the times, or the stated duration.",
        )
