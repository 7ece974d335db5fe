"""SQLite on the event loop itself: statements run where they are asked for; only commits, which wait for the disk, use aiosqlite's thread.

aiosqlite hands every cursor, statement, fetch and rollback over to its thread and back: eight hand-overs for a query that
takes SQLite a twentieth of one. Our statements are short and by key, and long reads go in pages, so the loop waits less
for SQLite than it did for hand-overs. Figures: docs/performance.md.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import aiosqlite

T = TypeVar("T")

_FETCHED_AT_ONCE = 64  # aiosqlite's own default


class InlineConnection(aiosqlite.Connection):
    """What SQLAlchemy's dialect expects of aiosqlite. For one process alone; see `storage.engine`."""

    async def _execute(self, fn: Callable[..., T], *args: object, **kwargs: object) -> T:
        if not self._running or not self._connection:
            raise ValueError("Connection closed")
        return fn(*args, **kwargs)

    async def commit(self) -> None:
        """Whoever is cancelled meanwhile leaves when it is done: a connection serves one thread at a time."""
        if not self._conn.in_transaction:
            return
        done = asyncio.ensure_future(super()._execute(self._conn.commit))  # type: ignore[no-untyped-call]
        try:
            await asyncio.shield(done)
        except asyncio.CancelledError:
            await asyncio.wait([done])
            raise


async def connect(path: Path) -> InlineConnection:
    """A connection to a file."""
    connection = InlineConnection(lambda: sqlite3.connect(path, check_same_thread=False), _FETCHED_AT_ONCE)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy's dialect does with the connections it makes
    await connection
    return connection
