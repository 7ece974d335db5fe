"""Small helpers that let one statement serve both databases."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel


def table(model: type[SQLModel]) -> Table:
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


def insert(connection: AsyncConnection, model: type[SQLModel]) -> Any:
    """An insert that knows ON CONFLICT; both dialects spell it alike."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table(model))


def upsert(connection: AsyncConnection, model: type[SQLModel], values: list[dict[str, Any]]) -> Any:
    """Insert rows, or overwrite those with the same primary key."""
    statement = insert(connection, model).values(values)
    keys = [column.name for column in table(model).primary_key]
    rest = {
        column.name: statement.excluded[column.name]
        for column in table(model).columns
        if column.name not in keys
    }
    if not rest:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)
