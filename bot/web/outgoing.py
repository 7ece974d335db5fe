"""Posts changes to endpoints, signed as the Standard Webhooks specification says (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

import aiohttp

from bot.app.webhooks import Endpoint, NotTaken
from bot.views.item_changes import ItemChange

#: Below `bot.app.webhooks.SEND_TIMEOUT_S`.
TIMEOUT = aiohttp.ClientTimeout(total=10)


class HttpOutgoing:
    """`bot.app.webhooks.Outgoing` by HTTP. Any answer from 200 to 299 is a yes; redirects are not followed."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def send(self, endpoint: Endpoint, change: ItemChange, at: datetime) -> None:
        session = self._session = self._session or aiohttp.ClientSession(timeout=TIMEOUT)
        body = json.dumps(change.payload, default=datetime.isoformat, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **signed(endpoint.key, change.id, at, body)}
        try:
            async with session.post(
                endpoint.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                status, after = answer.status, answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotTaken(type(error).__name__) from error
        if not 200 <= status < 300:
            raise NotTaken(f"HTTP {status}", float(after) if after.isascii() and after.isdigit() else None)

    async def stop(self) -> None:
        if self._session:
            await self._session.close()


def signed(key: bytes, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows that ``body`` is ours, untouched, and of ``at``."""
    seconds = str(int(at.timestamp()))
    digest = hmac.new(key, f"{message}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
