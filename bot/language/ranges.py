"""Ranges that people type: `14:00-14:25`, `between 23:00 and 23:30`, `18 Oct 23:50 to 19 Oct 00:10 UTC`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.domain.times import Time
from bot.language.clocks import read_clock, same_half
from bot.language.reading import Ambiguous, Read, Understood
from bot.language.single import read_single
from bot.language.walls import Reader, choose, ending
from bot.language.zones import split_zone

_BETWEEN = re.compile(r"(?:between|from)\s+(.+?)\s+(?:and|to|until|till|-)\s+(.+)", re.IGNORECASE)
_WORDS = re.compile(r"\s+(?:to|until|till)\s+|\s+-\s+", re.IGNORECASE)
_DASH = re.compile(r"(?<=[\dm.?])-(?=\d)", re.IGNORECASE)
_NOW = re.compile(r"(?:right\s+)?now", re.IGNORECASE)
_ENDS_IN_CLOCK = re.compile(
    r"(?:\d[:.h][\d?]{2}|(?<![\d-])\d{4}|[ap]\.?m\.?|(?<![\d-])\d{1,2})$", re.IGNORECASE
)


def read_range(text: str, reader: Reader) -> Read | None:
    """Both ends of a range; None when the text is none.

    A zone at the right end counts for both. A clock time behind the start is the next such one, perhaps tomorrow's.
    """
    for left, right in _split(text):
        if found := _ranged(left, right, reader):
            return found
    return None


def _split(text: str) -> Iterator[tuple[str, str]]:
    if match := _BETWEEN.fullmatch(text):
        yield match[1], match[2]
        return
    for match in _WORDS.finditer(text):
        yield text[: match.start()], text[match.end() :]
    for match in _DASH.finditer(text):
        left, right = text[: match.start()], text[match.end() :]
        if split_zone(text)[1] is not None and re.fullmatch(r"\d{2}:?\d{2}", right):
            continue  # `14:00:00-05:00` names an offset
        # Not the dashes of a date: a clock stands before it, and nothing but one behind it.
        if _ENDS_IN_CLOCK.search(left) and read_clock(split_zone(right)[0], bare=_is_bare(left, right)):
            yield left, right


def _is_bare(left: str, right: str) -> bool:
    """Hours alone are a range only beside a date or a zone: `16-17 UTC`, not `3-4`."""
    return split_zone(right)[1] is not None or " " in left.strip()


def _ranged(left: str, right: str, reader: Reader) -> Read | None:
    bare, typed = split_zone(right)
    start, typed_left = split_zone(left)
    zone = typed_left or typed or reader.zone
    inside = replace(reader, zone=zone)
    first = read_single(same_half(start, bare), inside, zoned=(typed_left or typed) is not None)
    if first is None:
        return None
    if _NOW.fullmatch(bare.strip()):
        return _joined(first, lambda begun: [replace(begun, end_utc=reader.now)])
    own = replace(reader, zone=typed or typed_left or reader.zone)
    clock = read_clock(bare, bare=True)
    if clock is not None:
        return _joined(first, lambda begun: ending(begun, clock, own.zone))
    return _dated(first, bare, own)


def _dated(first: Read, right: str, reader: Reader) -> Read | None:
    """An end with a date of its own; its year is the one nearest to the start."""
    starts = _times(first)
    ranges: list[Time] = []
    for begun in starts:
        last = read_single(right, replace(reader, near=begun.utc), zoned=False)
        if last is None:
            return None
        ranges += [
            replace(begun, end_utc=end.utc)
            for end in _times(last)
            if begun.utc is not None and end.utc is not None and end.utc >= begun.utc
        ]
    return choose(ranges)


def _joined(first: Read, ends: Callable[[Time], list[Time]]) -> Read | None:
    return choose([found for begun in _times(first) for found in ends(begun)])


def _times(answer: Read) -> list[Time]:
    match answer:
        case Understood():
            return [answer.time]
        case Ambiguous():
            return [reading.time for reading in answer.readings]
        case _:
            return []
