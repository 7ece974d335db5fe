"""Payloads on their way to the bot: by socket or by signed HTTP, with Slack's retries for events and none for people's acts."""

import asyncio
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


class NoConnection(Exception):  # noqa: N818 - an outcome
    """The bot is not there."""


@dataclass(slots=True)
class Ack:
    """What the bot answered, and how long it took (real time)."""

    payload: Any
    ack_ms: int


class Transport(Protocol):
    """One way to the bot."""

    async def send(self, kind: str, payload: Mapping[str, Any], attempt: int, reason: str | None) -> Any:
        """Deliver once and return the acknowledgement's payload. Raises TimeoutError or NoConnection."""
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
            headers |= {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": reason or "http_timeout"}
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with (
                asyncio.timeout(self._ack_s),
                self._session.post(self._url, data=body, headers=headers) as answer,
            ):
                text = await answer.text()
                if answer.status != 200:
                    raise NoConnection(f"http_error {answer.status}")
        except aiohttp.ClientError as error:
            raise NoConnection("connection_failed") from error
        try:
            return json.loads(text) if text else None
        except json.JSONDecodeError:
            return {"text": text}

    def signed(self, body: str) -> dict[str, str]:
        # Signatures are judged by the bot's own clock, so they carry real time even where the workspace's is virtual.
        stamp = str(int(time.time()))
        digest = hmac.new(self._secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def drop(self) -> None:
        await self.close()

    async def close(self) -> None:
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
        self.pending = 0

    # --- events ----------------------------------------------------------------------------------------------------

    def event(self, event: dict[str, Any]) -> None:
        """An event of the workspace; delivered in the background if the app subscribes to it."""
        if not self._subscribed(event):
            return
        body = self._envelope(event)
        self.pending += 1
        if self.how.pause or self.how.reorder:
            self._held.append(body)
            if not self.how.pause and len(self._held) >= 4:
                self.release()
            return
        self._start(body)

    def release(self) -> None:
        """Let go what was held back, in disorder where that is asked for."""
        held, self._held = self._held, []
        if self.how.reorder:
            random.Random(len(held)).shuffle(held)  # noqa: S311 - not for secrets
        for body in held:
            self._start(body)

    @property
    def held(self) -> int:
        return len(self._held)

    def _start(self, body: dict[str, Any]) -> None:
        task = asyncio.create_task(self._deliver(body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _subscribed(self, event: dict[str, Any]) -> bool:
        wanted = self._config.app.events
        if wanted is None:
            return True
        kind = event["type"]
        if kind == "message":
            place = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
            return place.get(event.get("channel_type", "channel"), "message.channels") in wanted
        return kind in wanted

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
        try:
            if self.how.delay_ms:
                await asyncio.sleep(self.how.delay_ms / 1000)
            copies = 1 + self.how.duplicate
            await asyncio.gather(*(self._with_retries(body) for _ in range(copies)))
        finally:
            self.pending -= 1

    async def _with_retries(self, body: dict[str, Any]) -> None:
        """Slack's own patience: again after a while, with the number and reason of the retry."""
        timing = self._config.timing
        reason: str | None = None
        offline_until = time.monotonic() + timing.offline_s
        attempt = 0
        while True:
            try:
                await self._send("events_api", body, attempt, reason)
            except TimeoutError:
                reason = "timeout"
            except NoConnection:
                reason = "connection_failed"
                if time.monotonic() < offline_until:
                    # Nobody is there: it stays a retry, and none of the three tries is used up.
                    await asyncio.sleep(0.1)
                    attempt = max(attempt, 1)
                    continue
            else:
                return
            if attempt >= len(timing.retries_s):
                return
            await asyncio.sleep(timing.retries_s[attempt])
            attempt += 1

    # --- people's acts ---------------------------------------------------------------------------------------------

    async def act(self, kind: str, payload: dict[str, Any]) -> Ack:
        """A command or a click: delivered once (and again where duplicates are asked for), never retried.

        Raises TimeoutError or NoConnection, which the person sees as an error.
        """
        self.pending += 1
        try:
            started = time.monotonic()
            answer = await self._send(kind, payload, 0, None)
            took = int((time.monotonic() - started) * 1000)
            for _ in range(self.how.duplicate):
                await self._send(kind, payload, 0, None)
            return Ack(payload=answer, ack_ms=took)
        finally:
            self.pending -= 1

    async def _send(self, kind: str, payload: Mapping[str, Any], attempt: int, reason: str | None) -> Any:
        line = self._log.add("to_bot", kind, args=payload, attempt=attempt)
        started = time.monotonic()
        try:
            answer = await self.transport.send(kind, payload, attempt, reason)
        except TimeoutError:
            line["error"] = "timeout"
            raise
        except NoConnection as error:
            line["error"] = str(error) or "no_connection"
            raise
        line["ack_ms"] = int((time.monotonic() - started) * 1000)
        line["ack"] = answer
        return answer

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
