"""Until when people asked Slack not to disturb them: asked of Slack and remembered for some minutes."""

import asyncio
from datetime import datetime, timedelta

from bot.app.chat_port import Chat, ChatError

REMEMBERED = timedelta(minutes=5)
PATIENCE_S = 5.0


class Quiet:
    """Slack allows some fifty of these questions a minute (docs: dnd.info); when it does not answer, nobody is quiet."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._known: dict[str, tuple[datetime, datetime | None]] = {}

    async def until(self, recipient: str, now: datetime) -> datetime | None:
        """None: now is fine. Channels are never quiet."""
        if recipient[:1] not in {"U", "W"}:
            return None
        asked, quiet = self._known.get(recipient, (None, None))
        if asked is None or not timedelta(0) <= now - asked < REMEMBERED:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    quiet = await self._chat.quiet_until(recipient)
            except (ChatError, TimeoutError):
                return None
            self._known[recipient] = (now, quiet)
        return quiet if quiet and quiet > now else None
