"""kill -9 at each Slack call and each commit of a flow; afterwards Slack must show what a run without faults shows."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.manifest import load_manifest
from bot.replay.hands import Hands, Refused
from sandbox.config import AppConfig, Timing, WorkspaceConfig
from sandbox.server import Sandbox
from tests.scenarios.workspace import text_of

ROOT = Path(__file__).parents[2]
TIMING = Timing(ack_s=3.0, retries_s=(0.05, 0.2, 0.5), offline_s=30.0)
WATCHED = 600.0  # seconds after which a run that does not come to rest has failed


@dataclass(frozen=True)
class Flow:
    """What is typed before, what is typed under fire, and by which words in `/incident list all` one knows that it was kept."""

    name: str
    before: tuple[str, ...]
    typed: str | None
    #: Whether the record shows what was typed; else a person would type it again.
    kept: str
    #: How far the clock is set ahead under fire.
    shift_s: int = 0


DECLARE = "declare checkout is down --sev 2"
FLOWS = (
    Flow("declare", (), DECLARE, "declared"),
    Flow("update", (DECLARE,), "update rolling back v41 --status identified --next 30m", "update_posted"),
    Flow("resolve", (DECLARE,), "resolve rolled back to v40", "status_changed"),
    Flow("close", (DECLARE, "resolve rolled back"), "close now", "closed"),
    Flow("task", (DECLARE,), "task roll back v41 <@U0BEA> due 45m", "action_added"),
    Flow("reminder", (DECLARE, "task roll back v41 <@U0BEA> due 45m"), None, "", shift_s=16 * 60),
)


@dataclass(frozen=True)
class Point:
    """Where the process dies: at the nth Slack call or the nth commit under fire, before or after it is done."""

    kind: str
    phase: str
    nth: int


class Run:
    """One sandbox, one database, and the bot as a process."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.control, self.count = self.folder / "control.json", self.folder / "commits"
        self.sandbox = Sandbox(WorkspaceConfig(app=AppConfig.from_manifest(load_manifest()), timing=TIMING))
        self.process, self.hands = None, None
        self.calls, self.armed, self.shift_s, self.point = 0, False, 0, None
        self.tell()

    def tell(self):
        kill = None
        if self.point and self.point.kind == "commit":
            kill = [self.point.phase, self.point.nth]
        told = {"shift_s": self.shift_s, "armed": self.armed, "kill": kill}
        fresh = self.control.with_suffix(".new")
        fresh.write_text(json.dumps(told))
        fresh.replace(self.control)

    def arm(self, point=None):
        self.point, self.armed, self.calls = point, True, 0
        self.tell()

    def disarm(self):
        self.point, self.armed = None, False
        self.tell()

    async def start(self):
        env = {
            **os.environ,
            "BOT_TOKEN": self.sandbox.bot_token,
            "APP_TOKEN": self.sandbox.app_token,
            "BASE_URL": self.sandbox.api_url,
            "DATABASE": f"sqlite:///{self.folder}/tocsin.db",
            "CONTROL": str(self.control),
            "COUNT": str(self.count),
        }
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.child",
            cwd=ROOT,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(1000):
            if self.sandbox.socket.connections:
                return
            if self.process.returncode is not None:
                raise AssertionError("the bot did not start")
            await asyncio.sleep(0.02)
        raise AssertionError("the bot did not connect")

    async def on_call(self, method, args, phase):
        if not self.armed or method in {"apps.connections.open", "auth.test"}:
            return
        self.calls += phase == "before"
        if self.point == Point("call", phase, self.calls):
            self.process.kill()
            await self.process.wait()

    @property
    def dead(self):
        return self.process.returncode is not None

    async def rest(self):
        """Until the bot is dead, or nothing has happened between it and Slack for a while."""
        quiet, seen = 0, -1
        for _ in range(int(WATCHED / 0.05)):
            await asyncio.sleep(0.05)
            if self.dead:
                return
            now = len([line for line in self.sandbox.log.shown() if line.get("kind") != "ping"])
            quiet = quiet + 1 if now == seen and not self.sandbox.delivery.pending else 0
            seen = now
            if quiet >= 14:
                return
        raise AssertionError("it did not come to rest")

    async def type(self, text):
        """What a person types; a failing answer is what Slack shows them."""
        channels = [c for c in (await self.hands.state())["channels"] if c["name"].startswith("inc-")]
        place = channels[0]["id"] if channels and "U0ANA" in channels[0]["members"] else "C0GENERAL"
        try:
            await self.hands.command(
                "U0ANA", place, text if place != "C0GENERAL" or text == DECLARE else f"INC-1 {text}"
            )
        except Refused:
            return

    def kept(self, kind):
        """Whether the record holds an event of this kind (read beside the running bot)."""
        import sqlite3

        path = self.folder / "tocsin.db"
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            if kind == "closed":
                return db.execute("select count(*) from incidents where status = 'closed'").fetchone()[0] > 0
            return db.execute("select count(*) from events where kind = ?", (kind,)).fetchone()[0] > 0

    async def picture(self):
        """What people see, without times and ids: equal pictures are equal to them."""
        seen = []
        for channel in (await self.hands.state())["channels"]:
            messages = (await self.hands._get(f"messages/{channel['id']}"))["messages"]
            said = sorted(
                re.sub(r"\d{4}-\d\d-\d\d|\d\d?:\d\d(:\d\d)?|\d+ (s|min)\b|<!date[^>]*>", "·", text_of(m))
                + " ".join(re.sub(r"\d{4}-\d\d-\d\d", "·", f["name"]) for f in m.get("files", ()))
                for m in messages
                if m.get("bot_id")
            )
            pinned = len(channel["pins"]), len(channel["bookmarks"]), len(channel["members"])
            topic = re.sub(r"\d\d:\d\d", "·", channel["topic"])
            if said:
                name = channel["name"] if not channel["is_im"] else f"dm {sorted(channel['members'])}"
                seen.append((name, topic, pinned, said))
        return sorted(seen, key=repr)


@asynccontextmanager
async def begun(flow):
    """A bot that has done what comes before the flow."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(folder)
        await run.sandbox.start()
        run.sandbox.on_call = run.on_call
        try:
            async with aiohttp.ClientSession() as session:
                run.hands = Hands(run.sandbox.url, session)
                await run.start()
                for text in flow.before:
                    await run.type(text)
                    await run.rest()
                yield run
        finally:
            if not run.dead:
                run.process.send_signal(signal.SIGTERM)
                await run.process.wait()
            await run.sandbox.stop()


async def under_fire(flow, run, point=None):
    """The flow itself; when the process dies it is started again, and a person types again what was not kept."""
    if flow.shift_s:
        run.shift_s = flow.shift_s
    run.arm(point)
    if flow.typed:
        await run.type(flow.typed)
    await run.rest()
    died = run.dead
    run.armed = False
    if died:
        run.disarm()
        await run.sandbox.socket.drop()
        await run.start()
        await run.rest()
        if flow.typed and not run.kept(flow.kept):
            await run.type(flow.typed)
            await run.rest()
    return died


async def reference(flow):
    """(picture, calls, commits) of a run without faults."""
    async with begun(flow) as run:
        await under_fire(flow, run)
        return await run.picture(), run.calls, int(run.count.read_text() or 0)


async def struck(flow, point):
    """(died, picture) of a run that dies at the point."""
    async with begun(flow) as run:
        died = await under_fire(flow, run, point)
        return died, await run.picture()


def points(calls, commits):
    """Every point of a flow, in order."""
    return [
        Point(kind, phase, nth)
        for kind, count in (("call", calls), ("commit", commits))
        for nth in range(1, count + 1)
        for phase in ("before", "after")
    ]
