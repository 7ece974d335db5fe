"""Due dates for calendar programs (RFC 5545). The secret in the address is the only key: such programs send no other."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


def calendar_route(path: str, file: Callable[[str], Awaitable[bytes | None]]) -> Route:
    """``file`` tells a token's calendar, or None for what is not found."""

    async def calendar(request: Request) -> Response:
        content = await file(request.path_params["token"])
        if content is None:
            return PlainTextResponse(
                "There is no calendar here, or its address was renewed.", status_code=404
            )
        return Response(
            content, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-cache"}
        )

    return Route(path, calendar)
