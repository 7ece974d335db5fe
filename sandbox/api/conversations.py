"""conversations.*, bookmarks.*: channels and their members."""

from typing import Any

from sandbox.api.chat import shown
from sandbox.api.registry import Answer, Call, method, page
from sandbox.errors import SlackError
from sandbox.state import Channel, Message

MANAGE = ("channels:manage", "groups:write")
READ = ("channels:read", "groups:read", "im:read")
HISTORY = ("channels:history", "groups:history", "im:history")


@method("conversations.create", *MANAGE)
def create(call: Call) -> Answer:
    private = call.flag("is_private")
    made = call.workspace.create_channel(call.need("name", "invalid_name_required"), call.me, private=private)
    return {"channel": made.shown(call.me.id)}


@method("conversations.invite", *MANAGE)
def invite(call: Call) -> Answer:
    channel = call.member_of()
    users = call.names("users")
    if not users:
        raise SlackError("no_user")
    problems = [(user, word) for user in users if (word := _refusal(call, channel, user))]
    if problems and not call.flag("force"):
        errors = [{"user": user, "ok": False, "error": word} for user, word in problems]
        raise SlackError(problems[0][1], errors=errors)
    refused = {user for user, _ in problems}
    for user in users:
        if user not in refused:
            call.workspace.join(channel, user, call.me.id)
    return {"channel": channel.shown(call.me.id)}


def _refusal(call: Call, channel: Channel, user: str) -> str | None:
    known = call.workspace.users.get(user)
    if known is None or known.deleted:
        return "user_not_found"
    if user == call.me.id:
        return "cant_invite_self"
    return "already_in_channel" if user in channel.members else None


@method("conversations.kick", *MANAGE)
def kick(call: Call) -> Answer:
    channel = call.member_of()
    user = call.need("user")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    call.workspace.leave(channel, user)
    return {}


@method("conversations.join", "channels:join")
def join(call: Call) -> Answer:
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if call.me.id not in channel.members:
        call.workspace.join(channel, call.me.id)
    return {"channel": channel.shown(call.me.id)}


@method("conversations.leave", *MANAGE)
def leave(call: Call) -> Answer:
    call.workspace.leave(call.channel(), call.me.id)
    return {}


@method("conversations.open", "im:write")
def open_dm(call: Call) -> Answer:
    users = call.names("users")
    if len(users) != 1:
        raise SlackError("users_list_not_supplied" if not users else "not_supported")
    return {"channel": {"id": call.workspace.dm(users[0]).id}}


@method("conversations.info", *READ)
def info(call: Call) -> Answer:
    return {"channel": call.channel().shown(call.me.id)}


def _listed(call: Call, *, mine: bool) -> Answer:
    kinds = set(call.names("types") or ["public_channel"])
    names = {"channel": "public_channel", "group": "private_channel", "im": "im"}
    found = [
        channel.shown(call.me.id)
        for channel in call.workspace.channels.values()
        if names[channel.kind] in kinds
        and (call.me.id in channel.members or (not mine and channel.kind == "channel"))
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    channels, cursor = page(found, call)
    return {"channels": channels, "response_metadata": cursor}


@method("conversations.list", *READ)
def list_all(call: Call) -> Answer:
    return _listed(call, mine=False)


@method("users.conversations", *READ)
def list_mine(call: Call) -> Answer:
    return _listed(call, mine=True)


@method("conversations.members", *READ)
def members(call: Call) -> Answer:
    found, cursor = page(sorted(call.channel().members), call)
    return {"members": found, "response_metadata": cursor}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if call.me.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _within(ts: str, call: Call) -> bool:
    """``oldest`` and ``latest`` leave out the very moment, unless ``inclusive``."""
    oldest, latest = _moment(call, "oldest"), _moment(call, "latest")
    at = _micros(ts)
    if call.flag("inclusive"):
        return (oldest is None or at >= oldest) and (latest is None or at <= latest)
    return (oldest is None or at > oldest) and (latest is None or at < latest)


def _moment(call: Call, name: str) -> int | None:
    text = call.text(name)
    if not text or text == "0":
        return None
    try:
        return _micros(text)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _micros(ts: str) -> int:
    whole, _, rest = ts.partition(".")
    return int(whole) * 1_000_000 + int((rest + "000000")[:6])


@method("conversations.history", *HISTORY)
def history(call: Call) -> Answer:
    """Newest first; replies are not in it, unless they were sent to the channel too."""
    channel = _readable(call)
    found = [m for ts in reversed(channel.order) if _top(m := channel.messages[ts]) and _within(ts, call)]
    messages, cursor = page(found, call)
    metadata = call.flag("include_all_metadata")
    more = bool(cursor["next_cursor"])
    answer: Answer = {
        "messages": [shown(m, metadata=metadata) for m in messages],
        "has_more": more,
        "pin_count": len(channel.pins),
    }
    return {**answer, "response_metadata": cursor} if more else answer


def _top(message: Message) -> bool:
    thread = message.get("thread_ts")
    return thread is None or thread == message["ts"] or message.get("subtype") == "thread_broadcast"


@method("conversations.replies", *HISTORY)
def replies(call: Call) -> Answer:
    channel = _readable(call)
    root = channel.messages.get(call.need("ts", "thread_not_found"))
    if root is None:
        raise SlackError("thread_not_found")
    thread = root.get("thread_ts") or root["ts"]
    parent: list[Any] = [channel.messages[thread]] if thread in channel.messages else []
    found = parent + [m for m in channel.replies(thread) if _within(m["ts"], call)]
    messages, cursor = page(found, call, 1000)
    metadata = call.flag("include_all_metadata")
    return {
        "messages": [shown(m, metadata=metadata) for m in messages],
        "has_more": bool(cursor["next_cursor"]),
        "response_metadata": cursor,
    }


@method("conversations.setTopic", *MANAGE)
def set_topic(call: Call) -> Answer:
    channel = call.member_of()
    call.workspace.set_topic(channel, call.me.id, call.text("topic") or "")
    return {"channel": channel.shown(call.me.id)}


@method("conversations.setPurpose", *MANAGE)
def set_purpose(call: Call) -> Answer:
    channel = call.member_of()
    purpose = call.text("purpose") or ""
    if len(purpose) > 250:
        raise SlackError("too_long")
    channel.purpose = purpose
    call.workspace.touch()
    return {"purpose": purpose}


@method("conversations.rename", *MANAGE)
def rename(call: Call) -> Answer:
    channel = call.member_of()
    if channel.creator != call.me.id:
        raise SlackError("not_authorized")
    call.workspace.rename(channel, call.me.id, call.need("name", "invalid_name_required"))
    return {"channel": channel.shown(call.me.id)}


@method("conversations.archive", *MANAGE)
def archive(call: Call) -> Answer:
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("already_archived")
    if call.me.id not in channel.members:
        raise SlackError("not_in_channel")
    call.workspace.archive(channel, call.me.id, archived=True)
    return {}


@method("conversations.unarchive", *MANAGE)
def unarchive(call: Call) -> Answer:
    """Bot tokens cannot, whatever the scopes say (docs: conversations.unarchive, "bug alert")."""
    call.channel()
    raise SlackError("not_in_channel")


# --- bookmarks -----------------------------------------------------------------------------------------------------


@method("bookmarks.add", "bookmarks:write")
def add_bookmark(call: Call) -> Answer:
    channel = call.member_of("channel_id")
    if call.need("type", "invalid_bookmark_type") != "link":
        raise SlackError("invalid_bookmark_type")
    link = call.need("link", "invalid_link")
    if not link.startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    if len(channel.bookmarks) >= 100:
        raise SlackError("too_many_bookmarks")
    made = {
        "id": call.workspace.new_id("Bk"),
        "channel_id": channel.id,
        "title": call.need("title"),
        "link": link,
        "emoji": call.text("emoji") or "",
        "type": "link",
    }
    channel.bookmarks.append(made)
    call.workspace.touch()
    return {"bookmark": made}


def _bookmark(call: Call) -> tuple[Channel, dict[str, Any]]:
    channel = call.member_of("channel_id")
    wanted = call.need("bookmark_id")
    known = next((b for b in channel.bookmarks if b["id"] == wanted), None)
    if known is None:
        raise SlackError("not_found")
    return channel, known


@method("bookmarks.edit", "bookmarks:write")
def edit_bookmark(call: Call) -> Answer:
    _, known = _bookmark(call)
    for name in ("title", "link", "emoji"):
        if call.text(name):
            known[name] = call.text(name)
    call.workspace.touch()
    return {"bookmark": known}


@method("bookmarks.remove", "bookmarks:write")
def remove_bookmark(call: Call) -> Answer:
    channel, known = _bookmark(call)
    channel.bookmarks.remove(known)
    call.workspace.touch()
    return {}


@method("bookmarks.list", "bookmarks:read")
def list_bookmarks(call: Call) -> Answer:
    return {"bookmarks": list(call.channel("channel_id").bookmarks)}
