"""Bolt with our token, and its connection by Socket Mode; over HTTP, `bot.web.slack` hands it the requests."""

import json
import time
from collections.abc import Callable

import structlog
from aiohttp import ClientSession, ClientTimeout, WSMessage
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.listeners import OwnBot

log = structlog.get_logger(__name__)

CALL_TIMEOUT_S = 10
#: The client tries by itself every ten seconds.
PATIENCE_S = 45.0


def web_client(token: str | None, base_url: str | None) -> AsyncWebClient:
    """Without retry handlers: after a lost answer they would post twice."""
    url = base_url or AsyncWebClient.BASE_URL
    return AsyncWebClient(token=token, base_url=url, timeout=CALL_TIMEOUT_S, retry_handlers=[])


class Connections:
    """Connections to the Web API, kept open between calls. By itself the client makes one for each call."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    def open(self) -> None:
        """On the loop that makes the calls."""
        self._client.session = ClientSession(timeout=ClientTimeout(total=CALL_TIMEOUT_S))

    async def close(self) -> None:
        if self._client.session:
            await self._client.session.close()
            self._client.session = None


def bolt_app(client: AsyncWebClient, own: OwnBot) -> AsyncApp:
    """An app that acknowledges after its listener, and whose authorization needs no network.

    Bolt's own authorization acks and drops an event when auth.test fails (seen with 429 and 500).
    """
    known: dict[str, AuthorizeResult] = {}

    async def authorize() -> AuthorizeResult:
        if "it" not in known:
            answer = await client.auth_test()
            own.bot_id = answer.get("bot_id")
            own.user_id = answer.get("user_id")
            known["it"] = AuthorizeResult(
                enterprise_id=answer.get("enterprise_id"),
                team_id=answer.get("team_id"),
                bot_user_id=answer.get("user_id"),
                bot_id=answer.get("bot_id"),
                bot_token=client.token,
            )
        return known["it"]

    async def checked_authorize() -> AuthorizeResult:
        try:
            return await authorize()
        except SlackApiError as error:
            # A SlackApiError would be answered with 200 and the event would be lost.
            raise RuntimeError(f"auth.test: {error.response.get('error')}") from error

    return AsyncApp(
        name="tocsin",  # else Bolt looks through the stack for one, which takes as long as connecting
        # Bolt takes the token from `authorize`; a client that has one too makes it warn at every start.
        client=web_client(None, client.base_url),
        authorize=checked_authorize,
        # Over HTTP the signature is checked at the door, before anything is parsed.
        signing_secret="checked at the door",  # noqa: S106 - no secret
        request_verification_enabled=False,
        process_before_response=True,
        # Bolt takes the deletion of our message by a person for our own doing; we know our own by ourselves.
        ignoring_self_events_enabled=False,
        # Nothing here is written in Workflow Builder's functions or for assistants.
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


class SocketRuntime:
    """A Socket Mode connection that can be stopped without losing what is being handled."""

    def __init__(self, app: AsyncApp, app_token: str, reconnected: Callable[[], None] | None = None) -> None:
        """``reconnected`` is called after a connection that was lost, not after one that Slack renewed in time."""
        self._handler = AsyncSocketModeHandler(app, app_token)
        self._reconnected = reconnected
        self._greeted = self._renewing = False
        self._dead_since: float | None = None
        self._handler.client.on_message_listeners.append(self._heard)

    async def _heard(self, message: WSMessage) -> None:
        """Slack greets every connection, and says beforehand when it will renew one (docs: using-socket-mode)."""
        if not isinstance(message.data, str):
            return
        kind = _kind(message.data)
        if kind == "disconnect":
            self._renewing = True
        if kind == "hello":
            lost = self._greeted and not self._renewing
            self._greeted, self._renewing = True, False
            if lost and self._reconnected:
                self._reconnected()

    async def start(self) -> None:
        await self._handler.connect_async()  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        await self._handler.disconnect_async()  # type: ignore[no-untyped-call]
        await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def watch(self, patience_s: float = PATIENCE_S) -> None:
        """Connect anew when there has been no connection for so long: the client's own attempts have ended."""
        if self.connected:
            self._dead_since = None
            return
        now = time.monotonic()
        self._dead_since = self._dead_since or now
        if now - self._dead_since >= patience_s:
            log.warning("socket.dead", seconds=round(now - self._dead_since))
            self._dead_since = None
            await self._handler.client.connect_to_new_endpoint(force=True)

    @property
    def connected(self) -> bool:
        session = self._handler.client.current_session
        return session is not None and not session.closed


def _kind(frame: str) -> str | None:
    """The type of a frame that is not a delivery; pings and pongs are no JSON."""
    if not frame.startswith("{") or '"envelope_id"' in frame:
        return None
    try:
        return str(json.loads(frame).get("type"))
    except json.JSONDecodeError:
        return None
