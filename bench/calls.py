"""How many Web API calls a declaration and a change of status take, and how many of them wait for one another."""

from bench import bots
from bench.databases import sqlite
from bench.row import Row
from bench.slack import PEOPLE, bursts, slack, waits

LATENCY_S = 0.15
#: Shorter than the pause before edits, longer than our own work between two calls.
APART_S = 0.2


async def rows(scale):
    del scale  # counts do not depend on it
    with sqlite() as database:
        async with slack(LATENCY_S) as workspace, bots.tocsin(workspace, database):
            await workspace.command(PEOPLE[0], "C0GENERAL", "help")
            await workspace.command(
                PEOPLE[0], "C0GENERAL", "list"
            )  # the first time, Slack is asked who this is
            await workspace.quiet()
            declared, channel = await _declare(workspace)
            changed = await _change(workspace, channel)
    return [declared, changed]


async def _declare(workspace):
    workspace.calls.clear()
    channel = await workspace.declare()
    first, *later = bursts(workspace.calls, APART_S)
    invite = next(call for call in first if call.method == "conversations.invite")
    before = waits([call for call in first if call.ended <= invite.began]) + 1
    after = sorted(call.method for group in later for call in group)
    took = max(call.ended for call in first) - min(call.began for call in first)
    said = f"{len(first)} calls in {waits(first)} waits ({took * 1000:.0f} ms), declarer in after {before}"
    if after:
        said += f"; when it is calm: {', '.join(after)}"
    met = len(first) <= 6 and waits(first) <= 3 and before <= 2
    goal = "≤ 6 calls, 3 waits, declarer in after 2"
    return Row("declare", goal, said, met), channel


async def _change(workspace, channel):
    workspace.calls.clear()
    await workspace.command(PEOPLE[0], channel, "status identified")
    await workspace.quiet()
    calls = workspace.calls
    methods = ", ".join(sorted(call.method for call in calls))
    said = f"{len(calls)} calls in {waits(calls)} wait ({methods})"
    return Row("status change", "≤ 3 calls, 1 wait", said, len(calls) <= 3 and waits(calls) <= 1)
