"""Payloads on their way to the bot: by socket or by signed HTTP, with Slack's retries for events and none for people's acts."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import random
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from sandbox.clock import Clock, seconds
from sandbox.config import WorkspaceConfig
from sandbox.faults import Delivering
from sandbox.log import Log
from sandbox.scopes import event_allowed

GATHER_S = 0.05  # how long events are gathered before they are sent in disorder


class Undelivered(Exception):  # noqa: N818 - an outcome
    """Not acknowledged; the text is Slack's word for it. ``final``: the bot asked for no retry."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class NoConnection(Undelivered):
    """The bot is not there."""


@dataclass(slots=True)
class Ack:
    """What the bot answered, and how long it took (real time)."""

    payload: Any
    ack_ms: int


class Transport(Protocol):
    """One way to the bot."""

    async def send(self, kind: str, payload: Mapping[str, Any], attempt: int, reason: str | None) -> Any:
        """Deliver once and return the acknowledgement's payload. Raises Undelivered."""
        ...

    async def ready(self, within_s: float) -> bool:
        """Wait until somebody may be there to take a delivery; False when time is up."""
        ...

    async def drop(self) -> None:
        """Cut the connection, if there is one."""
        ...


class HttpTransport:
    """The Events API's requests: JSON for events, forms for people's acts, all signed (docs: verifying-requests)."""

    def __init__(self, url: str, secret: str, ack_s: float) -> None:
        self._url = url
        self._secret = secret
        self._ack_s = ack_s
        self._session: aiohttp.ClientSession | None = None

    async def send(self, kind: str, payload: Mapping[str, Any], attempt: int, reason: str | None) -> Any:
        body, content = _encode(kind, payload)
        headers = {"Content-Type": content, **self.signed(body)}
        if attempt:
            headers |= {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": reason or "unknown_error"}
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with (
                asyncio.timeout(self._ack_s),
                self._session.post(self._url, data=body, headers=headers, max_redirects=2) as answer,
            ):
                text = await answer.text()
                if not 200 <= answer.status < 300:
                    raise Undelivered("http_error", final=answer.headers.get("x-slack-no-retry") == "1")
        except TimeoutError:
            raise Undelivered("http_timeout") from None
        except aiohttp.TooManyRedirects:
            raise Undelivered("too_many_redirects") from None
        except aiohttp.ClientConnectorError:
            raise NoConnection("connection_failed") from None
        except aiohttp.ClientError:
            raise Undelivered("connection_failed") from None
        try:
            return json.loads(text) if text else None
        except json.JSONDecodeError:
            return {"text": text}

    def signed(self, body: str) -> dict[str, str]:
        # Signatures are judged by the bot's own clock, so they carry real time even where the workspace's is virtual.
        stamp = str(int(time.time()))
        digest = hmac.new(self._secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def ready(self, within_s: float) -> bool:
        await asyncio.sleep(min(0.2, max(within_s, 0)))
        return within_s > 0

    async def drop(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None


def _encode(kind: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode({k: _flat(v) for k, v in form.items()}), "application/x-www-form-urlencoded"


def _flat(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


class Delivery:
    """Sends what happens to the bot. Events come at least once, in no promised order; people's acts come once."""

    def __init__(self, config: WorkspaceConfig, clock: Clock, log: Log, transport: Transport) -> None:
        self.how = Delivering()
        self._config = config
        self._clock = clock
        self._log = log
        self.transport = transport
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[dict[str, Any]] = []
        self._releasing: asyncio.TimerHandle | None = None
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.pending = 0

    async def settled(self) -> None:
        """Wait until every delivery was acknowledged or given up."""
        await self._quiet.wait()

    def _count(self, change: int) -> None:
        self.pending += change
        if self.pending:
            self._quiet.clear()
        else:
            self._quiet.set()

    # --- events ----------------------------------------------------------------------------------------------------

    def event(self, event: dict[str, Any], place: str | None = None) -> None:
        """An event from a kind of conversation; delivered in the background if the app subscribes to it."""
        if not self._subscribed(event["type"], place):
            return
        body = self._envelope(event)
        self._count(1)
        if self.how.pause or self.how.reorder:
            self._held.append(body)
            if not self.how.pause and self._releasing is None:
                self._releasing = asyncio.get_running_loop().call_later(GATHER_S, self.release)
            return
        self._start(body)

    def release(self) -> None:
        """Let go what was held back, in disorder where that is asked for."""
        held, self._held, self._releasing = self._held, [], None
        if self.how.reorder:
            held.reverse()
            tail = held[1:]
            random.Random(len(held)).shuffle(tail)  # noqa: S311 - not for secrets
            held[1:] = tail  # the last one comes first, so two are never left in order
        for body in held:
            self._start(body)

    @property
    def held(self) -> int:
        return len(self._held)

    def _start(self, body: dict[str, Any]) -> None:
        task = asyncio.create_task(self._deliver(body))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._count(-1)

    def _subscribed(self, kind: str, place: str | None) -> bool:
        """An event needs the app's subscription and the scope that goes with it."""
        app = self._config.app
        if not event_allowed(kind, place, app.scopes):
            return False
        names = {
            "channel": "message.channels",
            "group": "message.groups",
            "im": "message.im",
            "mpim": "message.mpim",
        }
        return app.events is None or (names[place or "channel"] if kind == "message" else kind) in app.events

    def _envelope(self, event: dict[str, Any]) -> dict[str, Any]:
        app, team = self._config.app, self._config.team_id
        return {
            "token": "sandbox",
            "team_id": team,
            "api_app_id": app.app_id,
            "type": "event_callback",
            "event_id": f"Ev{uuid.uuid4().hex[:10].upper()}",
            "event_time": seconds(self._clock.now()),
            "event_context": "4-sandbox",
            "is_ext_shared_channel": False,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "event": event,
        }

    async def _deliver(self, body: dict[str, Any]) -> None:
        if self.how.delay_ms:
            await asyncio.sleep(self.how.delay_ms / 1000)
        copies = 1 + self.how.duplicate
        await asyncio.gather(*(self._with_retries(body) for _ in range(copies)))

    async def _with_retries(self, body: dict[str, Any]) -> None:
        """Slack's own patience: again after a while, with the number and reason of the retry."""
        timing = self._config.timing
        reason: str | None = None
        offline_until = time.monotonic() + timing.offline_s
        attempt = 0
        while True:
            try:
                await self._send("events_api", body, attempt, reason)
            except NoConnection as nobody:
                # None of the three tries is used up; but when somebody comes, it is a retry.
                if not await self.transport.ready(offline_until - time.monotonic()):
                    return
                attempt, reason = max(attempt, 1), str(nobody)
                continue
            except Undelivered as failure:
                if failure.final:
                    return
                reason = str(failure)
            else:
                return
            if attempt >= len(timing.retries_s):
                return
            await asyncio.sleep(timing.retries_s[attempt])
            attempt += 1

    # --- people's acts ---------------------------------------------------------------------------------------------

    async def act(self, kind: str, payload: dict[str, Any]) -> Ack:
        """A command or a click: delivered once (and again where duplicates are asked for), never retried.

        Raises Undelivered, which the person sees as an error. What becomes of duplicates nobody sees.
        """
        self._count(1)
        try:
            started = time.monotonic()
            answer = await self._send(kind, payload, 0, None)
            took = int((time.monotonic() - started) * 1000)
            for _ in range(self.how.duplicate):
                with contextlib.suppress(Undelivered):
                    await self._send(kind, payload, 0, None)
            return Ack(payload=answer, ack_ms=took)
        finally:
            self._count(-1)

    async def _send(self, kind: str, payload: Mapping[str, Any], attempt: int, reason: str | None) -> Any:
        line = self._log.add("to_bot", kind, args=payload, attempt=attempt)
        started = time.monotonic()
        try:
            answer = await self.transport.send(kind, payload, attempt, reason)
        except Undelivered as failure:
            line["error"] = str(failure)
            raise
        line["ack_ms"] = int((time.monotonic() - started) * 1000)
        line["ack"] = answer
        return answer

    def forget(self) -> list[asyncio.Task[None]]:
        """Give up what is on its way or held back, and deliver plainly again."""
        if self._releasing:
            self._releasing.cancel()
            self._releasing = None
        self.how = Delivering()
        self._count(-len(self._held))
        self._held.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        return tasks

    async def stop(self) -> None:
        await asyncio.gather(*self.forget(), return_exceptions=True)
