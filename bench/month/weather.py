"""What goes wrong in the simulated month."""

import json
import random
from dataclasses import dataclass, field
from datetime import timedelta

from bench.month.bots import Bots
from bench.month.plan import HOUR, START, Plan
from bench.month.report import Report
from sandbox.server import Sandbox

#: A limit of Slack's: so many answers that say to wait, and for how long each.
WAITS, WAIT = 3, timedelta(seconds=20)


@dataclass
class Weather:
    """Faults at moments of the simulated time; most in the mornings, when most is said."""

    plan: Plan
    sandbox: Sandbox
    bots: Bots
    report: Report
    #: Intervals in which nothing ran or the clock was wrong.
    outages: list = field(default_factory=list)
    #: Intervals in which Slack had told the bots to wait.
    waits: list = field(default_factory=list)
    kill_next: bool = False
    _limits: dict = field(default_factory=dict)

    def schedule(self):
        chance = random.Random(self.plan.seed + 1)
        kinds = ("kill", "limit", "lose", "deploy") * self.plan.faults
        mornings = [timedelta(days=d, hours=h) for d in range(self.plan.days) for h in (1, 3, 7)]
        planned = [(START + chance.choice(mornings) - timedelta(minutes=1), kind) for kind in kinds]
        third = timedelta(days=self.plan.days // 3)
        planned += [
            (START + third + timedelta(hours=1), "back"),
            (START + third + timedelta(days=1, hours=1), "ahead"),
            (_workday(START + 2 * third) - timedelta(hours=1, minutes=1), "down"),
        ]
        return sorted(planned, key=lambda each: each[0], reverse=True)

    async def strike(self, kind, now):
        """Returns what the clock says afterwards."""
        self.report.struck[kind] += 1
        match kind:
            case "kill":
                self.kill_next = True
            case "limit":
                limit = self.sandbox.faults.add(
                    "chat.postMessage", "ratelimited", value=WAIT.seconds, count=WAITS
                )
                self._limits[limit] = WAITS
            case "lose":
                self.sandbox.faults.add("chat.postMessage", "lost_answer", count=1)
            case "deploy":
                self.bots.kill()
            case "back":
                self.outages.append((now - HOUR, now))
                return now - HOUR
            case "ahead":
                self.outages.append((now, now + 2 * HOUR))
                self.sandbox.clock.set(now + 2 * HOUR)
                await self.bots.until(now + 2 * HOUR)
            case "down":
                self.bots.kill()
                self.outages.append((now, now + 8 * HOUR))
                return now + 8 * HOUR
        return now

    def watch_limits(self, now):
        """Whether Slack has just told a bot to wait."""
        for limit, before in list(self._limits.items()):
            self._limits[limit] = left = self.sandbox.faults.left(limit)
            if left < before:
                self.waits.append((now, now + WAIT))
            if not left:
                del self._limits[limit]

    def arrived(self, seen):
        """Called by the sandbox at each call; remembers letters, and kills where that is planned."""

        def on_call(method, args, phase):
            if method != "chat.postMessage" or phase != "after":
                return
            key = json.loads(args["metadata"])["event_payload"]["key"]
            seen.append((self.sandbox.clock.now(), args["channel"], key, args["blocks"]))
            if self.kill_next:
                self.kill_next = False
                self.bots.kill()

        return on_call


def _workday(moment):
    """Downtime while nothing is due would prove nothing."""
    return moment if moment.weekday() < 5 else _workday(moment + timedelta(days=1))
