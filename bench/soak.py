"""`make soak`: every fault of `tests/faults` at full scale, as one table. Takes about a quarter of an hour."""

import asyncio
import sys
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from tests.faults.crash import FLOWS, points, reference, struck

AT_ONCE = 2


@dataclass
class Tally:
    tried: int = 0
    unlike: list = field(default_factory=list)
    unreached: list = field(default_factory=list)


async def crashes(flow):
    """Die at each call and each commit of a flow, and compare what people see with a run without faults."""
    expected, calls, commits = await reference(flow)
    tally, slots = Tally(), asyncio.Semaphore(AT_ONCE)

    async def one(point):
        async with slots:
            died, seen = await struck(flow, point)
        tally.tried += 1
        if not died:
            tally.unreached.append(point)
        elif seen != expected:
            tally.unlike.append(point)

    await asyncio.gather(*(one(point) for point in points(calls, commits)))
    return calls, commits, tally


async def main():
    table = Table(title="kill -9 at every Slack call and every commit, before and after")
    for column in ("flow", "calls", "commits", "faults tried", "not reached", "lost or doubled"):
        table.add_column(column)
    bad = []
    for flow in FLOWS:
        calls, commits, tally = await crashes(flow)
        table.add_row(
            flow.name,
            str(calls),
            str(commits),
            str(tally.tried),
            str(len(tally.unreached)),
            str(len(tally.unlike)),
        )
        bad += [(flow.name, point) for point in tally.unlike]
    console = Console()
    console.print(table)
    for flow, point in bad:
        console.print(f"{flow}: {point}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    asyncio.run(main())
