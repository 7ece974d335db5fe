"""All rows of one database in another, of either kind, and the proof that nothing is missing or changed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Row, String, Table, func, select

from storage import migrate
from storage.engine import Db, parse_url
from storage.tables import metadata

BATCH = 1000


class NotEmpty(Exception):  # noqa: N818 - told to the operator as it stands
    """The target holds something already."""


class NotTheSame(Exception):  # noqa: N818 - told to the operator as it stands
    """The copy differs from its source."""


def move(source: str, target: str) -> Mapping[str, int]:
    """Copy a database that nobody writes to (on SQLite this is made sure by the lock) and compare row by row.

    Returns the number of rows by table. Raises `NotEmpty`, `NotTheSame`, `DatabaseInUse`, `DatabaseMissing` and
    `WrongRevision`; then the source is as it was, and the target holds nothing.
    """
    with _alone(source):
        return _copy_checked(source, target)


def back_up(source: str, target: Path) -> Mapping[str, int]:
    """A copy as of one moment in a new SQLite file, also while the bot runs; checked row by row.

    Returns and raises as `move`. The file is a database: name it by ``--database``, or `move` it to where it shall be.
    """
    if target.exists():
        raise NotEmpty(f"Nothing was copied: {target} exists. Name a new file.")
    making = target.with_name(f".{target.name}.part")
    making.unlink(missing_ok=True)
    try:
        counts = _copy_checked(source, f"sqlite:///{making}")
        making.rename(target)
    finally:
        making.unlink(missing_ok=True)
    return counts


def _copy_checked(source: str, target: str) -> Mapping[str, int]:
    with _reading(source) as old:
        migrate.upgrade(target)
        with migrate.connected(target, write=True) as new:
            full = next((table.name for table in metadata.sorted_tables if _count(new, table)), None)
            if full:
                where = parse_url(target).render_as_string()
                raise NotEmpty(f"Nothing was copied: {where} holds {full} already. Name an empty database.")
            counts = {table.name: _copy(old, new, table) for table in metadata.sorted_tables}
            for table in metadata.sorted_tables:
                _compare(old, new, table)
        return counts


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Nobody else has this SQLite file; on PostgreSQL the operator stops the replicas."""
    db = Db(url)
    if db.path is None:
        yield
        return
    Db(url, read_only=True).open()  # it exists, or this says that it does not
    db.open()
    try:
        yield
    finally:
        db.release()


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    """One transaction that sees one moment."""
    Db(url, read_only=True).open()
    migrate.require_newest(url)
    with migrate.connected(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _rows(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    """In the order of the key, byte by byte on both databases."""
    order = [_plain(connection, column) for column in table.primary_key]
    query = select(table).order_by(*order).execution_options(yield_per=BATCH)
    yield from connection.execute(query)


def _plain(connection: Connection, column: Column[Any]) -> Any:
    if connection.dialect.name == "postgresql" and isinstance(column.type, String):
        return column.collate("C")
    return column


def _copy(old: Connection, new: Connection, table: Table) -> int:
    copied = 0
    result = old.execute(select(table).execution_options(yield_per=BATCH))
    for rows in result.mappings().partitions(BATCH):
        new.execute(table.insert(), [dict(row) for row in rows])
        copied += len(rows)
    return copied


def _compare(old: Connection, new: Connection, table: Table) -> None:
    for ours, theirs in zip_longest(_rows(old, table), _rows(new, table)):
        if ours is None or theirs is None or tuple(ours) != tuple(theirs):
            key = [getattr(ours or theirs, column.name) for column in table.primary_key]
            raise NotTheSame(
                f"The copy differs in {table.name} at {key}. Nothing was kept of it; please report this."
            )
