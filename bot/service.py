"""The bot as an operator runs it: database, connection, signals; and small jobs on the same database."""

import asyncio
import signal
from collections.abc import Sequence
from pathlib import Path

import structlog
from pydantic import SecretStr

from bot.app.exports import exported_items
from bot.app.policy import Policy
from bot.clock import SystemClock
from bot.documents.action_files import FORMATS
from bot.documents.custom_fields import custom_fields
from bot.domain import custom
from bot.settings import Settings
from bot.slack.pace import Pace
from bot.terminal import Terminal, Told, joined, person
from bot.web.address import bind
from bot.wiring import assemble
from storage.disk import network_disk
from storage.engine import Db
from storage.store import open_store

log = structlog.get_logger(__name__)


_WHERE = {
    "bot_token": "SLACK_BOT_TOKEN (xoxb-…, OAuth & Permissions)",
    "app_token": "SLACK_APP_TOKEN (xapp-…, Basic Information → App-Level Tokens)",
    "signing_secret": "SLACK_SIGNING_SECRET (Basic Information → App Credentials)",
}


class MissingTokens(Exception):  # noqa: N818 - told to the operator as it stands
    """What is not set, and where to find it."""


async def serve(
    settings: Settings, database: str, stop: asyncio.Event | None = None, base_url: str | None = None
) -> None:
    """Run until a signal, or ``stop``. ``base_url`` is another Slack's Web API, for tests and the sandbox."""
    _require_secrets(settings)
    over_http = settings.transport == "http"
    policy, folders, webhooks = settings.policy(), settings.template_folders(), settings.webhooks()
    _warn_of_network_disk(database)
    async with open_store(database) as store:
        bot = assemble(
            store=store,
            clock=SystemClock(),
            policy=policy,
            bot_token=_plain(settings.bot_token),
            app_token=None if over_http else _plain(settings.app_token),
            signing_secret=_plain(settings.signing_secret) if over_http else None,
            listener=bind(settings.address) if settings.address else None,
            base_url=base_url,
            public_url=str(settings.public_url) if settings.public_url else None,
            template_folders=folders,
            webhooks=webhooks,
            pace=Pace(replicas=settings.replicas),
        )
        over = stop or asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, over.set)
        try:
            await bot.start()
            log.info("tocsin.running")
            await over.wait()
        finally:
            await bot.stop()


def _warn_of_network_disk(database: str) -> None:
    path = Db(database).path
    if path and (kind := network_disk(path)):
        log.warning(
            "sqlite.network_disk",
            kind=kind,
            advice="its locks do not hold there: use a local disk or PostgreSQL",
        )


def _require_secrets(settings: Settings) -> None:
    """What the chosen way of reaching Slack needs. Raises `MissingTokens`."""
    needed = ("bot_token", "signing_secret" if settings.transport == "http" else "app_token")
    missing = [_WHERE[name] for name in needed if getattr(settings, name) is None]
    if missing:
        raise MissingTokens(
            f"Tocsin was not started: it needs {' and '.join(missing)} in the environment or in .env. "
            "`tocsin demo` needs none."
        )


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


async def rebuild_tables(database: str) -> int:
    """Make the query tables anew; the bot must not be running on the same SQLite file."""
    async with open_store(database) as store:
        return await store.rebuild()


async def export_actions(
    database: str, wanted: str, *, private: bool, open_only: bool, owner: str | None
) -> bytes:
    """All action items as a file of one of `bot.documents.action_files.FORMATS`."""
    async with open_store(database, read_only=True) as store:
        items = await exported_items(store, private=private, open_only=open_only, owner=owner)
    return FORMATS[wanted](items)


async def typed_in_terminal(
    database: str, policy: Policy, words: Sequence[str], who: str, template_folders: Sequence[Path] = ()
) -> Told:
    """One line of `/incident …`, kept in the database beside a bot that may be running."""
    custom.declare(custom_fields(template_folders))
    async with open_store(database, beside=True) as store:
        by, zone = await person(store, who)
        return await Terminal(store, policy, SystemClock()).typed(joined(words), by=by, zone=zone)
