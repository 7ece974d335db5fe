"""kill -9 at every Slack call of a declare: after a restart there is one incident, one channel, one banner."""

import asyncio
import os
import signal
import subprocess
import sys

import aiohttp
import pytest

from bot.manifest import load_manifest
from bot.replay.hands import Hands
from sandbox.config import AppConfig, WorkspaceConfig
from sandbox.server import Sandbox
from tests.scenarios.workspace import QUICK, text_of

#: A declare's calls, and a few more than it makes.
CALLS = ["conversations.create", "conversations.invite", "chat.postMessage", "conversations.setTopic"]
CALLS += ["pins.add", "bookmarks.add"]
POINTS = [(method, phase, nth) for method in CALLS for phase in ("before", "after") for nth in (1,)]
POINTS += [("chat.postMessage", phase, 2) for phase in ("before", "after")]  # banner and announcement

pytestmark = pytest.mark.once  # a process of its own, on a real connection


class Process:
    """The bot as an operator runs it, in a process of its own."""

    def __init__(self, sandbox, database):
        self._sandbox, self._database = sandbox, database
        self._process = None

    def start(self):
        code = (
            "import asyncio, sys; from bot.settings import Settings; from bot.service import serve;"
            "asyncio.run(serve(Settings(_env_file=None), sys.argv[1], base_url=sys.argv[2]))"
        )
        env = {
            **os.environ,
            "SLACK_BOT_TOKEN": self._sandbox.bot_token,
            "SLACK_APP_TOKEN": self._sandbox.app_token,
            "TOCSIN_ANNOUNCE_IN": "C0INCIDENTS",
            "TOCSIN_LOG_LEVEL": "error",
        }
        arguments = [sys.executable, "-c", code, self._database, self._sandbox.api_url]
        self._process = subprocess.Popen(
            arguments, env=env, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=20)


async def connected(sandbox):
    for _ in range(1000):
        if sandbox.socket.connections:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the bot did not connect")


async def standing(hands, done):
    """Wait until Slack shows what it should."""
    for _ in range(600):
        state = await hands.state()
        made = [c for c in state["channels"] if c["name"].startswith("inc-")]
        if made and done(made[0]):
            announced = (await hands._get("messages/C0INCIDENTS"))["messages"]
            if any(m.get("bot_id") for m in announced):
                return made
        await asyncio.sleep(0.05)
    raise AssertionError(f"not whole: {made}")


@pytest.mark.timeout(90)
@pytest.mark.parametrize(("method", "phase", "nth"), POINTS, ids=str)
async def test_killed_at_any_call_of_a_declare_it_is_whole_after_a_restart(method, phase, nth, tmp_path):
    sandbox = Sandbox(WorkspaceConfig(app=AppConfig.from_manifest(load_manifest()), timing=QUICK))
    await sandbox.start()
    bot = Process(sandbox, f"sqlite:///{tmp_path}/tocsin.db")
    seen, killed = 0, asyncio.Event()

    async def watch(called, args, moment):
        nonlocal seen
        if (called, moment) != (method, phase) or killed.is_set():
            return
        seen += 1
        if seen == nth:
            await asyncio.to_thread(bot.kill)
            killed.set()  # only now: the next start makes another process

    try:
        bot.start()
        await connected(sandbox)
        sandbox.on_call = watch
        async with aiohttp.ClientSession() as session:
            hands = Hands(sandbox.url, session)
            await hands.command("U0ANA", "C0GENERAL", "checkout is down --sev 2")
            await asyncio.wait_for(killed.wait(), 20)
            await sandbox.socket.drop()
            bot.start()
            await connected(sandbox)
            (channel,) = await standing(
                hands, lambda c: c["pins"] and c["bookmarks"] and c["topic"] and "U0ANA" in c["members"]
            )
            messages = (await hands._get(f"messages/{channel['id']}"))["messages"]
            mine = [m for m in messages if m.get("bot_id") and m.get("blocks")]
            announced = [m for m in (await hands._get("messages/C0INCIDENTS"))["messages"] if m.get("bot_id")]
            listed = await hands.command("U0BEA", "C0GENERAL", "list")
    finally:
        await asyncio.to_thread(bot.stop)
        await sandbox.stop()

    assert len(mine) == 1, "one banner"
    assert channel["pins"] == [mine[0]["ts"]]
    assert len(channel["bookmarks"]) == 1
    assert len(announced) == 1
    assert listed.count("INC-") == 1
    assert "INC-1" in text_of(mine[0])
