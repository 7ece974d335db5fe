"""What the tests of the sandbox share: a quick configuration, a real Bolt app, and two ways to look."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.config import AppConfig, Timing
from sandbox.server import Sandbox

QUICK = Timing(ack_s=0.4, retries_s=(0.02, 0.05, 0.1), offline_s=5.0, trigger_s=0.3, ping_s=0.2)
APP = AppConfig(
    commands=({"command": "/incident", "should_escape": True}, {"command": "/plain"}),
    shortcuts=({"callback_id": "declare", "type": "global"}, {"callback_id": "note", "type": "message"}),
)


class Bot:
    """A Bolt app over Socket Mode that keeps every event it was sent."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        self.app = AsyncApp(
            client=self.client,
            token=sandbox.bot_token,
            ignoring_self_events_enabled=False,
            raise_error_for_unhandled_request=False,
        )
        self.app_token = sandbox.app_token
        self.bodies: list[dict[str, Any]] = []
        self.attempts: list[int] = []
        self.handler: AsyncSocketModeHandler | None = None

        @self.app.middleware
        async def keep(req: Any, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 - Bolt's name
            if req.body.get("type") == "event_callback":
                self.bodies.append(req.body)
                self.attempts.append(int((req.headers.get("x-slack-retry-num") or ["0"])[0]))
            await next()

        @self.app.event({"type": re.compile(".*")})
        async def take() -> None:
            return None

    async def connect(self) -> None:
        self.handler = AsyncSocketModeHandler(self.app, self.app_token)
        await self.handler.connect_async()

    async def close(self) -> None:
        if self.handler:
            await self.handler.close_async()
            self.handler = None

    @property
    def events(self) -> list[dict[str, Any]]:
        return [body["event"] for body in self.bodies]

    def of(self, kind: str, subtype: str | None = "*") -> list[dict[str, Any]]:
        return [e for e in self.events if e["type"] == kind and subtype in {"*", e.get("subtype")}]


async def word(call: Awaitable[Any]) -> str:
    """The word with which Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response.get("error"))


async def soon(look: Callable[[], Any], within_s: float = 3.0) -> Any:
    for _ in range(int(within_s / 0.01)):
        seen = look()
        if seen:
            return seen
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")
