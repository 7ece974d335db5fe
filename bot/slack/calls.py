"""One call of Slack's Web API: as a form, within Slack's limits, its error words turned into *try later* or *give up*."""

import json
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app.chat_port import ChatError
from bot.app.ports import Clock
from bot.meters import CALLS
from bot.slack.pace import Pace, Rank

#: What may pass by itself (docs: errors common to every method). Anything else is for people to mend.
TEMPORARY = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "internal_error",
        "fatal_error",
        "org_login_required",
        "team_added_to_org",
        "timeout",
        "connection",
        "no_answer",
    }
)
#: Words that give another word's news.
DONE_ALREADY = frozenset(
    {
        "already_in_channel",
        "already_pinned",
        "already_reacted",
        "no_reaction",
        "cant_invite_self",
        "already_archived",
    }
)
#: How long after its first failure a method waits when Slack does not say.
DEFAULT_WAIT_S = 5.0


def _form(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Arguments as a form, which every method takes (JSON bodies are refused by those that only read)."""
    form: dict[str, str] = {}
    for name, value in arguments.items():
        if isinstance(value, bool):
            form[name] = "1" if value else "0"
        elif isinstance(value, str):
            form[name] = value
        elif value is not None:
            form[name] = json.dumps(value, ensure_ascii=False)
    return form


class SlackCalls:
    """Calls Slack with one token. A method that Slack limits waits by itself; the others go on."""

    def __init__(self, client: AsyncWebClient, clock: Clock, pace: Pace | None = None) -> None:
        """Without ``pace`` only Slack itself says when a call is too early."""
        self._client = client
        self._clock = clock
        self._pace = pace
        #: Method -> until when Slack wants to be spared it.
        self._not_before: dict[str, datetime] = {}
        self._me: Mapping[str, Any] | None = None

    async def _call(self, method: str, rank: Rank = Rank.NEWS, /, **arguments: Any) -> Mapping[str, Any]:
        """One request. Raises ChatError; Slack's "it is so already" counts as done."""
        wait = self._told_to_wait_s(method)
        if wait <= 0 and self._pace:
            wait = self._pace.wait(method, arguments.get("channel"), rank)
        if wait > 0:
            raise ChatError("ratelimited", retry_after=wait)
        try:
            response = await self._client.api_call(method, data=_form(arguments))
        except SlackApiError as error:
            CALLS.labels(method, "refused").inc()
            return self._failed(method, error)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            CALLS.labels(method, "no_answer").inc()
            raise ChatError("no_answer") from error
        CALLS.labels(method, "ok").inc()
        data = response.data
        return data if isinstance(data, dict) else {}

    def _told_to_wait_s(self, method: str) -> float:
        now = self._clock.now()
        return (self._not_before.get(method, now) - now).total_seconds()

    def _free(self, method: str, rank: Rank = Rank.NEWS) -> float:
        """How many calls would not be refused now; without a pace nobody knows before Slack says so."""
        if self._told_to_wait_s(method) > 0:
            return 0
        return self._pace.free(method, rank) if self._pace else math.inf

    def _failed(self, method: str, error: SlackApiError) -> Mapping[str, Any]:
        response = error.response
        word = str(response.get("error") or f"http_{response.status_code}")
        if word in DONE_ALREADY:
            return {"ok": True, "already": word}
        if response.status_code == 429 or word in {"ratelimited", "rate_limited"}:
            after = float(response.headers.get("Retry-After", DEFAULT_WAIT_S))
            self._not_before[method] = self._clock.now() + timedelta(seconds=after)
            raise ChatError("ratelimited", retry_after=after)
        temporary = word in TEMPORARY or response.status_code >= 500
        raise ChatError(word, permanent=not temporary)

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """One request, for those who read what is not ours. Raises ChatError."""
        return await self._call(method, Rank.UPKEEP, **arguments)

    @property
    def token(self) -> str:
        """For files, which Slack hands out to our token only."""
        return self._client.token or ""

    async def own_bot(self) -> str | None:
        """Our bot id, by which our own messages are known."""
        me = await self._identity()
        return str(me["bot_id"]) if me.get("bot_id") else None

    async def _identity(self) -> Mapping[str, Any]:
        """Who and where we are (auth.test), asked once."""
        if self._me is None:
            self._me = await self._call("auth.test")
        return self._me
