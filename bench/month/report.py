"""What came of the simulated month: what arrived beside what should have been said."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from bench.month.plan import HOUR, START

_ITEM = re.compile(r"\*INC-(\d+) (A\d+)\*")


@dataclass
class Report:
    expected: int = 0
    letters: int = 0
    missing: list = field(default_factory=list)
    repeated: list = field(default_factory=list)
    marks_twice: list = field(default_factory=list)
    burst: int = 0
    lateness: list = field(default_factory=list)
    lateness_of_ours: list = field(default_factory=list)
    struck: Counter = field(default_factory=Counter)
    wall_s: float = 0.0

    @property
    def overtaken(self):
        """Lines that were not said before the next of their item was due: it took their place."""
        return sum(seconds >= HOUR.total_seconds() for seconds in self.lateness)

    def late(self, share):
        """Seconds, of all lines but those that were due while nothing ran or the clock was wrong."""
        return _at(self.lateness, share)

    def late_of_ours(self, share):
        """The same without the time in which Slack had told us to wait."""
        return _at(self.lateness_of_ours, share)


def _at(seconds, share):
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def compare(plan, report, expected, seen, weather):
    sure = START + timedelta(days=plan.days) - HOUR  # what is due in the last hour may still be on its way
    said = defaultdict(list)
    for at, recipient, _, blocks in seen:
        for incident, item in _ITEM.findall(blocks):
            said[recipient, int(incident), item].append(at)
    report.letters = len(seen)
    report.expected = sum(map(len, expected.values()))
    report.marks_twice = [key for key, count in Counter(key for _, _, key, _ in seen).items() if count > 1]
    for what, wanted in expected.items():
        moments, told = sorted(wanted), said.pop(what, [])
        report.repeated += [(what, at) for at in _unasked(moments, told)]
        for moment in moments:
            at = next((at for at in told if at >= moment), None)
            if at is None and moment < sure:
                report.missing.append((what, moment))
            elif at and not any(begun <= moment <= over for begun, over in weather.outages):
                late = (at - moment).total_seconds()
                report.lateness.append(late)
                report.lateness_of_ours.append(late - _waited(moment, at, weather.waits))
    report.repeated += [(what, told) for what, told in said.items()]
    report.burst = _burst(seen, weather.outages[-1][1])


def _waited(since, until, waits):
    """Seconds of an interval that lie within waits, which are in order and may overlap."""
    seconds, counted = 0.0, since
    for begun, over in waits:
        first, last = max(begun, counted), min(over, until)
        if first < last:
            seconds += (last - first).total_seconds()
            counted = last
    return seconds


def _unasked(moments, told):
    """What was said although no rung was reached since the last time."""
    before = None
    for at in told:
        if not any((before is None or moment > before) and moment <= at for moment in moments):
            yield at
        before = at


def _burst(seen, up):
    """The most letters that one person got in the minute in which everything ran again."""
    counts = Counter(recipient for at, recipient, _, _ in seen if up <= at < up + timedelta(minutes=1))
    return max(counts.values(), default=0)
