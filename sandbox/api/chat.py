"""chat.*, reactions.*, pins.*: messages and what hangs on them."""

import re
from typing import Any

from sandbox.api.registry import Answer, Call, method, page
from sandbox.errors import SlackError
from sandbox.limits import check_message
from sandbox.state import Channel, Message
from sandbox.text import escaped

TEXT = 40_000  # truncated by Slack
TEXT_EDIT = 4_000
METADATA = 8_000  # the real number is not documented
REACTION = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def _content(call: Call) -> dict[str, Any]:
    blocks = call.data("blocks")
    attachments = call.data("attachments")
    text = call.text("text") or ""
    markdown = call.text("markdown_text")
    if markdown:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    found: dict[str, Any] = {"text": escaped(text[:TEXT])}
    if blocks is not None:
        check_message(blocks)
        found["blocks"] = blocks
    if attachments:
        if len(attachments) > 100:
            raise SlackError("too_many_attachments")
        found["attachments"] = attachments
    metadata = call.data("metadata")
    if metadata is not None:
        if metadata and not {"event_type", "event_payload"} <= set(metadata):
            raise SlackError("invalid_metadata_format")
        if len(str(metadata)) > METADATA:
            raise SlackError("metadata_too_large")
        found["metadata"] = metadata or None
    return found


def _target(call: Call) -> Channel:
    """A channel to post in: a user id means the DM; public ones need no membership with chat:write.public."""
    wanted = call.need("channel", "channel_not_found")
    if wanted in call.workspace.users:
        if word := call.workspace.users[wanted].unreachable:
            raise SlackError(word)
        return call.workspace.dm(wanted)
    channel = call.workspace.channel(wanted, call.me.id)
    if channel.is_archived:
        raise SlackError("is_archived")
    scopes = call.workspace.config.app.scopes
    public = (
        not channel.is_private and not channel.is_im and (scopes is None or "chat:write.public" in scopes)
    )
    if call.me.id not in channel.members and not public:
        raise SlackError("not_in_channel")
    return channel


def shown(message: Message, *, metadata: bool = False) -> Message:
    return {name: value for name, value in message.items() if metadata or name != "metadata"}


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Answer:
    channel = _target(call)
    thread, broadcast = call.text("thread_ts"), call.flag("reply_broadcast")
    message = call.workspace.post(channel, call.me, thread_ts=thread, broadcast=broadcast, **_content(call))
    return {"channel": channel.id, "ts": message["ts"], "message": shown(message)}


@method("chat.update", "chat:write")
def update(call: Call) -> Answer:
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_inactive")
    message = call.workspace.message(channel, call.text("ts"))
    if message.get("bot_id") != call.me.bot_id:
        raise SlackError("cant_update_message")
    content = _content(call)
    if len(content["text"]) > TEXT_EDIT:
        raise SlackError("msg_too_long")
    # Text without blocks takes the blocks away (docs: chat.update).
    changes = {"text": content["text"], "blocks": content.get("blocks") or None}
    if "attachments" in content:
        changes["attachments"] = content["attachments"]
    if "metadata" in content:
        changes["metadata"] = content["metadata"]
    if changes["text"] != message.get("text"):
        changes["edited"] = call.workspace.edited(call.me.id)
    call.workspace.edit(channel, message, **changes)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": shown(message)}


@method("chat.delete", "chat:write")
def delete(call: Call) -> Answer:
    channel = call.channel()
    message = call.workspace.message(channel, call.text("ts"))
    if message.get("bot_id") != call.me.bot_id:
        raise SlackError("cant_delete_message")
    call.workspace.delete(channel, message)
    return {"channel": channel.id, "ts": call.text("ts")}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Answer:
    channel = call.member_of()
    user = call.workspace.user(call.need("user"))
    if user.id not in channel.members or user.deleted:
        raise SlackError("user_not_in_channel")
    content = _content(call)
    if len(content["text"]) > TEXT_EDIT:
        raise SlackError("msg_too_long")
    thread = call.text("thread_ts")
    return {
        "message_ts": call.workspace.whisper(channel, user.id, content["text"], content.get("blocks"), thread)
    }


@method("chat.scheduleMessage", "chat:write")
def schedule(call: Call) -> Answer:
    channel = _target(call)
    post_at = call.number("post_at", 0)
    if not post_at:
        raise SlackError("invalid_time")
    content = _content(call)
    if len(content["text"]) > TEXT_EDIT:
        raise SlackError("msg_too_long")
    if call.text("thread_ts"):
        content["thread_ts"] = call.text("thread_ts")
    made = call.workspace.schedule(channel, post_at, content)
    message = {
        "type": "delayed_message",
        "user": call.me.id,
        "bot_id": call.me.bot_id,
        "text": content["text"],
    }
    return {"channel": channel.id, "scheduled_message_id": made, "post_at": post_at, "message": message}


@method("chat.deleteScheduledMessage", "chat:write")
def delete_scheduled(call: Call) -> Answer:
    channel = call.channel()
    wanted = call.need("scheduled_message_id", "invalid_scheduled_message_id")
    if call.workspace.scheduled.get(wanted, {}).get("channel") != channel.id:
        raise SlackError("invalid_scheduled_message_id")
    del call.workspace.scheduled[wanted]
    return {}


@method("chat.scheduledMessages.list")
def list_scheduled(call: Call) -> Answer:
    wanted = call.text("channel")
    known = [each for each in call.workspace.scheduled.values() if wanted in {None, each["channel"]}]
    shown_ones = [
        {
            "id": e["id"],
            "channel_id": e["channel"],
            "post_at": e["post_at"],
            "date_created": e["created"],
            "text": e["content"]["text"],
        }
        for e in sorted(known, key=lambda e: e["post_at"])
    ]
    found, cursor = page(shown_ones, call)
    return {"scheduled_messages": found, "response_metadata": cursor}


@method("chat.getPermalink")
def get_permalink(call: Call) -> Answer:
    channel = call.channel()
    message = call.workspace.message(channel, call.text("message_ts"))
    return {"channel": channel.id, "permalink": call.workspace.permalink(channel, message["ts"])}


@method("reactions.add", "reactions:write")
def add_reaction(call: Call) -> Answer:
    return _react(call, present=True)


@method("reactions.remove", "reactions:write")
def remove_reaction(call: Call) -> Answer:
    return _react(call, present=False)


def _react(call: Call, *, present: bool) -> Answer:
    channel = call.member_of()
    message = call.workspace.message(channel, call.need("timestamp", "bad_timestamp"))
    name = call.need("name", "invalid_name").strip(":")
    if not REACTION.fullmatch(name):
        raise SlackError("invalid_name")
    call.workspace.react(channel, message, call.me.id, name, present=present)
    return {}


@method("reactions.get", "reactions:read")
def get_reactions(call: Call) -> Answer:
    channel = call.channel()
    message = call.workspace.message(channel, call.text("timestamp"))
    return {"type": "message", "channel": channel.id, "message": shown(message)}


@method("pins.add", "pins:write")
def add_pin(call: Call) -> Answer:
    channel = call.member_of()
    message = call.workspace.message(channel, call.need("timestamp", "no_item_specified"))
    call.workspace.pin(channel, message, call.me.id, present=True)
    return {}


@method("pins.remove", "pins:write")
def remove_pin(call: Call) -> Answer:
    channel = call.member_of()
    message = call.workspace.message(channel, call.need("timestamp", "no_item_specified"))
    call.workspace.pin(channel, message, call.me.id, present=False)
    return {}


@method("pins.list", "pins:read")
def list_pins(call: Call) -> Answer:
    channel = call.channel()
    found = []
    for ts in channel.pins:
        message = channel.messages[ts]
        info = message["pinned_info"]
        kept = {**shown(message), "permalink": call.workspace.permalink(channel, ts)}
        item = {"type": "message", "channel": channel.id, "message": kept}
        found.append({**item, "created": info["pinned_ts"], "created_by": info["pinned_by"]})
    return {"items": found}
