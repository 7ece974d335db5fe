"""The control interface: a script acts for people, changes the weather, and looks at everything. Loopback only."""

import base64
import binascii
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.clock import VirtualClock, micros
from sandbox.config import UserConfig
from sandbox.errors import SlackError
from sandbox.faults import Delivering
from sandbox.looking import Looking
from sandbox.state import Channel, File, User
from sandbox.text import escaped

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
            "change-user": self.change_user,
            "quiet": self.quiet,
            "unreachable": self.unreachable,
            "options": self.options,
            "faults": self.faults,
            "deliveries": self.deliveries,
            "clock": self.clock,
            "reset": self.reset,
            "dm": self.dm,
            "user": self.add_user,
            "channel": self.add_channel,
        }
        return [
            *(
                Route(f"/_control/{path}", _post(handler), methods=["POST"])
                for path, handler in posts.items()
            ),
            *Looking(self._sandbox).routes(),
        ]

    # --- what people do ----------------------------------------------------------------------------------------------

    def _channel(self, body: Body) -> Channel:
        return self._sandbox.workspace.channel(str(body.get("channel") or ""))

    def _here(self, body: Body) -> tuple[Channel, User]:
        """A channel that is open and that the person is in."""
        channel, user = self._channel(body), self._sandbox.workspace.user(body.get("user"))
        if channel.is_archived:
            raise SlackError("is_archived")
        if user.id not in channel.members and not user.is_bot and not body.get("as_bot"):
            raise SlackError("not_in_channel")
        if user.deleted:
            raise SlackError("account_inactive")
        return channel, user

    async def message(self, body: Body) -> dict[str, Any]:
        channel, user = self._here(body)
        workspace = self._sandbox.workspace
        ts = body.get("ts")
        if ts and not workspace.clock.virtual:
            raise SlackError("ts needs a virtual clock")
        if ts and not re.fullmatch(r"\d{10}\.\d{6}", str(ts)):
            raise SlackError("a ts has ten digits, a dot and six digits")
        more: dict[str, Any] = {"ts": ts, "thread_ts": body.get("thread_ts"), "blocks": body.get("blocks")}
        more["attachments"] = body.get("attachments")
        text = str(body.get("text") or "")
        if not any((text, body.get("files"), body.get("blocks"), body.get("attachments"))):
            raise SlackError("no_text")
        if text.startswith("/me "):
            more["subtype"], text = "me_message", text.removeprefix("/me ")
        if body.get("files"):
            kept = [self._keep_file(user, file) for file in body["files"]]
            more |= {
                "subtype": "file_share",
                "upload": True,
                "files": [file.shown(workspace.base) for file in kept],
            }
        if body.get("reply_broadcast"):
            more["broadcast"] = True
        if body.get("as_bot") and user.bot_id is None:
            user = replace(user, bot_id=f"B{user.id[1:]}")
        if body.get("subtype") == "bot_message":  # as old integrations post
            more |= {"subtype": "bot_message", "username": body.get("username") or user.real_name}
        posted = workspace.post(channel, user, escaped(text), **more)
        for file in kept if body.get("files") else ():
            file.shares[channel.id] = [posted["ts"]]
        return {"message": {**posted, "channel": channel.id}}

    def _keep_file(self, user: User, raw: Body) -> File:
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
            created=micros(workspace.clock.now()) // 1_000_000,
            content=content,
            complete=True,
        )
        workspace.files[file.id] = file
        return file

    async def command(self, body: Body) -> dict[str, Any]:
        channel, user = self._here(body)
        name = str(body.get("command") or "")
        name = name if name.startswith("/") else f"/{name}"
        return await self._sandbox.acts.command(user.id, channel, name, str(body.get("text") or ""))

    async def interact(self, body: Body) -> dict[str, Any]:
        user = self._sandbox.workspace.user(body.get("user")).id
        action = body.get("action") or {}
        if body.get("view_id"):
            return await self._sandbox.acts.click_in_view(
                user, str(body["view_id"]), action, body.get("values")
            )
        channel = self._channel(body)
        if user not in channel.members:
            raise SlackError("not_in_channel")
        return await self._sandbox.acts.click(user, channel, str(body.get("messageTs")), action)

    async def options(self, body: Body) -> dict[str, Any]:
        user, view, action = (str(body.get(name) or "") for name in ("user", "view_id", "action_id"))
        return await self._sandbox.acts.options(user, view, action, str(body.get("value") or ""))

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
        text = escaped(str(body.get("text") or ""))
        workspace.edit_words(channel, message, user.id, text)

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
        user = self._sandbox.workspace.user(body.get("user"))
        inviter = body.get("inviter")
        if inviter and inviter not in channel.members:
            raise SlackError("not_in_channel")
        if channel.kind != "channel" and not inviter:
            raise SlackError("channel_not_found")
        if user.is_restricted and not inviter:
            raise SlackError("user_is_restricted")
        self._sandbox.workspace.join(channel, user.id, inviter)

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

    async def change_user(self, body: Body) -> None:
        """Somebody changes their name or zone."""
        allowed = {"real_name", "tz", "email"}
        changes = {name: str(value) for name, value in body.items() if name in allowed}
        self._sandbox.workspace.change_user(self._sandbox.workspace.user(body.get("user")), **changes)

    async def quiet(self, body: Body) -> None:
        """Somebody is not to be disturbed for so long from now; 0: they are back."""
        user = self._sandbox.workspace.user(body.get("user"))
        now = micros(self._sandbox.clock.now()) // 1_000_000
        length = int(body.get("seconds") or 0)
        user.quiet = (now, now + length) if length else None

    async def unreachable(self, body: Body) -> None:
        """From now on Slack refuses the app's direct messages to this person with this word."""
        user = self._sandbox.workspace.user(body.get("user"))
        user.unreachable = str(body["word"]) if body.get("word") else None

    async def dm(self, body: Body) -> dict[str, Any]:
        channel = self._sandbox.workspace.dm(str(body.get("user")))
        return {"channel": channel.shown(str(body.get("user")))}

    async def add_user(self, body: Body) -> dict[str, Any]:
        workspace = self._sandbox.workspace
        if not body.get("name"):
            raise SlackError("a user needs a name")
        made = workspace.add_user(
            UserConfig(
                id=str(body.get("id") or workspace.new_id("U")),
                name=str(body["name"]),
                real_name=body.get("real_name"),
                tz=ZoneInfo(str(body.get("tz") or "UTC")).key,
                is_bot=bool(body.get("is_bot")),
                is_restricted=bool(body.get("is_restricted")),
                email=body.get("email"),
            )
        )
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
        if body.get("refresh") and self._sandbox.socket:
            await self._sandbox.socket.refresh()
        if body.get("drop_connection"):
            await self._sandbox.delivery.transport.drop()
        if not how.pause:
            self._sandbox.delivery.release()

    async def clock(self, body: Body) -> dict[str, Any]:
        clock = self._sandbox.clock
        if not isinstance(clock, VirtualClock):
            raise SlackError("the clock is real; start with --virtual-clock to move it")
        if body.get("now"):
            clock.set(datetime.fromisoformat(str(body["now"])))
        clock.advance(float(body.get("advance_s") or 0))
        self._sandbox.workspace.post_due()
        self._sandbox.workspace.touch()
        return {"now": clock.now().isoformat()}

    async def reset(self, body: Body) -> None:
        del body
        self._sandbox.reset()


def _post(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            body = await request.json()
            made = await handler(body if isinstance(body, dict) else {})
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.word, **error.more}, status_code=400)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return JSONResponse({"ok": False, "error": f"malformed: {error}"}, status_code=400)
        return JSONResponse({"ok": True, **(made or {})})

    return answer
