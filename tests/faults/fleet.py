"""One sandbox, one database, and the bots as processes: killed, started again, looked at as people see it."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.manifest import load_manifest
from bot.replay.hands import Hands, Refused
from bot.web.slack import PATH
from sandbox.clock import Clock
from sandbox.config import AppConfig, Timing, WorkspaceConfig
from sandbox.server import Sandbox
from storage.store import open_store
from tests.faults.balancer import Balancer
from tests.scenarios.workspace import START, text_of

ROOT = Path(__file__).parents[2]
TIMING = Timing(ack_s=3.0, retries_s=(0.05, 0.2, 0.5), offline_s=30.0)
#: Seconds after which what does not come to rest has failed.
PATIENCE_S = 300.0
LOOK_S = 0.05
#: Looks without any traffic, after the record says that nothing is left to be done.
QUIET_LOOKS = 6
#: What waits for longer is a reminder's own moment, not something unfinished.
SOON = timedelta(seconds=70)
FAR = timedelta(days=400)


@dataclass(frozen=True)
class Shape:
    """How many bots there are, how Slack reaches them, and where they keep their facts (None: an SQLite file)."""

    bots: int = 1
    transport: str = "socket"
    database: str | None = None
    timing: Timing = TIMING
    #: How long the bots wait for Slack's answer.
    call_timeout_s: float = 10.0


class OwnTime(Clock):
    """Real time, moved to a Wednesday afternoon, so that working hours are the same whenever this runs."""

    def __init__(self):
        self.ahead = START - datetime.now(UTC)

    def now(self):
        return datetime.now(UTC) + self.ahead


class Fleet:
    def __init__(self, folder, shape):
        self.folder, self.shape = Path(folder), shape
        self.clock = OwnTime()
        self.database = shape.database or f"sqlite:///{folder}/tocsin.db"
        self.processes = [None] * shape.bots
        self.listening = [f"127.0.0.1:{_free_port()}" for _ in range(shape.bots)]
        self.balancer = Balancer(self.listening) if shape.transport == "http" else None
        self.armed, self.kill_at = False, None
        self.hands = self.sandbox = self._looking = None
        self._stack = AsyncExitStack()
        self.tell()

    # --- the bots ------------------------------------------------------------------------------------------------------

    def tell(self):
        """What the processes read at every look."""
        told = {"ahead_s": self.clock.ahead.total_seconds(), "armed": self.armed, "kill": self.kill_at}
        fresh = self._control.with_suffix(".new")
        fresh.write_text(json.dumps(told))
        fresh.replace(self._control)

    @property
    def _control(self):
        return self.folder / "control.json"

    @property
    def commits(self):
        """How many commits there were under fire."""
        count = self.folder / "commits-0"
        return int(count.read_text() or 0) if count.exists() else 0

    def pass_time(self, **length):
        self.clock.ahead += timedelta(**length)
        self.tell()

    async def open(self):
        """The sandbox, and the bots when they are connected."""
        app = AppConfig.from_manifest(load_manifest())
        if self.balancer:
            await self.balancer.start()
            self._stack.push_async_callback(self.balancer.stop)
            app = replace(app, request_url=f"{self.balancer.url}{PATH}")
        self.sandbox = Sandbox(WorkspaceConfig(app=app, timing=self.shape.timing), self.clock)
        await self.sandbox.start()
        self._stack.push_async_callback(self.sandbox.stop)
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        self.hands = Hands(self.sandbox.url, session)
        await self.start()
        self._looking = await self._stack.enter_async_context(open_store(self.database, read_only=True))

    async def close(self):
        for process in self.processes:
            if process and process.returncode is None:
                process.send_signal(signal.SIGTERM)
                await process.wait()
        await self._stack.aclose()

    async def start(self):
        """Start every bot that does not run; returns when all can be reached."""
        for number, process in enumerate(self.processes):
            if process is None or process.returncode is not None:
                self.processes[number] = await self._spawn(number)
                await self._ready(number)  # one after the other: the first makes the tables

    async def _spawn(self, number):
        told = {
            "database": self.database,
            "base_url": self.sandbox.api_url,
            "bot_token": self.sandbox.bot_token,
            "control": str(self._control),
            "count": str(self.folder / f"commits-{number}"),
            "call_timeout_s": self.shape.call_timeout_s,
        }
        if self.balancer:
            told |= {"signing_secret": self.sandbox.signing_secret, "listen": self.listening[number]}
        else:
            told |= {"app_token": self.sandbox.app_token}
        with (self.folder / f"bot-{number}.log").open("a") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.faults.child",
                cwd=ROOT,
                env={**os.environ, "BOT": json.dumps(told)},
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    async def _ready(self, number):
        for _ in range(int(PATIENCE_S / LOOK_S)):
            if await self._reachable(number):
                return
            if self.processes[number].returncode is not None:
                raise AssertionError(f"the bot did not start: {self.logged()[-2000:]}")
            await asyncio.sleep(LOOK_S)
        raise AssertionError("the bot did not connect")

    async def _reachable(self, number):
        if not self.balancer:
            living = sum(1 for p in self.processes if p and p.returncode is None)
            return self.sandbox.socket.connections >= living
        host, port = self.listening[number].split(":")
        try:
            _, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            return False
        writer.close()
        return True

    async def kill(self, number=0):
        """kill -9, as the operating system would."""
        self.processes[number].kill()
        await self.processes[number].wait()

    @property
    def all_dead(self):
        return all(process.returncode is not None for process in self.processes)

    def logged(self):
        """Everything that the bots logged."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("bot-*.log")))

    # --- what people do ------------------------------------------------------------------------------------------------

    async def incident_channel(self):
        """The id of the first incident's channel, if there is one that ana is in."""
        channels = [c for c in (await self.hands.state())["channels"] if c["name"].startswith("inc-")]
        return channels[0]["id"] if channels and "U0ANA" in channels[0]["members"] else None

    async def type(self, text, who="U0ANA"):
        """What a person types, and whether it was answered well; a failing answer is what Slack shows them."""
        place = await self.incident_channel()
        declaring = text.startswith("declare")
        typed = text if place or declaring else f"INC-1 {text}"
        try:
            answer = await self.hands.command(who, place or "C0GENERAL", typed)
        except Refused:
            return False
        return "went wrong on our side" not in answer

    # --- looking -------------------------------------------------------------------------------------------------------

    async def incident(self):
        return await self._looking.incident(1)

    async def unfinished(self):
        """What the record says is still to be done, in words; empty when all is done."""
        now, found = self.clock.now(), []
        if dirty := await self._looking.waiting_work(now + FAR):
            found.append(f"incidents {dirty}")
        if (wake := await self._looking.next_wake()) and wake < now + SOON:
            found.append(f"something at {wake}")
        channels = [row.channel for row in await self._looking.summaries() if row.channel]
        return found + [f"a gap in {each}" for each in channels if await self._looking.gap(each)]

    async def rest(self):
        """Until all bots are dead, or nothing is left to be done and nothing happens between them and Slack."""
        quiet, seen, left = 0, -1, []
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(LOOK_S)
            if self.all_dead:
                return
            now = len(self.sandbox.log.shown())
            quiet = quiet + 1 if now == seen and not self.sandbox.delivery.pending else 0
            seen = now
            if quiet >= QUIET_LOOKS:
                left = await self.unfinished()
                if not left:
                    return
                quiet = 0
        raise AssertionError(f"it did not come to rest: {left}")

    async def picture(self):
        """What people see, without times and ids: equal pictures are equal to them.

        Whether the bot is in a channel is not compared: it enters the announcements' to look for what it may have posted.
        """
        seen = []
        for channel in (await self.hands.state())["channels"]:
            messages = (await self.hands._get(f"messages/{channel['id']}"))["messages"]
            said = sorted(
                _timeless(text_of(m)) + " ".join(_timeless(f["name"]) for f in m.get("files", ()))
                for m in messages
                if m.get("bot_id")
            )
            people = [user for user in channel["members"] if user != self.sandbox.config.app.bot_user_id]
            pinned = len(channel["pins"]), len(channel["bookmarks"]), len(people)
            if said:
                name = channel["name"] if not channel["is_im"] else f"dm {sorted(channel['members'])}"
                seen.append((name, _timeless(channel["topic"]), pinned, said))
        return sorted(seen, key=repr)

    async def record(self):
        """What is kept, without times and ids: the words of messages that stand, and the timeline's entries in their order.

        What was said and deleted while nobody could listen is nowhere to be found any more.
        """
        rows = await self._looking.summaries()
        messages = [
            m for row in rows if row.channel for m in await self._looking.messages(row.channel, limit=1000)
        ]
        states = [await self._looking.incident(row.number) for row in rows]
        return (
            [(row.number, row.title, row.status.value) for row in rows],
            [(m.user, m.text) for m in messages if not m.deleted],
            [_told(each) for state in states for each in sorted(state.entries.values(), key=_when)],
        )


def _timeless(text):
    return re.sub(
        r"<!date[^>]*>|\d{4}-\d\d-\d\d|\d\d?:\d\d(:\d\d)?|\b\d+ (s|min|h)\b|\bC[0-9A-Z]{8,}\b", "·", text
    )


def _when(entry):
    return entry.time.utc, entry.id


def _told(entry):
    return entry.tag.value, entry.details.text, entry.details.marker, entry.hidden


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def fleet(shape=None):
    """Running bots, ended and cleared away afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        made = Fleet(folder, shape or Shape())
        try:
            await made.open()
            yield made
        finally:
            await made.close()
