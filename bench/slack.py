"""A sandbox whose people act in this process, timed; the bots under test run in their own and share no loop with it."""

import asyncio
import statistics
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.manifest import load_manifest
from sandbox.clock import micros, ts_of
from sandbox.config import DEMO_USERS, AppConfig, Timing, UserConfig, WorkspaceConfig
from sandbox.server import Sandbox

ANNOUNCEMENTS = "C0INCIDENTS"
PEOPLE = [f"U0PERSON{n}" for n in range(100)]
#: So long without a call: what was begun is finished.
CALM_S = 2.0
#: Slack waits three seconds; what takes longer is to be measured all the same.
PATIENCE_S = 60.0
LOOK_S = 0.02
WORDS = (
    "error rate on checkout is still at 4 percent, looking at the payment pods now",
    "rolled back build 1182 on node {n}, *p99* went from 2.1 s to 480 ms",
    "who owns the `queue-{n}` consumers? the lag grows by 10k a minute https://example.com/d/{n}",
)


@dataclass
class ApiCall:
    method: str
    began: float
    ended: float = float("inf")


class Slack:
    """One sandbox. Every Web API call takes ``latency_s`` and is written down in ``calls``."""

    def __init__(self, sandbox, latency_s):
        self.sandbox, self.latency_s = sandbox, latency_s
        self.calls = []
        self._open = {}
        sandbox.on_call = self._called
        self._said = 0

    async def _called(self, method, args, phase):
        if phase == "before":
            call = self._open[id(args)] = ApiCall(method, time.perf_counter())
            self.calls.append(call)
            await asyncio.sleep(self.latency_s)
        else:
            self._open.pop(id(args)).ended = time.perf_counter()

    async def quiet(self, calm_s=CALM_S):
        """Returns when the bot has called nothing for a while."""
        last = time.perf_counter()
        while time.perf_counter() < last + calm_s:
            await asyncio.sleep(0.05)
            ended = [time.perf_counter() if call.ended == float("inf") else call.ended for call in self.calls]
            last = max([last, *ended[-100:]])

    # people

    async def command(self, user, channel, line):
        """Type `/incident …`; returns the seconds until it was acknowledged."""
        began = time.perf_counter()
        place = self.sandbox.workspace.channels[channel]
        await self.sandbox.acts.command(user, place, "/incident", line)
        return time.perf_counter() - began

    async def hear(self, channel):
        """Deliver one more message of a channel; returns when the bot has acknowledged it. Raises when it does not."""
        self._said += 1
        n = self._said
        event = {
            "type": "message",
            "channel": channel,
            "channel_type": "channel",
            "user": PEOPLE[n % len(PEOPLE)],
            "text": WORDS[n % len(WORDS)].format(n=n),
            "ts": ts_of(micros(self.sandbox.clock.now()) // 1_000_000 * 1_000_000 + n),
            "team": self.sandbox.config.team_id,
        }
        event["event_ts"] = event["ts"]
        delivery = self.sandbox.delivery
        await delivery.transport.send("events_api", delivery._envelope(event), 0, None)

    async def rate(self, channel, count, at_once):
        """Closed loop: so many wait for their acknowledgement at any time. Returns messages a second."""
        left = iter(range(count))

        async def one():
            for _ in left:
                await self.hear(channel)

        began = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(at_once)))
        return count / (time.perf_counter() - began)

    def incident_channels(self):
        found = [c for c in self.sandbox.workspace.channels.values() if c.name.startswith("inc-")]
        return sorted(found, key=lambda channel: channel.created)

    async def declare(self, user=PEOPLE[0], title="bench incident"):
        """An incident with everything that belongs to it; returns its channel's id."""
        before = {channel.id for channel in self.incident_channels()}
        await self.command(user, "C0GENERAL", f"{title} --sev 2")
        for _ in range(round(PATIENCE_S / LOOK_S)):
            if made := {channel.id for channel in self.incident_channels()} - before:
                break
            await asyncio.sleep(LOOK_S)
        await self.quiet()
        return made.pop()


@asynccontextmanager
async def slack(latency_s=0.0):
    """A fresh sandbox with the app installed from its manifest and a hundred people in it."""
    people = tuple(UserConfig(id=user, name=user.lower(), tz="Europe/Berlin") for user in PEOPLE)
    config = WorkspaceConfig(
        app=AppConfig.from_manifest(load_manifest()),
        users=(*DEMO_USERS, *people),
        timing=Timing(ack_s=PATIENCE_S, trigger_s=PATIENCE_S),
    )
    sandbox = Sandbox(config)
    await sandbox.start()
    for channel in sandbox.workspace.channels.values():
        channel.members.add(sandbox.workspace.bot.id)
    try:
        yield Slack(sandbox, latency_s)
    finally:
        await sandbox.stop()


def waits(calls):
    """The longest chain of calls of which each began when the one before had ended."""
    depths = []
    for call in sorted(calls, key=lambda each: each.began):
        depth = 1 + max((d for d, before in depths if before.ended <= call.began), default=0)
        depths.append((depth, call))
    return max((depth for depth, _ in depths), default=0)


def share(values, part):
    """The value below which ``part`` (0 to 1) of all lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(part * 100) - 1]
