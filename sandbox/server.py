"""The sandbox as one server: Web API, sockets, uploads, response_urls, the control interface and the page."""

import asyncio
import contextlib
import json
import socket as sockets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette
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
from sandbox.rates import Rates
from sandbox.socket import SocketTransport
from sandbox.web import Door, HangUp, Server, arguments, first_part, token
from sandbox.workspace import Workspace

UI = Path(__file__).parent / "ui"
HANG_S = 20.0  # how long a call that is "never" answered is held
DUE_S = 0.5  # between two looks for scheduled messages

#: Told of every Web API call before it is done and before it is answered; a test may stop the bot there.
OnCall = Callable[[str, Mapping[str, Any], Literal["before", "after"]], Awaitable[None] | None]


class Sandbox:
    """A local Slack. `start` binds to loopback; ``port`` 0 takes any free one."""

    def __init__(self, config: WorkspaceConfig | None = None, clock: Clock | None = None) -> None:
        self.config = config or WorkspaceConfig()
        self.clock = clock or Clock()
        self.on_call: OnCall | None = None
        self.url = ""
        self.faults = Faults()
        self.log = Log(self.clock)
        self.rates = Rates() if self.config.rate_limits else None
        self._server: Server | None = None
        self._task: asyncio.Task[None] | None = None
        self._later: asyncio.Task[None] | None = None

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
        self.delivery.forget()
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
        # With the protocol named, asyncio sends small answers at once (TCP_NODELAY): 40 ms less for each call.
        listener = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM, sockets.IPPROTO_TCP)
        listener.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(256)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._build()
        config = uvicorn.Config(
            Door(self._application()),
            log_config=None,  # the process's logging belongs to whoever runs us
            log_level="critical",
            access_log=False,
            date_header=False,
            lifespan="off",
            ws="websockets-sansio",
            ws_ping_interval=self.config.timing.ping_s,
        )
        self._server = Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started:
            if self._task.done():
                self._task.result()
            await asyncio.sleep(0.01)
        self._later = asyncio.create_task(self._post_what_is_due())

    async def _post_what_is_due(self) -> None:
        """Messages that were scheduled; a virtual clock posts them when it is moved, too."""
        while True:
            await asyncio.sleep(DUE_S)
            self.workspace.post_due()

    async def settled(self, within_s: float = 10.0) -> None:
        """Wait until every delivery was acknowledged or given up. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            await self.delivery.settled()

    async def stop(self) -> None:
        await self.delivery.stop()
        if self.socket:
            await self.socket.drop()
        else:
            await self.delivery.transport.drop()
        if self._later:
            self._later.cancel()
        self.workspace.touch()  # whoever waits for a change goes home
        if self._server and self._task:
            self._server.ended.set()
            await self._task

    def _application(self) -> Starlette:
        assert self.delivery is not None, "built before it is served"
        routes: list[Any] = [
            Route("/api/{method}", self._api, methods=["GET", "POST"]),
            Route("/upload/{file}", self._upload, methods=["POST"]),
            Route("/files/{file}/{name:path}", self._download, methods=["GET"]),
            Route("/response/{key}", self._respond, methods=["POST"]),
            WebSocketRoute("/link/", self._link),
            *Control(self).routes(),
            Route("/", _page),
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
        args = await arguments(request)
        line = self.log.add(
            "from_bot", "api", method=name, args={k: v for k, v in args.items() if k != "token"}
        )
        faults = self.faults.strike(name)
        refused = await self._before(faults, request)
        if refused is not None:
            line["status"], line["error"] = refused.status_code, "fault"
            return refused
        wait = (
            self.rates.refuse(name, str(args.get("channel") or ""), self.clock.now()) if self.rates else None
        )
        if wait is not None:
            line["status"], line["error"] = 429, "ratelimited"
            return JSONResponse(
                {"ok": False, "error": "ratelimited"}, status_code=429, headers={"Retry-After": str(wait)}
            )
        await self._told(name, args, "before")
        answer = self._answer(name, args, token(request, args))
        await self._told(name, args, "after")
        line["status"] = 200
        if not answer["ok"]:
            line["error"] = answer["error"]
        if any(fault.kind == "lost_answer" for fault in faults):
            line["status"] = 0
            return HangUp()
        headers = {
            "date": format_datetime(self.clock.now(), usegmt=True),
            "x-oauth-scopes": ",".join(sorted(self._granted())),
        }
        return JSONResponse(answer, headers=headers)

    async def _told(self, name: str, args: Mapping[str, Any], phase: Literal["before", "after"]) -> None:
        """`on_call` may be a plain function or a coroutine."""
        waiting = self.on_call(name, args, phase) if self.on_call else None
        if waiting is not None:
            await waiting

    def _granted(self) -> frozenset[str]:
        """The scopes of the installed app; with none configured: all there are."""
        if self.config.app.scopes is not None:
            return self.config.app.scopes
        return frozenset(
            {"commands", "chat:write.public"}.union(*(known.scopes for known in METHODS.values()))
        )

    async def _hang(self, request: Request) -> None:
        """Until the client gives up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HANG_S):
                while (await request.receive())["type"] != "http.disconnect":
                    continue

    async def _before(self, faults: list[Fault], request: Request) -> Response | None:
        """What goes wrong before anything is done."""
        for fault in faults:
            match fault.kind:
                case "latency":
                    await asyncio.sleep(float(fault.value or 0) / 1000)
                case "timeout":
                    await self._hang(request)
                    return HangUp()
                case "ratelimited":
                    headers = {"Retry-After": str(int(1 if fault.value is None else fault.value))}
                    return JSONResponse(
                        {"ok": False, "error": "ratelimited"}, status_code=429, headers=headers
                    )
                case "error":
                    return JSONResponse({"ok": False, "error": str(fault.value or "internal_error")})
                case "http_500":
                    return PlainTextResponse("upstream failed", status_code=500, media_type="text/html")
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
        wanted = {"apps.connections.open": app.app_token, "apps.manifest.export": app.config_token}.get(
            name, app.bot_token
        )
        if not token:
            raise SlackError("not_authed")
        if token != wanted:
            raise SlackError(
                "not_allowed_token_type"
                if token in {app.app_token, app.bot_token, app.config_token}
                else "invalid_auth"
            )
        if registered.scopes and app.scopes is not None and not app.scopes & set(registered.scopes):
            provided = ",".join(sorted(app.scopes))
            raise SlackError("missing_scope", needed=",".join(registered.scopes), provided=provided)
        call = Call(
            args=args,
            workspace=self.workspace,
            forms=self.forms,
            socket=self.socket,
            base=self.url,
            per=registered.per,
        )
        return registered.run(call)

    async def _upload(self, request: Request) -> Response:
        file = self.workspace.files.get(request.path_params["file"])
        if file is None or file.complete:
            return PlainTextResponse("no such upload", status_code=404)
        if request.headers.get("content-type", "").startswith("multipart/"):
            content = first_part(request.headers["content-type"], await request.body())
        else:
            content = await request.body()
        try:
            files.receive(file, content)
        except SlackError as error:
            return PlainTextResponse(error.word, status_code=400)
        return PlainTextResponse(f"OK - {len(content)}")

    async def _download(self, request: Request) -> Response:
        """``url_private``: with the bot's token, as Slack wants it (docs: working-with-files)."""
        file = self.workspace.files.get(request.path_params["file"])
        if token(request, request.query_params) != self.bot_token:
            return PlainTextResponse("<!DOCTYPE html><title>Sign in</title>", media_type="text/html")
        if file is None:
            return PlainTextResponse("not found", status_code=404)
        return Response(file.content, media_type=file.mimetype)

    async def _respond(self, request: Request) -> Response:
        faults = self.faults.strike("response_url")
        refused = await self._before(faults, request)
        if refused is not None:
            return refused
        try:
            body = await request.json()
            self.acts.respond(request.path_params["key"], body)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.word}, status_code=404)
        except json.JSONDecodeError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, status_code=400)
        return PlainTextResponse("ok")


async def _page(request: Request) -> Response:
    del request
    index = UI / "index.html"
    return (
        FileResponse(index)
        if index.is_file()
        else PlainTextResponse("The sandbox runs. Its page is not here.")
    )


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
