"""`python -m bench.where messages|commands|crowd`: where Tocsin's own time goes, by part and by function, from a profile of its process."""

import asyncio
import os
import pstats
import re
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import bots
from bench.commands import LINES
from bench.databases import sqlite
from bench.slack import PEOPLE, slack

MESSAGES, COMMANDS, AT_ONCE, SHOWN = 3_000, 200, 100, 30
_PART = re.compile(r"site-packages/([^/.]+)|/(bot|storage|bench)/|/python3\\.\\d+/([^/.]+)")


async def _messages(workspace, channel):
    await workspace.rate(channel, MESSAGES, AT_ONCE)
    return MESSAGES


async def _commands(workspace, channel):
    for n in range(COMMANDS):
        await workspace.command(PEOPLE[0], channel, LINES[n % len(LINES)].format(n=n))
    return COMMANDS


async def _crowd(workspace, channel):
    for _ in range(COMMANDS // AT_ONCE):
        typed = [(PEOPLE[n], LINES[n % len(LINES)].format(n=n)) for n in range(AT_ONCE)]
        await asyncio.gather(*(workspace.command(user, channel, line) for user, line in typed))
    return COMMANDS


WORK = {"messages": _messages, "commands": _commands, "crowd": _crowd}


async def profiled(work):
    """The statistics of a process that did some work, and how often."""
    with sqlite() as database, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "profile"
        async with slack() as workspace, bots.tocsin(workspace, database, file) as bot:
            channel = await workspace.declare()
            os.kill(bot.pid, signal.SIGUSR1)
            done = await work(workspace, channel)
        return pstats.Stats(str(file)), done


def part_of(file):
    """A library or a room of ours; what is written in C belongs to Python."""
    found = _PART.search(file)
    return next((name for name in found.groups() if name), "python") if found else "python"


async def main(name):
    statistics, done = await profiled(WORK[name])
    own, functions = Counter(), Counter()
    for (file, line, function), (_, _, seconds, _, _) in statistics.stats.items():
        if "poll" in function and "select" in function:
            continue  # waiting for work
        own[part_of(file)] += seconds
        functions[f"{'/'.join(file.split('/')[-2:])}:{line} {function}"] += seconds
    for title, counted in (("part", own), ("function", functions)):
        table = Table(title=f"{name}: own time of each {title}, µs for each of {done:,}")
        table.add_column(title)
        table.add_column("µs", justify="right")
        for what, seconds in counted.most_common(SHOWN):
            table.add_row(what, f"{seconds / done * 1e6:,.0f}")
        Console().print(table)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
