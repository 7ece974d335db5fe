"""Tells a person, and only them, that a secret was masked: where they typed it, else by direct message."""

from dataclasses import dataclass

import structlog

from bot.app.chat_port import ChatError
from bot.slack.gateway import SlackGateway
from bot.slack.later import Later
from bot.views.notices import masked

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class MaskTelling:
    gateway: SlackGateway
    later: Later

    def tell(self, user: str, channel: str | None, kinds: tuple[str, ...]) -> None:
        """Returns at once; what cannot be told is logged without words."""
        self.later.start(self._tell(user, channel, kinds))

    async def _tell(self, user: str, channel: str | None, kinds: tuple[str, ...]) -> None:
        view = masked(kinds)
        try:
            if channel:
                await self.gateway.whisper(channel, user, view)
                return
        except ChatError as error:
            log.info("masked.not_whispered", word=error.word)
        try:
            await self.gateway.post(user, view, key=f"masked:{channel}")
        except ChatError as error:
            log.warning("masked.untold", word=error.word)
