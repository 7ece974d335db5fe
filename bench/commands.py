"""How soon slash commands are acknowledged: idle, a hundred at once, and while others declare."""

import asyncio
import statistics
from datetime import UTC, datetime

from bench import bots
from bench.databases import sqlite
from bench.row import Row, ratio, spread
from bench.slack import PEOPLE, share, slack
from bot.domain.transcript import Profile
from storage.store import open_store

LATENCY_S = 0.15
IDLE_COMMANDS = 40
AT_ONCE = 100
DECLARES = 20
LOOK_EVERY_S = 0.05
#: One that reads, one that writes.
LINES = ("status", "note queue {n} drained, watching")


async def rows(scale):
    idle = {"nothing": [], "tocsin": []}
    crowd = {"nothing": [], "tocsin": []}
    others = []
    for _ in range(scale.rounds):
        async with slack(LATENCY_S) as workspace, bots.nothing(workspace) as bot:
            idle["nothing"].append(await _idle(workspace, bot, "C0GENERAL"))
            crowd["nothing"].append(await _crowd(workspace, "C0GENERAL"))
        with sqlite() as database:
            await _introduce(database)
            async with slack(LATENCY_S) as workspace, bots.tocsin(workspace, database) as bot:
                channel = await workspace.declare()
                idle["tocsin"].append(await _idle(workspace, bot, channel))
                crowd["tocsin"].append(await _crowd(workspace, channel))
                await workspace.quiet()
                others.append(await _beside_declares(workspace, channel))
    return [*_against(idle, crowd), _others(others)]


def _against(idle, crowd):
    acked = {name: [run[0] for run in runs] for name, runs in idle.items()}
    costs = {name: [run[1] for run in runs if run[1]] for name, runs in idle.items()}
    at_rest, at_once = ratio(acked["tocsin"], acked["nothing"]), ratio(crowd["tocsin"], crowd["nothing"])
    said = _beside(at_rest, acked)
    if costs["tocsin"]:
        ours, theirs = (statistics.median(costs[name]) for name in ("tocsin", "nothing"))
        said += f"; processor {ours:.1f} ms against {theirs:.1f} ms each, publishing and ticks included"
    return [
        Row("slash command acked, idle, p50", "≤ 1.0 x no-op", said, at_rest <= 1.0),
        Row(
            f"{AT_ONCE} commands at once, Slack at 150 ms per call, p99",
            "≤ 3 x no-op",
            _beside(at_once, crowd),
            at_once <= 3.0,
        ),
    ]


def _beside(times, series):
    ours, theirs = spread(series["tocsin"], 1), spread(series["nothing"], 1)
    return f"{times:.2f} x: {ours} ms; no-op {theirs} ms"


def _others(worst):
    return Row(
        f"another person's command acked while {DECLARES} declares run, slowest",
        "≤ 100 ms",
        f"{spread(worst)} ms",
        statistics.median(worst) <= 100,
    )


async def _introduce(database):
    """Everybody has typed something before. Slack is asked once about each, and only about a hundred people a minute."""
    async with open_store(database) as store:
        for user in PEOPLE:
            profile = Profile(id=user, name=user.lower(), zone="Europe/Berlin")
            await store.keep_profile(profile, datetime.now(UTC))


async def _idle(workspace, bot, channel):
    """Milliseconds until the acknowledgement, of one command after the other, and of the bot's processor for each."""
    lines = [LINES[n % len(LINES)].format(n=n) for n in range(IDLE_COMMANDS)]
    before = bot.cpu_s()
    took = 1000 * statistics.median([await workspace.command(PEOPLE[0], channel, line) for line in lines])
    return took, None if before is None else 1000 * (bot.cpu_s() - before) / IDLE_COMMANDS


async def _crowd(workspace, channel):
    """Milliseconds until nearly all of a hundred people who typed at the same moment had their answer."""
    typed = [(PEOPLE[n], LINES[n % len(LINES)].format(n=n)) for n in range(AT_ONCE)]
    return 1000 * share(
        await asyncio.gather(*(workspace.command(user, channel, line) for user, line in typed)), 0.99
    )


async def _beside_declares(workspace, channel):
    """Milliseconds of the slowest command that somebody else typed while twenty declared."""
    declares = [
        asyncio.create_task(workspace.command(PEOPLE[n], "C0GENERAL", f"outage {n} --sev 2"))
        for n in range(DECLARES)
    ]
    took = []
    before = len(workspace.incident_channels())
    while not all(task.done() for task in declares) or len(workspace.incident_channels()) < before + 10:
        took.append(await workspace.command(PEOPLE[-1], channel, "status"))
        await asyncio.sleep(LOOK_EVERY_S)
    await asyncio.gather(*declares)
    for _ in range(20):  # the rest of the channels are being furnished
        took.append(await workspace.command(PEOPLE[-1], channel, "status"))
        await asyncio.sleep(LOOK_EVERY_S)
    return 1000 * max(took)
