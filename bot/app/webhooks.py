"""Tells a program outside of every change of an action item, in order for each incident, until it was taken.

Nothing is queued: the record says what happened, and a row for each incident how far the endpoint was told. So
whatever writes events is followed, and a crash between an answer and its mark tells one change again, under the same id.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

import structlog

from bot.app.outward_ports import Position
from bot.app.ports import Store
from bot.domain.events import Recorded
from bot.domain.evolve import fold
from bot.meters import WEBHOOKS
from bot.views.item_changes import ItemChange, item_changes

LEASE_S = 60.0
#: Nothing is sent when less than this is left of the lease, or a second worker may send it too.
SEND_TIMEOUT_S = 15.0
BATCH = 10
#: Between tries; the last one again and again.
DELAYS = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600))
#: A change that was refused for so long is left out, and the next one is told.
PATIENCE = timedelta(days=3)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where changes are told. ``key`` signs; without ``private`` nothing of private incidents is told."""

    name: str
    url: str
    key: bytes
    private: bool = False
    since: datetime | None = None


class NotTaken(Exception):  # noqa: N818 - an outcome of the network
    """The endpoint did not take it; ``after_s``: when it wants to be asked again."""

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after_s = after_s


class Outgoing(Protocol):
    async def send(self, endpoint: Endpoint, change: ItemChange, at: datetime) -> None:
        """Returns when the endpoint has taken it; raises `NotTaken` within `SEND_TIMEOUT_S`. ``at``: what it is told to be."""
        ...


@dataclass(slots=True)
class Webhook:
    """One endpoint; any number of replicas may follow it at once."""

    endpoint: Endpoint
    store: Store
    outgoing: Outgoing
    owner: str

    async def tick(self, now: datetime) -> int:
        """Tell what is new or waits to be tried again; returns of how many incidents."""
        deadline = time.monotonic() + LEASE_S - SEND_TIMEOUT_S
        claimed = await self.store.claim_positions(
            self.endpoint.name, now, owner=self.owner, lease_s=LEASE_S, limit=BATCH
        )
        await asyncio.gather(*(self._follow(position, now, deadline) for position in claimed))
        return len(claimed)

    async def _follow(self, position: Position, now: datetime, deadline: float) -> None:
        record, changes = await self._news(position)
        for number, group in groupby(changes, key=lambda change: change.cause.number):
            try:
                for change in group:
                    if time.monotonic() > deadline:
                        await self.store.release_position(position, owner=self.owner)
                        return
                    await self.outgoing.send(self.endpoint, change, now)
                    WEBHOOKS.labels(self.endpoint.name, "taken").inc()
            except NotTaken as refused:
                await self._failed(position, number, refused, now)
                return
            position = _told(position, number)
            if not await self.store.move_position(position, owner=self.owner):
                return  # the lease was lost; whoever has it goes on
        await self.store.release_position(_told(position, len(record)), owner=self.owner)

    async def _news(self, position: Position) -> tuple[Sequence[Recorded], Iterable[ItemChange]]:
        """The record, and what of it is to be told."""
        record = await self.store.record(position.incident)
        incident = fold(record)
        assert incident is not None, "positions belong to incidents"
        if incident.actions_made == 0 or (incident.private and not self.endpoint.private):
            return record, ()
        people = {person.key for item in incident.actions.values() for person in item.details.owners}
        profiles = await self.store.profiles(sorted(people | {each.by for each in record}))
        changes = item_changes(record, profiles, after=position.told)
        since = self.endpoint.since
        return record, (change for change in changes if since is None or change.cause.at >= since)

    async def _failed(self, position: Position, number: int, refused: NotTaken, now: datetime) -> None:
        since = position.failing_since or now
        log.warning(
            "webhook.refused",
            endpoint=self.endpoint.name,
            incident=f"INC-{position.incident}",
            reason=refused.reason,
            failures=position.failures + 1,
        )
        WEBHOOKS.labels(self.endpoint.name, "refused").inc()
        if now - since >= PATIENCE:
            log.error(
                "webhook.left_out",
                endpoint=self.endpoint.name,
                incident=f"INC-{position.incident}",
                number=number,
            )
            WEBHOOKS.labels(self.endpoint.name, "left_out").inc()
            await self.store.release_position(_told(position, number), owner=self.owner)
            return
        delay = DELAYS[min(position.failures, len(DELAYS) - 1)]
        asked = timedelta(seconds=refused.after_s or 0)
        later = replace(position, failures=position.failures + 1, failing_since=since)
        until = now + min(max(delay, asked), DELAYS[-1])
        await self.store.release_position(later, owner=self.owner, until=until)


def _told(position: Position, number: int) -> Position:
    return replace(position, told=number, failures=0, failing_since=None)
