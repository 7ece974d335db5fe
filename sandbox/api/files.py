"""files.* in their three steps, and canvases."""

from typing import Any

from sandbox.api.registry import Answer, Call, method
from sandbox.errors import SlackError
from sandbox.limits import check_message
from sandbox.state import File

CANVAS = 1_048_576
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
    if call.number("length", 0) <= 0:
        raise SlackError("invalid_arguments")
    mimetype = MIMETYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    file = File(id=call.workspace.new_id("F"), name=name, title=name, mimetype=mimetype, user=call.me.id)
    file.shares["expected"] = [str(call.number("length", 0))]
    call.workspace.files[file.id] = file
    return {"upload_url": f"{call.base}/upload/{file.id}", "file_id": file.id}


def receive(call_file: File, content: bytes) -> None:
    """The second step. Raises when the length is not what was announced."""
    if len(content) != int(call_file.shares["expected"][0]):
        raise SlackError("file_upload_size_mismatch")
    call_file.content = content


@method("files.completeUploadExternal", "files:write")
def complete_upload(call: Call) -> Answer:
    wanted = call.data("files") or []
    files = [_finish(call, entry) for entry in wanted]
    if not files:
        raise SlackError("invalid_arguments")
    channels = call.names("channels") or ([call.need("channel_id")] if call.text("channel_id") else [])
    blocks = call.data("blocks")
    if blocks:
        check_message(blocks)
    for name in channels:
        channel = call.workspace.channel(name, call.me.id)
        if channel.is_archived:
            raise SlackError("is_archived")
        if call.me.id not in channel.members:
            raise SlackError("not_in_channel")
        message = call.workspace.post(
            channel,
            call.me,
            call.text("initial_comment") or "",
            subtype="file_share",
            upload=True,
            files=[file.shown(call.base) for file in files],
            thread_ts=call.text("thread_ts"),
            blocks=blocks,
        )
        for file in files:
            file.shares.setdefault(channel.id, []).append(message["ts"])
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _finish(call: Call, entry: dict[str, Any]) -> File:
    file = call.workspace.files.get(str(entry.get("id")))
    if file is None or not file.content:
        raise SlackError("file_not_found")
    if file.complete:
        raise SlackError("file_already_completed")
    file.complete = True
    file.shares.pop("expected", None)
    file.title = str(entry.get("title") or file.name)
    return file


@method("files.info", "files:read")
def file_info(call: Call) -> Answer:
    file = call.workspace.files.get(call.need("file", "file_not_found"))
    if file is None:
        raise SlackError("file_not_found")
    shares = {channel: [{"ts": ts} for ts in at] for channel, at in file.shares.items()}
    return {"file": {**file.shown(call.base), "shares": {"public": shares}}}


@method("files.delete", "files:write")
def delete_file(call: Call) -> Answer:
    if call.workspace.files.pop(call.need("file", "file_not_found"), None) is None:
        raise SlackError("file_not_found")
    call.workspace.touch()
    return {}


# --- canvases ------------------------------------------------------------------------------------------------------


def _content(call: Call) -> str:
    content = call.data("document_content") or {}
    if content and content.get("type") != "markdown":
        raise SlackError("canvas_creation_failed")
    markdown = str(content.get("markdown") or "")
    if len(markdown) > CANVAS:
        raise SlackError("canvas_too_large")
    return markdown


def _canvas(call: Call, channel: str | None) -> dict[str, Any]:
    made = {
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
    return {"canvas_id": _canvas(call, channel.id)["id"]}


@method("canvases.edit", "canvases:write")
def edit_canvas(call: Call) -> Answer:
    canvas = _known(call)
    changes = call.data("changes") or []
    if len(changes) != 1:
        raise SlackError("invalid_arguments")
    change = changes[0]
    markdown = str((change.get("document_content") or {}).get("markdown") or "")
    match change.get("operation"):
        case "replace" if not change.get("section_id"):
            canvas["markdown"] = markdown
        case "insert_at_end":
            canvas["markdown"] += "\n" + markdown
        case "insert_at_start":
            canvas["markdown"] = markdown + "\n" + canvas["markdown"]
        case "rename":
            canvas["title"] = str((change.get("title_content") or {}).get("markdown") or "")
        case _:
            raise SlackError("canvas_editing_failed")
    call.workspace.touch()
    return {}


def _known(call: Call) -> dict[str, Any]:
    canvas = call.workspace.canvases.get(call.need("canvas_id", "canvas_not_found"))
    if canvas is None:
        raise SlackError("canvas_not_found")
    return canvas


@method("canvases.delete", "canvases:write")
def delete_canvas(call: Call) -> Answer:
    canvas = _known(call)
    del call.workspace.canvases[canvas["id"]]
    return {}


@method("canvases.access.set", "canvases:write")
def set_canvas_access(call: Call) -> Answer:
    canvas = _known(call)
    users, channels = call.names("user_ids"), call.names("channel_ids")
    if bool(users) == bool(channels):
        raise SlackError("invalid_arguments")
    canvas["access"] |= dict.fromkeys(users or channels, call.need("access_level"))
    return {}
