"""What stands in Slack, by incident and key."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import Posted
from bot.domain.details import MessageRef
from storage.sql import table, upsert
from storage.tables import PostedRow

posted = table(PostedRow)

# Asked after every command, so made once; see `storage.sql`.
_OF = select(posted).where(posted.c.incident == bindparam("number"))


async def of(connection: AsyncConnection, incident: int) -> Mapping[str, Posted]:
    rows = (await connection.execute(_OF, {"number": incident})).all()
    return {
        row.key: Posted(
            key=row.key,
            channel=row.channel,
            ts=row.ts,
            digest=row.digest,
            begun_at=row.begun_at,
            failed=row.failed,
        )
        for row in rows
    }


async def under(connection: AsyncConnection, message: MessageRef) -> tuple[int, str] | None:
    query = select(posted.c.incident, posted.c.key).where(
        posted.c.channel == message.channel, posted.c.ts == message.ts
    )
    row = (await connection.execute(query)).first()
    return (row.incident, row.key) if row else None


async def keep(connection: AsyncConnection, incident: int, known: Posted) -> None:
    await upsert(connection, PostedRow, [{"incident": incident, **asdict(known)}])


async def forget(connection: AsyncConnection, incident: int, key: str) -> None:
    await connection.execute(delete(posted).where(posted.c.incident == incident, posted.c.key == key))
