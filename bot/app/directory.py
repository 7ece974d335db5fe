"""Who is who: the names of people, groups and channels, kept in the store and asked of Slack when they are unknown or old."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.app.chat_port import Chat, ChatError
from bot.app.ports import Clock, Store
from bot.domain.transcript import Profile

#: A person waits for the answer to a command; Slack gives us three seconds for all of it.
PATIENCE_S = 1.0


class Directory:
    """A cache before the store before Slack."""

    def __init__(self, store: Store, chat: Chat, clock: Clock) -> None:
        self._store = store
        self._chat = chat
        self._clock = clock
        self._known: dict[str, Profile] = {}

    async def profiles(self, users: Iterable[str]) -> Mapping[str, Profile]:
        """What is known of each, people, groups and channels; whom Slack does not tell about is left out."""
        wanted = [user for user in dict.fromkeys(users) if user[:1] in {"U", "W", "S", "C", "G"}]
        missing = [user for user in wanted if user not in self._known]
        if missing:
            self._known.update(await self._store.profiles(missing))
            await asyncio.gather(*(self._ask(user) for user in missing if user not in self._known))
        return {user: self._known[user] for user in wanted if user in self._known}

    async def zone(self, user: str) -> ZoneInfo:
        """The user's own zone as of the Slack profile; UTC when it is unknown."""
        profile = self._known.get(user)
        if profile is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_S):
                    profile = (await self.profiles([user])).get(user)
        try:
            return ZoneInfo(profile.zone if profile else "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    async def learn(self, profile: Profile) -> None:
        """Slack told us of a change."""
        self._known[profile.id] = profile
        await self._store.keep_profile(profile, self._clock.now())

    async def _ask(self, user: str) -> None:
        try:
            await self.learn(await self._chat.profile(user))
        except ChatError:
            return
