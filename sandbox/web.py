"""HTTP as the sandbox speaks it: arguments from wherever they are, who may come in, hanging up, and starting quickly."""

import asyncio
import contextlib
import email
import json
import socket as sockets
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
GRACE_S = 0.5  # for calls that are not answered yet when the sandbox stops


async def arguments(request: Request) -> dict[str, Any]:
    """Arguments come in the query, in a form, or as JSON; every method takes them from wherever they are."""
    args: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            body = await request.json()
        except json.JSONDecodeError:
            body = {}
        args |= body if isinstance(body, dict) else {}
    elif kind.startswith("application/x-www-form-urlencoded"):
        args |= dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    return args


def first_part(content_type: str, body: bytes) -> bytes:
    """The first file of a multipart body."""
    message = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    for part in message.walk():
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else b""
    return b""


def token(request: Request, args: Mapping[str, Any]) -> str:
    header = request.headers.get("authorization", "")
    return header.removeprefix("Bearer ").strip() or str(args.get("token") or "")


class Server(uvicorn.Server):
    """In somebody else's loop: it leaves the process's signals alone and ends when it is told to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ended = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        await self.ended.wait()

    async def shutdown(self, sockets: list[sockets.socket] | None = None) -> None:
        """Without uvicorn's pauses: tests start and stop many of these."""
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        running = set(self.server_state.tasks)
        if running:
            _, late = await asyncio.wait(running, timeout=GRACE_S)
            for task in late:
                task.cancel()


class Door:
    """Lets only this machine's own programs and pages at the control interface, and knows how to hang up."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # uvicorn's `send` is a method of the request's cycle, which holds the connection.
            scope["hang_up"] = send.__self__.transport.abort  # type: ignore[attr-defined]
            if scope["path"].startswith("/_control") and not _local(scope):
                refusal = JSONResponse({"ok": False, "error": "only for this machine"}, status_code=403)
                await refusal(scope, receive, send)
                return
        await self._inner(scope, receive, send)


def _local(scope: Scope) -> bool:
    """From this machine, and not sent by a page from elsewhere that is open in a browser on it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    host = urlsplit(f"//{headers.get('host', '')}").hostname
    origin = headers.get("origin")
    from_here = scope["client"] is not None and scope["client"][0] in LOOPBACK
    return (
        from_here and host in LOOPBACK and (origin is None or urlsplit(origin).netloc == headers.get("host"))
    )


class HangUp(Response):
    """Hangs up instead of answering."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del send
        scope["hang_up"]()
        while (await receive())["type"] != "http.disconnect":
            continue
