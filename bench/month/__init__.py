"""A month of reminders with everything that can go wrong.

Simulated: a virtual clock that jumps from one moment at which something is due to the next. Real: the bots (processes of
their own), their databases, HTTP to the sandbox, kill -9. Whatever arrives is compared with what the ladders say.
"""

import time
from datetime import timedelta

from bench.month.bots import Bots
from bench.month.plan import START, expectations, fill, people
from bench.month.report import Report, compare
from bench.month.weather import Weather
from sandbox.clock import VirtualClock
from sandbox.config import UserConfig, WorkspaceConfig
from sandbox.server import Sandbox
from storage.store import open_store


async def run(plan, database, folder):
    report, seen = Report(), []
    await fill(plan, database)
    expected = await expectations(plan, database)
    users = tuple(UserConfig(id=name, name=name.lower(), tz=zone) for name, zone in people(plan).items())
    sandbox = Sandbox(WorkspaceConfig(users=users), VirtualClock(START))
    await sandbox.start()
    bots = Bots(plan.replicas, database, sandbox, folder)
    weather = Weather(plan, sandbox, bots, report)
    sandbox.on_call = weather.arrived(seen)
    began = time.monotonic()
    try:
        await _month(plan, database, sandbox, weather)
    finally:
        bots.kill()
        await sandbox.stop()
    report.wall_s = time.monotonic() - began
    compare(plan, report, expected, seen, weather)
    return report


async def _month(plan, database, sandbox, weather):
    """From one moment to the next at which anything is due, or goes wrong."""
    planned, now, end = weather.schedule(), START, START + timedelta(days=plan.days)
    async with open_store(database, read_only=True) as looking:
        while now < end:
            sandbox.clock.set(now)
            await weather.bots.until(now)
            weather.watch_limits(now)
            wake = await looking.next_wake() or end
            following = min(max(_whole(wake), now + timedelta(seconds=1)), end)
            if planned and planned[-1][0] <= following:
                at, kind = planned.pop()
                now = await weather.strike(kind, max(at, now))
            else:
                now = following


def _whole(moment):
    """The tick is a second."""
    return moment if moment.microsecond == 0 else moment.replace(microsecond=0) + timedelta(seconds=1)
