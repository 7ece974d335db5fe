"""Doors to the database: on SQLite one writer and a pool of readers, on PostgreSQL one pool.

BEGIN IMMEDIATE, because a transaction that reads first and writes later fails at once under WAL; a writer pool of one,
because SQLite's own waiting is unfair while a pool's queue is first come, first served.
"""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


class DatabaseInUse(Exception):  # noqa: N818 - told to the operator as it stands
    """Another Tocsin process has this SQLite file open."""


def normalise(url: str) -> str:
    """A URL with the driver we use; a bare path means SQLite."""
    if "://" not in url:
        url = f"sqlite:///{url}"
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    driver = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+psycopg",
        "postgres": "postgresql+psycopg",
    }
    if backend not in driver:
        raise ValueError(f"{backend} is no database of Tocsin's: use sqlite:///… or postgresql://…")
    return parsed.set(drivername=driver[backend]).render_as_string(hide_password=False)


class Db:
    """``writer`` and ``reader`` engines of one database."""

    def __init__(self, url: str, *, exclusive: bool = True) -> None:
        self.url = normalise(url)
        self._lock: Any = None
        if self.is_sqlite:
            path = make_url(self.url).database or ""
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            if exclusive:
                self._lock = _lock_file(path)
            self.writer = create_async_engine(self.url, pool_size=1, max_overflow=0, pool_timeout=30)
            self.reader = create_async_engine(self.url, pool_size=4, max_overflow=0, pool_timeout=30)
            _prepare(self.writer, "BEGIN IMMEDIATE", query_only=False)
            _prepare(self.reader, "BEGIN", query_only=True)
        else:
            self.writer = self.reader = create_async_engine(self.url, pool_size=10, pool_pre_ping=True)

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    async def close(self) -> None:
        await self.writer.dispose()
        await self.reader.dispose()
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _prepare(engine: AsyncEngine, begin: str, *, query_only: bool) -> None:
    """SQLAlchemy's documented recipe: the driver begins nothing, we say BEGIN ourselves."""

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "busy_timeout=5000",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"query_only={int(query_only)}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def _lock_file(path: str) -> Any:
    """Held by the operating system until the process ends, however it ends."""
    handle = open(f"{path}.lock", "a+")  # noqa: SIM115 - held open as long as the database
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise DatabaseInUse(
            f"{path} is in use by another Tocsin process. Stop that one first, or give this one its own --database."
        ) from error
    return handle
