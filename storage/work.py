"""Which incidents differ from Slack, and who is at it: revisions, leases, delays."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import Work
from storage.sql import insert, table
from storage.tables import WorkRow

work = table(WorkRow)


async def touch(connection: AsyncConnection, incident: int) -> None:
    """The facts moved on; whatever delay there was is over."""
    statement = insert(connection, WorkRow).values(incident=incident, revision=1, done=0, attempts=0)
    statement = statement.on_conflict_do_update(
        index_elements=["incident"], set_={"revision": work.c.revision + 1, "not_before": None}
    )
    await connection.execute(statement)


def _free(now: datetime) -> ColumnElement[bool]:
    return and_(
        work.c.done < work.c.revision,
        or_(work.c.lease_until.is_(None), work.c.lease_until < now),
        or_(work.c.not_before.is_(None), work.c.not_before <= now),
    )


async def waiting(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[int]:
    query = select(work.c.incident).where(_free(now)).order_by(work.c.incident).limit(limit)
    return [int(n) for n in (await connection.execute(query)).scalars()]


async def claim(
    connection: AsyncConnection,
    now: datetime,
    *,
    owner: str,
    lease_s: float,
    limit: int,
    incident: int | None,
) -> Sequence[Work]:
    """A conditional update: rows that somebody else is taking are passed over."""
    query = select(work.c.incident).where(_free(now))
    if incident is not None:
        query = query.where(work.c.incident == incident)
    due = query.order_by(work.c.incident).limit(limit).with_for_update(skip_locked=True).cte("due")
    # Without MATERIALIZED the planner may run a LIMIT inside IN() again for each row.
    due = due.prefix_with("MATERIALIZED", dialect="postgresql")
    statement = (
        update(work)
        .where(work.c.incident.in_(select(due.c.incident)))
        .values(lease_until=now + timedelta(seconds=lease_s), owner=owner, attempts=work.c.attempts + 1)
        .returning(work.c.incident, work.c.revision, work.c.attempts)
    )
    rows = (await connection.execute(statement)).all()
    taken = [Work(incident=row.incident, revision=row.revision, attempts=row.attempts) for row in rows]
    return sorted(taken, key=lambda each: each.incident)


def _ours(taken: Work, owner: str) -> ColumnElement[bool]:
    """Whether this very claim still holds.

    A process has one owner name for all its claims, hence the attempts; finishing sets these back, hence ``done``.
    """
    return and_(
        work.c.incident == taken.incident,
        work.c.owner == owner,
        work.c.attempts == taken.attempts,
        work.c.done < taken.revision,
    )


async def finish(connection: AsyncConnection, taken: Work, owner: str) -> bool:
    statement = (
        update(work)
        .where(_ours(taken, owner))
        .values(done=taken.revision, lease_until=None, owner=None, not_before=None, attempts=0)
        .returning(work.c.revision)
    )
    newest: int | None = (await connection.execute(statement)).scalar()
    return newest == taken.revision


async def delay(connection: AsyncConnection, taken: Work, owner: str, until: datetime) -> None:
    statement = update(work).where(_ours(taken, owner)).values(lease_until=None, owner=None, not_before=until)
    await connection.execute(statement)


async def next_wake(connection: AsyncConnection) -> datetime | None:
    """When the first delay or lease of a dirty incident ends. A lease always ends after the delay it was taken behind."""
    query = select(func.min(func.coalesce(work.c.lease_until, work.c.not_before)))
    found: datetime | None = (await connection.execute(query.where(work.c.done < work.c.revision))).scalar()
    return found
