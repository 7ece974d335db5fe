"""Slack's requests in HTTP mode: the signature and its age are judged here, once, before anything is parsed.

The rules are Slack's: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from collections.abc import Callable

import structlog
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web.shapes import problem

log = structlog.get_logger(__name__)

PATH = "/slack/events"


def slack_route(app: AsyncApp, signing_secret: str, heard: Callable[[], None]) -> Route:
    """One address for events, commands and interactivity; Bolt tells them apart.

    A request without a good signature, or signed more than five minutes ago (real time), gets 401: what was overheard
    cannot be played again later. Played again sooner it is a delivery like Slack's own retries, and kept once.
    ``heard`` is called for every delivery before it is taken.
    """
    verifier = SignatureVerifier(signing_secret)

    async def take(request: Request) -> Response:
        body = await request.body()
        if not _signed(verifier, request, body):
            log.warning("slack.unsigned", length=len(body))
            return PlainTextResponse("The signature is missing, wrong or too old.", status_code=401)
        try:
            asked = AsyncBoltRequest(body=body.decode(), query={}, headers=dict(request.headers))
        except (
            ValueError,
            AttributeError,
            TypeError,
            KeyError,
            IndexError,
            RecursionError,
        ):  # no JSON, or JSON that is no object
            log.warning("slack.malformed", length=len(body))
            return PlainTextResponse("This is no payload of Slack's.", status_code=400)
        if wrong := problem(asked.body):
            log.warning("slack.malformed", length=len(body), where=wrong)
            return PlainTextResponse("This is no payload of Slack's.", status_code=400)
        heard()
        return to_starlette_response(await app.async_dispatch(asked))

    return Route(PATH, take, methods=["POST"])


def _signed(verifier: SignatureVerifier, request: Request, body: bytes) -> bool:
    """Slack's own check; it raises where the time stamp is no number or the body no text."""
    try:
        return verifier.is_valid_request(body, dict(request.headers))
    except (ValueError, TypeError):
        return False
