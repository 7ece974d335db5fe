"""Group commit: many callers share one transaction, and each returns when its own item is on disk."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

BATCH = 200

T = TypeVar("T")
R = TypeVar("R")


class GroupWriter(Generic[T, R]):
    """``commit`` writes a batch in one transaction and says what became of each item.

    While it works, what arrives is gathered for the next.
    """

    def __init__(self, commit: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._commit = commit
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._stopped = False

    async def write(self, item: T) -> R:
        """What became of the item, when it is on disk. Raises what the commit raised; then nothing of the group was kept."""
        if self._stopped:
            raise RuntimeError("the store is stopped")
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="group commit")
        return await done

    async def stop(self) -> None:
        """Takes nothing more; returns when everything that waited is on disk."""
        self._stopped = True
        if self._writing:
            await self._writing

    async def _write(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._write_group([item for item, _ in group], [done for _, done in group])
        finally:
            # Not empty only when this task was cancelled: then nobody may wait for ever.
            for _, done in self._waiting:
                done.cancel()
            self._waiting = []
            self._writing = None

    async def _write_group(self, items: Sequence[T], waiting: Sequence[asyncio.Future[R]]) -> None:
        try:
            outcomes = await self._commit(items)
        except Exception as error:  # noqa: BLE001 - it is raised in every caller
            for done in waiting:
                if not done.done():
                    done.set_exception(error)
            return
        except BaseException:
            for done in waiting:
                done.cancel()
            raise
        for done, outcome in zip(waiting, outcomes, strict=True):
            if not done.done():  # else its caller went away
                done.set_result(outcome)
