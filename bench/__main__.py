"""`make bench`: Tocsin beside a Bolt app that does nothing, on the same sandbox, alternating; prints ratios of medians."""

import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import aiohttp
from rich.console import Console
from rich.table import Table
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.app.policy import Policy
from bot.clock import SystemClock
from bot.manifest import load_manifest
from bot.replay.hands import Hands
from bot.wiring import assemble
from sandbox.config import AppConfig, WorkspaceConfig
from sandbox.server import running
from storage.store import open_store

ROUNDS = 5
COMMANDS = 40
MESSAGES = 300
AT_ONCE = 20


def config():
    return WorkspaceConfig(app=AppConfig.from_manifest(load_manifest()))


@asynccontextmanager
async def nothing_app(sandbox):
    """Bolt that acknowledges everything and does nothing."""
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    app = AsyncApp(client=client)

    @app.event("message")
    async def on_message():
        return None

    @app.command("/incident")
    async def on_command(ack):
        await ack("nothing")

    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    yield
    await handler.close_async()


@asynccontextmanager
async def tocsin_app(sandbox):
    """The whole bot on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_store(f"sqlite:///{folder}/bench.db") as store:
            bot = assemble(
                store=store,
                clock=SystemClock(),
                policy=Policy(calm=timedelta(seconds=1)),
                bot_token=sandbox.bot_token,
                app_token=sandbox.app_token,
                base_url=sandbox.api_url,
            )
            await bot.start()
            yield
            await bot.stop()


async def incident_channel(hands):
    """Where messages are recorded: an incident's channel with Tocsin, any channel without."""
    await hands.command("U0ANA", "C0GENERAL", "bench incident")
    await asyncio.sleep(1)
    made = [c for c in (await hands.state())["channels"] if c["name"].startswith("inc-")]
    return made[0]["id"] if made else "C0GENERAL"


async def measure(app):
    """Milliseconds to the ack of a command (median), and messages acknowledged a second."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(running(config()))
        for channel in sandbox.workspace.channels.values():
            channel.members.add(sandbox.workspace.bot.id)
        await stack.enter_async_context(app(sandbox))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        hands = Hands(sandbox.url, session)
        channel = await incident_channel(hands)
        acks = []
        for _ in range(COMMANDS):
            answer = await hands._post(
                "command", channel=channel, user="U0ANA", command="/incident", text="status"
            )
            acks.append(answer["ack_ms"])
        slots = asyncio.Semaphore(AT_ONCE)

        async def say(number):
            async with slots:
                await hands.say("U0ANA", channel, f"message {number}")

        began = time.perf_counter()
        await asyncio.gather(*(say(number) for number in range(MESSAGES)))
        await sandbox.settled(within_s=60)
        return statistics.median(acks), MESSAGES / (time.perf_counter() - began)


async def declare_calls():
    """Web API calls of a declare, and after how many the declarer is in."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(running(config()))
        await stack.enter_async_context(tocsin_app(sandbox))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        await incident_channel(Hands(sandbox.url, session))
        calls = [line["method"] for line in sandbox.log.shown() if line["kind"] == "api"]
        chain = [m for m in calls if m not in {"auth.test", "apps.connections.open", "users.info"}]
        return len(chain), chain.index("conversations.invite") + 1


async def main():
    nothing, ours = [], []
    for _ in range(ROUNDS):
        nothing.append(await measure(nothing_app))
        ours.append(await measure(tocsin_app))
    ack = statistics.median(b[0] for b in ours) / max(1, statistics.median(a[0] for a in nothing))
    rate = statistics.median(b[1] for b in ours) / statistics.median(a[1] for a in nothing)
    calls, invited = await declare_calls()
    table = Table(title="Tocsin beside a Bolt app that does nothing (medians of alternating runs)")
    for column in ("what", "Tocsin"):
        table.add_column(column)
    table.add_row("slash command acked, idle, p50", f"{ack:.1f} x the time")
    table.add_row("messages of an incident recorded and committed, closed loop", f"{rate:.2f} x the rate")
    table.add_row("declare: Web API calls", str(calls))
    table.add_row("declare: calls until the declarer is in the channel", str(invited))
    Console().print(table)


if __name__ == "__main__":
    asyncio.run(main())
