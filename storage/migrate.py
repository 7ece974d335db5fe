"""Bringing a database to the newest shape, by Alembic, from scripts inside the package.

Foreign keys are off while SQLite tables are rebuilt (with them on, dropping the old table deletes the child rows)
and are checked afterwards. Several processes may start at once: one migrates, the others wait.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from storage.engine import normalise
from storage.tables import metadata

LOCK_KEY = 7_063_746  # any number; on PostgreSQL all of Tocsin's migrations wait for one another on it

T = TypeVar("T")


class BrokenReferences(Exception):  # noqa: N818 - told to the operator
    """Rows point at rows that do not exist; the migration was undone."""


def upgrade(url: str) -> None:
    """To the newest revision; nothing happens when it is there already. Safe to run from several processes."""
    _run(url, lambda connection: command.upgrade(config(connection), "head"), write=True)


def revision(url: str) -> str | None:
    """The revision that the database is at; None for an empty one."""
    return _run(url, lambda connection: MigrationContext.configure(connection).get_current_revision())


def head() -> str | None:
    """The newest revision that this version knows."""
    return ScriptDirectory.from_config(config(None)).get_current_head()


def drift(url: str) -> list[Any]:
    """How the database differs from the models; empty when it does not."""

    def compare(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    return _run(url, compare)


def config(connection: Connection | None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(files("storage") / "migrations"))
    made.attributes["connection"] = connection
    return made


def _run(url: str, work: Callable[[Connection], T], *, write: bool = False) -> T:
    with _connection(url) as connection:
        if write and connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")
        result = work(connection)
        if write and connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise BrokenReferences(f"{len(broken)} rows point nowhere, first: {tuple(broken[0])}")
        return result


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    """One transaction on a plain synchronous driver."""
    full = normalise(url).replace("sqlite+aiosqlite", "sqlite")
    parsed = make_url(full)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(full, poolclass=NullPool)
    if parsed.get_backend_name() == "sqlite":

        @event.listens_for(engine, "connect")
        def _connect(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA busy_timeout=15000")

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
