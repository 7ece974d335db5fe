"""`tocsin backfill`: reads one incident's channel again, also beside a bot that runs."""

import asyncio
import os
from collections.abc import Callable
from uuid import uuid4

from bot.app.gaps import Gaps
from bot.app.images import Images
from bot.app.recorder import Recorder
from bot.clock import SystemClock
from bot.domain.transcript import Progress
from bot.settings import Settings
from bot.slack.gateway import SlackGateway
from bot.slack.history import SlackHistory
from bot.slack.later import Later
from bot.slack.pace import Pace
from bot.slack.runtime import web_client
from bot.slack.telling import MaskTelling
from bot.taking_back import NoSuchIncident
from storage.store import open_store


class NoChannel(Exception):  # noqa: N818 - told to the operator as it stands
    """There is nothing to read."""


class NoToken(Exception):  # noqa: N818 - told to the operator as it stands
    """Slack cannot be asked."""


async def read_again(
    settings: Settings,
    database: str,
    number: int,
    *,
    waiting: Callable[[Progress], None],
    base_url: str | None = None,
) -> Progress:
    """Everything of the channel of INC-``number``, however long Slack makes us wait; ``waiting`` hears of each wait.

    ``base_url`` is another Slack's Web API. Raises `NoToken`, `NoSuchIncident`, `NoChannel`, `DatabaseMissing`, `WrongRevision`.
    """
    if settings.bot_token is None:
        raise NoToken(
            "Nothing was read: it needs SLACK_BOT_TOKEN (xoxb-…, OAuth & Permissions) in the environment or in .env."
        )
    clock = SystemClock()
    gateway = SlackGateway(
        web_client(settings.bot_token.get_secret_value(), base_url), clock, None if base_url else Pace()
    )
    later = Later()
    async with open_store(database, beside=True) as store:
        incident = await store.incident(number)
        if incident is None:
            raise NoSuchIncident(f"There is no INC-{number} in this database.")
        if incident.channel is None:
            raise NoChannel(f"Nothing was read: INC-{number} has no channel.")
        recorder = Recorder(
            store,
            clock,
            settings.policy(),
            lambda _: None,
            MaskTelling(gateway, later).tell,
            gateway.permalink,
        )
        history = SlackHistory(gateway)
        owner = f"{os.getpid()}-{uuid4().hex[:8]}"
        gaps = Gaps(store=store, history=history, recorder=recorder, clock=clock, owner=owner)
        came = await gaps.now(incident.channel)
        while came.waits_s is not None:
            waiting(came)
            await asyncio.sleep(came.waits_s)
            came = await gaps.on(incident.channel)
        await Images(store=store, history=history, clock=clock).tick()
        await later.quiet()
        return came
