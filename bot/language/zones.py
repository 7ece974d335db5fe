"""Zone words inside what people type: UTC, Z, GMT+1, +0100, CET, IANA names.

An abbreviation means its literal offset, also out of season: 4pm PST in July is UTC-8, as written. Where several
places share one, the most common wins: IST is India, BST Britain, CST and EST North America, AST the Atlantic.
PT, MT, CT and ET follow daylight saving time.
"""

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.times import zone_of

#: Hours from UTC, in the places where the abbreviation is used most.
_ABBREVIATIONS: dict[str, float] = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "wat": 1,
    "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "sast": 2, "cat": 2, "eet": 2, "eest": 3, "eat": 3, "msk": 3,
    "gst": 4, "pkt": 5, "ist": 5.5, "ict": 7, "wib": 7, "sgt": 8, "hkt": 8, "awst": 8, "pht": 8, "jst": 9, "kst": 9,
    "acst": 9.5, "aest": 10, "acdt": 10.5, "aedt": 11, "nzst": 12, "nzdt": 13,
    "ndt": -2.5, "nst": -3.5, "brt": -3, "art": -3, "adt": -3, "ast": -4, "edt": -4, "est": -5, "cdt": -5,
    "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "akdt": -8, "akst": -9, "hst": -10,
}  # fmt: skip

_FOLLOW_SEASONS = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}

_NUMERIC = re.compile(
    r"\b(?:utc|gmt)\s?(?P<word>[+-]\d{1,2})(?::?(?P<word_minutes>\d\d))?(?![\d:])"
    r"|(?<=[\d\s])(?P<plus>\+\d\d)(?::?(?P<plus_minutes>\d\d))?(?![\d:])"
    # A minus touching the clock is a range, 14:00-14:25; after a space and without one behind, an offset.
    r"|(?<=\s)(?P<minus>-\d\d):?(?P<minus_minutes>\d\d)(?![\d:])",
    re.ASCII,
)
#: Only ISO 8601 puts a minus offset right behind the clock: 2026-01-29T14:30-05:00, 2026-01-29 14:30:00-05:00.
_ISO_MINUS = re.compile(
    r"\d{4}-\d\d-\d\d(?:t\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?|\s\d\d:\d\d:\d\d(?:[.,]\d+)?)"
    r"(?P<iso>-\d\d):?(?P<iso_minutes>\d\d)(?![\d:])",
    re.ASCII,
)
_NAMED = re.compile(r"(?<![a-z/_+-])[a-z_]+/[a-z_]+(?:[/+-][a-z_0-9]+)*(?![a-z/_])", re.ASCII)
_WORD = re.compile(r"(?<![a-z/_])[a-z]{1,5}(?![a-z/_\d])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone and the name that a time keeps: ``UTC``, an IANA name, or ``+01:00``."""

    info: tzinfo
    name: str


def split_zone(text: str) -> tuple[str, Zone | None]:
    """The text without its zone, and that zone; the text as it was when it names none."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter that grows in lower case shifts every position behind it
        text = lowered
    found = _find(lowered)
    if found is None:
        return text, None
    (start, end), zone = found
    if lowered[:start].endswith("(") and lowered[end:].startswith(")"):
        start, end = start - 1, end + 1
    return f"{text[:start]} {text[end:]}".strip(), zone


def _find(text: str) -> tuple[tuple[int, int], Zone] | None:
    if (iso := _ISO_MINUS.search(text)) and (zone := _numeric(iso)):
        return (iso.start("iso"), iso.end()), zone
    for pattern, read in ((_NUMERIC, _numeric), (_NAMED, _iana), (_WORD, _abbreviation)):
        for match in pattern.finditer(text):
            if zone := read(match):
                return match.span(), zone
    return None


def _numeric(match: re.Match[str]) -> Zone | None:
    groups = match.groupdict()
    kind = next(name for name in ("word", "plus", "minus", "iso") if groups.get(name))
    hours, minutes = int(groups[kind]), int(groups[f"{kind}_minutes"] or 0)
    # No clock on earth is further from UTC, nor off by other minutes: then it is something else, such as a range.
    if not -12 <= hours <= 14 or minutes not in {0, 15, 30, 45}:
        return None
    offset = timedelta(hours=abs(hours), minutes=minutes)
    return _fixed(-offset if groups[kind].startswith("-") else offset)


def _iana(match: re.Match[str]) -> Zone | None:
    name = _iana_names().get(match[0])
    return Zone(ZoneInfo(name), name) if name else None


@cache
def _iana_names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name}


def _abbreviation(match: re.Match[str]) -> Zone | None:
    if name := _FOLLOW_SEASONS.get(match[0]):
        return Zone(ZoneInfo(name), name)
    hours = _ABBREVIATIONS.get(match[0])
    return _fixed(timedelta(hours=hours)) if hours is not None else None


def _fixed(offset: timedelta) -> Zone:
    minutes = round(abs(offset).total_seconds() / 60)
    name = f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return Zone(zone_of(name) or UTC, name) if offset else Zone(UTC, "UTC")


def read_zone(text: str) -> Zone | None:
    """The zone that a text is, when it is nothing else."""
    rest, zone = split_zone(f" {text.strip()}")
    return zone if not rest.strip() else None
