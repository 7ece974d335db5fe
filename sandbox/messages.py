"""Messages: posting, editing, deleting, reacting, pinning; and the events that follow, as Slack sends them."""

from copy import deepcopy
from typing import Any

from sandbox.clock import seconds
from sandbox.errors import SlackError
from sandbox.ground import Ground
from sandbox.state import SYSTEM_SUBTYPES, Channel, Message, User
from sandbox.text import named, rich_text

PINS = 100  # the number is commonly quoted, not documented
EMOJI = 50  # different ones on one message
_THREAD = ("ts", "thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
_MENTION = (
    "user",
    "text",
    "ts",
    "team",
    "blocks",
    "client_msg_id",
    "thread_ts",
    "bot_id",
    "app_id",
    "bot_profile",
    "files",
)


class Messages(Ground):
    def post(self, channel: Channel, user: User, text: str, **more: Any) -> Message:
        """A message in a channel, and its event."""
        root = self._root(channel, more.pop("thread_ts", None))
        ts = more.pop("ts", None) or self.message_ts(channel)
        if ts in channel.messages:
            raise SlackError("ts_taken")
        broadcast = more.pop("broadcast", False)
        message: Message = {
            "type": "message",
            "ts": ts,
            "text": text,
            "team": self.config.team_id,
            **self.author(user),
        }
        message |= {name: value for name, value in more.items() if value is not None}
        if "blocks" in message:
            message["blocks"] = named(message["blocks"])
        elif "bot_id" not in message and text:
            message["blocks"] = [rich_text(text)]
        if root is not None:
            message |= {"thread_ts": root["ts"], "parent_user_id": root.get("user")}
            if broadcast:
                message |= {"subtype": "thread_broadcast", "root": dict(root)}
        channel.add(message)
        if root is not None:
            self._count_replies(channel, root)
        self._tell_message(channel, message)
        return message

    def _root(self, channel: Channel, thread_ts: str | None) -> Message | None:
        """The message that starts the thread; an answer to a reply goes to the reply's thread."""
        if not thread_ts:
            return None
        known = channel.messages.get(thread_ts)
        root = channel.messages.get(known.get("thread_ts") or thread_ts) if known else None
        if root is None:
            raise SlackError("thread_not_found")
        if root.get("subtype") in SYSTEM_SUBTYPES - {"tombstone"}:
            raise SlackError("cannot_reply_to_message")
        return root

    def _count_replies(self, channel: Channel, root: Message) -> None:
        replies = list(channel.replies(root["ts"]))
        authors = list(dict.fromkeys(reply["user"] for reply in replies if reply.get("user")))
        root |= {
            "thread_ts": root["ts"],
            "reply_count": len(replies),
            "reply_users_count": len(authors),
            "reply_users": authors,
        }
        if replies:
            root["latest_reply"] = replies[-1]["ts"]
        else:
            root.pop("latest_reply", None)

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
        said = "subtype" not in message or message["subtype"] not in SYSTEM_SUBTYPES
        if said and not channel.is_im and f"<@{self.bot.id}" in message["text"]:
            # A second event about the same message, with an id of its own (docs: app_mention).
            mention = {name: event[name] for name in _MENTION if name in event}
            self.tell(
                {"type": "app_mention", **mention, "channel": channel.id, "event_ts": message["ts"]}, channel
            )

    def _message_event(self, channel: Channel, event: dict[str, Any]) -> None:
        self.tell({"channel": channel.id, "channel_type": channel.kind, **event}, channel)
        self.touch()

    def edit(self, channel: Channel, message: Message, **changes: Any) -> None:
        """Change a message; a value of None takes the field away."""
        before = deepcopy(message)
        if changes.get("blocks"):
            changes["blocks"] = named(changes["blocks"])
        for name, value in changes.items():
            if value is None:
                message.pop(name, None)
            else:
                message[name] = value
        self._tell_change(channel, message, before)

    def edit_words(self, channel: Channel, message: Message, user: str, text: str) -> None:
        """A person edits what they said."""
        self.edit(
            channel, message, text=text, blocks=[rich_text(text)] if text else None, edited=self.edited(user)
        )

    def edited(self, user: str) -> dict[str, str]:
        """The mark of an edit; it has seconds only (seen in recorded payloads)."""
        return {"user": user, "ts": f"{seconds(self.clock.now())}.000000"}

    def _tell_change(self, channel: Channel, message: Message, before: Message) -> None:
        ts = self.message_ts(channel)
        after = deepcopy(message)
        if "edited" in after:
            after |= {"source_team": self.config.team_id, "user_team": self.config.team_id}
        for each in (after, before):
            each.pop("metadata", None)
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "message": after}
        self._message_event(channel, {**event, "previous_message": before, "ts": ts, "event_ts": ts})

    def delete(self, channel: Channel, message: Message) -> None:
        """A plain message goes; the root of a thread stays as a tombstone, which Slack tells as a change."""
        ts, event_ts = message["ts"], self.message_ts(channel)
        if ts in channel.pins:
            channel.pins.remove(ts)
        if message.get("reply_count"):
            self._bury(channel, message)
            return
        channel.remove(ts)
        root = channel.messages.get(message.get("thread_ts") or "")
        if root is not None:
            self._count_replies(channel, root)
        self._message_event(
            channel,
            {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "deleted_ts": ts,
                "previous_message": {name: value for name, value in message.items() if name != "metadata"},
                "ts": event_ts,
                "event_ts": event_ts,
            },
        )

    def _bury(self, channel: Channel, message: Message) -> None:
        before = deepcopy(message)
        kept: Message = {name: message[name] for name in _THREAD if name in message}
        message.clear()
        message.update(
            {
                "type": "message",
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "user": "USLACKBOT",
                "hidden": True,
                "is_locked": False,
                **kept,
            }
        )
        self._tell_change(channel, message, before)

    def whisper(
        self, channel: Channel, user: str, text: str, blocks: Any = None, thread_ts: str | None = None
    ) -> str:
        """A message that only one person sees; it is in no history."""
        ts = self.message_ts(channel)
        note = {"channel": channel.id, "user": user, "text": text, "ts": ts, "by": self.bot.id}
        if blocks:
            note["blocks"] = named(blocks)
        if thread_ts:
            note["thread_ts"] = thread_ts
        self.ephemeral.append(note)
        self.touch()
        return ts

    def react(self, channel: Channel, message: Message, user: str, name: str, *, present: bool) -> None:
        if message.get("subtype") == "tombstone":
            raise SlackError("not_reactable")
        reactions = message.setdefault("reactions", [])
        known = next((r for r in reactions if r["name"] == name), None)
        if present:
            if known is None and len(reactions) >= EMOJI:
                raise SlackError("too_many_emoji")
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
        ts, now = message["ts"], seconds(self.clock.now())
        if present and message.get("subtype") in SYSTEM_SUBTYPES:
            raise SlackError("not_pinnable")
        if present == (ts in channel.pins):
            raise SlackError("already_pinned" if present else "no_pin")
        if present:
            if len(channel.pins) >= PINS:
                raise SlackError("too_many_pins")
            channel.pins.append(ts)
            message |= {
                "pinned_to": [channel.id],
                "pinned_info": {"channel": channel.id, "pinned_by": user, "pinned_ts": now},
            }
        else:
            channel.pins.remove(ts)
            for name in ("pinned_to", "pinned_info"):
                message.pop(name, None)
        shown = {**deepcopy(message), "permalink": self.permalink(channel, ts)}
        shown.pop("metadata", None)
        event = {
            "type": "pin_added" if present else "pin_removed",
            "user": user,
            "channel_id": channel.id,
            "item": {
                "type": "message",
                "created": now,
                "created_by": user,
                "channel": channel.id,
                "message": shown,
            },
            "item_user": message.get("user"),
            "pin_count": len(channel.pins),
            "pinned_info": {"channel": channel.id, "pinned_by": user, "pinned_ts": now},
            "has_pins": bool(channel.pins),
            "event_ts": self.event_ts(),
        }
        self.tell(event, channel)
        if present:
            self.system_line(channel, user, "pinned_item", f"<@{user}> pinned a message to this channel.")
        self.touch()

    def permalink(self, channel: Channel, ts: str) -> str:
        return f"{self.base}/archives/{channel.id}/p{ts.replace('.', '')}"
