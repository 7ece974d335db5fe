"""Slack's user groups with their members, asked for in one call and remembered for a while."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.app.chat_port import Chat, ChatError
from bot.app.ports import Clock
from bot.domain.permissions import Groups

REMEMBERED = timedelta(minutes=5)
#: A person waits for the answer to a command; Slack gives us three seconds for all of it.
PATIENCE_S = 1.0

log = structlog.get_logger(__name__)


class UserGroups:
    def __init__(self, chat: Chat, clock: Clock) -> None:
        self._chat = chat
        self._clock = clock
        self._known: Groups = {}
        self._asked: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def all(self) -> Groups:
        """Every group by its id; what was known last where Slack does not answer."""
        async with self._one_at_a_time:
            now = self._clock.now()
            if self._asked is None or not timedelta(0) <= now - self._asked < REMEMBERED:
                try:
                    async with asyncio.timeout(PATIENCE_S):
                        self._known = {group.id: group for group in await self._chat.user_groups()}
                    self._asked = now
                except (ChatError, TimeoutError) as error:
                    log.warning("user_groups.unknown", word=getattr(error, "word", "timeout"))
        return self._known

    async def members(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Everybody in any of these groups."""
        groups = await self.all() if ids else {}
        members = (user for name in ids if name in groups for user in sorted(groups[name].members))
        return tuple(dict.fromkeys(members))
