"""A workspace and its rules: who may do what, what it leads to, and which events follow. Raises Slack's own words."""

import asyncio
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from sandbox.clock import Clock, micros, seconds, ts_of
from sandbox.config import WorkspaceConfig
from sandbox.errors import SlackError
from sandbox.state import SYSTEM_SUBTYPES, Channel, File, Message, User, by_name

NAME = re.compile(r"^[a-z0-9_\-\u0080-\uffff]+$")
Emit = Callable[[dict[str, Any]], None]


class Workspace:
    """All state. ``emit`` is told each event as the Events API would deliver it (inner event)."""

    def __init__(self, config: WorkspaceConfig, clock: Clock, emit: Emit, base: str = "") -> None:
        self.config = config
        self.clock = clock
        self.emit = emit
        self.base = base
        self.seq = 0
        self._changed = asyncio.Condition()
        self._ids = 0
        self._last = 0
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.canvases: dict[str, dict[str, Any]] = {}
        self.ephemeral: list[dict[str, Any]] = []
        self.homes: dict[str, dict[str, Any]] = {}
        self._populate()

    def _populate(self) -> None:
        app = self.config.app
        for user in self.config.users:
            bot = f"B{user.id[1:]}" if user.is_bot else None
            self.users[user.id] = User(
                id=user.id,
                name=user.name,
                real_name=user.real_name or user.name,
                tz=user.tz,
                is_bot=user.is_bot,
                is_restricted=user.is_restricted,
                bot_id=bot,
                email=user.email,
            )
        self.users[app.bot_user_id] = User(
            id=app.bot_user_id,
            name=app.name,
            real_name=app.name.title(),
            is_bot=True,
            bot_id=app.bot_id,
            app_id=app.app_id,
        )
        humans = {u.id for u in self.config.users if not u.is_restricted}
        for channel in self.config.channels:
            members = set(channel.members) if channel.members is not None else set(humans)
            creator = next(iter(sorted(members)), app.bot_user_id)
            self.channels[channel.id] = Channel(
                id=channel.id,
                name=channel.name,
                creator=creator,
                created=seconds(self.clock.now()),
                is_private=channel.is_private,
                members=members,
            )

    # --- small things ----------------------------------------------------------------------------------------------

    @property
    def bot(self) -> User:
        return self.users[self.config.app.bot_user_id]

    def touch(self) -> None:
        """Something changed: whoever waits for it is woken."""
        self.seq += 1
        try:
            asyncio.get_running_loop().create_task(self._notify())
        except RuntimeError:
            return

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def wait(self, since: int, timeout: float) -> int:  # noqa: ASYNC109 - it is the caller's word in the query
        """The sequence number, at once when it is newer than ``since``, else when it changes or time is up."""
        async with self._changed:
            try:
                async with asyncio.timeout(timeout):
                    await self._changed.wait_for(lambda: self.seq > since)
            except TimeoutError:
                pass
        return self.seq

    def new_id(self, prefix: str) -> str:
        self._ids += 1
        return f"{prefix}0{self._ids:08d}"

    def event_ts(self) -> str:
        """Strictly increasing over the workspace, even when the clock stands."""
        self._last = max(self._last + 1, micros(self.clock.now()))
        return ts_of(self._last)

    def message_ts(self, channel: Channel) -> str:
        """The next free ts of a channel."""
        count = max(micros(self.clock.now()), channel.last_micros + 1)
        while ts_of(count) in channel.messages:
            count += 1
        channel.last_micros = count
        return ts_of(count)

    def user(self, user: str | None) -> User:
        found = self.users.get(user or "")
        if found is None:
            raise SlackError("user_not_found")
        return found

    def channel(self, channel: str | None, me: str | None = None) -> Channel:
        """By id, or by ``#name``; private ones are unknown to those who are not in."""
        wanted = channel or ""
        found = self.channels.get(wanted) or by_name(self.channels.values(), wanted.removeprefix("#"))
        hidden = found and me and (found.is_private or found.is_im) and me not in found.members
        if found is None or hidden:
            raise SlackError("channel_not_found")
        return found

    def message(self, channel: Channel, ts: str | None) -> Message:
        found = channel.messages.get(ts or "")
        if found is None:
            raise SlackError("message_not_found")
        return found

    def dm(self, user: str) -> Channel:
        """The conversation of a user with the bot."""
        who = self.user(user)
        if who.deleted:
            raise SlackError("user_disabled")
        for channel in self.channels.values():
            if channel.is_im and user in channel.members:
                return channel
        made = Channel(
            id=self.new_id("D"),
            name=f"dm-{who.name}",
            creator=self.bot.id,
            created=seconds(self.clock.now()),
            is_im=True,
            members={user, self.bot.id},
        )
        self.channels[made.id] = made
        return made

    # --- messages --------------------------------------------------------------------------------------------------

    def author(self, user: User) -> dict[str, Any]:
        """The fields by which a message says who wrote it."""
        if user.bot_id is None:
            return {"user": user.id, "client_msg_id": self.new_id("cm")}
        profile = {
            "id": user.bot_id,
            "name": user.real_name,
            "app_id": user.app_id or "A0OTHER",
            "deleted": False,
        }
        return {
            "user": user.id,
            "bot_id": user.bot_id,
            "app_id": user.app_id or "A0OTHER",
            "bot_profile": profile,
        }

    def post(self, channel: Channel, user: User, text: str, **more: Any) -> Message:
        """A message in a channel, and its event."""
        ts = more.pop("ts", None) or self.message_ts(channel)
        if ts in channel.messages:
            raise SlackError("ts_taken")
        thread = more.get("thread_ts")
        message: Message = {
            "type": "message",
            "ts": ts,
            "text": text,
            "team": self.config.team_id,
            **self.author(user),
        }
        message |= {name: value for name, value in more.items() if value is not None}
        if "blocks" not in message and user.bot_id is None and text:
            message["blocks"] = [_rich_text(text)]
        if thread:
            root = channel.messages.get(thread)
            if root is None:
                raise SlackError("thread_not_found")
            message["parent_user_id"] = root.get("user")
            root["thread_ts"] = thread
            root["reply_count"] = root.get("reply_count", 0) + 1
            root["latest_reply"] = ts
            root["reply_users"] = sorted({*root.get("reply_users", []), user.id})
            root["reply_users_count"] = len(root["reply_users"])
        channel.add(message)
        self._tell_message(channel, message)
        return message

    def system_line(self, channel: Channel, user: str, subtype: str, text: str, **more: Any) -> None:
        message: Message = {
            "type": "message",
            "subtype": subtype,
            "ts": self.message_ts(channel),
            "user": user,
            "text": text,
        }
        message |= more
        channel.add(message)
        self._tell_message(channel, message)

    def _tell_message(self, channel: Channel, message: Message) -> None:
        event = deepcopy(message)
        event.pop("metadata", None)
        self._message_event(channel, {**event, "event_ts": message["ts"]})

    def _message_event(self, channel: Channel, event: dict[str, Any]) -> None:
        self.tell({"channel": channel.id, "channel_type": channel.kind, **event}, channel)
        self.touch()

    def tell(self, event: dict[str, Any], channel: Channel | None) -> None:
        """Deliver an event of a channel, if the app is in it."""
        if channel is None or self.bot.id in channel.members:
            self.emit(event)

    def edit(self, channel: Channel, message: Message, **changes: Any) -> None:
        """Change a message; a value of None takes the field away."""
        before = deepcopy(message)
        for name, value in changes.items():
            if value is None:
                message.pop(name, None)
            else:
                message[name] = value
        ts = self.event_ts()
        self._message_event(
            channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "message": deepcopy(message),
                "previous_message": before,
                "ts": ts,
                "event_ts": ts,
            },
        )

    def delete(self, channel: Channel, message: Message) -> None:
        """A plain message goes; the root of a thread stays as a tombstone, which Slack tells as a change."""
        ts, event_ts = message["ts"], self.event_ts()
        if ts in channel.pins:
            channel.pins.remove(ts)
        if message.get("reply_count"):
            self._bury(channel, message, event_ts)
            return
        channel.remove(ts)
        root = channel.messages.get(message.get("thread_ts") or "")
        if root and root is not message:
            root["reply_count"] = max(0, root.get("reply_count", 1) - 1)
        self._message_event(
            channel,
            {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "deleted_ts": ts,
                "previous_message": message,
                "ts": event_ts,
                "event_ts": event_ts,
            },
        )

    def _bury(self, channel: Channel, message: Message, event_ts: str) -> None:
        before = deepcopy(message)
        kept = {
            k: message[k]
            for k in ("ts", "thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
            if k in message
        }
        message.clear()
        message.update(
            {
                "type": "message",
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "user": "USLACKBOT",
                "hidden": True,
                **kept,
            }
        )
        self._message_event(
            channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "message": deepcopy(message),
                "previous_message": before,
                "ts": event_ts,
                "event_ts": event_ts,
            },
        )

    def whisper(self, channel: Channel, user: str, text: str, blocks: Any = None) -> str:
        """A message that only one person sees; it is in no history."""
        ts = self.message_ts(channel)
        note = {"channel": channel.id, "user": user, "text": text, "ts": ts, "by": self.bot.id}
        if blocks:
            note["blocks"] = blocks
        self.ephemeral.append(note)
        self.touch()
        return ts

    def react(self, channel: Channel, message: Message, user: str, name: str, *, present: bool) -> None:
        reactions = message.setdefault("reactions", [])
        known = next((r for r in reactions if r["name"] == name), None)
        if present:
            if known and user in known["users"]:
                raise SlackError("already_reacted")
            if known is None:
                known = {"name": name, "users": [], "count": 0}
                reactions.append(known)
            known["users"].append(user)
        else:
            if known is None or user not in known["users"]:
                raise SlackError("no_reaction")
            known["users"].remove(user)
        known["count"] = len(known["users"])
        message["reactions"] = [r for r in reactions if r["count"]]
        if not message["reactions"]:
            del message["reactions"]
        event = {
            "type": "reaction_added" if present else "reaction_removed",
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
            "event_ts": self.event_ts(),
        }
        if message.get("user"):
            event["item_user"] = message["user"]
        self.tell(event, channel)
        self.touch()

    def pin(self, channel: Channel, message: Message, user: str, *, present: bool) -> None:
        ts = message["ts"]
        if present and message.get("subtype") in SYSTEM_SUBTYPES:
            raise SlackError("not_pinnable")
        if present == (ts in channel.pins):
            raise SlackError("already_pinned" if present else "no_pin")
        if present:
            if len(channel.pins) >= 100:
                raise SlackError("too_many_pins")
            channel.pins.append(ts)
            message["pinned_to"] = [channel.id]
        else:
            channel.pins.remove(ts)
            message.pop("pinned_to", None)
        event = {
            "type": "pin_added" if present else "pin_removed",
            "user": user,
            "channel_id": channel.id,
            "item": {
                "type": "message",
                "channel": channel.id,
                "created_by": user,
                "message": deepcopy(message),
            },
            "pin_count": len(channel.pins),
            "event_ts": self.event_ts(),
        }
        self.tell(event, channel)
        if present:
            self.system_line(channel, user, "pinned_item", "pinned a message to this channel.")
        self.touch()

    # --- channels --------------------------------------------------------------------------------------------------

    def create_channel(self, name: str, creator: User, *, private: bool) -> Channel:
        checked = self.check_name(name)
        made = Channel(
            id=self.new_id("C"),
            name=checked,
            creator=creator.id,
            created=seconds(self.clock.now()),
            is_private=private,
            members={creator.id},
        )
        self.channels[made.id] = made
        self._member_event(made, creator.id, None)
        self.touch()
        return made

    def check_name(self, name: str) -> str:
        if not name:
            raise SlackError("invalid_name_required")
        if len(name) > 80:
            raise SlackError("invalid_name_maxlength")
        if not re.search(r"[a-z0-9]", name.lower()):
            raise SlackError("invalid_name_punctuation")
        if not NAME.match(name) or name != name.lower():
            raise SlackError("invalid_name_specials")
        if by_name(self.channels.values(), name):
            raise SlackError("name_taken")
        return name

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        channel.members.add(user)
        self._member_event(channel, user, inviter)
        more = {"inviter": inviter} if inviter else {}
        self.system_line(channel, user, "channel_join", f"<@{user}> has joined the channel", **more)

    def leave(self, channel: Channel, user: str) -> None:
        self.tell(
            {
                "type": "member_left_channel",
                "user": user,
                "channel": channel.id,
                "channel_type": "C",
                "event_ts": self.event_ts(),
            },
            channel,
        )
        channel.members.discard(user)
        self.touch()

    def _member_event(self, channel: Channel, user: str, inviter: str | None) -> None:
        event = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "C",
            "team": self.config.team_id,
            "event_ts": self.event_ts(),
        }
        if inviter:
            event["inviter"] = inviter
        self.tell(event, channel)

    def set_topic(self, channel: Channel, user: str, topic: str) -> None:
        if len(topic) > 250:
            raise SlackError("too_long")
        if topic == channel.topic:
            return
        channel.topic = topic
        self.system_line(channel, user, "channel_topic", f"set the channel topic: {topic}", topic=topic)

    def rename(self, channel: Channel, user: str, name: str) -> None:
        old = channel.name
        channel.name = self.check_name(name)
        kind = "group_rename" if channel.is_private else "channel_rename"
        shown = {
            "id": channel.id,
            "name": name,
            "name_normalized": name,
            "created": channel.created,
            "is_channel": True,
        }
        self.tell({"type": kind, "channel": shown, "event_ts": self.event_ts()}, channel)
        self.system_line(
            channel,
            user,
            "channel_name",
            f"has renamed the channel from {old} to {name}",
            name=name,
            old_name=old,
        )

    def archive(self, channel: Channel, user: str, *, archived: bool) -> None:
        if channel.is_archived == archived:
            raise SlackError("already_archived" if archived else "not_archived")
        kind = "group" if channel.is_private else "channel"
        word = "archive" if archived else "unarchive"
        self.system_line(channel, user, f"channel_{word}", f"{word}d the channel")
        self.tell(
            {"type": f"{kind}_{word}", "channel": channel.id, "user": user, "event_ts": self.event_ts()},
            channel,
        )
        channel.is_archived = archived
        if archived:
            channel.members.discard(self.bot.id)
        self.touch()

    # --- people ----------------------------------------------------------------------------------------------------

    def deactivate(self, user: User) -> None:
        user.deleted = True
        self.emit({"type": "user_change", "user": user.shown(self.clock.now()), "event_ts": self.event_ts()})
        self.touch()

    def escape_mentions(self, text: str) -> str:
        """What `should_escape` makes of a typed command: ``@ana`` and ``#general`` as ids."""

        def person(match: re.Match[str]) -> str:
            name = match[1].lower()
            found = next(
                (u for u in self.users.values() if name in {u.name.lower(), u.real_name.lower()}), None
            )
            return f"<@{found.id}>" if found else match[0]

        def place(match: re.Match[str]) -> str:
            found = by_name(self.channels.values(), match[1])
            return f"<#{found.id}|{'' if found.is_private else found.name}>" if found else match[0]

        escaped = re.sub(r"(?<![\w<@])@([\w.-]*\w)", person, text)
        return re.sub(r"(?<![\w<&])#([\w-]+)", place, escaped)


def _rich_text(text: str) -> dict[str, Any]:
    """How a person's words arrive: as rich text, mentions as elements of their own."""
    elements: list[dict[str, Any]] = []
    for part in re.split(r"(<@[UW][A-Z0-9]+>)", text):
        if part.startswith("<@"):
            elements.append({"type": "user", "user_id": part[2:-1]})
        elif part:
            elements.append(
                {"type": "text", "text": part.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")}
            )
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
