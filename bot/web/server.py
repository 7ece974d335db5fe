"""uvicorn in the bot's own loop: it starts with the bot, and what it took in is answered before it stops."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from bot.web.limits import BodyLimit

#: Slack gives a request three seconds; what is still unanswered after this has nobody who waits for it.
GRACE_S = 5


class WebServer:
    """Serves the routes on a bound socket."""

    def __init__(self, listener: socket.socket, routes: Sequence[BaseRoute]) -> None:
        self._listener = listener
        self._server = _Quiet(
            uvicorn.Config(
                Starlette(routes=list(routes), middleware=[Middleware(BodyLimit)]),
                log_config=None,  # the process's logging belongs to whoever runs us
                access_log=False,  # addresses may carry tokens
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._listener.listen(1024)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._listener]), name="web")
        while not self._server.started:
            if self._task.done():
                self._task.result()
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Take no more requests, and answer those that were taken."""
        if self._task is None:
            self._listener.close()
            return
        self._server.should_exit = True
        await self._task


class _Quiet(uvicorn.Server):
    """It leaves the process's signals to whoever runs the bot."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
