"""What can go wrong around a story. Each weather strikes during every act, and is over before people look."""

import asyncio
import resource
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox.api.registry import METHODS
from tests.faults.story import NIGHT


@dataclass
class Weather:
    """Nothing goes wrong."""

    name: str = "none"
    #: How many faults there were.
    struck: int = 0

    @asynccontextmanager
    async def during(self, bots, act):
        """What is so for the length of an act."""
        del bots, act
        yield

    async def meanwhile(self, bots):
        """What happens when people have done their part."""


@dataclass
class EachMethod(Weather):
    """In every act the first call of each method meets the fault (for latency: every call)."""

    kind: str = ""
    value: object = None

    @asynccontextmanager
    async def during(self, bots, act):
        faults = bots.sandbox.faults
        count = None if self.kind == "latency" else 1
        for method in METHODS:
            faults.add(method, self.kind, value=self.value, count=count)
        log = bots.sandbox.log
        before = _faulty(log)
        yield
        await bots.rest()
        self.struck += _faulty(log) - before
        faults.clear()


def _faulty(log):
    return sum(1 for line in log.shown() if line.get("error") == "fault" or line.get("status") == 0)


@dataclass
class Connections(Weather):
    """Each connection is cut without a word, or Slack asks for a new one, while people act."""

    refresh: bool = False

    @asynccontextmanager
    async def during(self, bots, act):
        striking = asyncio.create_task(self._strike(bots))
        yield
        await striking

    async def _strike(self, bots):
        for _ in range(3):
            socket = bots.sandbox.socket
            await (socket.refresh() if self.refresh else socket.drop())
            self.struck += 1
            await asyncio.sleep(0.1)


@dataclass
class Deliveries(Weather):
    """Doubled, late, or out of order."""

    duplicate: int = 0
    delay_ms: int = 0
    reorder: bool = False

    @asynccontextmanager
    async def during(self, bots, act):
        how = bots.sandbox.delivery.how
        how.duplicate, how.delay_ms, how.reorder = self.duplicate, self.delay_ms, self.reorder
        before = _delivered(bots.sandbox.log)
        yield
        await bots.rest()
        self.struck += _delivered(bots.sandbox.log) - before
        how.duplicate, how.delay_ms, how.reorder = 0, 0, False


def _delivered(log):
    return sum(1 for line in log.shown() if line["direction"] == "to_bot")


@dataclass
class Away(Weather):
    """The database is gone in the middle of each act, and back after a while. ``server`` can stop and start it."""

    server: object = None
    length_s: float = 60.0
    acts: tuple[str, ...] = ()

    @asynccontextmanager
    async def during(self, bots, act):
        if self.acts and act.name not in self.acts:
            yield
            return
        await asyncio.to_thread(self.server.stop)
        self.struck += 1
        back = asyncio.create_task(self._back())
        yield
        await back
        await bots.start()  # as whatever runs the bots does

    async def _back(self):
        await asyncio.sleep(self.length_s)
        await asyncio.to_thread(self.server.start)


@dataclass
class DiskFull(Weather):
    """The operating system refuses the bots every write to a file (RLIMIT_FSIZE), for a while in each act."""

    length_s: float = 3.0

    @asynccontextmanager
    async def during(self, bots, act):
        self._limit(bots, 0)
        self.struck += 1
        back = asyncio.create_task(self._back(bots))
        yield
        await back

    async def _back(self, bots):
        await asyncio.sleep(self.length_s)
        self._limit(bots, resource.RLIM_INFINITY)

    def _limit(self, bots, size):
        for process in bots.processes:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@dataclass
class Kills(Weather):
    """One bot after the other is killed and started again, in the middle of what people do."""

    turn: int = 0

    @asynccontextmanager
    async def during(self, bots, act):
        striking = asyncio.create_task(self._strike(bots))
        yield
        await striking

    async def _strike(self, bots):
        await asyncio.sleep(0.05)
        await bots.kill(self.turn % len(bots.processes))
        self.turn += 1
        self.struck += 1
        await bots.start()  # as whatever runs the bots does


@dataclass
class NightDown(Weather):
    """Nobody is there during the night, and what Slack tried to deliver is lost."""

    @asynccontextmanager
    async def during(self, bots, act):
        if act.name != NIGHT:
            yield
            return
        for number in range(len(bots.processes)):
            await bots.kill(number)
        self.struck += 1
        if bots.sandbox.socket:
            await bots.sandbox.socket.drop()
        yield
        bots.sandbox.delivery.forget()
        await bots.start()


def every_method():
    """What Slack itself may do."""
    return (
        EachMethod("Slack answers 429", kind="ratelimited", value=2),
        EachMethod("Slack answers 500", kind="http_500"),
        EachMethod("Slack is slow (1.5 s a call)", kind="latency", value=1500),
        EachMethod("Slack never answers", kind="timeout"),
        EachMethod("done, but the answer is lost", kind="lost_answer"),
    )


def every_delivery():
    return (
        Deliveries("deliveries tripled", duplicate=2),
        Deliveries("deliveries late", delay_ms=1500),
        Deliveries("deliveries out of order", reorder=True),
        Deliveries("tripled, late and out of order", duplicate=2, delay_ms=700, reorder=True),
    )


def every_connection():
    return Connections("connections dropped"), Connections("connections refreshed", refresh=True)
