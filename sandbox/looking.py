"""The control interface's other half: looking at everything, and waiting for changes."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.errors import SlackError

if TYPE_CHECKING:
    from sandbox.server import Sandbox


class Looking:
    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
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
        return [Route(f"/_control/{path}", _get(handler), methods=["GET"]) for path, handler in gets.items()]

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
        since = request.query_params.get("since", "")
        notes = [n for n in workspace.ephemeral if n["channel"] == channel.id and user in {None, n["user"]}]
        start = bisect_right(channel.order, since)
        return {"messages": [channel.messages[ts] for ts in channel.order[start:]], "ephemeral": notes}

    async def log(self, request: Request) -> dict[str, Any]:
        shown = self._sandbox.log.shown()
        last = int(request.query_params.get("last") or len(shown))
        return {"log": shown[max(0, len(shown) - last) :]}

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


def _get(handler: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            made = await handler(request)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.word}, status_code=404)
        except ValueError as error:
            return JSONResponse({"ok": False, "error": f"malformed: {error}"}, status_code=400)
        return made if isinstance(made, Response) else JSONResponse({"ok": True, **made})

    return answer
