"""How many Web API calls a declaration and a change of status take, and how many of them wait for one another."""

from bench import bots
from bench.databases import sqlite
from bench.row import Row
from bench.slack import PEOPLE, slack, waits

#: So slow that which call waited for which is plain on a busy machine; people are asked about for a second at most.
LATENCY_S = 0.6
#: What Tocsin leaves until people have paused.
WHEN_CALM = {"bookmarks.add"}


async def rows(scale):
    del scale  # counts do not depend on it
    with sqlite() as database:
        async with slack(LATENCY_S) as workspace, bots.tocsin(workspace, database):
            # Who and where we are, and who the declarer is, Slack is asked once.
            await workspace.declare(title="the first one")
            declared, channel = await _declare(workspace)
            changed = await _change(workspace, channel)
    return [declared, changed]


async def _declare(workspace):
    workspace.calls.clear()
    channel = await workspace.declare()
    calls = [call for call in workspace.calls if call.method not in WHEN_CALM]
    later = [call.method for call in workspace.calls if call.method in WHEN_CALM]
    invite = next(call for call in calls if call.method == "conversations.invite")
    before = waits([call for call in calls if call.ended <= invite.began]) + 1
    said = f"{len(calls)} calls in {waits(calls)} waits, declarer in after {before}; when it is calm: {', '.join(later)}"
    met = len(calls) <= 6 and waits(calls) <= 3 and before <= 2
    return Row("declare", "≤ 6 calls, 3 waits, declarer in after 2", said, met), channel


async def _change(workspace, channel):
    workspace.calls.clear()
    await workspace.command(PEOPLE[0], channel, "status identified")
    await workspace.quiet()
    calls = workspace.calls
    methods = ", ".join(sorted(call.method for call in calls))
    said = f"{len(calls)} calls in {waits(calls)} wait ({methods})"
    return Row("status change", "≤ 3 calls, 1 wait", said, len(calls) <= 3 and waits(calls) <= 1)
