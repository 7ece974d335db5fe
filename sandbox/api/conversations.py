"""conversations.*, bookmarks.*: channels and their members."""

import re
from bisect import bisect_left, bisect_right
from typing import Any

from sandbox.api.chat import shown
from sandbox.api.registry import Answer, Call, method, page
from sandbox.errors import SlackError
from sandbox.scopes import HISTORY, INVITE, MANAGE, READ, TOPIC
from sandbox.state import SYSTEM_SUBTYPES, Channel, Message


@method("conversations.create", per=MANAGE)
def create(call: Call) -> Answer:
    private = call.flag("is_private")
    call.allow("group" if private else "channel")
    made = call.workspace.create_channel(call.need("name", "invalid_name_required"), call.me, private=private)
    return {"channel": made.shown(call.me.id)}


@method("conversations.invite", per=INVITE)
def invite(call: Call) -> Answer:
    channel = call.member_of()
    if channel.kind in {"im", "mpim"}:
        raise SlackError("method_not_supported_for_channel_type")
    users = list(dict.fromkeys(call.names("users")))
    if not users:
        raise SlackError("no_user")
    problems = [(user, word) for user in users if (word := _refusal(call, channel, user))]
    if problems and not call.flag("force"):
        errors = [{"user": user, "ok": False, "error": word} for user, word in problems]
        raise SlackError(problems[0][1], errors=errors)
    if problems and len(problems) == len(users):
        raise SlackError(problems[0][1])
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


@method("conversations.kick", per=MANAGE)
def kick(call: Call) -> Answer:
    channel = call.member_of()
    user = call.need("user")
    if user == call.me.id:
        raise SlackError("cant_kick_self")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    call.workspace.leave(channel, user)
    return {}


@method("conversations.join", "channels:join")
def join(call: Call) -> Answer:
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    known = call.me.id in channel.members
    call.workspace.join(channel, call.me.id)
    more = (
        {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        if known
        else {}
    )
    return {"channel": channel.shown(call.me.id), **more}


@method("conversations.leave", per=MANAGE)
def leave(call: Call) -> Answer:
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    if call.me.id not in channel.members:
        return {"not_in_channel": True}
    if channel.name == "general":
        raise SlackError("cant_leave_general")
    call.workspace.leave(channel, call.me.id)
    return {}


@method("conversations.open", "im:write", "mpim:write")
def open_dm(call: Call) -> Answer:
    users = call.names("users")
    if not users:
        known = call.text("channel")
        if not known:
            raise SlackError("users_list_not_supplied")
        return {
            "no_op": True,
            "already_open": True,
            "channel": {"id": call.workspace.channel(known, call.me.id).id},
        }
    if len(users) > 8:
        raise SlackError("too_many_users")
    channel = call.workspace.direct(users)
    return {"channel": channel.shown(call.me.id) if call.flag("return_im") else {"id": channel.id}}


@method("conversations.close", "im:write", "mpim:write")
def close_dm(call: Call) -> Answer:
    channel = call.channel()
    if channel.kind not in {"im", "mpim"}:
        raise SlackError("method_not_supported_for_channel_type")
    return {}


@method("conversations.info", per=READ)
def info(call: Call) -> Answer:
    return {"channel": call.channel().shown(call.me.id)}


def _listed(call: Call, *, mine: bool) -> Answer:
    kinds = set(call.names("types") or ["public_channel"])
    names = {"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}
    if kinds - set(names.values()):
        raise SlackError("invalid_types")
    for kind, name in names.items():
        if name in kinds:
            call.allow(kind)
    found = [
        channel.shown(call.me.id)
        for channel in call.workspace.channels.values()
        if names[channel.kind] in kinds
        and (call.me.id in channel.members or (not mine and channel.kind == "channel"))
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    channels, cursor = page(found, call)
    return {"channels": channels, "response_metadata": cursor}


@method("conversations.list", per=READ)
def list_all(call: Call) -> Answer:
    return _listed(call, mine=False)


@method("users.conversations", per=READ)
def list_mine(call: Call) -> Answer:
    return _listed(call, mine=True)


@method("conversations.members", per=READ)
def members(call: Call) -> Answer:
    found, cursor = page(sorted(call.channel().members), call)
    return {"members": found, "response_metadata": cursor}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if call.me.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _between(call: Call, order: list[str]) -> tuple[int, int]:
    """Where a window begins and ends; ``oldest`` and ``latest`` leave out the very moment, unless ``inclusive``."""
    oldest, latest = _moment(call, "oldest"), _moment(call, "latest")
    after, before = (bisect_left, bisect_right) if call.flag("inclusive") else (bisect_right, bisect_left)
    return after(order, oldest) if oldest else 0, before(order, latest) if latest else len(order)


def _moment(call: Call, name: str) -> str | None:
    """As a ts; no more than the first six digits after the dot count."""
    text = call.text(name)
    if not text or text in {"0", "now"}:
        return None
    whole, _, rest = text.partition(".")
    if not whole.isdigit() or (rest and not rest.isdigit()):
        raise SlackError(f"invalid_ts_{name}")
    return f"{whole}.{(rest + '000000')[:6]}"


@method("conversations.history", per=HISTORY)
def history(call: Call) -> Answer:
    """Newest first; replies are not in it, unless they were sent to the channel too."""
    channel = _readable(call)
    limit = max(1, min(call.number("limit", 100), 999))
    first, end = _between(call, channel.order)
    cursor = call.text("cursor")
    if cursor:
        if not re.fullmatch(r"before:\d+\.\d{6}", cursor):
            raise SlackError("invalid_cursor")
        end = min(end, bisect_left(channel.order, cursor.removeprefix("before:")))
    found: list[Message] = []
    for ts in reversed(channel.order[first:end]):
        if _top(channel.messages[ts]):
            if len(found) == limit:
                cursor = f"before:{found[-1]['ts']}"
                break
            found.append(channel.messages[ts])
    else:
        cursor = None
    metadata = call.flag("include_all_metadata")
    messages = [shown(message, metadata=metadata) for message in found]
    answer: Answer = {"messages": messages, "has_more": cursor is not None, "pin_count": len(channel.pins)}
    return {**answer, "response_metadata": {"next_cursor": cursor}} if cursor else answer


def _top(message: Message) -> bool:
    thread = message.get("thread_ts")
    return thread is None or thread == message["ts"] or message.get("subtype") == "thread_broadcast"


@method("conversations.replies", per=HISTORY)
def replies(call: Call) -> Answer:
    channel = _readable(call)
    root = channel.messages.get(call.need("ts", "thread_not_found"))
    if root is None or root.get("subtype") in SYSTEM_SUBTYPES - {"tombstone"}:
        raise SlackError("thread_not_found")
    thread = root.get("thread_ts") or root["ts"]
    parent: list[Any] = [channel.messages[thread]] if thread in channel.messages else []
    order = channel.threads.get(thread, [])
    first, end = _between(call, order)
    found = parent + [channel.messages[ts] for ts in order[first:end]]
    messages, cursor = page(found, call, 1000, 1000)
    metadata = call.flag("include_all_metadata")
    return {
        "messages": [shown(m, metadata=metadata) for m in messages],
        "has_more": bool(cursor["next_cursor"]),
        "response_metadata": cursor,
    }


@method("conversations.setTopic", per=TOPIC)
def set_topic(call: Call) -> Answer:
    channel = call.member_of()
    call.workspace.set_topic(channel, call.me.id, call.text("topic") or "")
    return {"channel": channel.shown(call.me.id)}


@method("conversations.setPurpose", per=TOPIC)
def set_purpose(call: Call) -> Answer:
    channel = call.member_of()
    call.workspace.set_purpose(channel, call.me.id, call.text("purpose") or "")
    return {"channel": channel.shown(call.me.id), "purpose": channel.purpose}


@method("conversations.rename", per=MANAGE)
def rename(call: Call) -> Answer:
    channel = call.member_of()
    if channel.creator != call.me.id:
        raise SlackError("not_authorized")
    call.workspace.rename(channel, call.me.id, call.need("name", "invalid_name_required"))
    return {"channel": channel.shown(call.me.id)}


@method("conversations.archive", per=MANAGE)
def archive(call: Call) -> Answer:
    channel = call.channel()
    if channel.name == "general":
        raise SlackError("cant_archive_general")
    if channel.is_archived:
        raise SlackError("already_archived")
    if call.me.id not in channel.members:
        raise SlackError("not_in_channel")
    call.workspace.archive(channel, call.me.id, archived=True)
    return {}


@method("conversations.unarchive", per=MANAGE)
def unarchive(call: Call) -> Answer:
    """Bot tokens cannot, whatever the scopes say (docs: conversations.unarchive, "bug alert")."""
    if not call.channel().is_archived:
        raise SlackError("not_archived")
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
    if call.text("link") and not str(call.text("link")).startswith(("http://", "https://")):
        raise SlackError("invalid_link")
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
