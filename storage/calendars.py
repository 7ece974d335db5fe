"""Secret addresses of calendars: at most one for each person, group, team, or for everything."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sql import clean, insert, table
from storage.tables import CalendarRow

rows = table(CalendarRow)


async def keep(connection: AsyncConnection, whose: str, token: str, at: datetime, *, renew: bool) -> str:
    """The token that stands afterwards: an earlier one wins, unless it is renewed."""
    statement = insert(connection, CalendarRow).values(whose=clean(whose), token=token, at=at)
    taken = (
        {"token": statement.excluded.token, "at": statement.excluded.at} if renew else {"whose": rows.c.whose}
    )
    statement = statement.on_conflict_do_update(index_elements=["whose"], set_=taken)
    return str((await connection.execute(statement.returning(rows.c.token))).scalar_one())


async def whose(connection: AsyncConnection, token: str) -> str | None:
    found: str | None = (await connection.execute(select(rows.c.whose).where(rows.c.token == token))).scalar()
    return found
