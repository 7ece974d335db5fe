"""How far each webhook was told of each incident: numbers of events, leases, delays."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.outward_ports import Position
from storage.letters import LONGEST
from storage.sql import insert, table
from storage.tables import IncidentRow, PositionRow

positions = table(PositionRow)
incidents = table(IncidentRow)


def _over(column: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """Also when a clock that was ahead, and has been put right, set it."""
    return or_(column.is_(None), column <= now, column > now + LONGEST)


def _free(now: datetime) -> ColumnElement[bool]:
    return and_(_over(positions.c.lease_until, now), _over(positions.c.not_before, now))


async def behind(connection: AsyncConnection, endpoint: str, now: datetime, limit: int) -> Sequence[int]:
    """Numbers of incidents that `claim` could take now."""
    mine = and_(positions.c.incident == incidents.c.number, positions.c.endpoint == endpoint)
    query = (
        select(incidents.c.number)
        .outerjoin(positions, mine)
        .where(incidents.c.version > func.coalesce(positions.c.told, 0), _free(now))
        .order_by(incidents.c.number)
        .limit(limit)
    )
    return [int(number) for number in (await connection.execute(query)).scalars()]


async def claim(
    connection: AsyncConnection,
    endpoint: str,
    numbers: Sequence[int],
    now: datetime,
    *,
    owner: str,
    lease_s: float,
) -> Sequence[Position]:
    """A conditional update, which makes the row where there is none: what somebody else took meanwhile is left out."""
    lease = {"lease_until": now + timedelta(seconds=lease_s), "owner": owner}
    fresh = [
        {"endpoint": endpoint, "incident": number, "told": 0, "failures": 0, **lease} for number in numbers
    ]
    statement = insert(connection, PositionRow).values(fresh)
    statement = statement.on_conflict_do_update(
        index_elements=["endpoint", "incident"], set_={**lease, "not_before": None}, where=_free(now)
    ).returning(*positions.c)
    return [
        Position(
            endpoint=row.endpoint,
            incident=row.incident,
            told=row.told,
            failures=row.failures,
            failing_since=row.failing_since,
        )
        for row in (await connection.execute(statement)).all()
    ]


def _ours(position: Position, owner: str) -> ColumnElement[bool]:
    return and_(
        positions.c.endpoint == position.endpoint,
        positions.c.incident == position.incident,
        positions.c.owner == owner,
    )


async def move(connection: AsyncConnection, position: Position, owner: str) -> bool:
    values = {"told": position.told, "failures": position.failures, "failing_since": position.failing_since}
    statement = update(positions).where(_ours(position, owner)).values(values)
    return (await connection.execute(statement.returning(positions.c.told))).first() is not None


async def release(
    connection: AsyncConnection, position: Position, owner: str, until: datetime | None
) -> None:
    values = {
        "told": position.told,
        "failures": position.failures,
        "failing_since": position.failing_since,
        "not_before": until,
        "lease_until": None,
        "owner": None,
    }
    await connection.execute(update(positions).where(_ours(position, owner)).values(values))
