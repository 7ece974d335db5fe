"""The bot as an operator runs it: database, connection, signals; and small jobs on the same database."""

import asyncio
import signal
from dataclasses import replace

import structlog
from pydantic import SecretStr

from bot.app.directory import Directory
from bot.app.postmortem import Postmortems
from bot.clock import SystemClock
from bot.documents.renderer import PackRenderer
from bot.domain.incident import Rendering
from bot.settings import Settings
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace
from bot.slack.runtime import web_client
from bot.web.server import bind
from bot.wiring import assemble
from storage.store import open_store

log = structlog.get_logger(__name__)


_WHERE = {
    "bot_token": "SLACK_BOT_TOKEN (xoxb-…, OAuth & Permissions)",
    "app_token": "SLACK_APP_TOKEN (xapp-…, Basic Information → App-Level Tokens)",
    "signing_secret": "SLACK_SIGNING_SECRET (Basic Information → App Credentials)",
}


class MissingTokens(Exception):  # noqa: N818 - told to the operator as it stands
    """What is not set, and where to find it."""


class NoSuchIncident(Exception):  # noqa: N818 - told to the operator as it stands
    """The database does not hold it."""


async def serve(
    settings: Settings, database: str, stop: asyncio.Event | None = None, base_url: str | None = None
) -> None:
    """Run until a signal, or ``stop``. ``base_url`` is another Slack's Web API, for tests and the sandbox."""
    _require_secrets(settings)
    over_http = settings.transport == "http"
    policy, folders = settings.policy(), settings.template_folders()
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
            template_folders=folders,
            pace=Pace(),
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


async def render(settings: Settings, database: str, number: int, wanted: str, pack: str | None) -> bytes:
    """The postmortem as it stands; asks Slack for nothing. Raises `NoSuchIncident`."""
    async with open_store(database, read_only=True) as store:
        incident = await store.incident(number)
        if incident is None:
            raise NoSuchIncident(f"There is no INC-{number} in {database}.")
        policy = replace(settings.policy(), force_pack=pack)
        clock = SystemClock()
        # Names come from the store; an unknown one is printed as its id.
        directory = Directory(store, SlackGateway(web_client("", "http://127.0.0.1:9/"), clock), clock)
        postmortems = Postmortems(store, directory, PackRenderer(settings.template_folders()), policy)
        last = incident.renderings[-1] if incident.renderings else None
        rendering = last or Rendering(
            revision=1, formats=(), final=False, at=incident.declared_at, by="system"
        )
        return (await postmortems.render(incident, rendering, wanted)).content


async def rebuild_tables(database: str) -> int:
    """Make the query tables anew; the bot must not be running on the same SQLite file."""
    async with open_store(database) as store:
        return await store.rebuild()
