"""Copies images of tagged messages for the document, because Slack's own links ask for a sign-in and do not last."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.app.chat_port import ChatError
from bot.app.ports import Clock, Store
from bot.app.record_ports import History, WantedFile

LIMIT = 5 * 1024 * 1024
LEASE_S = 90.0
#: Doubled with each attempt.
RETRY_S = 15.0
ATTEMPTS = 8

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Images:
    store: Store
    history: History
    clock: Clock
    _copying: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def tick(self) -> None:
        """Copy what is wanted now; returns when that is here, whoever of this process copies it."""
        async with self._copying:
            while taken := await self.store.claim_files(self.clock.now(), lease_s=LEASE_S):
                for wanted in taken:
                    await self._copy(wanted)

    async def _copy(self, wanted: WantedFile) -> None:
        if wanted.size > LIMIT:
            await self.store.delay_file(wanted, failed="too_large")
            return
        try:
            content = await self.history.download(wanted.url, limit=LIMIT)
        except ChatError as error:
            log.info("image.not_copied", file=wanted.file, word=error.word)
            if error.permanent or wanted.attempts >= ATTEMPTS:
                await self.store.delay_file(wanted, failed=error.word)
                return
            wait = error.retry_after or RETRY_S * 2 ** (wanted.attempts - 1)
            await self.store.delay_file(wanted, until=self.clock.now() + timedelta(seconds=wait))
            return
        await self.store.keep_file(wanted, content)
