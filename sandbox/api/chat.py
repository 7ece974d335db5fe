"""chat.*, reactions.*, pins.*: messages and what hangs on them."""

from typing import Any

from sandbox.api.registry import Answer, Call, method
from sandbox.errors import SlackError
from sandbox.limits import check_message
from sandbox.state import Channel, Message

TEXT = 40_000  # truncated by Slack
TEXT_EDIT = 4_000


def _content(call: Call) -> dict[str, Any]:
    blocks = call.data("blocks")
    attachments = call.data("attachments")
    text = call.text("text") or ""
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    found: dict[str, Any] = {"text": text[:TEXT]}
    if blocks:
        check_message(blocks)
        found["blocks"] = blocks
    if attachments:
        found["attachments"] = attachments
    metadata = call.data("metadata")
    if metadata is not None:
        if metadata and not {"event_type", "event_payload"} <= set(metadata):
            raise SlackError("invalid_metadata_format")
        found["metadata"] = metadata or None
    return found


def _target(call: Call) -> Channel:
    """A channel to post in: a user id means the DM; public ones need no membership with chat:write.public."""
    wanted = call.need("channel", "channel_not_found")
    if wanted in call.workspace.users:
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
    message = call.workspace.post(channel, call.me, thread_ts=call.text("thread_ts"), **_content(call))
    return {"channel": channel.id, "ts": message["ts"], "message": shown(message)}


@method("chat.update", "chat:write")
def update(call: Call) -> Answer:
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_inactive")
    message = call.workspace.message(channel, call.text("ts"))
    if message.get("user") != call.me.id:
        raise SlackError("cant_update_message")
    content = _content(call)
    if len(content["text"]) > TEXT_EDIT:
        raise SlackError("msg_too_long")
    # Text without blocks takes the blocks away (docs: chat.update).
    changes = {"text": content["text"], "blocks": content.get("blocks")}
    if "metadata" in content:
        changes["metadata"] = content["metadata"]
    if changes["text"] != message.get("text"):
        changes["edited"] = {"user": call.me.id, "ts": call.workspace.event_ts()}
    call.workspace.edit(channel, message, **changes)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": shown(message)}


@method("chat.delete", "chat:write")
def delete(call: Call) -> Answer:
    channel = call.channel()
    message = call.workspace.message(channel, call.text("ts"))
    if message.get("user") != call.me.id:
        raise SlackError("cant_delete_message")
    call.workspace.delete(channel, message)
    return {"channel": channel.id, "ts": call.text("ts")}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Answer:
    channel = call.member_of()
    user = call.workspace.user(call.need("user"))
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    content = _content(call)
    if len(content["text"]) > TEXT_EDIT:
        raise SlackError("msg_too_long")
    return {"message_ts": call.workspace.whisper(channel, user.id, content["text"], content.get("blocks"))}


@method("chat.getPermalink")
def get_permalink(call: Call) -> Answer:
    channel = call.channel()
    message = call.workspace.message(channel, call.text("message_ts"))
    return {
        "channel": channel.id,
        "permalink": f"{call.base}/archives/{channel.id}/p{message['ts'].replace('.', '')}",
    }


@method("reactions.add", "reactions:write")
def add_reaction(call: Call) -> Answer:
    return _react(call, present=True)


@method("reactions.remove", "reactions:write")
def remove_reaction(call: Call) -> Answer:
    return _react(call, present=False)


def _react(call: Call, *, present: bool) -> Answer:
    channel = call.member_of()
    message = call.workspace.message(channel, call.need("timestamp", "bad_timestamp"))
    call.workspace.react(
        channel, message, call.me.id, call.need("name", "invalid_name").strip(":"), present=present
    )
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
    messages = (channel.messages[ts] for ts in channel.pins if ts in channel.messages)
    return {"items": [{"type": "message", "channel": channel.id, "message": shown(m)} for m in messages]}
