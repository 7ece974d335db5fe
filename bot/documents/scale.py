"""A time axis on paper: moments to places, where long silences take little room and say so."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

#: A silence is shortened when it would take more than this share of the axis.
_LONG = 0.35
#: …and is drawn this wide instead.
BREAK_WIDTH = 52.0
_STEPS = tuple(
    timedelta(seconds=s) for s in (1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
) + tuple(timedelta(days=d) for d in (1, 2, 7, 14, 30, 90, 365))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the axis. ``silent``: nothing happened in it and it is drawn shorter than it was."""

    start: datetime
    end: datetime
    left: float
    right: float
    silent: bool

    def place(self, moment: datetime) -> float:
        length = (self.end - self.start).total_seconds()
        share = (moment - self.start).total_seconds() / length if length else 0.0
        return self.left + share * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class Scale:
    pieces: tuple[Piece, ...]

    def place(self, moment: datetime) -> float:
        """Where a moment stands; what lies outside stands at the edge."""
        for piece in self.pieces:
            if moment <= piece.end:
                return piece.place(max(moment, piece.start))
        return self.pieces[-1].right

    def ticks(self, apart: float) -> Iterator[tuple[datetime, float]]:
        """Round moments, at least ``apart`` from each other."""
        last = float("-inf")
        for piece in self.pieces:
            if piece.silent or piece.right <= piece.left:
                continue
            density = (piece.end - piece.start).total_seconds() / (piece.right - piece.left)
            step = next((s for s in _STEPS if s.total_seconds() >= density * apart), _STEPS[-1])
            moment = _rounded_up(piece.start, step)
            while moment <= piece.end:
                place = piece.place(moment)
                if place - last >= apart:
                    yield moment, place
                    last = place
                moment += step


def scale(moments: Iterable[datetime], left: float, right: float) -> Scale:
    """An axis for these moments, at least one. Silences that are long beside the rest are shortened."""
    stops = sorted(set(moments))
    if len(stops) == 1:
        stops = [stops[0] - timedelta(minutes=5), stops[0] + timedelta(minutes=5)]
    silences = _silences(stops)
    room = right - left - BREAK_WIDTH * len(silences)
    told = sum((b - a).total_seconds() for a, b in pairwise(stops) if (a, b) not in silences)
    pieces: list[Piece] = []
    at = left
    for start, end in _stretches(stops, silences):
        silent = (start, end) in silences
        width = BREAK_WIDTH if silent else room * (end - start).total_seconds() / told
        pieces.append(Piece(start, end, at, at + width, silent))
        at += width
    return Scale(tuple(pieces))


def _silences(stops: Sequence[datetime]) -> frozenset[tuple[datetime, datetime]]:
    """The longest gap is shortened as long as it takes an unfair share of what is left; at most four."""
    gaps = sorted(pairwise(stops), key=lambda gap: gap[0] - gap[1])
    left = (stops[-1] - stops[0]).total_seconds()
    found: list[tuple[datetime, datetime]] = []
    for start, end in gaps[: min(4, len(gaps) - 1)]:
        length = (end - start).total_seconds()
        if length <= _LONG * left or length < 120:
            break
        found.append((start, end))
        left -= length
    return frozenset(found)


def _stretches(
    stops: Sequence[datetime], silences: frozenset[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    begun = stops[0]
    for gap in pairwise(stops):
        if gap in silences:
            if gap[0] > begun:
                yield begun, gap[0]
            yield gap
            begun = gap[1]
    if stops[-1] > begun:
        yield begun, stops[-1]


def _rounded_up(moment: datetime, step: timedelta) -> datetime:
    day = datetime(moment.year, 1, 1, tzinfo=UTC)
    steps = -((day - moment.astimezone(UTC)) // step)
    return day + steps * step
