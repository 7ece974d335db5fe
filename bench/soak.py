"""`make soak`: every fault at full scale, one table after the other: what was tried, what was lost, what was doubled.

Named parts (`python -m bench.soak crashes`) run alone: crashes, weather, fuzz, hour, reminders.
"""

import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from bench import reminders
from tests.databases import new_database
from tests.faults.crash import FLOWS, differences, unlike
from tests.faults.fleet import Shape, fleet
from tests.faults.fuzz import storm
from tests.faults.hour import busy_hour
from tests.faults.postgres import postgres
from tests.faults.story import lived
from tests.faults.weather import (
    Away,
    DiskFull,
    Kills,
    NightDown,
    Weather,
    every_connection,
    every_delivery,
    every_method,
)
from tests.scenarios import workspace as scene

AT_ONCE = 2
AWAY_S = 60.0
MALFORMED = 20_000
CONSOLE = Console(width=150)


def columns(title, *names):
    table = Table(title=title)
    for name in names:
        table.add_column(name)
    return table


async def crashes():
    """Die at each call and each commit of a flow, before and after it."""
    table = columns(
        "kill -9 at every Slack call and every commit, before and after", "flow", "calls", "commits",
        "faults tried", "not reached", "lost", "doubled",
    )  # fmt: skip
    good = True
    for flow in FLOWS:
        reference, tried, unreached, different = await unlike(flow, at_once=AT_ONCE)
        lost = sum(len(found["lost"]) for _, found in different)
        more = sum(len(found["more"]) for _, found in different)
        row = (flow.name, reference.calls, reference.commits, len(tried), len(unreached), lost, more)
        table.add_row(*map(str, row))
        for point, found in different:
            good = False
            CONSOLE.print(f"{flow.name}: {point}: {found}", style="red")
    CONSOLE.print(table)
    return good


def weathers(server, shape):
    """Every weather that can strike this shape, made anew because each counts what it does."""
    made = [
        *every_method(),
        *every_delivery(),
        NightDown("eight hours down"),
        Kills("killed in the middle of each act"),
    ]
    if shape.transport == "socket":
        made += every_connection()
    if shape.database is None:
        made.append(DiskFull("disk full"))
    else:
        made.append(Away(f"database away for {AWAY_S:.0f} s", server=server, length_s=AWAY_S))
    return made


async def weather():
    """A whole incident, lived through every weather in three shapes."""
    table = columns(
        "A whole incident in each weather, beside one without faults",
        "shape", "weather", "faults struck", "lost", "doubled", "seconds",
    )  # fmt: skip
    async with fleet() as bots:
        expected = await lived(bots, Weather())
    good, slots = True, asyncio.Semaphore(AT_ONCE)

    async def one(name, shape, each, server):
        nonlocal good
        async with slots:
            began = time.monotonic()
            with new_database(server.url) if server else tempfile.TemporaryDirectory() as database:
                shape = Shape(
                    bots=shape.bots, transport=shape.transport, database=database if server else None
                )
                async with fleet(shape) as bots:
                    found = differences(expected, await lived(bots, each))
        row = (
            name,
            each.name,
            each.struck,
            len(found["lost"]),
            len(found["more"]),
            round(time.monotonic() - began),
        )
        table.add_row(*map(str, row))
        if found["lost"] or found["more"]:
            good = False
            CONSOLE.print(f"{name}, {each.name}: {found}", style="red")

    with postgres() as lasting, postgres() as leaving:
        shapes = {
            "1 bot, socket, SQLite": Shape(),
            "3 bots, sockets, PostgreSQL": Shape(bots=3, database="postgresql://"),
            "3 bots behind a balancer, PostgreSQL": Shape(bots=3, transport="http", database="postgresql://"),
        }
        for name, shape in shapes.items():
            runs = [(each, _server(shape, each, lasting, leaving)) for each in weathers(leaving, shape)]
            together = [run for run in runs if run[1] is not leaving]
            await asyncio.gather(*(one(name, shape, *run) for run in together))
            for run in runs:
                if run[1] is leaving:
                    await one(name, shape, *run)
    CONSOLE.print(table)
    return good


def _server(shape, each, lasting, leaving):
    if shape.database is None:
        return None
    return leaving if isinstance(each, Away) else lasting


async def fuzz():
    """Malformed payloads under a right signature."""
    table = columns(
        "Malformed payloads, rightly signed", "seed", "sent", "kinds", "5xx or tracebacks", "written"
    )
    scene.WAY.transport = "http"
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(4):
            (Path(folder) / str(seed)).mkdir()
            async with scene.workspace(Path(folder) / str(seed)) as slack:
                found = await storm(slack, MALFORMED // 4, seed=seed)
            table.add_row(
                str(seed), str(found.sent), str(found.kinds), str(len(found.bad)), str(len(found.written))
            )
            for each in (*found.bad[:3], *found.written[:3]):
                good = False
                CONSOLE.print(str(each)[:1000], style="red")
    CONSOLE.print(table)
    return good


async def hour():
    """A workspace at 30,000 events an hour for an hour."""
    table = columns(
        "30,000 events in an hour, on a Slack that enforces its limits",
        "events", "recorded", "lost", "doubled", "calls", "refused by Slack (429)", "banners true", "seconds",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        found = await busy_hour(Path(folder), events=30_000)
    row = (
        found.events, found.recorded, found.lost, found.doubled, found.calls, found.refused,
        found.banners_true, round(time.monotonic() - began),
    )  # fmt: skip
    table.add_row(*map(str, row))
    CONSOLE.print(table)
    return not (found.lost or found.doubled or found.refused) and found.banners_true


async def month():
    return await reminders.main() == 0


PARTS = {"crashes": crashes, "weather": weather, "fuzz": fuzz, "hour": hour, "reminders": month}


async def main(names):
    good = [await PARTS[name]() for name in names or PARTS]
    return 0 if all(good) else 1


if __name__ == "__main__":
    logging.disable()  # faults make noise
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    sys.exit(asyncio.run(main(sys.argv[1:])))
