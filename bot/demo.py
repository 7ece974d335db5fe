"""The whole bot in a local Slack, for a look without an account: page, control interface and bot in one process."""

import asyncio
import signal
import tempfile
import webbrowser
from datetime import timedelta
from pathlib import Path

import click

from bot.app.policy import Policy
from bot.app.ports import Store
from bot.clock import SystemClock
from bot.manifest import load_manifest
from bot.wiring import assemble
from sandbox.config import AppConfig, WorkspaceConfig
from sandbox.server import Sandbox
from storage.store import open_store

ANNOUNCEMENTS = "C0INCIDENTS"


async def serve(*, port: int, open_browser: bool, data: Path | None) -> None:
    """Until interrupted. Without ``data`` the database is forgotten at the end; the local Slack always is."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{(data or Path(folder)) / 'tocsin.db'}"
        sandbox = Sandbox(WorkspaceConfig(name="Tocsin demo", app=AppConfig.from_manifest(load_manifest())))
        try:
            await sandbox.start(port)
        except OSError as error:
            raise click.ClickException(
                f"The demo was not started: port {port} cannot be used ({error.strerror}). Try --port 0."
            ) from error
        try:
            async with open_store(database) as store:
                await _run(sandbox, store, open_browser=open_browser)
        finally:
            await sandbox.stop()


async def _run(sandbox: Sandbox, store: Store, *, open_browser: bool) -> None:
    bot = assemble(
        store=store,
        clock=SystemClock(),
        policy=Policy(announce_in=ANNOUNCEMENTS, calm=timedelta(seconds=0.5)),
        bot_token=sandbox.bot_token,
        app_token=sandbox.app_token,
        base_url=sandbox.api_url,
    )
    over = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, over.set)
    try:
        await bot.start()
        click.echo(
            f"A local Slack with Tocsin in it: {sandbox.url}\nType /incident in any channel. Ctrl-C ends it."
        )
        if open_browser:
            await asyncio.to_thread(webbrowser.open, sandbox.url)
        await over.wait()
    finally:
        await bot.stop()
