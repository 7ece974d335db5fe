"""The sandbox as one server: Web API, sockets, uploads, response_urls, the control interface and the page."""

import asyncio
import contextlib
import json
import socket as sockets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from sandbox.acts import Acts
from sandbox.api import chat, conversations, files, people  # noqa: F401 - importing registers their methods
from sandbox.api.registry import METHODS, Call
from sandbox.clock import Clock
from sandbox.config import WorkspaceConfig
from sandbox.control import Control
from sandbox.delivery import Delivery, HttpTransport
from sandbox.errors import SlackError
from sandbox.faults import Fault, Faults
from sandbox.forms import Forms
from sandbox.log import Log
from sandbox.socket import SocketTransport
from sandbox.workspace import Workspace

UI = Path(__file__).parent / "ui"
LOOPBACK = frozenset({"127.0.0.1", "::1", "testclient"})
HANG_S = 20.0  # how long a call that is "never" answered is held

#: Told of every Web API call before it is done and before it is answered; a test may stop the bot there.
OnCall = Callable[[str, Mapping[str, Any], Literal["before", "after"]], Awaitable[None]]


class Sandbox:
    """A local Slack. `start` binds to loopback; ``port`` 0 takes any free one."""

    def __init__(self, config: WorkspaceConfig | None = None, clock: Clock | None = None) -> None:
        self.config = config or WorkspaceConfig()
        self.clock = clock or Clock()
        self.on_call: OnCall | None = None
        self.url = ""
        self.faults = Faults()
        self.log = Log(self.clock)
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    def _build(self) -> None:
        app, timing = self.config.app, self.config.timing
        self.socket = None if app.request_url else SocketTransport(app.app_id, timing.ack_s)
        transport = self.socket or HttpTransport(str(app.request_url), app.signing_secret, timing.ack_s)
        self.delivery = Delivery(self.config, self.clock, self.log, transport)
        self._populate()

    def _populate(self) -> None:
        self.workspace = Workspace(self.config, self.clock, self.delivery.event, self.url)
        self.forms = Forms(self.workspace, self.config.timing.trigger_s)
        self.acts = Acts(self.workspace, self.forms, self.delivery, self.url)

    def reset(self) -> None:
        """Everything back to the configured workspace; the bot's connection stays."""
        seq = self.workspace.seq
        self.faults.clear()
        self.log.clear()
        self._populate()
        self.workspace.seq = seq
        self.workspace.touch()

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.config.app.bot_token

    @property
    def app_token(self) -> str:
        return self.config.app.app_token

    @property
    def signing_secret(self) -> str:
        return self.config.app.signing_secret

    # --- life ------------------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Serve on loopback in this event loop."""
        # With the protocol named, asyncio switches Nagle's algorithm off; without it each answer takes 40 ms.
        listener = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM, sockets.IPPROTO_TCP)
        listener.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(256)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._build()
        config = uvicorn.Config(
            self._application(),
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=1,
            ws="websockets-sansio",
        )
        self._server = uvicorn.Server(config)
        self._task = asyncio.create_task(self._serve(listener))
        while not self._server.started:
            if self._task.done():
                self._task.result()
            await asyncio.sleep(0.01)

    async def _serve(self, listener: sockets.socket) -> None:
        assert self._server is not None, "start makes it"
        # The process's signals belong to whoever runs us, not to uvicorn.
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        await self._server.serve(sockets=[listener])

    async def stop(self) -> None:
        await self.delivery.stop()
        if self.socket:
            await self.socket.drop()
        elif isinstance(self.delivery.transport, HttpTransport):
            await self.delivery.transport.close()
        if self._server and self._task:
            self._server.should_exit = True
            await self._task

    def _application(self) -> Starlette:
        assert self.delivery is not None, "built before it is served"
        routes: list[Any] = [
            Route("/api/{method}", self._api, methods=["GET", "POST"]),
            Route("/upload/{file}", self._upload, methods=["POST"]),
            Route("/response/{key}", self._respond, methods=["POST"]),
            WebSocketRoute("/link/", self._link),
            *Control(self).routes(),
            Route("/", lambda _request: FileResponse(UI / "index.html")),
        ]
        if UI.is_dir():
            routes.append(Mount("/ui", StaticFiles(directory=UI)))
        return Starlette(routes=routes)

    async def _link(self, websocket: Any) -> None:
        if self.socket is None:
            await websocket.close()
            return
        await self.socket.serve(websocket)

    # --- Web API ---------------------------------------------------------------------------------------------------

    async def _api(self, request: Request) -> Response:
        name = request.path_params["method"]
        args = await _arguments(request)
        line = self.log.add(
            "from_bot", "api", method=name, args={k: v for k, v in args.items() if k != "token"}
        )
        faults = self.faults.strike(name)
        refused = await self._before(faults)
        if refused is not None:
            line["status"], line["error"] = refused.status_code, "fault"
            return refused
        if self.on_call:
            await self.on_call(name, args, "before")
        answer = self._answer(name, args, _token(request, args))
        if self.on_call:
            await self.on_call(name, args, "after")
        line["status"] = 200
        if not answer["ok"]:
            line["error"] = answer["error"]
        if any(fault.kind == "lost_answer" for fault in faults):
            line["status"] = 0
            return _CutResponse()
        return JSONResponse(
            answer, headers={"x-oauth-scopes": ",".join(sorted(self.config.app.scopes or ()))}
        )

    async def _before(self, faults: list[Fault]) -> Response | None:
        """What goes wrong before anything is done."""
        for fault in faults:
            match fault.kind:
                case "latency":
                    await asyncio.sleep(float(fault.value or 0) / 1000)
                case "timeout":
                    await asyncio.sleep(HANG_S)
                    return Response(status_code=504)
                case "ratelimited":
                    headers = {"Retry-After": str(int(fault.value or 1))}
                    return JSONResponse(
                        {"ok": False, "error": "ratelimited"}, status_code=429, headers=headers
                    )
                case "error":
                    return JSONResponse({"ok": False, "error": str(fault.value or "internal_error")})
                case "http_500":
                    return PlainTextResponse("upstream failed", status_code=500)
        return None

    def _answer(self, name: str, args: Mapping[str, Any], token: str) -> dict[str, Any]:
        try:
            return {"ok": True, **self._run(name, args, token)}
        except SlackError as error:
            return {"ok": False, "error": error.word, **error.more}

    def _run(self, name: str, args: Mapping[str, Any], token: str) -> dict[str, Any]:
        registered = METHODS.get(name)
        if registered is None:
            raise SlackError("unknown_method", req_method=name)
        app = self.config.app
        wanted = app.app_token if name == "apps.connections.open" else app.bot_token
        if not token:
            raise SlackError("not_authed")
        if token != wanted:
            raise SlackError(
                "not_allowed_token_type" if token in {app.app_token, app.bot_token} else "invalid_auth"
            )
        if registered.scopes and app.scopes is not None and not app.scopes & set(registered.scopes):
            provided = ",".join(sorted(app.scopes))
            raise SlackError("missing_scope", needed=",".join(registered.scopes), provided=provided)
        call = Call(args=args, workspace=self.workspace, forms=self.forms, socket=self.socket, base=self.url)
        return registered.run(call)

    async def _upload(self, request: Request) -> Response:
        file = self.workspace.files.get(request.path_params["file"])
        if file is None or file.complete:
            return PlainTextResponse("no such upload", status_code=404)
        if request.headers.get("content-type", "").startswith("multipart/"):
            form = await request.form()
            parts = [part for part in form.values() if isinstance(part, UploadFile)]
            content = await parts[0].read() if parts else b""
        else:
            content = await request.body()
        try:
            files.receive(file, content)
        except SlackError as error:
            return PlainTextResponse(error.word, status_code=400)
        return PlainTextResponse(f"OK - {len(content)}")

    async def _respond(self, request: Request) -> Response:
        try:
            body = await request.json()
            self.acts.respond(request.path_params["key"], body)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.word}, status_code=404)
        except json.JSONDecodeError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, status_code=400)
        return PlainTextResponse("ok")


async def _arguments(request: Request) -> dict[str, Any]:
    """Arguments come in the query, in a form, or as JSON; every method takes them from wherever they are."""
    args: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            body = await request.json()
        except json.JSONDecodeError:
            body = {}
        args |= body if isinstance(body, dict) else {}
    elif request.method == "POST":
        form = await request.form()
        args |= {name: value for name, value in form.items() if isinstance(value, str)}
    return args


def _token(request: Request, args: Mapping[str, Any]) -> str:
    header = request.headers.get("authorization", "")
    return header.removeprefix("Bearer ").strip() or str(args.get("token") or "")


class _CutResponse(Response):
    """Announces more than it sends, so that the connection breaks in the middle of the answer."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b'{"ok"', "more_body": True})
        raise ConnectionAbortedError


@contextlib.asynccontextmanager
async def running(
    config: WorkspaceConfig | None = None, clock: Clock | None = None, port: int = 0
) -> AsyncIterator[Sandbox]:
    """A sandbox for the length of a block."""
    sandbox = Sandbox(config, clock)
    await sandbox.start(port)
    try:
        yield sandbox
    finally:
        await sandbox.stop()
