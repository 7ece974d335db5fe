"""Times that people type about an incident: always past, read near the incident, echoed before they are trusted.

Order of reading: an explicit zone in the text counts, else the typist's own. What can be read in two ways is asked,
never chosen; so is what lies long before the incident.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.times import Precision, Time, parse_duration
from bot.language.ranges import read_range
from bot.language.reading import EXAMPLES, Ambiguous, NotUnderstood, Read, Reading, Understood, changed
from bot.language.single import read_single
from bot.language.spelled import spell
from bot.language.walls import FUTURE_SLACK, Reader
from bot.language.zones import Zone, split_zone

LONG_BEFORE = timedelta(days=30)
MAX_LENGTH = 120  # no time is longer, and a pasted log must not keep the reader busy
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_UNKNOWN = frozenset({"?", "unknown", "??:??", "-"})
_APPROX = re.compile(
    r"^(?:at\s+)?(?:~|±|≈|\+/-|about\b|around\b|roughly\b|approx(?:imately\b|\.|\b)|circa\b|ca?\.)\s*(?:at\s+)?",
    re.IGNORECASE,
)
_APPROX_BEHIND = re.compile(r"(?<=[\dm])(?:ish|\s+or so|\s*\(?approx\.?\)?)$", re.IGNORECASE)
_OWN_ZONE = re.compile(r"\s*\b(?:(?:my|local)\s+time|local)$", re.IGNORECASE)
_AGO = re.compile(r"(.+?)\s+ago|-\s*(\d.*)", re.IGNORECASE)
_ONWARD = re.compile(r"\s*(?:\bonwards?|\bon|\band after|\+)$|^(?:since|from)\s+", re.IGNORECASE)
_EPOCH = re.compile(r"(1\d{9})(?:\.(\d{1,9})|(\d{3}))?")


def read_time(
    text: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    near: datetime | None = None,
    declared: datetime | None = None,
    date_order: Literal["DMY", "MDY"] = "DMY",
) -> Read:
    """What moment a person means. ``near`` is what the incident is about: a bare time falls next to it.

    More than 30 days before ``declared`` has to be confirmed. Never raises; all moments are aware.
    """
    raw = text.strip()
    cleaned = normalise(raw)
    if not cleaned:
        return NotUnderstood("No time was given.", EXAMPLES)
    if len(cleaned) > MAX_LENGTH:
        return NotUnderstood("That is too long for a time.", EXAMPLES)
    if cleaned.lower() in _UNKNOWN:
        return Understood(Time(utc=None, precision=Precision.NONE, raw=raw))
    reader = Reader(now=now, zone=Zone(zone, str(zone)), near=near, order=date_order)
    try:
        answer = _read(cleaned, reader)
    except (ValueError, OverflowError):
        return NotUnderstood(f"`{raw}` is not a time that exists.", EXAMPLES)
    return _confirmed(_past(answer, raw, now), declared)


def normalise(text: str) -> str:
    """Plain spaces, dashes and quotes."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    for dash in _DASHES:
        plain = plain.replace(dash, "-")
    plain = plain.strip("\"'“”‘’`")  # noqa: RUF001 - the quotes that phones type
    return " ".join(plain.split()).rstrip(".")


def _read(cleaned: str, reader: Reader) -> Read | None:
    if cleaned.lower() in {"now", "just now", "right now"}:
        return Understood(Time(utc=reader.now))
    body = _APPROX_BEHIND.sub("", _APPROX.sub("", cleaned))
    approx = body != cleaned
    body = _OWN_ZONE.sub("", body)
    answer = _ago(body, reader) or _epoch(body) or read_range(body, reader)
    if answer is None and (onward := _ONWARD.sub("", body)) != body:
        answer = changed(_alone(onward, reader), lambda time: replace(time, open_ended=True))
    answer = answer or _alone(body, reader)
    return changed(answer, lambda time: replace(time, approx=True)) if approx else answer


def _alone(text: str, reader: Reader) -> Read | None:
    bare, typed = split_zone(text)
    return read_single(bare, replace(reader, zone=typed) if typed else reader, zoned=typed is not None)


def _ago(text: str, reader: Reader) -> Read | None:
    """`10 min ago`, `an hour ago`, `-10m`, to no finer a precision than was said. Days are dates: see `dates`."""
    match = _AGO.fullmatch(text)
    if match is None:
        return None
    words = (match[1] or match[2]).strip().lower()
    words = re.sub(r"^(?:an?|one)\s+", "1 ", words)
    words = re.sub(r"^half an hour$|^1 half an hour$", "30 min", words)
    seconds = parse_duration(words)
    if seconds is None or re.search(r"\d\s*(?:d|w)", words):
        return None
    moment = reader.now - timedelta(seconds=seconds)
    if re.search(r"\d\s*s", words):
        return Understood(Time(utc=moment.replace(microsecond=0), precision=Precision.SECOND))
    # Whole hours are counted roughly by everybody.
    return Understood(Time(utc=moment.replace(second=0, microsecond=0), approx="m" not in words))


def _epoch(text: str) -> Read | None:
    """Seconds or milliseconds since 1970, and Slack's ts."""
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    time = Time.from_slack_ts(f"{match[1]}.{match[2] or match[3] or ''}")
    return Understood(replace(time, tz="UTC", source="typed"))


# --- what may be believed ------------------------------------------------------------------------------------------


def _past(answer: Read | None, raw: str, now: datetime) -> Read:
    """Times ahead are refused, because what has not happened is no entry; the raw text is kept."""
    answer = changed(answer, lambda time: replace(time, raw=raw))
    match answer:
        case None:
            return NotUnderstood(f"`{raw}` is not a time that can be read.", EXAMPLES)
        case Understood():
            return _ahead(raw, answer.time) if _is_ahead(answer.time, now) else answer
        case Ambiguous():
            left = tuple(
                Reading(reading.time, spell(reading.time))
                for reading in answer.readings
                if not _is_ahead(reading.time, now)
            )
            if not left:
                return _ahead(raw, answer.readings[0].time)
            return Understood(left[0].time) if len(left) == 1 else replace(answer, readings=left)
        case _:
            return answer


def _is_ahead(moment: Time, now: datetime) -> bool:
    last = moment.end_utc or moment.utc
    return last is not None and last > now + FUTURE_SLACK


def _ahead(raw: str, moment: Time) -> NotUnderstood:
    if moment.end_utc:
        return NotUnderstood(
            f"`{raw}` ends in the future ({moment.end_utc:%Y-%m-%d %H:%M} UTC).",
            "If it goes on, say since when: `09:41 onward`.",
        )
    return NotUnderstood(
        f"`{raw}` is in the future ({spell(moment)}).", "Give the time when it happened, with its date."
    )


def _confirmed(answer: Read, declared: datetime | None) -> Read:
    """Long before the declaration a slip of the year is likelier than the truth, so the person is asked."""
    if declared is None or not isinstance(answer, Understood) or answer.time.utc is None:
        return answer
    before = declared - answer.time.utc
    if before <= LONG_BEFORE:
        return answer
    why = f"is {before.days} days before the incident was declared ({declared:%Y-%m-%d})."
    return Ambiguous((Reading(answer.time, spell(answer.time)),), why)
