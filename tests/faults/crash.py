"""kill -9 at each Slack call and each commit of a flow; afterwards Slack must show what a run without faults shows."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.domain.vocabulary import Status
from tests.faults.fleet import fleet


@dataclass(frozen=True)
class Flow:
    """What is typed before, what is typed under fire, and by what in the record one knows that it was kept."""

    name: str
    before: tuple[str, ...]
    typed: str | None
    #: Whether the record shows what was typed; else a person would type it again.
    kept: object = None
    #: How far the clock is set ahead under fire.
    shift_s: int = 0


DECLARE = "declare checkout is down --sev 2"
TASK = "task roll back v41 <@U0BEA> due 45m"
FLOWS = (
    Flow("declare", (), DECLARE, lambda incident: incident is not None),
    Flow("update", (DECLARE,), "update rolling back v41 --status identified --next 30m", lambda i: len(i.updates) == 1),
    Flow("resolve", (DECLARE,), "resolve rolled back to v40", lambda i: i.status is Status.RESOLVED),
    Flow("close", (DECLARE, "resolve rolled back"), "close now", lambda i: i.status is Status.CLOSED),
    Flow("task", (DECLARE,), TASK, lambda i: len(i.actions) == 1),
    Flow("reminder", (DECLARE, TASK), None, shift_s=16 * 60),
)  # fmt: skip


#: How often a person types again what was answered by an error.
TRIES = 5


@dataclass(frozen=True)
class Point:
    """Where the process dies: at the nth Slack call or the nth commit under fire, before or after it is done."""

    kind: str
    phase: str
    nth: int


class Fire:
    """Counts a bot's calls, and ends it at a point."""

    def __init__(self, bots, point=None):
        self._bots, self._point = bots, point
        self.calls = 0

    async def on_call(self, method, args, phase):
        if method in {"apps.connections.open", "auth.test"}:
            return
        self.calls += phase == "before"
        if self._point == Point("call", phase, self.calls):
            await self._bots.kill()

    @asynccontextmanager
    async def burning(self):
        self._bots.armed, self._bots.sandbox.on_call = True, self.on_call
        if self._point and self._point.kind == "commit":
            self._bots.kill_at = [self._point.phase, self._point.nth]
        self._bots.tell()
        try:
            yield
        finally:
            self._bots.armed, self._bots.kill_at, self._bots.sandbox.on_call = False, None, None
            self._bots.tell()


@dataclass(frozen=True)
class Outcome:
    died: bool
    picture: object
    calls: int
    commits: int


async def played(flow, point=None):
    """The flow, with the process killed at ``point``; it is started again, and a person types again what was not kept."""
    async with fleet() as bots:
        for text in flow.before:
            await bots.type(text)
            await bots.rest()
        fire = Fire(bots, point)
        async with fire.burning():
            bots.pass_time(seconds=flow.shift_s)
            if flow.typed:
                await bots.type(flow.typed)
            await bots.rest()
        died = bots.all_dead
        if died:
            await bots.sandbox.socket.drop()
            await bots.start()
            await bots.rest()
            for _ in range(TRIES):
                if flow.typed is None or flow.kept(await bots.incident()):
                    break
                await bots.type(flow.typed)
                await bots.rest()
        return Outcome(died, (await bots.picture(), await bots.record()), fire.calls, bots.commits)


def points(calls, commits):
    """Every point of a flow, in order."""
    return [
        Point(kind, phase, nth)
        for kind, count in (("call", calls), ("commit", commits))
        for nth in range(1, count + 1)
        for phase in ("before", "after")
    ]


async def unlike(flow, chosen=slice(None), at_once=1):
    """(reference, points tried, those never reached, those after which people see anything else)."""
    reference = await played(flow)
    tried = points(reference.calls, reference.commits)[chosen]
    slots = asyncio.Semaphore(at_once)

    async def one(point):
        async with slots:
            return point, await played(flow, point)

    outcomes = await asyncio.gather(*(one(point) for point in tried))
    return (
        reference,
        tried,
        [point for point, outcome in outcomes if not outcome.died],
        [
            (point, differences(reference.picture, outcome.picture))
            for point, outcome in outcomes
            if outcome.picture != reference.picture
        ],
    )


def differences(expected, found):
    """What only one of two pictures has, for people who look for the reason."""
    before, after = Counter(_lines(expected)), Counter(_lines(found))
    return {"lost": list((before - after).elements()), "more": list((after - before).elements())}


def _lines(value):
    """The innermost parts: a message, a topic, an entry."""
    if isinstance(value, (list, tuple)) and value:
        return [line for each in value for line in _lines(each)]
    return [repr(value)]
