"""People in a sandbox, for tests and scripts: they say, type, click and fill in, by what they see rather than by ids.

Everything goes through the control interface, so that the sandbox may run in another process.
"""

import asyncio
import base64
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp

Json = dict[str, Any]
T = TypeVar("T")
LOOK_S = 0.02


class Refused(Exception):  # noqa: N818 - an outcome
    """What the person was shown instead."""


class People:
    """Users are given by id or name, channels by id or ``#name``. Methods raise `Refused` when Slack says no."""

    def __init__(self, url: str, session: aiohttp.ClientSession | None = None) -> None:
        self._base = url.rstrip("/") + "/_control"
        self._session = session
        self._own = session is None
        self._ids: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._own and self._session is not None:
            await self._session.close()

    # --- talking -----------------------------------------------------------------------------------------------------

    async def say(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        ts: str | None = None,
        **more: Any,
    ) -> Json:
        """Post; returns the message, with its channel. More: ``files``, ``as_bot``, ``reply_broadcast``."""
        body = {"channel": channel, "text": text, "thread_ts": thread_ts, "ts": ts, **more}
        answer = await self._act("message", user, **body)
        return dict(answer["message"])

    async def upload(
        self,
        user: str,
        channel: str,
        name: str,
        content: bytes,
        *,
        text: str = "",
        mimetype: str = "text/plain",
    ) -> Json:
        file = {"name": name, "mimetype": mimetype, "content_base64": base64.b64encode(content).decode()}
        return await self.say(user, channel, text, files=[file])

    async def command(self, user: str, channel: str, line: str) -> Json:
        """Type a whole command line; returns ``ack_ms`` and ``response``, what the app answered with."""
        command, _, text = line.partition(" ")
        return await self._act("command", user, channel=channel, command=command, text=text)

    async def edit(self, user: str, message: Json, text: str) -> None:
        await self._act("edit-message", user, **_place(message), text=text)

    async def delete(self, user: str, message: Json) -> None:
        await self._act("delete-message", user, **_place(message))

    async def react(self, user: str, message: Json, name: str) -> None:
        await self._act("reaction", user, **_place(message), name=name)

    async def unreact(self, user: str, message: Json, name: str) -> None:
        await self._act("reaction", user, **_place(message), name=name, present=False)

    async def pin(self, user: str, message: Json, *, present: bool = True) -> None:
        await self._act("pin", user, **_place(message), present=present)

    # --- clicking and filling in ---------------------------------------------------------------------------------------

    async def click(self, user: str, on: Json | str, what: str, value: Any = None) -> Json:
        """Use the element with this action id or this text, on a message (or its ts), a form or a Home page.

        ``value`` is what is chosen in a select, a picker or an overflow menu.
        """
        if isinstance(on, str):
            on = await self._with_ts(on)
        block, element = _element(on, what)
        action = {
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": element.get("value"),
        }
        if element["type"] != "button":
            action["value"] = None
            action[
                _CHOSEN.get(element["type"], "selected_option" if element["type"] in _OPTIONS else "value")
            ] = value
        place = (
            {"view_id": on["id"]}
            if on.get("type") in {"modal", "home"}
            else {"channel": on["channel"], "messageTs": on["ts"]}
        )
        return await self._act(
            "interact", user, **place, action={k: v for k, v in action.items() if v is not None}
        )

    async def _with_ts(self, ts: str) -> Json:
        for channel in (await self.state())["channels"]:
            for message in await self.messages(channel["id"]):
                if message["ts"] == ts:
                    return message
        raise Refused(f"there is no message {ts}")

    async def submit(self, user: str, view: Json, typed: Mapping[str, Any] | None = None) -> Json:
        """Fill in by label or block id, and send. Values are plain: text, an option's text or value, lists of them.

        Returns ``ack_ms``, and ``response_action`` and ``errors`` when there are any.
        """
        values: dict[str, dict[str, Any]] = {}
        for label, value in (typed or {}).items():
            block = _field(view, label)
            values.setdefault(block["block_id"], {})[block["element"]["action_id"]] = await self._value(
                block, value
            )
        return await self._act("submit", user, view_id=view["id"], values=values)

    async def _value(self, block: Json, value: Any) -> Any:
        """People are chosen by name, too; a single checkbox is ticked with True."""
        element = block["element"]
        if isinstance(value, bool):
            value = [option["value"] for option in element.get("options", ())] if value else []
        if "users_select" in element["type"] and value:
            return (
                [await self.id_of(each) for each in value]
                if isinstance(value, list)
                else await self.id_of(value)
            )
        return value

    async def close_view(self, user: str, view: Json, *, clear: bool = False) -> None:
        await self._act("close-view", user, view_id=view["id"], clear=clear)

    async def shortcut(self, user: str, callback_id: str, message: Json | None = None) -> Json:
        place = {"channel": message["channel"], "messageTs": message["ts"]} if message else {}
        return await self._act("shortcut", user, callback_id=callback_id, **place)

    async def open_home(self, user: str) -> None:
        await self._act("open-home", user)

    # --- channels and people -------------------------------------------------------------------------------------------

    async def join(self, user: str, channel: str, *, inviter: str | None = None) -> None:
        await self._act("join", user, channel=channel, inviter=await self.id_of(inviter) if inviter else None)

    async def leave(self, user: str, channel: str) -> None:
        await self._act("leave", user, channel=channel)

    async def rename_channel(self, user: str, channel: str, name: str) -> None:
        await self._act("rename-channel", user, channel=channel, name=name)

    async def archive(self, user: str, channel: str) -> None:
        await self._act("archive", user, channel=channel)

    async def unarchive(self, user: str, channel: str) -> None:
        await self._act("unarchive", user, channel=channel)

    async def set_topic(self, user: str, channel: str, topic: str) -> None:
        await self._act("set-topic", user, channel=channel, topic=topic)

    async def make_channel(
        self, user: str, name: str, *, is_private: bool = False, members: tuple[str, ...] = ()
    ) -> Json:
        ids = [await self.id_of(member) for member in members]
        answer = await self._act("channel", user, name=name, is_private=is_private, members=ids)
        return dict(answer["channel"])

    async def add_user(self, name: str, **more: Any) -> Json:
        answer = await self._post("user", name=name, **more)
        return dict(answer["user"])

    async def deactivate(self, user: str) -> None:
        await self._act("deactivate-user", user)

    async def change_user(self, user: str, **changes: str) -> None:
        await self._act("change-user", user, **changes)

    # --- looking -------------------------------------------------------------------------------------------------------

    async def messages(self, channel: str) -> list[Json]:
        """Oldest first, replies included; each with its channel."""
        channel_id = await self.channel_id(channel)
        answer = await self._get(f"messages/{channel_id}")
        return [{**message, "channel": channel_id} for message in answer["messages"]]

    async def ephemeral(self, user: str, channel: str | None = None) -> list[Json]:
        """What only this person sees, there or anywhere, oldest first."""
        everywhere = [known["id"] for known in (await self.state())["channels"]] if channel is None else []
        notes: list[Json] = []
        for channel_id in everywhere or [await self.channel_id(channel or "")]:
            answer = await self._get(f"messages/{channel_id}", user=await self.id_of(user), since="9")
            notes += answer["ephemeral"]
        return sorted(notes, key=lambda note: str(note["ts"]))

    async def dm(self, user: str) -> list[Json]:
        """What stands in this person's conversation with the app, oldest first."""
        answer = await self._act("dm", user)
        return await self.messages(answer["channel"]["id"])

    async def view(self, user: str, *, within_s: float = 3.0) -> Json:
        """The form that is open before this person; waits until there is one."""

        async def top() -> Json | None:
            views = await self.views(user)
            return views[-1] if views else None

        return await self.until(top, within_s=within_s, what="a form")

    async def views(self, user: str) -> list[Json]:
        answer = await self._get("views", user=await self.id_of(user))
        return [dict(view) for view in answer["views"]]

    async def home(self, user: str) -> Json | None:
        answer = await self._get(f"homes/{await self.id_of(user)}")
        view: Json | None = answer["view"]
        return view

    async def state(self) -> Json:
        return await self._get("state")

    async def log(self) -> list[Json]:
        answer = await self._get("log")
        return list(answer["log"])

    async def canvases(self) -> list[Json]:
        answer = await self._get("canvases")
        return list(answer["canvases"])

    async def until(
        self, look: Callable[[], Awaitable[T | None]], *, within_s: float = 3.0, what: str = "it"
    ) -> T:
        """Look again and again until there is something to see. Raises `Refused` when time is up."""
        until = time.monotonic() + within_s
        while True:
            seen = await look()
            if seen:
                return seen
            if time.monotonic() > until:
                raise Refused(f"{what} did not come within {within_s:g} s")
            await asyncio.sleep(LOOK_S)

    async def settled(self, within_s: float = 10.0) -> None:
        """Wait until the app has acknowledged everything."""

        async def quiet() -> bool:
            answer = await self._get("settled")
            return not answer["pending"]

        await self.until(quiet, within_s=within_s, what="quiet")

    # --- the weather ---------------------------------------------------------------------------------------------------

    async def faults(
        self, method: str, kind: str, *, value: Any = None, count: int | None = None, skip: int = 0
    ) -> int:
        answer = await self._post("faults", method=method, kind=kind, value=value, count=count, skip=skip)
        return int(answer["id"])

    async def clear_faults(self) -> None:
        await self._post("faults", clear=True)

    async def deliveries(self, **how: Any) -> None:
        """How events reach the app from now on; without arguments: plainly."""
        await self._post("deliveries", **how)

    async def clock(self, *, now: str | None = None, advance_s: float | None = None) -> str:
        answer = await self._post("clock", now=now, advance_s=advance_s)
        return str(answer["now"])

    async def reset(self) -> None:
        await self._post("reset")

    # --- small things --------------------------------------------------------------------------------------------------

    async def id_of(self, user: str) -> str:
        """A user's id, from the id or the name."""
        if user not in self._ids:
            state = await self.state()
            for known in state["users"]:
                self._ids |= {known["id"]: known["id"], known["name"]: known["id"]}
        if user not in self._ids:
            raise Refused(f"there is no {user}")
        return self._ids[user]

    async def channel_id(self, channel: str) -> str:
        name = channel.removeprefix("#")
        if re.fullmatch(r"[CD][A-Z0-9]+", name):
            return name
        state = await self.state()
        found = next((known["id"] for known in state["channels"] if known["name"] == name), None)
        if found is None:
            raise Refused(f"there is no channel {channel}")
        return str(found)

    async def _act(self, path: str, user: str, **body: Any) -> Json:
        return await self._post(path, user=await self.id_of(user), **body)

    async def _post(self, path: str, **body: Any) -> Json:
        sent = {name: value for name, value in body.items() if value is not None}
        async with self._http().post(f"{self._base}/{path}", json=sent) as answer:
            return _accepted(await answer.json())

    async def _get(self, path: str, **query: str) -> Json:
        async with self._http().get(f"{self._base}/{path}", params=query) as answer:
            return _accepted(await answer.json())

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session


_OPTIONS = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
_CHOSEN = {
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
}


def _accepted(answer: Json) -> Json:
    if not answer.get("ok"):
        raise Refused(str(answer.get("error")))
    return answer


def _place(message: Json) -> Json:
    return {"channel": message["channel"], "ts": message["ts"]}


def _text(value: Any) -> str:
    return str(value.get("text") or "") if isinstance(value, Mapping) else ""


def _element(on: Json, what: str) -> tuple[Json, Json]:
    """A block of it and the element there that has this action id, this text or this placeholder."""
    seen = []
    for block in on.get("blocks") or ():
        for element in (block.get("accessory"), block.get("element"), *(block.get("elements") or ())):
            if isinstance(element, dict) and "action_id" in element:
                names = {element["action_id"], _text(element.get("text")), _text(element.get("placeholder"))}
                if what in names:
                    return block, element
                seen += sorted(names - {""})
    raise Refused(f"there is no {what!r} here, only {', '.join(seen) or 'nothing to use'}")


def _field(view: Json, label: str) -> Json:
    """The input block with this label or block id."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    for block in inputs:
        if label in {block["block_id"], _text(block["label"])}:
            return dict(block)
    raise Refused(f"the form has no {label!r}, only {', '.join(_text(block['label']) for block in inputs)}")
