"""Bolt's listeners: one per kind of payload, because Bolt scans them in turn; our own tables dispatch.

Each returns after the commit, and only then Bolt acknowledges (`process_before_response=True`). A listener that raises
acknowledges nothing: events come again, people are told and keep what they typed.
"""

import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.app.directory import Directory
from bot.app.item_reactions import ItemReactions
from bot.app.membership import Membership
from bot.app.recorder import Recorder
from bot.app.upkeep import Upkeep
from bot.meters import FAULTS
from bot.slack import inbound
from bot.slack.arrivals import Arrivals
from bot.slack.buttons import Buttons
from bot.slack.desk import Desk
from bot.slack.homes import Homes
from bot.slack.item_lists import ItemLists
from bot.slack.later import Later
from bot.slack.messages import Payload, render
from bot.slack.places import Place
from bot.slack.shortcuts import Shortcuts
from bot.slack.slash import SlashCommands
from bot.slack.submitting import Submissions
from bot.views.notices import fault

log = structlog.get_logger(__name__)

ANYTHING = re.compile(r".*", re.DOTALL)


class OwnBot:
    """Our bot's id in this workspace, known once we are connected."""

    def __init__(self) -> None:
        self.bot_id: str | None = None
        self.user_id: str | None = None


@dataclass(frozen=True, slots=True)
class Handlers:
    """Who answers which kind of payload."""

    commands: SlashCommands
    buttons: Buttons
    shortcuts: Shortcuts
    submissions: Submissions
    homes: Homes
    membership: Membership
    arrivals: Arrivals
    items: ItemReactions

    @classmethod
    def at(cls, desk: Desk) -> "Handlers":
        homes, commands = Homes(desk), SlashCommands(desk, ItemLists(desk))

        def tell(user: str, channel: str, view: object) -> None:
            desk.later.start(desk.whisper(Place(user=user, channel=channel), view))

        return cls(
            commands,
            Buttons(desk, homes, commands),
            Shortcuts(desk),
            Submissions(desk),
            homes,
            desk.places.membership,
            Arrivals(desk),
            ItemReactions(desk.store, desk.clock, desk.policy, desk.incidents.wake, tell),
        )


class Identified(AsyncMiddleware):
    """Every line that is logged on the way names the delivery; Bolt goes on after this returned.

    A class, because for a function Bolt first puts together everything that one might ask for.
    """

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt names what it gives
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        structlog.contextvars.bind_contextvars(delivery=inbound.delivery_id(req.body))
        return await next()


def register(
    app: AsyncApp,
    handlers: Handlers,
    recorder: Recorder,
    upkeep: Upkeep,
    directory: Directory,
    own: OwnBot,
    later: Later,
    missed: Callable[[], None],
) -> None:
    """Connect every kind of payload that Slack sends. ``missed`` is called when an event could not be kept."""

    @asynccontextmanager
    async def made_up_for() -> AsyncIterator[None]:
        """Slack brings again what was not acknowledged, but not for ever."""
        try:
            yield
        except Exception:
            missed()
            raise

    app.use(Identified())

    @app.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        async with made_up_for():
            for message in inbound.messages(event, own_bot=own.bot_id):
                await recorder.message(message)
        await put_right(event)

    @app.event(ANYTHING)
    async def on_event(event: dict[str, Any]) -> None:
        match event.get("type"):
            case "reaction_added" | "reaction_removed":
                reaction = inbound.reaction(event)
                if reaction and reaction.user != own.user_id:
                    async with made_up_for():
                        await recorder.reaction(reaction)
                    await handlers.items.happened(reaction)
            case "pin_added" | "pin_removed":
                if pinned := inbound.pin(event, own_bot=own.bot_id):
                    async with made_up_for():
                        await recorder.reaction(pinned[0], by=pinned[1])
                await put_right(event)
            case "app_home_opened" if event.get("tab") == "home":
                later.start(handlers.homes.draw(str(event["user"])))
            case "user_change":
                changed = inbound.profile(event["user"])
                await directory.learn(changed)
                if changed.deleted:
                    await handlers.arrivals.left_slack(changed.id)
            case "member_joined_channel" | "member_left_channel" as came_or_went:
                handlers.membership.forget(str(event["channel"]))
                if came_or_went == "member_joined_channel" and event.get("user") != own.user_id:
                    later.start(handlers.arrivals.welcome(str(event["user"]), str(event["channel"])))
                await put_right(event)
            case _:
                await put_right(event)

    async def put_right(event: dict[str, Any]) -> None:
        change = inbound.tampering(event, own_bot=own.bot_id, own_user=own.user_id)
        if change:
            await upkeep.happened(change)

    @app.command(ANYTHING)
    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        try:
            answer = await handlers.commands.answer(body)
        except Exception:  # noqa: BLE001 - people are told, whatever it was
            answer = _fault("command")
        await ack(**_message(answer)) if answer else await ack()

    @app.action(ANYTHING)
    async def on_action(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        try:
            answer = await handlers.buttons.press(body)
        except Exception:  # noqa: BLE001 - people are told, whatever it was
            answer = _fault("action")
        await ack()
        _whisper(answer, body, respond)

    @app.shortcut(ANYTHING)
    async def on_shortcut(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        try:
            answer = await handlers.shortcuts.open(body)
        except Exception:  # noqa: BLE001 - people are told, whatever it was
            answer = _fault("shortcut")
        await ack()
        _whisper(answer, body, respond)

    @app.view(ANYTHING)
    async def on_submission(ack: AsyncAck, body: dict[str, Any]) -> None:
        try:
            answer = await handlers.submissions.take(body)
        except Exception:  # noqa: BLE001 - people are told, whatever it was
            first = next(iter(body["view"]["state"]["values"]), "")
            answer = {"response_action": "errors", "errors": {first: _fault("submission").text}}
        await ack(answer) if answer else await ack()

    @app.view_closed(ANYTHING)
    async def on_closed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await handlers.submissions.closed(body)
        await ack()

    def _whisper(answer: Payload | None, body: dict[str, Any], respond: AsyncRespond) -> None:
        """To the person alone; global shortcuts and forms have no response_url and stay silent."""
        if answer and body.get("response_url"):
            later.start(_respond(respond, answer))


async def _respond(respond: AsyncRespond, answer: Payload) -> None:
    await respond(replace_original=answer.replaces, response_type="ephemeral", **_message(answer))


def _message(answer: Payload) -> dict[str, Any]:
    return {"text": answer.text, "blocks": answer.blocks}


def _fault(kind: str) -> Payload:
    """What a person is told when we fail; the log holds the rest under the same reference."""
    reference = uuid.uuid4().hex[:8]
    FAULTS.labels(kind).inc()
    log.exception(  # noqa: LOG004 - called where one is being handled
        "listener.failed", kind=kind, reference=reference
    )
    return render(fault(reference))
