"""What a person's hands can do in Slack, through the sandbox's control interface; no back doors."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp


class Refused(Exception):  # noqa: N818 - an outcome that the replay reports
    """Slack or the bot would not do it; the message is what the person was shown."""


class Hands:
    """A client of `/_control`. Every method raises `Refused` with the words that a person would read."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.workspace_url = base.rstrip("/")
        self._base = self.workspace_url + "/_control"
        self._session = session

    async def _post(self, path: str, **body: Any) -> dict[str, Any]:
        sent = {name: value for name, value in body.items() if value is not None}
        async with self._session.post(f"{self._base}/{path}", json=sent) as answer:
            data: dict[str, Any] = await answer.json()
        if not data.get("ok"):
            raise Refused(str(data.get("error") or f"{path} was refused"))
        return data

    async def _get(self, path: str, **query: str) -> dict[str, Any]:
        async with self._session.get(f"{self._base}/{path}", params=query) as answer:
            data: dict[str, Any] = await answer.json()
        return data

    async def clock(self, now: str) -> None:
        await self._post("clock", now=now)

    async def say(
        self, user: str, channel: str, text: str, *, ts: str | None = None, as_bot: bool = False
    ) -> str:
        answer = await self._post(
            "message", channel=channel, user=user, text=text, ts=ts, as_bot=as_bot or None
        )
        return str(answer["message"]["ts"])

    async def command(self, user: str, channel: str, text: str) -> str:
        """Type `/incident …`; returns the words of the answer."""
        answer = await self._post("command", channel=channel, user=user, command="/incident", text=text)
        return words(answer.get("response"))

    async def react(self, user: str, channel: str, ts: str, name: str) -> None:
        await self._post("reaction", channel=channel, ts=ts, user=user, name=name)

    async def message_shortcut(self, user: str, callback: str, channel: str, ts: str) -> None:
        await self._post("shortcut", user=user, callback_id=callback, channel=channel, messageTs=ts)

    async def form(self, user: str) -> dict[str, Any]:
        """The form that is open before this person. It may take a moment to appear."""
        for _ in range(100):
            views = (await self._get("views", user=user)).get("views") or []
            if views:
                return dict(views[-1])
            await asyncio.sleep(0.02)
        raise Refused("no form opened")

    async def send(self, user: str, view: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
        """Fill in a form by block id, and send it. A form that stays open with errors is a refusal."""
        blocks = {block.get("block_id"): block for block in view["blocks"] if block.get("type") == "input"}
        unknown = sorted(set(typed) - set(blocks))
        if unknown:
            raise Refused(f"the form has no place for {', '.join(unknown)}")
        values = {name: {blocks[name]["element"]["action_id"]: value} for name, value in typed.items()}
        answer = await self._post("submit", view_id=view["id"], user=user, values=values)
        if answer.get("errors"):
            await self._post("close-view", view_id=view["id"], user=user)
            raise Refused("; ".join(f"{name}: {said}" for name, said in answer["errors"].items()))

    async def join(self, user: str, channel: str) -> None:
        await self._post("join", user=user, channel=channel)

    async def state(self) -> dict[str, Any]:
        return await self._get("state")

    async def deliveries(self, **how: Any) -> None:
        await self._post("deliveries", **how)

    async def pending(self) -> int:
        """Deliveries that the bot has not acknowledged yet."""
        return int((await self._get("settled")).get("pending", 0))


def words(value: object) -> str:
    """All text of an answer with blocks, in order."""
    if isinstance(value, Mapping):
        blocks = value.get("blocks")
        if blocks:
            return words(blocks)
        own = value.get("text")
        if isinstance(own, str):
            return own
        return "\n".join(filter(None, (words(inner) for inner in value.values())))
    if isinstance(value, list):
        return "\n".join(filter(None, (words(inner) for inner in value)))
    return ""
