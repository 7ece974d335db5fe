"""Small helpers that let one statement serve both databases."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table, TextClause, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

Row = dict[str, Any]

#: What no text column of both databases takes: NUL, and halves of characters.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def table(model: type[SQLModel]) -> Table:
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


def is_postgres(connection: AsyncConnection) -> bool:
    return connection.dialect.name == "postgresql"


def insert(connection: AsyncConnection, model: type[SQLModel]) -> Any:
    """An insert that knows ON CONFLICT; both dialects spell it alike."""
    return insert_into(table(model), postgres=is_postgres(connection))


def insert_into(into: Table, *, postgres: bool) -> Any:
    return (postgresql if postgres else sqlite).insert(into)


@cache
def insert_new(into: Table, *, postgres: bool) -> Any:
    """Insert rows that are not there yet; returns the keys of those that were not."""
    return insert_into(into, postgres=postgres).on_conflict_do_nothing().returning(*into.primary_key)


async def upsert(connection: AsyncConnection, model: type[SQLModel], rows: list[Row]) -> None:
    """Insert rows, or overwrite those with the same primary key."""
    if rows:
        statement = _upserting(table(model), postgres=is_postgres(connection))
        await connection.execute(statement, [storable(row) for row in rows])


@cache
def _upserting(into: Table, *, postgres: bool) -> Any:
    """Made once: to put a statement together takes SQLAlchemy longer than SQLite needs to run it."""
    statement = insert_into(into, postgres=postgres)
    keys = [column.name for column in into.primary_key]
    rest = {c.name: statement.excluded[c.name] for c in into.columns if c.name not in keys}
    if rest:
        return statement.on_conflict_do_update(index_elements=keys, set_=rest)
    return statement.on_conflict_do_nothing(index_elements=keys)


def holds(flag: Any) -> TextClause:
    """That a yes-or-no column says yes. SQLite takes a partial index for this, but not for the ``flag = 1`` of SQLAlchemy."""
    return text(f"{flag.table.name}.{flag.name}")


def clean(text: str) -> str:
    """The text with a mark in place of each character that a text column refuses."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def storable(row: Mapping[str, Any]) -> Row:
    """The row with all its text clean: one odd character must not stop the group it is written with."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in row.items()}
