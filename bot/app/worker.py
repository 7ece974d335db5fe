"""Which incident is published when: woken at once by a change, by the tick after a crash, never twice at a time here."""

import asyncio
import contextlib
import time

import structlog

from bot.app.ports import Clock, Store
from bot.app.publish import LEASE_S, Publisher

#: Between two looks at an incident that keeps changing: a hundred commands at once are looked at now and then, not each.
BREATH_S = 0.05

log = structlog.get_logger(__name__)


class Worker:
    """Runs the publisher for dirty incidents. What is new goes out at once; edits are gathered.

    ``calm_s`` (real seconds) is the least time from one edit of an incident's messages to the next, and the longest
    that a first edit waits; a quarter of it without a further change is calm enough.
    """

    def __init__(self, store: Store, publisher: Publisher, clock: Clock, *, calm_s: float) -> None:
        self._store = store
        self._publisher = publisher
        self._clock = clock
        self._calm_s = calm_s
        self._dirty: set[int] = set()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        #: Monotonic moments of each incident's last change and last edit.
        self._changed: dict[int, float] = {}
        self._edited: dict[int, float] = {}
        self._stopping = asyncio.Event()

    def wake(self, incident: int) -> None:
        """Something changed; returns at once."""
        self._dirty.add(incident)
        self._changed[incident] = time.monotonic()
        if incident not in self._tasks and not self._stopping.is_set():
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
        """Finish what is begun, without waiting for calm, and begin nothing more."""
        self._stopping.set()
        await self.quiet()

    async def _run(self, incident: int) -> None:
        while incident in self._dirty:
            self._dirty.discard(incident)
            claimed = await self._store.claim_work(
                self._clock.now(), owner=self._publisher.owner, lease_s=LEASE_S, incident=incident
            )
            for work in claimed:
                await self._publisher.publish(work, lambda: self._calm(incident))
            if incident in self._dirty:
                await self._unless_stopping(BREATH_S)
        self._changed.pop(incident, None)

    async def _calm(self, incident: int) -> None:
        """Returns when people have paused, but not before the last edit is old enough, nor for ever."""
        began = time.monotonic()
        earliest = self._edited.get(incident, began - self._calm_s) + self._calm_s
        while not self._stopping.is_set():
            paused = self._changed.get(incident, began) + self._calm_s / 4
            left = max(earliest, min(paused, began + self._calm_s)) - time.monotonic()
            if left <= 0:
                break
            await self._unless_stopping(left)
        self._edited[incident] = time.monotonic()

    async def _unless_stopping(self, seconds: float) -> None:
        """Returns after so long, or when we are to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    def _ended(self, incident: int, task: asyncio.Task[None]) -> None:
        self._tasks.pop(incident, None)
        if not task.cancelled() and task.exception():
            # The incident stays dirty in the store; the next sweep takes it up when the lease has ended.
            log.error("publish.failed", incident=incident, exc_info=task.exception())
        if incident in self._dirty and not self._stopping.is_set():
            self.wake(incident)
