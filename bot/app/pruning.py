"""Forgets deliveries that Slack cannot repeat any more, an hour apart."""

from datetime import datetime, timedelta

from bot.app.ports import Store

#: Slack repeats an event for minutes, or a day with delayed retries; a form may stay open over a weekend.
KEPT = timedelta(days=7)
EVERY = timedelta(hours=1)


class Pruning:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._next: datetime | None = None

    async def tick(self, now: datetime) -> int:
        """Returns how many were forgotten."""
        if self._next is not None and now < self._next:
            return 0
        self._next = now + EVERY
        return await self._store.prune_deliveries(now - KEPT)
