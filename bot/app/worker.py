"""Which incident is published when: woken at once by a change, by the tick after a crash, never twice at a time here."""

import asyncio
import time

import structlog

from bot.app.ports import Clock, Store
from bot.app.publish import LEASE_S, Publisher

log = structlog.get_logger(__name__)


class Worker:
    """Runs the publisher for dirty incidents: the first change goes out at once, what follows is gathered.

    ``calm_s`` is the least time (real seconds) from one publishing of an incident to the next.
    """

    def __init__(self, store: Store, publisher: Publisher, clock: Clock, *, calm_s: float) -> None:
        self._store = store
        self._publisher = publisher
        self._clock = clock
        self._calm_s = calm_s
        self._dirty: set[int] = set()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._stopping = False

    def wake(self, incident: int) -> None:
        """Something changed; returns at once."""
        self._dirty.add(incident)
        if incident not in self._tasks and not self._stopping:
            task = asyncio.create_task(self._run(incident), name=f"publish INC-{incident}")
            self._tasks[incident] = task
            task.add_done_callback(lambda done: self._ended(incident, done))

    async def sweep(self) -> None:
        """Wake whatever is dirty and nobody's: after a crash, or when its delay is over."""
        for number in await self._store.waiting_work(self._clock.now()):
            self.wake(number)

    async def quiet(self) -> None:
        """Returns when nothing is being published."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Finish what is begun and begin nothing more."""
        self._stopping = True
        await self.quiet()

    async def _run(self, incident: int) -> None:
        while incident in self._dirty:
            self._dirty.discard(incident)
            began = time.monotonic()
            claimed = await self._store.claim_work(
                self._clock.now(), owner=self._publisher.owner, lease_s=LEASE_S, incident=incident
            )
            for work in claimed:
                await self._publisher.publish(work)
            if incident in self._dirty:
                await asyncio.sleep(max(0.0, self._calm_s - (time.monotonic() - began)))

    def _ended(self, incident: int, task: asyncio.Task[None]) -> None:
        self._tasks.pop(incident, None)
        if not task.cancelled() and task.exception():
            # The incident stays dirty in the store; the next sweep takes it up when the lease has ended.
            log.error("publish.failed", incident=incident, exc_info=task.exception())
        if incident in self._dirty and not self._stopping:
            self.wake(incident)
