"""Slack's event payloads as our values, once, at the door. What is not ours to record becomes nothing here."""

import html
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.app.upkeep import (
    ArchivedOrBack,
    ChannelNamed,
    Deleted,
    Entered,
    Tampering,
    TopicSet,
    Unpinned,
)
from bot.domain.details import MessageRef
from bot.domain.transcript import EVERYBODY, PINNED, File, Message, Profile, Reaction, Via
from bot.slack.wording import wording

#: Subtypes that are people's (or other bots') words; all others are Slack's own lines.
SPEECH = frozenset({None, "bot_message", "file_share", "thread_broadcast", "me_message"})

Payload = Mapping[str, Any]


def messages(event: Payload, *, own_bot: str | None = None) -> tuple[Message, ...]:
    """What a ``message`` event brings to the record: a message, or an edit or deletion with what stood before.

    ``own_bot`` is our bot id: our own words are not recorded a second time.
    """
    subtype = event.get("subtype")
    channel = str(event.get("channel", ""))
    if subtype == "message_changed":
        return _changed(event, channel, own_bot)
    if subtype == "message_deleted":
        before = event.get("previous_message") or {}
        if _is_own(before, own_bot) or before.get("subtype") not in SPEECH:
            return ()
        return _ended(before, channel, str(event["deleted_ts"]), str(event.get("event_ts") or event["ts"]))
    if subtype not in SPEECH or _is_own(event, own_bot):
        return ()
    return (message(event, channel),)


def tampering(event: Payload, *, own_bot: str | None, own_user: str | None) -> Tampering | None:
    """What a person did to something of ours, or to the channel, in Slack's own menus."""
    channel = event.get("channel")
    match event.get("type"), event.get("subtype"):
        case "message", "message_deleted":
            if _is_own(event.get("previous_message") or {}, own_bot):
                return Deleted(message=MessageRef(channel=str(channel), ts=str(event["deleted_ts"])))
        case "message", "message_changed":
            after = event.get("message") or {}
            if after.get("subtype") == "tombstone" and _is_own(event.get("previous_message") or {}, own_bot):
                return Deleted(message=MessageRef(channel=str(channel), ts=str(after["ts"])))
        case "message", "channel_topic" | "group_topic" if event.get("user") != own_user:
            return TopicSet(channel=str(channel), topic=html.unescape(str(event.get("topic") or "")))
        case "pin_removed", _ if (event.get("item") or {}).get("type", "message") == "message":
            ts = str((event["item"].get("message") or {}).get("ts") or "")
            return Unpinned(message=MessageRef(channel=str(event.get("channel_id")), ts=ts))
        case "channel_rename" | "group_rename", _ if isinstance(channel, Mapping):
            return ChannelNamed(channel=str(channel["id"]), name=str(channel["name"]))
        case "channel_archive" | "group_archive", _:
            return ArchivedOrBack(channel=str(channel), archived=True)
        case "channel_unarchive" | "group_unarchive", _:
            return ArchivedOrBack(channel=str(channel), archived=False)
        case "member_joined_channel", _ if event.get("user") == own_user:
            return Entered(channel=str(channel))
        case _:
            pass
    return None


def _changed(event: Payload, channel: str, own_bot: str | None) -> tuple[Message, ...]:
    after, before = event.get("message") or {}, event.get("previous_message") or {}
    revision = str(event.get("event_ts") or event.get("ts"))
    if after.get("subtype") == "tombstone":
        # How Slack deletes the root of a thread; no message_deleted comes (docs: events/message).
        return () if _is_own(before, own_bot) else _ended(before, channel, str(after["ts"]), revision)
    if _is_own(after, own_bot) or after.get("subtype") not in SPEECH or "edited" not in after:
        return ()  # unfurls and thread counters change a message without editing it
    original = (message(before, channel),) if before.get("ts") and "edited" not in before else ()
    return (*original, message(after, channel, revision=revision))


def _ended(before: Payload, channel: str, ts: str, revision: str) -> tuple[Message, ...]:
    ref = MessageRef(channel=channel, ts=ts)
    gone = Message(
        ref=ref, revision=revision, user=before.get("user"), thread_ts=before.get("thread_ts"), deleted=True
    )
    return (message(before, channel), gone) if before.get("ts") and "edited" not in before else (gone,)


def message(raw: Payload, channel: str, *, revision: str = "", via: Via = "event") -> Message:
    """A message object of any payload (event, history, shortcut)."""
    profile = raw.get("bot_profile") or {}
    bot = raw.get("username") or profile.get("name") if raw.get("bot_id") else None
    return Message(
        ref=MessageRef(channel=channel, ts=str(raw["ts"])),
        revision=revision,
        thread_ts=raw.get("thread_ts"),
        user=None if bot else raw.get("user"),
        bot_name=bot,
        text=wording(raw),
        files=tuple(_file(file) for file in raw.get("files") or ()),
        permalink=raw.get("permalink"),
        via=via,
    )


def _file(raw: Payload) -> File:
    return File(
        id=str(raw.get("id", "")),
        name=str(raw.get("name") or raw.get("title") or "file"),
        mimetype=str(raw.get("mimetype") or "application/octet-stream"),
        permalink=raw.get("permalink"),
        size=int(raw.get("size") or 0),
        url=raw.get("url_private"),
    )


def as_it_stands(raw: Payload, channel: str, *, via: Via) -> Message:
    """A message as Slack shows it now, in history or before a form: its earlier wordings are lost.

    Slack tells the second of the last edit, so the revision of that edit's own event, should it still come, is newer.
    """
    gone = raw.get("subtype") == "tombstone"
    revision = str((raw.get("edited") or {}).get("ts") or "")
    read = message(raw, channel, revision=revision, via=via)
    return replace(read, deleted=True, user=None, text="", files=()) if gone else read


def is_speech(raw: Payload, own_bot: str | None) -> bool:
    """Whether a message object holds somebody's words (or the stub of a deleted thread's root), and not ours."""
    return raw.get("subtype") in SPEECH | {"tombstone"} and not _is_own(raw, own_bot)


def _is_own(raw: Payload, own_bot: str | None) -> bool:
    return own_bot is not None and raw.get("bot_id") == own_bot


def reaction(event: Payload) -> Reaction | None:
    """A reaction given or taken away on a message; None for reactions on files."""
    item = event.get("item") or {}
    if item.get("type") != "message":
        return None
    return Reaction(
        message=MessageRef(channel=str(item["channel"]), ts=str(item["ts"])),
        user=str(event["user"]),
        name=str(event["reaction"]).split("::", 1)[0],  # `thumbsup::skin-tone-3`
        present=event["type"] == "reaction_added",
        event_ts=str(event.get("event_ts", "")),
    )


def pin(event: Payload, *, own_bot: str | None = None) -> tuple[Reaction, str] | None:
    """A pin set or taken off, and by whom; None for pins on files and on our own messages."""
    item = event.get("item") or {}
    pinned = item.get("message") or {}
    if "ts" not in pinned or _is_own(pinned, own_bot):
        return None
    ref = MessageRef(channel=str(event.get("channel_id") or item.get("channel")), ts=str(pinned["ts"]))
    present = event["type"] == "pin_added"
    event_ts = str(event.get("event_ts", ""))
    kept = Reaction(message=ref, user=EVERYBODY, name=PINNED, present=present, event_ts=event_ts)
    return kept, str(event.get("user", ""))


def profile(user: Payload) -> Profile:
    """A user object of users.info or user_change."""
    shown = user.get("profile") or {}
    name = shown.get("display_name") or shown.get("real_name") or user.get("real_name") or user.get("name")
    return Profile(
        id=str(user["id"]),
        name=str(name or user["id"]),
        zone=str(user.get("tz") or "UTC"),
        deleted=bool(user.get("deleted")),
        is_bot=bool(user.get("is_bot")),
    )


def delivery_id(body: Mapping[str, Any]) -> str | None:
    """What Slack calls this delivery: an event's id, a view's, or the trigger of a command, click or shortcut."""
    view = body.get("view") or {}
    found = body.get("event_id") or view.get("id") or body.get("trigger_id") or body.get("action_ts")
    return str(found) if found else None
