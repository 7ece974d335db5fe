"""The control interface: a script acts for people, changes the weather, and looks at everything. Loopback only."""

import base64
import binascii
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.clock import VirtualClock, micros
from sandbox.errors import SlackError
from sandbox.faults import Delivering
from sandbox.state import Channel, File, User

if TYPE_CHECKING:
    from sandbox.server import Sandbox

Body = dict[str, Any]
Handler = Callable[[Body], Awaitable[dict[str, Any] | None]]


class Control:
    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
        posts: dict[str, Handler] = {
            "message": self.message,
            "command": self.command,
            "interact": self.interact,
            "submit": self.submit,
            "close-view": self.close_view,
            "shortcut": self.shortcut,
            "reaction": self.reaction,
            "pin": self.pin,
            "edit-message": self.edit_message,
            "delete-message": self.delete_message,
            "open-home": self.open_home,
            "join": self.join,
            "leave": self.leave,
            "rename-channel": self.rename_channel,
            "archive": self.archive,
            "unarchive": self.unarchive,
            "set-topic": self.set_topic,
            "deactivate-user": self.deactivate_user,
            "faults": self.faults,
            "deliveries": self.deliveries,
            "clock": self.clock,
            "reset": self.reset,
            "dm": self.dm,
            "user": self.add_user,
            "channel": self.add_channel,
        }
        gets = {
            "state": self.state,
            "messages/{channel}": self.messages,
            "log": self.log,
            "canvases": self.canvases,
            "files/{file}": self.file,
            "changes": self.changes,
            "views": self.views,
            "homes/{user}": self.home,
            "settled": self.settled,
        }
        return [
            *(
                Route(f"/_control/{path}", _post(handler), methods=["POST"])
                for path, handler in posts.items()
            ),
            *(Route(f"/_control/{path}", _get(handler), methods=["GET"]) for path, handler in gets.items()),
        ]

    # --- what people do ----------------------------------------------------------------------------------------------

    def _channel(self, body: Body) -> Channel:
        return self._sandbox.workspace.channel(str(body.get("channel") or ""))

    def _here(self, body: Body) -> tuple[Channel, User]:
        """A channel that is open and that the person is in."""
        channel, user = self._channel(body), self._sandbox.workspace.user(body.get("user"))
        if channel.is_archived:
            raise SlackError("is_archived")
        if user.id not in channel.members and not user.is_bot:
            raise SlackError("not_in_channel")
        return channel, user

    async def message(self, body: Body) -> dict[str, Any]:
        channel, user = self._here(body)
        workspace = self._sandbox.workspace
        ts = body.get("ts")
        if ts and not workspace.clock.virtual:
            raise SlackError("ts needs a virtual clock")
        more: dict[str, Any] = {"ts": ts, "thread_ts": body.get("thread_ts"), "blocks": body.get("blocks")}
        text = str(body.get("text") or "")
        if text.startswith("/me "):
            more["subtype"], text = "me_message", text.removeprefix("/me ")
        if body.get("files"):
            more |= {
                "subtype": "file_share",
                "upload": True,
                "files": [self._keep_file(user, f) for f in body["files"]],
            }
        if body.get("reply_broadcast") and body.get("thread_ts"):
            more["subtype"] = "thread_broadcast"
            more["root"] = dict(workspace.message(channel, body["thread_ts"]))
        if body.get("as_bot") and user.bot_id is None:
            more |= {"subtype": "bot_message", "bot_id": f"B{user.id[1:]}", "username": user.real_name}
        posted = workspace.post(channel, user, _escaped(text), **more)
        return {"message": {**posted, "channel": channel.id}}

    def _keep_file(self, user: User, raw: Body) -> dict[str, Any]:
        workspace = self._sandbox.workspace
        try:
            content = base64.b64decode(raw.get("content_base64") or "", validate=True)
        except binascii.Error as error:
            raise SlackError("content_base64 is not base64") from error
        name = str(raw.get("name") or "file")
        file = File(
            id=workspace.new_id("F"),
            name=name,
            title=name,
            mimetype=str(raw.get("mimetype") or "application/octet-stream"),
            user=user.id,
            content=content,
            complete=True,
        )
        workspace.files[file.id] = file
        return file.shown(workspace.base)

    async def command(self, body: Body) -> dict[str, Any]:
        channel, user = self._here(body)
        return await self._sandbox.acts.command(
            user.id, channel, str(body.get("command")), str(body.get("text") or "")
        )

    async def interact(self, body: Body) -> dict[str, Any]:
        user = self._sandbox.workspace.user(body.get("user")).id
        action = body.get("action") or {}
        if body.get("view_id"):
            return await self._sandbox.acts.click_in_view(user, str(body["view_id"]), action)
        return await self._sandbox.acts.click(user, self._channel(body), str(body.get("messageTs")), action)

    async def submit(self, body: Body) -> dict[str, Any]:
        return await self._sandbox.acts.submit(
            str(body.get("user")), str(body.get("view_id")), body.get("values") or {}
        )

    async def close_view(self, body: Body) -> dict[str, Any]:
        whole = bool(body.get("clear"))
        return await self._sandbox.acts.close_view(
            str(body.get("user")), str(body.get("view_id")), whole=whole
        )

    async def shortcut(self, body: Body) -> dict[str, Any]:
        channel = self._channel(body) if body.get("channel") else None
        return await self._sandbox.acts.shortcut(
            str(body.get("user")), str(body.get("callback_id")), channel, body.get("messageTs")
        )

    async def reaction(self, body: Body) -> None:
        channel, user = self._here(body)
        message = self._sandbox.workspace.message(channel, body.get("ts"))
        name = str(body.get("name") or "").strip(":")
        self._sandbox.workspace.react(channel, message, user.id, name, present=body.get("present", True))

    async def pin(self, body: Body) -> None:
        channel, user = self._here(body)
        message = self._sandbox.workspace.message(channel, body.get("ts"))
        self._sandbox.workspace.pin(channel, message, user.id, present=body.get("present", True))

    async def edit_message(self, body: Body) -> None:
        channel, user = self._here(body)
        workspace = self._sandbox.workspace
        message = workspace.message(channel, body.get("ts"))
        if message.get("user") != user.id:
            raise SlackError("cant_update_message")
        text = _escaped(str(body.get("text") or ""))
        edited = {"user": user.id, "ts": f"{micros(workspace.clock.now()) // 1_000_000}.000000"}
        workspace.edit(channel, message, text=text, edited=edited)

    async def delete_message(self, body: Body) -> None:
        """One's own; the bot's banner too, as workspace admins can."""
        channel, user = self._here(body)
        message = self._sandbox.workspace.message(channel, body.get("ts"))
        if message.get("user") not in {user.id, self._sandbox.workspace.bot.id}:
            raise SlackError("cant_delete_message")
        self._sandbox.workspace.delete(channel, message)

    async def open_home(self, body: Body) -> None:
        self._sandbox.acts.open_home(str(body.get("user")))

    async def join(self, body: Body) -> None:
        channel = self._channel(body)
        if channel.is_archived:
            raise SlackError("is_archived")
        user = self._sandbox.workspace.user(body.get("user")).id
        inviter = body.get("inviter")
        if channel.is_private and not inviter:
            raise SlackError("channel_not_found")
        if user not in channel.members:
            self._sandbox.workspace.join(channel, user, inviter)

    async def leave(self, body: Body) -> None:
        channel, user = self._here(body)
        self._sandbox.workspace.leave(channel, user.id)

    async def rename_channel(self, body: Body) -> None:
        channel, user = self._here(body)
        self._sandbox.workspace.rename(channel, user.id, str(body.get("name") or ""))

    async def archive(self, body: Body) -> None:
        channel, user = self._here(body)
        self._sandbox.workspace.archive(channel, user.id, archived=True)

    async def unarchive(self, body: Body) -> None:
        channel = self._channel(body)
        user = self._sandbox.workspace.user(body.get("user"))
        self._sandbox.workspace.archive(channel, user.id, archived=False)

    async def set_topic(self, body: Body) -> None:
        channel, user = self._here(body)
        self._sandbox.workspace.set_topic(channel, user.id, str(body.get("topic") or ""))

    async def deactivate_user(self, body: Body) -> None:
        self._sandbox.workspace.deactivate(self._sandbox.workspace.user(body.get("user")))

    async def dm(self, body: Body) -> dict[str, Any]:
        channel = self._sandbox.workspace.dm(str(body.get("user")))
        return {"channel": channel.shown(str(body.get("user")))}

    async def add_user(self, body: Body) -> dict[str, Any]:
        workspace = self._sandbox.workspace
        made = User(
            id=str(body.get("id") or workspace.new_id("U")),
            name=str(body.get("name") or ""),
            real_name=str(body.get("real_name") or body.get("name") or ""),
            tz=str(body.get("tz") or "UTC"),
            is_bot=bool(body.get("is_bot")),
            is_restricted=bool(body.get("is_restricted")),
        )
        if not made.name:
            raise SlackError("a user needs a name")
        if made.is_bot:
            made.bot_id = f"B{made.id[1:]}"
        workspace.users[made.id] = made
        workspace.touch()
        return {"user": made.shown(workspace.clock.now())}

    async def add_channel(self, body: Body) -> dict[str, Any]:
        workspace = self._sandbox.workspace
        user = workspace.user(body.get("user"))
        channel = workspace.create_channel(
            str(body.get("name") or ""), user, private=bool(body.get("is_private"))
        )
        for member in body.get("members") or ():
            if member != user.id:
                workspace.join(channel, workspace.user(member).id, user.id)
        return {"channel": channel.shown(user.id)}

    # --- the weather ---------------------------------------------------------------------------------------------------

    async def faults(self, body: Body) -> dict[str, Any]:
        if body.get("clear"):
            self._sandbox.faults.clear()
            return {"id": 0}
        try:
            fault = self._sandbox.faults.add(
                str(body.get("method") or "*"),
                str(body.get("kind")),
                value=body.get("value"),
                count=body.get("count"),
                skip=int(body.get("skip") or 0),
            )
        except ValueError as error:
            raise SlackError(str(error)) from error
        return {"id": fault}

    async def deliveries(self, body: Body) -> None:
        how = Delivering(
            duplicate=int(body.get("duplicate") or 0),
            reorder=bool(body.get("reorder")),
            delay_ms=int(body.get("delay_ms") or 0),
            pause=bool(body.get("pause")),
        )
        self._sandbox.delivery.how = how
        if body.get("drop_connection"):
            await self._sandbox.delivery.transport.drop()
        if not how.pause:
            self._sandbox.delivery.release()

    async def clock(self, body: Body) -> dict[str, Any]:
        clock = self._sandbox.clock
        if not isinstance(clock, VirtualClock):
            raise SlackError("the clock is real; start with --virtual-clock to move it")
        if body.get("now"):
            clock.set(datetime.fromisoformat(str(body["now"]).replace("Z", "+00:00")))
        clock.advance(float(body.get("advance_s") or 0))
        self._sandbox.workspace.touch()
        return {"now": clock.now().isoformat()}

    async def reset(self, body: Body) -> None:
        del body
        self._sandbox.reset()

    # --- looking -------------------------------------------------------------------------------------------------------

    async def state(self, request: Request) -> dict[str, Any]:
        del request
        sandbox = self._sandbox
        workspace, now = sandbox.workspace, sandbox.clock.now()
        app = workspace.config.app
        return {
            "seq": workspace.seq,
            "clock": {"virtual": sandbox.clock.virtual, "now": now.isoformat()},
            "workspace": {"id": workspace.config.team_id, "name": workspace.config.name},
            "apps": [
                {
                    "name": app.name,
                    "app_id": app.app_id,
                    "bot_user": app.bot_user_id,
                    "commands": list(app.commands),
                    "shortcuts": list(app.shortcuts),
                }
            ],
            "users": [user.shown(now) for user in workspace.users.values()],
            "channels": [
                {
                    **{
                        k: v
                        for k, v in c.shown("").items()
                        if k not in {"topic", "purpose", "is_member", "user"}
                    },
                    "topic": c.topic,
                    "purpose": c.purpose,
                    "members": sorted(c.members),
                    "pins": list(c.pins),
                    "bookmarks": list(c.bookmarks),
                    "latest": c.order[-1] if c.order else None,
                }
                for c in workspace.channels.values()
            ],
            "views": [
                {"id": v.id, "user": v.user, "callback_id": v.body.get("callback_id")}
                for v in sandbox.forms.views.values()
            ],
            "homes": workspace.homes,
        }

    async def messages(self, request: Request) -> dict[str, Any]:
        workspace = self._sandbox.workspace
        channel = workspace.channel(request.path_params["channel"])
        user = request.query_params.get("user")
        notes = [n for n in workspace.ephemeral if n["channel"] == channel.id and user in {None, n["user"]}]
        return {"messages": [channel.messages[ts] for ts in channel.order], "ephemeral": notes}

    async def log(self, request: Request) -> dict[str, Any]:
        del request
        return {"log": self._sandbox.log.shown()}

    async def canvases(self, request: Request) -> dict[str, Any]:
        del request
        return {"canvases": list(self._sandbox.workspace.canvases.values())}

    async def file(self, request: Request) -> Response:
        file = self._sandbox.workspace.files.get(request.path_params["file"])
        if file is None:
            raise SlackError("file_not_found")
        # Shown as what it is, but without scripts: a file is somebody's words.
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        charset = "; charset=utf-8" if file.mimetype.startswith("text/") else ""
        return Response(file.content, media_type=file.mimetype + charset, headers=headers)

    async def changes(self, request: Request) -> dict[str, Any]:
        since = int(request.query_params.get("since", "0"))
        timeout = min(30.0, float(request.query_params.get("timeout", "25")))
        return {"seq": await self._sandbox.workspace.wait(since, timeout)}

    async def views(self, request: Request) -> dict[str, Any]:
        stack = self._sandbox.forms.stack(request.query_params.get("user", ""))
        return {"views": [{**self._sandbox.forms.payload(v), "errors": v.errors} for v in stack]}

    async def home(self, request: Request) -> dict[str, Any]:
        return {"view": self._sandbox.workspace.homes.get(request.path_params["user"])}

    async def settled(self, request: Request) -> dict[str, Any]:
        del request
        return {"pending": self._sandbox.delivery.pending}


def _escaped(text: str) -> str:
    """What Slack makes of typed text: its three characters escaped, mentions and links left live."""
    text = re.sub(r"&(?!(?:amp|lt|gt);)", "&amp;", text)
    text = re.sub(r"<(?!(?:[@#!][A-Za-z0-9|_^.-]|https?://|mailto:)[^<>]*>)", "&lt;", text)
    live = r"<(?:[@#!][A-Za-z0-9|_^.-]|https?://|mailto:)[^<>]*>"
    return "".join(
        part if re.fullmatch(live, part) else part.replace(">", "&gt;")
        for part in re.split(f"({live})", text)
    )


def _post(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            body = await request.json()
            made = await handler(body if isinstance(body, dict) else {})
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.word, **error.more}, status_code=400)
        except (ValueError, TypeError) as error:
            return JSONResponse({"ok": False, "error": f"malformed: {error}"}, status_code=400)
        return JSONResponse({"ok": True, **(made or {})})

    return answer


def _get(handler: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            made = await handler(request)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.word}, status_code=404)
        return made if isinstance(made, Response) else JSONResponse({"ok": True, **made})

    return answer
