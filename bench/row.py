"""What every family of measurements gives: rows of the one table, and how large they were measured."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``met`` None: nothing was promised, or it could not be measured here."""

    work: str
    goal: str
    measured: str
    met: bool | None


@dataclass(frozen=True)
class Scale:
    """How much is done in one run."""

    name: str
    rounds: int
    messages: int
    incidents: int
    recorded: int
    events: int
    reminders: int
    entries: tuple[int, int]
    transcript: int


#: About ten minutes on two idle cores.
DEFAULT = Scale(
    name="default",
    rounds=5,
    messages=3_000,
    incidents=1_000,
    recorded=100_000,
    events=30_000,
    reminders=5_000,
    entries=(1_000, 10_000),
    transcript=20_000,
)
FULL = Scale(
    name="full",
    rounds=9,
    messages=6_000,
    incidents=1_000,
    recorded=100_000,
    events=1_000_000,
    reminders=100_000,
    entries=(1_000, 10_000),
    transcript=100_000,
)
#: To see that everything runs; its figures mean nothing.
TINY = Scale(
    name="tiny",
    rounds=1,
    messages=300,
    incidents=20,
    recorded=1_000,
    events=2_000,
    reminders=200,
    entries=(100, 1_000),
    transcript=1_000,
)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Of the medians of two alternating series."""
    return statistics.median(ours) / statistics.median(theirs)


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Median, least and most: how far a figure can be trusted."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"
