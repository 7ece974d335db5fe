"""files.* in their three steps, and canvases."""

from typing import Any

from sandbox.api.registry import Answer, Call, method
from sandbox.canvas import checked, edited, found
from sandbox.clock import seconds
from sandbox.errors import SlackError
from sandbox.limits import check_message
from sandbox.state import Channel, File
from sandbox.text import escaped

MIMETYPES = {
    "md": "text/markdown",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
}


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(call: Call) -> Answer:
    name = call.need("filename")
    length = call.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments")
    mimetype = MIMETYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    made = seconds(call.workspace.clock.now())
    file = File(
        id=call.workspace.new_id("F"),
        name=name,
        title=name,
        mimetype=mimetype,
        user=call.me.id,
        created=made,
        expected=length,
    )
    call.workspace.files[file.id] = file
    return {"upload_url": f"{call.base}/upload/{file.id}", "file_id": file.id}


def receive(call_file: File, content: bytes) -> None:
    """The second step. Raises when the length is not what was announced."""
    if len(content) != call_file.expected:
        raise SlackError("file_upload_size_mismatch")
    call_file.content = content


@method("files.completeUploadExternal", "files:write")
def complete_upload(call: Call) -> Answer:
    wanted = call.data("files") or []
    if not wanted:
        raise SlackError("invalid_arguments")
    channels = [_open_channel(call, name) for name in call.names("channels") or call.names("channel_id")]
    blocks = call.data("blocks")
    if blocks:
        check_message(blocks)
    files = [_finish(call, entry) for entry in wanted]
    for channel in channels:
        message = call.workspace.post(
            channel,
            call.me,
            escaped(call.text("initial_comment") or ""),
            subtype="file_share",
            upload=True,
            files=[file.shown(call.base) for file in files],
            thread_ts=call.text("thread_ts"),
            blocks=blocks,
        )
        for file in files:
            file.shares.setdefault(channel.id, []).append(message["ts"])
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _open_channel(call: Call, name: str) -> Channel:
    channel = call.workspace.channel(name, call.me.id)
    if channel.is_archived:
        raise SlackError("is_archived")
    if call.me.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _finish(call: Call, entry: dict[str, Any]) -> File:
    file = call.workspace.files.get(str(entry.get("id")))
    if file is None or not file.content:
        raise SlackError("file_not_found")
    if file.complete:
        raise SlackError("file_already_completed")
    file.complete = True
    file.title = str(entry.get("title") or file.name)
    return file


@method("files.info", "files:read")
def file_info(call: Call) -> Answer:
    file = call.workspace.files.get(call.need("file", "file_not_found"))
    if file is None:
        raise SlackError("file_not_found")
    shares: dict[str, dict[str, Any]] = {}
    for channel, at in file.shares.items():
        place = "private" if call.workspace.channels[channel].kind != "channel" else "public"
        shares.setdefault(place, {})[channel] = [{"ts": ts} for ts in at]
    return {"file": {**file.shown(call.base), "shares": shares, "channels": list(file.shares)}}


@method("files.delete", "files:write")
def delete_file(call: Call) -> Answer:
    file = call.workspace.files.pop(call.need("file", "file_not_found"), None)
    if file is None:
        raise SlackError("file_not_found")
    for channel, stamps in file.shares.items():
        for message in filter(None, map(call.workspace.channels[channel].messages.get, stamps)):
            message["files"] = [each for each in message["files"] if each["id"] != file.id]
    call.workspace.touch()
    return {}


# --- canvases ------------------------------------------------------------------------------------------------------


def _content(call: Call) -> str:
    content = call.data("document_content") or {}
    if content and content.get("type") != "markdown":
        raise SlackError("canvas_creation_failed")
    return checked(str(content.get("markdown") or ""), "canvas_creation_failed")


def _canvas(call: Call, channel: str | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": call.workspace.new_id("F"),
        "title": call.text("title") or "",
        "markdown": _content(call),
        "channel": channel,
        "access": {},
    }
    call.workspace.canvases[made["id"]] = made
    call.workspace.touch()
    return made


@method("canvases.create", "canvases:write")
def create_canvas(call: Call) -> Answer:
    return {"canvas_id": _canvas(call, None)["id"]}


@method("conversations.canvases.create", "canvases:write")
def create_channel_canvas(call: Call) -> Answer:
    channel = call.member_of("channel_id")
    if any(canvas["channel"] == channel.id for canvas in call.workspace.canvases.values()):
        raise SlackError("channel_canvas_already_exists")
    channel.canvas = _canvas(call, channel.id)["id"]
    return {"canvas_id": channel.canvas}


@method("canvases.edit", "canvases:write")
def edit_canvas(call: Call) -> Answer:
    canvas = _known(call)
    changes = call.data("changes") or []
    if len(changes) != 1:
        raise SlackError("invalid_arguments")
    change = changes[0]
    if change.get("operation") == "rename":
        canvas["title"] = str((change.get("title_content") or {}).get("markdown") or "")
    else:
        canvas["markdown"] = edited(canvas["markdown"], change)
    call.workspace.touch()
    return {}


@method("canvases.sections.lookup", "canvases:read")
def lookup_sections(call: Call) -> Answer:
    canvas = _known(call)
    criteria = call.data("criteria") or {}
    if not criteria.get("section_types") and not criteria.get("contains_text"):
        raise SlackError("invalid_arguments")
    return {"sections": [{"id": section_id} for section_id in found(canvas["markdown"], criteria)]}


def _known(call: Call) -> dict[str, Any]:
    canvas: dict[str, Any] | None = call.workspace.canvases.get(call.need("canvas_id", "canvas_not_found"))
    if canvas is None:
        raise SlackError("canvas_not_found")
    return canvas


@method("canvases.delete", "canvases:write")
def delete_canvas(call: Call) -> Answer:
    canvas = _known(call)
    del call.workspace.canvases[canvas["id"]]
    for channel in call.workspace.channels.values():
        if channel.canvas == canvas["id"]:
            channel.canvas = None
    call.workspace.touch()
    return {}


@method("canvases.access.set", "canvases:write")
def set_canvas_access(call: Call) -> Answer:
    canvas = _known(call)
    users, channels = call.names("user_ids"), call.names("channel_ids")
    if bool(users) == bool(channels):
        raise SlackError("invalid_arguments")
    level = call.need("access_level")
    if level not in {"read", "write", "owner"}:
        raise SlackError("invalid_arguments")
    canvas["access"] |= dict.fromkeys(users or channels, level)
    return {}
