"""How far the reading of channels' histories has come: one row a channel, taken under a lease, gone when finished."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.record_ports import Gap
from storage.sql import insert, table
from storage.tables import GapRow

gaps = table(GapRow)


async def open_gaps(connection: AsyncConnection, wanted: Sequence[Gap]) -> None:
    """Ask for channels' histories to be read. Whoever is reading one begins again, as far back as anybody asked."""
    if not wanted:
        return
    fresh = {"threads": [], "before": "", "found": 0, "attempts": 0}
    # In one order everywhere, so that two replicas never wait for each other in a ring.
    rows = [{**asdict(gap), **fresh} for gap in sorted(wanted, key=lambda gap: gap.channel)]
    statement = insert(connection, GapRow)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["channel"],
        set_={
            "oldest": case((gaps.c.oldest < new.oldest, gaps.c.oldest), else_=new.oldest),
            "before": "",
            "threads": new.threads,
            "attempts": gaps.c.attempts + 1,
            "lease_until": None,
            "owner": None,
        },
    )
    await connection.execute(statement, rows)


async def claim(
    connection: AsyncConnection, now: datetime, *, owner: str, lease_s: float, channel: str | None
) -> Gap | None:
    """The next channel whose history is to be read now, for the length of the lease."""
    free = and_(
        or_(gaps.c.lease_until.is_(None), gaps.c.lease_until < now),
        or_(gaps.c.not_before.is_(None), gaps.c.not_before <= now),
    )
    query = select(gaps.c.channel).where(free)
    if channel is not None:
        query = query.where(gaps.c.channel == channel)
    found = (
        await connection.execute(query.order_by(gaps.c.channel).limit(1).with_for_update(skip_locked=True))
    ).first()
    if found is None:
        return None
    statement = (
        update(gaps)
        .where(gaps.c.channel == found.channel)
        .values(lease_until=now + timedelta(seconds=lease_s), owner=owner, attempts=gaps.c.attempts + 1)
        .returning(gaps)
    )
    return _gap((await connection.execute(statement)).one())


def _ours(gap: Gap, owner: str) -> ColumnElement[bool]:
    """Whether this very claim still holds: a process has one owner name, hence the attempts."""
    return and_(gaps.c.channel == gap.channel, gaps.c.owner == owner, gaps.c.attempts == gap.attempts)


async def advance(connection: AsyncConnection, gap: Gap, *, owner: str, lease_until: datetime) -> bool:
    """Remember how far the reading came; False when somebody else took over, or asked for a new beginning."""
    values = {"before": gap.before, "threads": [list(each) for each in gap.threads], "found": gap.found}
    statement = (
        update(gaps)
        .where(_ours(gap, owner))
        .values(**values, lease_until=lease_until)
        .returning(gaps.c.channel)
    )
    return (await connection.execute(statement)).first() is not None


async def finish(connection: AsyncConnection, gap: Gap, *, owner: str) -> bool:
    statement = delete(gaps).where(_ours(gap, owner)).returning(gaps.c.channel)
    return (await connection.execute(statement)).first() is not None


async def delay(connection: AsyncConnection, gap: Gap, *, owner: str, until: datetime) -> None:
    values = {"lease_until": None, "owner": None, "not_before": until}
    await connection.execute(update(gaps).where(_ours(gap, owner)).values(values))


async def release(connection: AsyncConnection) -> None:
    """Free what a process that is surely gone held."""
    await connection.execute(update(gaps).values(lease_until=None, owner=None))


async def standing(connection: AsyncConnection, channel: str) -> Gap | None:
    row = (await connection.execute(select(gaps).where(gaps.c.channel == channel))).first()
    return _gap(row) if row else None


def _gap(row: Row[Any]) -> Gap:
    return Gap(
        channel=row.channel,
        oldest=row.oldest,
        before=row.before,
        threads=tuple((root, after) for root, after in row.threads),
        found=row.found,
        attempts=row.attempts,
    )
