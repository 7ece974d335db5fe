"""Where a clock stands: the zone words people type, and what moments a wall clock means there.

An abbreviation means its literal offset, also out of season: 4pm PST in July is UTC-8, as written. Abbreviations
that several places share are read as the typist's own where the typist's zone uses them (IST in Dublin, CST in
Shanghai), else as the most common: IST India, BST Britain, CST and EST North America, AST Atlantic.
PT, MT, CT and ET follow daylight saving time.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
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
_NAMED = re.compile(r"(?<![a-z/_+-])[a-z_]+/[a-z_]+(?:[/+-][a-z_0-9]+)*(?![a-z/_])", re.ASCII)
_WORD = re.compile(r"(?<![a-z/_])[a-z]{1,5}(?![a-z/_\d])", re.ASCII)
_OWN = re.compile(r"\b(?:my time|your time|local time|local)\b")

#: Stands where a piece was taken out, so that its neighbours do not grow together.
GAP = " | "


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone and the name that a time keeps: ``UTC``, an IANA name, or ``+01:00``."""

    info: tzinfo
    name: str


def zone_named(zone: tzinfo) -> Zone:
    key = getattr(zone, "key", None)
    if isinstance(key, str):
        return Zone(zone, key)
    return _fixed(zone.utcoffset(None) or timedelta())


def pull_zone(text: str, typist: tzinfo, now: datetime) -> tuple[str, Zone | None]:
    """The text without its first zone, and that zone. The text is in lower case."""
    found = _find(text, typist, now)
    if found is None:
        return text, None
    match, zone = found
    return text[: match.start()] + GAP + text[match.end() :], zone


def _find(text: str, typist: tzinfo, now: datetime) -> tuple[re.Match[str], Zone] | None:
    for pattern, read in ((_OWN, _own), (_NUMERIC, _numeric), (_NAMED, _iana), (_WORD, _abbreviation)):
        for match in pattern.finditer(text):
            zone = read(match, typist, now)
            if zone is not None:
                return match, zone
    return None


def split_zone(text: str) -> tuple[str, Zone | None]:
    """The text without its zone, and that zone, whoever typed it: shared abbreviations mean the most common."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter that grows in lower case would shift every position
        text = lowered
    found = None if _OWN.search(lowered) else _find(lowered, UTC, datetime(2000, 1, 1, tzinfo=UTC))
    if found is None:
        return text, None
    match, zone = found
    return f"{text[: match.start()]} {text[match.end() :]}".strip(), zone


def is_zone_word(word: str) -> bool:
    return word in _ABBREVIATIONS or word in _FOLLOW_SEASONS


def instants(day: date, clock: time, zone: tzinfo) -> tuple[datetime, ...]:
    """The moments, in UTC, that a wall clock can mean: two where it is skipped or repeated by daylight saving."""
    wall = datetime.combine(day, clock)
    both = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(both))


def first_instant(day: date, clock: time, zone: tzinfo) -> datetime:
    """One moment where nobody needs to be asked: a skipped clock moves on, a repeated one means its first."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _own(_match: re.Match[str], typist: tzinfo, _now: datetime) -> Zone:
    return zone_named(typist)


def _numeric(match: re.Match[str], _typist: tzinfo, _now: datetime) -> Zone | None:
    kind = next(name for name in ("word", "plus", "minus") if match[name])
    hours, minutes = int(match[kind]), int(match[f"{kind}_minutes"] or 0)
    # No clock on earth is further from UTC, nor off by other minutes: then it is something else, such as a range.
    if not -12 <= hours <= 14 or minutes not in {0, 15, 30, 45}:
        return None
    offset = timedelta(hours=abs(hours), minutes=minutes)
    return _fixed(-offset if match[kind].startswith("-") else offset)


def _iana(match: re.Match[str], _typist: tzinfo, _now: datetime) -> Zone | None:
    name = _iana_names().get(match[0])
    return Zone(ZoneInfo(name), name) if name else None


@cache
def _iana_names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name}


def _abbreviation(match: re.Match[str], typist: tzinfo, now: datetime) -> Zone | None:
    word = match[0]
    if word in {"utc", "gmt", "z"}:
        return Zone(UTC, "UTC")
    if (own := _typists_own(word, typist, now)) is not None:
        return _fixed(own)
    if word in _FOLLOW_SEASONS:
        name = _FOLLOW_SEASONS[word]
        return Zone(ZoneInfo(name), name)
    hours = _ABBREVIATIONS.get(word)
    return _fixed(timedelta(hours=hours)) if hours is not None else None


def _typists_own(word: str, typist: tzinfo, now: datetime) -> timedelta | None:
    """What the typist's zone calls so, in winter or in summer."""
    for month in (1, 7):
        there = datetime(now.year, month, 1, tzinfo=typist)
        if (there.tzname() or "").lower() == word:
            return there.utcoffset()
    return None


def _fixed(offset: timedelta) -> Zone:
    if not offset:
        return Zone(UTC, "UTC")
    minutes = round(abs(offset).total_seconds() / 60)
    name = f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return Zone(zone_of(name) or timezone(offset), name)
