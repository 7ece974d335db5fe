"""How much a request may bring: nothing reads on when a body is larger than Slack ever sends."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Slack names no limit; a form with every field full is under 200 kB.
BODY_LIMIT = 1024 * 1024


class BodyLimit:
    """Whoever reads more than ``limit`` bytes of a body gets a 413 for the sender instead."""

    def __init__(self, app: ASGIApp, limit: int = BODY_LIMIT) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit:
                raise HTTPException(413, f"Larger than {self._limit} bytes.")
            return message

        await self._app(scope, counted, send)
