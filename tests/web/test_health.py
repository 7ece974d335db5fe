"""Whether it goes on, whether it can serve, what it counted: over HTTP, as a platform asks."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest
from pydantic import SecretStr

from bot.service import serve
from bot.settings import Settings
from bot.web.address import bind
from sandbox.clock import Clock
from sandbox.server import running
from tests.scenarios.workspace import config_of, workspace


@asynccontextmanager
async def served(tmp_path, sandbox):
    """The bot as `tocsin run` runs it, with an address to ask; yields a function that asks."""
    probe = bind("127.0.0.1:0")
    address = f"127.0.0.1:{probe.getsockname()[1]}"
    probe.close()
    settings = Settings(
        _env_file=None,
        bot_token=SecretStr(sandbox.bot_token),
        app_token=SecretStr(sandbox.app_token),
        listen=address,
    )
    stop = asyncio.Event()
    running_bot = asyncio.create_task(serve(settings, f"sqlite:///{tmp_path}/a.db", stop, sandbox.api_url))
    async with aiohttp.ClientSession() as session:

        async def ask(path):
            async with session.get(f"http://{address}{path}") as answer:
                return answer.status, await answer.text()

        try:
            for _ in range(200):
                try:
                    if (await ask("/readyz"))[0] == 200:
                        break
                except aiohttp.ClientConnectorError:
                    pass
                await asyncio.sleep(0.05)
            yield ask
        finally:
            stop.set()
            await running_bot


async def test_a_running_bot_is_well_ready_and_counts(tmp_path):
    async with running(config_of(), Clock()) as sandbox, served(tmp_path, sandbox) as ask:
        assert await ask("/healthz") == (200, "ok")
        assert await ask("/readyz") == (200, '{"ticks":true,"database":true,"slack":true}')
        status, text = await ask("/metrics")
        assert status == 200
        assert "tocsin_open_incidents 0.0" in text
        assert "tocsin_slack_ok 1.0" in text
        assert "process_resident_memory_bytes" in text


async def test_without_slack_it_is_well_but_not_ready(tmp_path):
    async with running(config_of(), Clock()) as sandbox, served(tmp_path, sandbox) as ask:
        await sandbox.stop()
        for _ in range(200):
            status, text = await ask("/readyz")
            if status == 503:
                break
            await asyncio.sleep(0.05)
        assert (status, text) == (503, '{"ticks":true,"database":true,"slack":false}')
        assert (await ask("/healthz"))[0] == 200


async def test_a_socket_that_died_for_good_is_opened_again_by_the_watchdog(tmp_path):
    async with workspace(tmp_path) as slack:
        slack.bot.socket._handler.client.auto_reconnect_enabled = False
        await slack.sandbox.socket.drop()
        while slack.bot.socket.connected:
            await asyncio.sleep(0.01)
        await slack.bot.socket.watch()  # not yet: the client may still come back by itself
        assert not slack.bot.socket.connected
        await slack.bot.socket.watch(patience_s=0)
        assert slack.bot.socket.connected
        assert "INC-1" in await slack.command("ana", "checkout is down --sev 2", "C0GENERAL")


async def test_deliveries_are_forgotten_after_a_week_and_not_before(tmp_path):
    async with workspace(tmp_path) as slack:
        await slack.declare()
        await slack.pass_time(days=6)
        assert await slack.store.prune_deliveries(slack.clock.now() - timedelta(days=7)) == 0
        await slack.pass_time(days=2)
        assert await slack.store.prune_deliveries(slack.clock.now() - timedelta(days=7)) == 0, (
            "the tick did it"
        )
        assert (await slack.incident()).title == "checkout is down"


@pytest.mark.parametrize("at", ["/", "/slack/events", "/metrics/all"])
async def test_with_sockets_nothing_else_is_served(tmp_path, at):
    async with running(config_of(), Clock()) as sandbox, served(tmp_path, sandbox) as ask:
        assert (await ask(at))[0] == 404
