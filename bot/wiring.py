"""The one place where everything is put together."""

import os
import socket
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from slack_bolt.async_app import AsyncApp

from bot.app.calendars import PATH as CALENDAR
from bot.app.calendars import Calendars
from bot.app.climbing import Climbing
from bot.app.directory import Directory
from bot.app.gaps import Gaps
from bot.app.gate import Gate
from bot.app.images import Images
from bot.app.incidents import Incidents
from bot.app.letters import Letters
from bot.app.membership import Membership
from bot.app.perform import Performer
from bot.app.policy import Policy
from bot.app.ports import Clock, Store
from bot.app.postmortem import Postmortems
from bot.app.pruning import Pruning
from bot.app.publish import Publisher
from bot.app.quiet import Quiet
from bot.app.recorder import Recorder
from bot.app.tick import Reminding
from bot.app.upkeep import Upkeep
from bot.app.user_groups import UserGroups
from bot.app.watching import Watching
from bot.app.webhooks import Endpoint, Webhook
from bot.app.worker import Worker
from bot.documents.action_files import as_calendar
from bot.documents.custom_fields import custom_fields
from bot.documents.late import LateRenderer
from bot.documents.outlets import outlets_of
from bot.domain import custom
from bot.health import BotHealth
from bot.scheduler import Ticks
from bot.slack.checks import Checks
from bot.slack.desk import Desk
from bot.slack.gateway import SlackGateway
from bot.slack.history import SlackHistory
from bot.slack.later import Later
from bot.slack.listeners import Handlers, OwnBot, register
from bot.slack.pace import Pace
from bot.slack.places import Places
from bot.slack.runtime import Connections, SocketRuntime, bolt_app, web_client
from bot.slack.telling import MaskTelling
from bot.web.outgoing import HttpOutgoing

if TYPE_CHECKING:
    from bot.web.server import WebServer


@dataclass(slots=True, kw_only=True)
class Tocsin:
    """The whole bot on a started store. `start` and `stop` are all that a caller needs."""

    store: Store
    clock: Clock
    policy: Policy
    worker: Worker
    reminding: Reminding
    upkeep: Upkeep
    recorder: Recorder
    pruning: Pruning
    gaps: Gaps
    images: Images
    postmortems: Postmortems
    app: AsyncApp
    connections: Connections
    later: Later
    webhooks: Sequence[Webhook]
    outgoing: HttpOutgoing
    socket: SocketRuntime | None
    web: "WebServer | None"
    ticks: Ticks | None

    async def start(self) -> None:
        """Connect, take up what a crash left, and let time pass."""
        self.connections.open()
        await self.store.recover()
        await self.gaps.after_silence()
        if self.web:
            await self.web.start()
        if self.socket:
            await self.socket.start()
        await self.worker.sweep()
        if self.ticks:
            self.ticks.start()

    async def tick(self) -> None:
        """What time brings by now: reminders due, incidents whose delay is over."""
        await self.reminding.tick(self.clock.now())
        await self.upkeep.tick(self.clock.now())
        await self.gaps.tick()
        await self.images.tick()
        await self.recorder.tick()
        await self.pruning.tick(self.clock.now())
        await self.worker.sweep()
        for webhook in self.webhooks:
            await webhook.tick(self.clock.now())

    async def quiet(self) -> None:
        """Returns when everything that was begun is finished."""
        await self.later.quiet()
        await self.worker.quiet()

    async def stop(self) -> None:
        """Take nothing more, finish what was begun."""
        if self.ticks:
            await self.ticks.stop()
        if self.socket:
            await self.socket.stop()
        if self.web:
            await self.web.stop()
        await self.gaps.stop()
        await self.later.quiet()
        await self.worker.stop()
        await self.outgoing.stop()
        await self.connections.close()


def assemble(
    *,
    store: Store,
    clock: Clock,
    policy: Policy,
    bot_token: str,
    app_token: str | None = None,
    signing_secret: str | None = None,
    listener: socket.socket | None = None,
    base_url: str | None = None,
    public_url: str | None = None,
    template_folders: Sequence[Path] = (),
    webhooks: Sequence[Endpoint] = (),
    ticking: bool = True,
    pace: Pace | None = None,
) -> Tocsin:
    """Everything joined on a started store.

    ``app_token``: Slack is reached by Socket Mode. ``signing_secret``: Slack's requests are taken on ``listener``, a
    bound socket, which also serves everything else that Tocsin serves by HTTP; without it nothing listens.
    ``base_url`` is another Slack's Web API (the sandbox's). ``public_url`` is where others reach ``listener``; without it
    there are no calendars. Without ``ticking`` the caller calls `Tocsin.tick`.
    ``pace`` keeps Slack's rate limits; local Slacks have none.
    """
    custom.declare(custom_fields(template_folders))
    owner = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
    client = web_client(bot_token, base_url)
    gateway = SlackGateway(client, clock, pace)
    directory = Directory(store, gateway, clock)
    history = SlackHistory(gateway)
    images = Images(store=store, history=history, clock=clock)
    postmortems = Postmortems(store, directory, LateRenderer(list(template_folders)), policy, images.tick)
    wakes: list[Worker] = []

    def wake(number: int) -> None:
        wakes[0].wake(number)

    later = Later()
    telling = MaskTelling(gateway, later)
    user_groups = UserGroups(gateway, clock)
    gate = Gate(policy.permissions, user_groups)
    incidents = Incidents(store, wake, telling.tell, gate)
    performer = Performer(
        store=store,
        chat=gateway,
        postmortems=postmortems,
        clock=clock,
        incidents=incidents,
        outlets=outlets_of(policy),
    )
    publisher = Publisher(
        store=store,
        performer=performer,
        directory=directory,
        user_groups=user_groups,
        clock=clock,
        policy=policy,
        owner=owner,
    )
    worker = Worker(store, publisher, clock, calm_s=policy.calm.total_seconds())
    wakes.append(worker)
    recorder = Recorder(store, clock, policy, wake, telling.tell, gateway.permalink)
    gaps = Gaps(store=store, history=history, recorder=recorder, clock=clock, owner=owner)
    upkeep = Upkeep(store, gateway, incidents, clock, wake, gaps.in_channel)
    climbing = Climbing(store, directory, policy, Watching(store, incidents, policy))
    reminding = Reminding(climbing, Letters(store, gateway, climbing, Quiet(gateway), owner))
    places = Places(
        store=store,
        directory=directory,
        membership=Membership(gateway, clock),
        gate=gate,
        clock=clock,
        policy=policy,
    )
    calendars = Calendars(store, clock, public_url if listener else None, as_calendar)
    desk = Desk(
        store=store,
        incidents=incidents,
        recorder=recorder,
        gaps=gaps,
        directory=directory,
        gateway=gateway,
        clock=clock,
        policy=policy,
        later=later,
        places=places,
        checks=Checks(store, places, gateway, user_groups),
        postmortems=postmortems,
        calendars=calendars,
    )
    own = OwnBot()
    app = bolt_app(client, own)
    register(app, Handlers.at(desk), recorder, upkeep, directory, own, later, gaps.missed)

    async def remind() -> None:
        await reminding.tick(clock.now())

    async def look() -> None:
        await upkeep.tick(clock.now())

    async def prune() -> None:
        await pruning.tick(clock.now())

    pruning = Pruning(store)
    socket_mode = SocketRuntime(app, app_token, gaps.missed) if app_token else None
    jobs: dict[str, Callable[[], Awaitable[object]]] = {
        "reminders": remind,
        "publish": worker.sweep,
        "upkeep": look,
        "gaps": gaps.tick,
        "images": images.tick,
        "held": recorder.tick,
        "prune": prune,
    }
    if socket_mode:
        jobs["socket"] = socket_mode.watch
    outgoing = HttpOutgoing()
    told = [Webhook(endpoint=endpoint, store=store, outgoing=outgoing, owner=owner) for endpoint in webhooks]
    # A job for each: one that is slow holds up no other.
    jobs |= {f"webhook {each.endpoint.name}": partial(_at_once, each, clock) for each in told}
    ticks = Ticks(jobs) if ticking else None
    health = BotHealth(store=store, clock=clock, socket=socket_mode, ticks=ticks)
    return Tocsin(
        store=store,
        clock=clock,
        policy=policy,
        worker=worker,
        reminding=reminding,
        upkeep=upkeep,
        recorder=recorder,
        pruning=pruning,
        gaps=gaps,
        images=images,
        postmortems=postmortems,
        app=app,
        connections=Connections(client),
        later=later,
        webhooks=told,
        outgoing=outgoing,
        socket=socket_mode,
        web=_web(listener, health, app, signing_secret, calendars, gaps.heard) if listener else None,
        ticks=ticks,
    )


def _web(
    listener: socket.socket,
    health: BotHealth,
    app: AsyncApp,
    signing_secret: str | None,
    calendars: Calendars,
    heard: Callable[[], None],
) -> "WebServer":
    """What is served by HTTP; most installations serve nothing, and need no server in memory."""
    from bot.web.calendars import calendar_route
    from bot.web.health import health_routes
    from bot.web.server import WebServer
    from bot.web.slack import slack_route

    routes = health_routes(health)
    if signing_secret:
        routes.append(slack_route(app, signing_secret, heard))
    if calendars.open:
        routes.append(calendar_route(CALENDAR, calendars.file))
    return WebServer(listener, routes)


async def _at_once(webhook: Webhook, clock: Clock) -> None:
    await webhook.tick(clock.now())
