"""`/healthz`: this process goes on. `/readyz`: it can serve now. `/metrics`: what it counted (Prometheus)."""

from collections.abc import Mapping
from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


class Health(Protocol):
    def alive(self) -> bool:
        """Time still passes here; when not, only a restart helps."""
        ...

    async def checks(self) -> Mapping[str, bool]:
        """Each thing that serving needs, and whether it is there."""
        ...

    async def gauges(self) -> Mapping[str, float]:
        """What is measured when somebody asks."""
        ...


def health_routes(health: Health) -> list[Route]:
    async def healthz(_: Request) -> Response:
        alive = health.alive()
        return PlainTextResponse("ok" if alive else "time stands still", status_code=200 if alive else 503)

    async def readyz(_: Request) -> Response:
        checks = await health.checks()
        return JSONResponse(dict(checks), status_code=200 if all(checks.values()) else 503)

    async def metrics(_: Request) -> Response:
        gauges = await health.gauges()
        lines = "".join(f"# TYPE {name} gauge\n{name} {value}\n" for name, value in gauges.items())
        return Response(generate_latest() + lines.encode(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
