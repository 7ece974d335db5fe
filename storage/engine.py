"""Doors to the database: on SQLite one writer and a pool of readers, on PostgreSQL one pool.

BEGIN IMMEDIATE, because a transaction that reads first and writes later fails at once under WAL; a writer pool of one,
because SQLite's own waiting is unfair while a pool's queue is first come, first served.
"""

import json
import os
from functools import partial
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage import inline

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}

#: A PostgreSQL that is gone without a word is noticed in half a minute, not in hours (libpq: connection parameters).
_NOTICE_SILENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}

#: NaN and infinity are not JSON: SQLite would take them and PostgreSQL refuse them.
_JSON = partial(json.dumps, allow_nan=False)


class DatabaseInUse(Exception):  # noqa: N818 - told to the operator as it stands
    """Another Tocsin process has this SQLite file open."""


class DatabaseMissing(Exception):  # noqa: N818 - told to the operator as it stands
    """There is nothing to read yet."""


def parse_url(url: str) -> URL:
    """The URL with the driver we use; a bare path means SQLite. Raises ValueError for any other database."""
    parsed = make_url(url if "://" in url else f"sqlite:///{url}")
    backend = parsed.get_backend_name()
    if backend not in _DRIVERS:
        raise ValueError(
            f"Tocsin cannot use {backend}. Use sqlite:///path/to/file or postgresql://user@host/name."
        )
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ValueError("Tocsin cannot use SQLite in memory. Name a file: sqlite:///path/to/file.")
    return parsed.set(drivername=_DRIVERS[backend])


#: For one statement alone: it is a snapshot by itself and needs no transaction around it.
_SINGLE = "single_statement"


class Db:
    """``writer`` and ``reader`` engines of one database; ``single`` is the reader for one statement and no more.

    With ``read_only`` neither writes. ``beside`` is for one command beside a bot that may be running: SQLite itself keeps
    single transactions apart, and no lock is taken. Neither makes a database.
    """

    def __init__(self, url: str, *, read_only: bool = False, beside: bool = False) -> None:
        self.url = parse_url(url)
        self.read_only = read_only
        self.is_guest = read_only or beside
        self._lock: IO[str] | None = None
        self.writer, self.reader, self.single = self._sqlite(self.path) if self.path else self._postgresql()

    @property
    def path(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    def _sqlite(self, path: Path) -> tuple[AsyncEngine, AsyncEngine, AsyncEngine]:
        common: dict[str, Any] = {
            "async_creator": partial(inline.connect, path),
            "max_overflow": 0,
            "pool_timeout": 30,
        }
        writer = create_async_engine(self.url, pool_size=1, json_serializer=_JSON, **common)
        reader = create_async_engine(self.url, pool_size=4, **common)
        _prepare(writer, "BEGIN" if self.read_only else "BEGIN IMMEDIATE", query_only=self.read_only)
        _prepare(reader, "BEGIN", query_only=True)
        return writer, reader, reader.execution_options(**{_SINGLE: True})

    def _postgresql(self) -> tuple[AsyncEngine, AsyncEngine, AsyncEngine]:
        url = self.url.update_query_dict({**_NOTICE_SILENCE, **self.url.query})
        pool = create_async_engine(url, pool_size=10, pool_pre_ping=True, json_serializer=_JSON)
        reader = pool.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return (
            (reader if self.read_only else pool),
            reader,
            pool.execution_options(isolation_level="AUTOCOMMIT"),
        )

    def open(self) -> None:
        """Take the file for this process. Raises `DatabaseInUse`; as a guest, `DatabaseMissing`."""
        if self.path is None:
            return
        if self.is_guest:
            if not self.path.exists():
                raise DatabaseMissing(f"There is no database at {self.path}. Start Tocsin once to make it.")
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _lock_file(self.path.resolve())

    async def close(self) -> None:
        await self.writer.dispose()
        await self.reader.dispose()
        self.release()

    def release(self) -> None:
        """Let others take the file."""
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
            "busy_timeout=5000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"query_only={int(query_only)}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "invalidate")
    def _cancelled(connection: Any, _record: Any, _error: Any) -> None:
        # Closing is not enough: SQLite keeps a connection, with its lock, for as long as a statement is unfinished,
        # and the cancelled one hangs on the traceback of its task.
        connection.rollback()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        if not connection.get_execution_options().get(_SINGLE):
            connection.exec_driver_sql(begin)


def _lock_file(path: Path) -> IO[str]:
    """Held by the operating system until the process ends, however it ends."""
    handle = Path(f"{path}.lock").open("a+")  # noqa: SIM115 - held open as long as the database
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
            f"{path} is in use by another Tocsin process. Stop that one first, or give this one another database."
        ) from error
    return handle
