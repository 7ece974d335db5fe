"""`Chat` on Slack's Web API: one method a call.

No retry handlers on calls that create or post: after a lost answer they would post twice. Who calls decides again.
"""

import html
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.app.chat_port import ChatError, OpenedChannel, Sent, Standing
from bot.app.ports import Clock
from bot.domain.details import MessageRef
from bot.domain.permissions import Group
from bot.domain.transcript import Profile
from bot.slack import inbound
from bot.slack.calls import SlackCalls
from bot.slack.messages import render
from bot.slack.pace import Pace, Rank

METADATA = "tocsin"
INVITED_AT_ONCE = 100  # docs: conversations.invite
PAGE = 200  # distributed apps outside the Marketplace get 15 whatever they ask for (docs: rate-limits)


class SlackGateway(SlackCalls):
    """`bot.app.chat_port.Chat`: one method a call."""

    def __init__(self, client: AsyncWebClient, clock: Clock, pace: Pace | None = None) -> None:
        super().__init__(client, clock, pace)
        self._dms: dict[str, str] = {}

    # channels

    async def open_channel(self, name: str, *, private: bool) -> OpenedChannel:
        answer = await self._call("conversations.create", name=name, is_private=private)
        channel = answer["channel"]
        return OpenedChannel(id=channel["id"], name=channel["name"])

    async def find_channel(self, name: str, *, since: datetime) -> OpenedChannel | None:
        """Among our own memberships (far fewer than all channels). An older one of that name belongs to the past."""
        cursor = ""
        me = (await self._identity())["user_id"]
        while True:
            answer = await self._call(
                "users.conversations",
                Rank.UPKEEP,
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=200,
                cursor=cursor,
            )
            for channel in answer.get("channels", ()):
                ours = channel.get("name") == name and channel.get("creator") == me
                if ours and channel.get("created", 0) >= int(since.timestamp()):
                    return OpenedChannel(id=channel["id"], name=channel["name"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    async def invite(self, channel: str, users: Sequence[str]) -> None:
        """Whom Slack refuses does not keep the others out (``force``; docs: conversations.invite)."""
        for start in range(0, len(users), INVITED_AT_ONCE):
            some = ",".join(users[start : start + INVITED_AT_ONCE])
            more = {"force": True} if "," in some else {}
            await self._call("conversations.invite", channel=channel, users=some, **more)

    async def set_topic(self, channel: str, topic: str) -> None:
        await self._call("conversations.setTopic", Rank.UPKEEP, channel=channel, topic=topic)

    async def rename(self, channel: str, name: str) -> None:
        await self._call("conversations.rename", channel=channel, name=name)

    async def join(self, channel: str) -> None:
        await self._call("conversations.join", channel=channel)

    async def kind(self, channel: str) -> Literal["public", "private", "direct"]:
        if channel.startswith("D"):
            return "direct"
        found = (await self._call("conversations.info", Rank.PERSON, channel=channel))["channel"]
        if found.get("is_im") or found.get("is_mpim"):
            return "direct"
        return "private" if found.get("is_private") else "public"

    async def user_groups(self) -> Sequence[Group]:
        answer = await self._call("usergroups.list", Rank.PERSON, include_users=True)
        return [
            Group(
                id=str(group["id"]), handle=str(group["handle"]), members=frozenset(group.get("users") or ())
            )
            for group in answer.get("usergroups", ())
        ]

    async def members(self, channel: str) -> Sequence[str]:
        me = (await self._identity())["user_id"]
        found: list[str] = []
        cursor = ""
        while True:
            answer = await self._call(
                "conversations.members", Rank.PERSON, channel=channel, limit=1000, cursor=cursor
            )
            found += [str(user) for user in answer.get("members", ()) if user != me]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def standing(self, channel: str) -> Standing:
        # The scarcest first: when it must wait, nothing was asked in vain.
        pins = await self._call("pins.list", Rank.UPKEEP, channel=channel)
        info = await self._call("conversations.info", Rank.UPKEEP, channel=channel)
        bookmarks = await self._call("bookmarks.list", Rank.UPKEEP, channel_id=channel)
        return Standing(
            topic=html.unescape(str(info["channel"].get("topic", {}).get("value", ""))),
            pins=frozenset(str(item["message"]["ts"]) for item in pins.get("items", ()) if "message" in item),
            bookmarks=frozenset(str(known["id"]) for known in bookmarks.get("bookmarks") or ()),
        )

    async def bookmark(
        self, channel: str, *, title: str, link: str, bookmark: str | None, unsure: bool = False
    ) -> str:
        if bookmark:
            try:
                await self._call(
                    "bookmarks.edit",
                    Rank.UPKEEP,
                    channel_id=channel,
                    bookmark_id=bookmark,
                    title=title,
                    link=link,
                )
            except ChatError as error:
                if error.word != "not_found":
                    raise
            else:
                return bookmark
        listed = await self._call("bookmarks.list", Rank.UPKEEP, channel_id=channel) if unsure else {}
        for known in listed.get("bookmarks") or ():
            if known.get("title") == title:
                return str(known["id"])
        answer = await self._call(
            "bookmarks.add", Rank.UPKEEP, channel_id=channel, title=title, type="link", link=link
        )
        return str(answer["bookmark"]["id"])

    # messages

    async def post(self, channel: str, view: object, *, key: str, thread_ts: str | None = None) -> Sent:
        payload = render(view)
        answer = await self._call(
            "chat.postMessage",
            channel=channel,
            text=payload.text,
            blocks=payload.blocks,
            unfurl_links=False,
            metadata={"event_type": METADATA, "event_payload": {"key": key}},
            **({"thread_ts": thread_ts} if thread_ts else {}),
        )
        return Sent(channel=str(answer["channel"]), ts=str(answer["ts"]))

    def posts_free(self) -> float:
        return self._free("chat.postMessage")

    async def find(
        self, channel: str, key: str, *, since: datetime, thread_ts: str | None = None
    ) -> Sent | None:
        place = await self._place(channel)
        async for message in self._said_since(place, since, thread_ts):
            metadata = message.get("metadata") or {}
            if (metadata.get("event_payload") or {}).get("key") == key:
                return Sent(channel=place, ts=str(message["ts"]))
        return None

    async def _said_since(
        self, channel: str, since: datetime, thread_ts: str | None = None
    ) -> AsyncIterator[Mapping[str, Any]]:
        """Every message of a channel, or of a thread of it: in a busy one ours is soon far below the newest."""
        method, thread = (
            ("conversations.replies", {"ts": thread_ts}) if thread_ts else ("conversations.history", {})
        )
        cursor = ""
        while True:
            answer = await self._read(
                method,
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata=True,
                limit=PAGE,
                cursor=cursor,
                **thread,
            )
            for message in answer.get("messages", ()):
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def _read(self, method: str, **wanted: Any) -> Mapping[str, Any]:
        """A public channel in which we only announce must be joined to be read; a thread that is gone holds nothing."""
        try:
            return await self._call(method, Rank.UPKEEP, **wanted)
        except ChatError as error:
            if error.word == "thread_not_found":
                return {}
            if error.word != "not_in_channel":
                raise
        await self._call("conversations.join", channel=wanted["channel"])
        return await self._call(method, Rank.UPKEEP, **wanted)

    async def _place(self, channel: str) -> str:
        """The conversation behind a user id: a DM must be named by its own id to be read."""
        if channel[:1] not in {"U", "W"}:
            return channel
        if channel not in self._dms:
            answer = await self._call("conversations.open", users=channel)
            self._dms[channel] = str(answer["channel"]["id"])
        return self._dms[channel]

    async def edit(self, channel: str, ts: str, view: object, *, key: str) -> None:
        payload = render(view)
        metadata = {"event_type": METADATA, "event_payload": {"key": key}}
        await self._call(
            "chat.update",
            Rank.UPKEEP,
            channel=channel,
            ts=ts,
            text=payload.text,
            blocks=payload.blocks,
            metadata=metadata,
        )

    async def whisper(self, channel: str, user: str, view: object) -> None:
        """Only this person sees it, and only now; it is no record."""
        payload = render(view)
        await self._call(
            "chat.postEphemeral",
            Rank.PERSON,
            channel=channel,
            user=user,
            text=payload.text,
            blocks=payload.blocks,
        )

    async def delete(self, message: MessageRef) -> None:
        try:
            await self._call("chat.delete", channel=message.channel, ts=message.ts)
        except ChatError as error:
            if error.word != "message_not_found":
                raise

    async def pin(self, channel: str, ts: str) -> None:
        await self._call("pins.add", channel=channel, timestamp=ts)

    async def react(self, message: MessageRef, name: str, *, present: bool = True) -> None:
        method = "reactions.add" if present else "reactions.remove"
        try:
            await self._call(method, Rank.UPKEEP, channel=message.channel, timestamp=message.ts, name=name)
        except ChatError as error:
            if error.word != "message_not_found":  # deleted meanwhile: there is nothing to mark
                raise

    async def permalink(self, message: MessageRef, thread: str | None = None) -> str:
        """As Slack writes them, without asking it (docs: chat.getPermalink). ``thread`` is the ts of a reply's root."""
        workspace = str((await self._identity())["url"]).rstrip("/")
        link = f"{workspace}/archives/{message.channel}/p{message.ts.replace('.', '')}"
        in_thread = thread is not None and thread != message.ts
        return f"{link}?thread_ts={thread}&cid={message.channel}" if in_thread else link

    # files

    async def upload(self, channel: str, *, name: str, title: str, content: bytes, comment: str) -> str:
        """Slack's three steps (docs: working-with-files); returns the file id."""
        begun = await self._call("files.getUploadURLExternal", filename=name, length=len(content))
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session,
                session.post(str(begun["upload_url"]), data=content) as answer,
            ):
                if answer.status != 200:
                    raise ChatError("no_answer")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ChatError("no_answer") from error
        file = {"id": begun["file_id"], "title": title}
        more = {"initial_comment": comment} if comment else {}
        await self._call("files.completeUploadExternal", files=[file], channel_id=channel, **more)
        return str(begun["file_id"])

    async def delete_file(self, file: str) -> None:
        try:
            await self._call("files.delete", file=file)
        except ChatError as error:
            if error.word not in {"file_not_found", "file_deleted"}:
                raise

    async def canvas(self, channel: str, markdown: str, *, canvas: str | None, unsure: bool = False) -> str:
        """The channel's canvas, of which there is one (docs: canvases): made, or written over where it is ours."""
        content = {"type": "markdown", "markdown": markdown}
        if canvas is None:
            try:
                made = await self._call(
                    "conversations.canvases.create", channel_id=channel, document_content=content
                )
                return str(made["canvas_id"])
            except ChatError as error:
                if error.word != "channel_canvas_already_exists" or not unsure:
                    raise
            info = await self._call("conversations.info", channel=channel)
            canvas = str(info["channel"]["properties"]["canvas"]["file_id"])
        change = {"operation": "replace", "document_content": content}
        await self._call("canvases.edit", canvas_id=canvas, changes=[change])
        return canvas

    async def find_file(self, channel: str, name: str, *, since: datetime) -> str | None:
        async for message in self._said_since(channel, since):
            for file in message.get("files") or ():
                if file.get("name") == name:
                    return str(file["id"])
        return None

    # people and views

    async def profile(self, user: str) -> Profile:
        if user.startswith("S"):
            return await self._group(user)
        if user.startswith(("C", "G")):
            return await self._channel_name(user)
        answer = await self._call("users.info", Rank.PERSON, user=user)
        return inbound.profile(answer["user"])

    async def _channel_name(self, channel: str) -> Profile:
        """A channel under its name; that of a private one stays among its members."""
        found = (await self._call("conversations.info", Rank.PERSON, channel=channel))["channel"]
        return Profile(id=channel, name="private-channel" if found.get("is_private") else str(found["name"]))

    async def _group(self, group: str) -> Profile:
        """A user group under its handle."""
        found = next((known for known in await self.user_groups() if known.id == group), None)
        if found is None:
            raise ChatError("no_such_subteam", permanent=True)
        return Profile(id=group, name=f"@{found.handle}")

    async def by_address(self, address: str) -> str | None:
        try:
            answer = await self._call("users.lookupByEmail", email=address)
        except ChatError as error:
            if error.permanent:
                return None
            raise
        return str(answer["user"]["id"])

    async def quiet_until(self, user: str) -> datetime | None:
        known = await self._call("dnd.info", user=user)
        now = self._clock.now().timestamp()
        snoozed = float(known.get("snooze_endtime") or 0) if known.get("snooze_enabled") else 0.0
        start, end = float(known.get("next_dnd_start_ts") or 0), float(known.get("next_dnd_end_ts") or 0)
        nightly = end if known.get("dnd_enabled") and start <= now else 0.0
        until = max(snoozed, nightly)
        return datetime.fromtimestamp(until, UTC) if until > now else None

    async def publish_home(self, user: str, view: object) -> None:
        await self._call("views.publish", Rank.PERSON, user_id=user, view=view)

    async def open_view(self, trigger: str, view: Mapping[str, Any], *, push: bool = False) -> None:
        """``push``: on top of the modal from which the trigger came (three at most; docs: views.push)."""
        await self._call("views.push" if push else "views.open", Rank.PERSON, trigger_id=trigger, view=view)

    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        """Draw an open modal anew; what was typed stays where block and action keep their ids (docs: modals)."""
        await self._call("views.update", Rank.PERSON, view_id=view_id, view=view)
