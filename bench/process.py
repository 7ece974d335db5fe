"""The process: from its start until it answers, and how much memory it holds, before and after many events."""

import asyncio
import statistics
import time

from bench import bots
from bench.databases import sqlite
from bench.row import Row, ratio, spread
from bench.slack import PEOPLE, slack

AT_ONCE = 100
#: Memory is compared after this share of the events and after all of them.
WARM_SHARE = 0.2
#: What a process may grow by and still be called flat: caches fill, allocators keep what they had.
FLAT = 1.1


async def rows(scale):
    ready, memory = {"nothing": [], "tocsin": []}, {"nothing": [], "tocsin": []}
    with sqlite() as database:
        await _once(lambda workspace: bots.tocsin(workspace, database))  # a restart has its tables
        for _ in range(scale.rounds):
            for name, made in (
                ("nothing", bots.nothing),
                ("tocsin", lambda workspace: bots.tocsin(workspace, database)),
            ):
                seconds, megabytes = await _once(made)
                ready[name].append(seconds)
                memory[name].append(megabytes)
    return [_ready(ready), _memory(memory), await _after_events(scale)]


async def _once(made):
    """Seconds from the process's start to its first answer; megabytes it then holds."""
    async with slack() as workspace, made(workspace) as bot:
        await workspace.command(PEOPLE[0], "C0GENERAL", "list")
        seconds = time.perf_counter() - bot.started
        await asyncio.sleep(1.5)  # the first ticks
        return seconds, bot.memory_mb()


def _ready(ready):
    found = ratio(ready["tocsin"], ready["nothing"])
    ours, theirs = spread(ready["tocsin"], 2), spread(ready["nothing"], 2)
    return Row(
        "restart to first answer", "≤ 2.5 x no-op", f"{found:.2f} x: {ours} s; no-op {theirs} s", found <= 2.5
    )


def _memory(memory):
    if None in memory["tocsin"]:
        return Row("memory", "≤ 2 x no-op", "not told by this system", None)
    found = ratio(memory["tocsin"], memory["nothing"])
    ours, theirs = (statistics.median(memory[name]) for name in ("tocsin", "nothing"))
    return Row("memory", "≤ 2 x no-op", f"{found:.2f} x: {ours:.0f} MB; no-op {theirs:.0f} MB", found <= 2)


async def _after_events(scale):
    """A restart is not needed: what was heard is on disk, not in memory."""
    warm = round(scale.events * WARM_SHARE)
    with sqlite() as database:
        async with slack() as workspace, bots.tocsin(workspace, database) as bot:
            channel = await workspace.declare()
            await workspace.rate(channel, warm, AT_ONCE)
            before = bot.memory_mb()
            await workspace.rate(channel, scale.events - warm, AT_ONCE)
            after = bot.memory_mb()
    work = f"memory after {scale.events:,} events"
    if before is None:
        return Row(work, "flat", "not told by this system", None)
    said = f"{after / before:.2f} x: {before:.0f} MB after {warm:,}, {after:.0f} MB at the end"
    return Row(work, "flat", said, after <= FLAT * before)
