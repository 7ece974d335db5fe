"""What people typed and have not finished, because something was asked back: kept until they answer, a week at most."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import Unfinished
from storage.sql import table, upsert
from storage.tables import UnfinishedRow

rows = table(UnfinishedRow)
KEPT = timedelta(days=7)


async def keep(connection: AsyncConnection, unfinished: Unfinished) -> None:
    await connection.execute(delete(rows).where(rows.c.at < unfinished.at - KEPT))
    row = {"key": unfinished.key, "by": unfinished.by, "at": unfinished.at, "body": dict(unfinished.body)}
    await upsert(connection, UnfinishedRow, [row])


async def find(connection: AsyncConnection, key: str) -> Unfinished | None:
    row = (await connection.execute(select(rows).where(rows.c.key == key))).first()
    return Unfinished(key=row.key, by=row.by, at=row.at, body=row.body) if row else None
