"""Which incidents differ from Slack, and who is at it: revisions, leases, delays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import Work
from storage.sql import insert_into, is_postgres, table
from storage.tables import WorkRow

work = table(WorkRow)

# Statements of every command are made once; see `storage.sql`.


@cache
def _touching(*, postgres: bool) -> Any:
    return insert_into(work, postgres=postgres).on_conflict_do_update(
        index_elements=["incident"], set_={"revision": work.c.revision + 1, "not_before": None}
    )


async def touch(connection: AsyncConnection, incident: int) -> None:
    """The facts moved on; whatever delay there was is over."""
    row = {"incident": incident, "revision": 1, "done": 0, "attempts": 0}
    await connection.execute(_touching(postgres=is_postgres(connection)), row)


_NOW = bindparam("now", type_=work.c.not_before.type)
_FREE = and_(
    work.c.done < work.c.revision,
    or_(work.c.lease_until.is_(None), work.c.lease_until < _NOW),
    or_(work.c.not_before.is_(None), work.c.not_before <= _NOW),
)
WAITING = select(work.c.incident).where(_FREE).order_by(work.c.incident).limit(bindparam("most"))


async def waiting(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[int]:
    found = await connection.execute(WAITING, {"now": now, "most": limit})
    return [int(n) for n in found.scalars()]


def _claiming(*which: ColumnElement[bool]) -> Any:
    """A conditional update: rows that somebody else is taking are passed over."""
    query = select(work.c.incident).where(_FREE, *which).order_by(work.c.incident).limit(bindparam("most"))
    # Without MATERIALIZED the planner may run a LIMIT inside IN() again for each row.
    due = query.with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED", dialect="postgresql")
    return (
        update(work)
        .where(work.c.incident.in_(select(due.c.incident)))
        .values(lease_until=bindparam("until"), owner=bindparam("by"), attempts=work.c.attempts + 1)
        .returning(work.c.incident, work.c.revision, work.c.attempts)
    )


_CLAIM, _CLAIM_ONE = _claiming(), _claiming(work.c.incident == bindparam("number"))


async def claim(
    connection: AsyncConnection,
    now: datetime,
    *,
    owner: str,
    lease_s: float,
    limit: int,
    incident: int | None,
) -> Sequence[Work]:
    """What nobody is at; one incident only, if it is named."""
    until = now + timedelta(seconds=lease_s)
    named = {"now": now, "most": limit, "until": until, "by": owner, "number": incident}
    rows = (await connection.execute(_CLAIM if incident is None else _CLAIM_ONE, named)).all()
    taken = [Work(incident=row.incident, revision=row.revision, attempts=row.attempts) for row in rows]
    return sorted(taken, key=lambda each: each.incident)


# Whether a very claim still holds. A process has one owner name for all its claims, hence the attempts; finishing sets
# these back, hence `done`.
_OURS = and_(
    work.c.incident == bindparam("number"),
    work.c.owner == bindparam("by"),
    work.c.attempts == bindparam("tries"),
    work.c.done < bindparam("upto", type_=work.c.done.type),
)
_FINISH = (
    update(work)
    .where(_OURS)
    .values(done=bindparam("upto"), lease_until=None, owner=None, not_before=None, attempts=0)
    .returning(work.c.revision)
)
_DELAY = update(work).where(_OURS).values(lease_until=None, owner=None, not_before=bindparam("until"))


def _claim_of(taken: Work, owner: str) -> dict[str, object]:
    return {"number": taken.incident, "by": owner, "tries": taken.attempts, "upto": taken.revision}


async def finish(connection: AsyncConnection, taken: Work, owner: str) -> bool:
    newest: int | None = (await connection.execute(_FINISH, _claim_of(taken, owner))).scalar()
    return newest == taken.revision


async def delay(connection: AsyncConnection, taken: Work, owner: str, until: datetime) -> None:
    await connection.execute(_DELAY, {**_claim_of(taken, owner), "until": until})


async def next_wake(connection: AsyncConnection) -> datetime | None:
    """When the first delay or lease of a dirty incident ends. A lease always ends after the delay it was taken behind."""
    query = select(func.min(func.coalesce(work.c.lease_until, work.c.not_before)))
    found: datetime | None = (await connection.execute(query.where(work.c.done < work.c.revision))).scalar()
    return found
