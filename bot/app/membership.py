"""Who is in a channel, asked of Slack and remembered for a minute: what private incidents may be shown to."""

import asyncio
from datetime import datetime, timedelta

from bot.app.chat_port import Chat, ChatError
from bot.app.ports import Clock

REMEMBERED = timedelta(minutes=1)
#: A person waits for the answer to a command; Slack gives us three seconds for all of it.
PATIENCE_S = 1.0


class Membership:
    def __init__(self, chat: Chat, clock: Clock) -> None:
        self._chat = chat
        self._clock = clock
        self._known: dict[str, tuple[datetime, frozenset[str]]] = {}

    def forget(self, channel: str) -> None:
        """Somebody came or went."""
        self._known.pop(channel, None)

    async def holds(self, channel: str, user: str) -> bool:
        """Whether the user is in the channel. While Slack does not say, nobody is."""
        now = self._clock.now()
        at, members = self._known.get(channel, (None, frozenset()))
        if at is None or not timedelta(0) <= now - at < REMEMBERED:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    members = frozenset(await self._chat.members(channel))
            except (ChatError, TimeoutError):
                return False
            self._known[channel] = (now, members)
        return user in members
