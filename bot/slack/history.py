"""Reading what Slack shows now: a channel's past, threads, one message with its emoji, pins, files."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.app.chat_port import ChatError
from bot.app.record_ports import Found, Page
from bot.domain.details import MessageRef
from bot.slack import inbound
from bot.slack.gateway import PAGE, SlackGateway

DOWNLOAD_S = 30
CHUNK = 64 * 1024


class SlackHistory:
    """`History` on the Web API. A limited method is spared until Slack allows it again; the others go on."""

    def __init__(self, gateway: SlackGateway) -> None:
        self._gateway = gateway

    async def page(self, channel: str, *, oldest: str, before: str) -> Page:
        more = {"latest": before} if before else {}
        answer = await self._gateway.call(
            "conversations.history", channel=channel, oldest=oldest, limit=PAGE, **more
        )
        return await self._page(answer, channel)

    async def replies(self, channel: str, root: str, *, after: str) -> Page:
        try:
            answer = await self._gateway.call(
                "conversations.replies", channel=channel, ts=root, oldest=after or root, limit=PAGE
            )
        except ChatError as error:
            if error.word != "thread_not_found":
                raise
            return Page(messages=(), more=False)
        page = await self._page(answer, channel)
        # The root comes first in every page, however far one has read.
        return Page(
            messages=tuple(each for each in page.messages if each.message.ref.ts != root), more=page.more
        )

    async def look(self, message: MessageRef, thread: str | None) -> Found | None:
        only = {"oldest": message.ts, "latest": message.ts, "inclusive": True, "limit": 2}
        in_thread = thread is not None and thread != message.ts
        method = "conversations.replies" if in_thread else "conversations.history"
        place = {"ts": thread} if in_thread else {}
        try:
            answer = await self._gateway.call(method, channel=message.channel, **place, **only)
        except ChatError as error:
            if error.word != "thread_not_found":
                raise
            return None
        raw = next((each for each in answer.get("messages", ()) if each.get("ts") == message.ts), None)
        if raw is None:
            return None
        found = self._found(raw, message.channel, await self._gateway.own_bot())
        if found.whole:
            return found
        full = await self._gateway.call(
            "reactions.get", channel=message.channel, timestamp=message.ts, full=True
        )
        return self._found({**raw, "reactions": full["message"].get("reactions")}, message.channel, None)

    async def pins(self, channel: str) -> frozenset[str]:
        answer = await self._gateway.call("pins.list", channel=channel)
        own = await self._gateway.own_bot()
        pinned = [item["message"] for item in answer.get("items", ()) if "message" in item]
        return frozenset(str(raw["ts"]) for raw in pinned if raw.get("bot_id") != own)

    async def download(self, url: str, *, limit: int) -> bytes:
        kept = bytearray()
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DOWNLOAD_S)) as session,
                session.get(url, headers={"Authorization": f"Bearer {self._gateway.token}"}) as answer,
            ):
                if answer.status == 429:
                    wait = float(answer.headers.get("Retry-After", DOWNLOAD_S))
                    raise ChatError("ratelimited", retry_after=wait)
                if answer.status != 200:
                    raise ChatError(f"http_{answer.status}", permanent=answer.status < 500)
                if answer.content_type == "text/html":
                    # Slack answers its sign-in page, with 200, when a token may not see a file.
                    raise ChatError("file_not_visible", permanent=True)
                async for chunk in answer.content.iter_chunked(CHUNK):
                    kept += chunk
                    if len(kept) > limit:
                        raise ChatError("too_large", permanent=True)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ChatError("no_answer") from error
        return bytes(kept)

    async def _page(self, answer: Mapping[str, Any], channel: str) -> Page:
        own = await self._gateway.own_bot()
        found = (self._found(raw, channel, own) for raw in answer.get("messages", ()))
        return Page(messages=tuple(found), more=bool(answer.get("has_more")))

    @staticmethod
    def _found(raw: Mapping[str, Any], channel: str, own_bot: str | None) -> Found:
        given = raw.get("reactions") or ()
        marks = {(str(each["name"]).split("::", 1)[0], str(user)) for each in given for user in each["users"]}
        thread = raw.get("thread_ts")
        return Found(
            message=inbound.as_it_stands(raw, channel, via="backfill"),
            speech=inbound.is_speech(raw, own_bot),
            marks=frozenset(marks),
            # Slack shortens the list of users; the count is exact (docs: reactions.get).
            whole=all(len(each["users"]) >= int(each.get("count", 0)) for each in given),
            thread=str(thread) if thread else None,
        )
