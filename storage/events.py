"""The record: events appended under an expected number, and incidents folded from them."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import Conflict
from bot.domain.events import Event, Recorded
from bot.domain.incident import Incident, evolve, fold
from storage import projections, reminders, work
from storage.codec import decode, encode
from storage.sql import insert, table
from storage.tables import Counter, EventRow, IncidentRow

CACHED = 2000  # incidents kept folded; each costs a few kB

events = table(EventRow)


class Folded:
    """Incidents as they were last folded here. Others may have appended since: only newer events are read."""

    def __init__(self) -> None:
        self._states: OrderedDict[int, Incident] = OrderedDict()

    async def load(self, connection: AsyncConnection, number: int) -> Incident | None:
        known = self._states.get(number)
        newer = await read(connection, number, after=known.version if known else 0)
        state = fold(newer, known)
        # A state read inside a transaction may be rolled back, so only what `keep` is told stays.
        return state

    def keep(self, state: Incident) -> None:
        """Remember a state that is committed; an older one never overwrites a newer."""
        known = self._states.get(state.number)
        if known is None or known.version <= state.version:
            self._states[state.number] = state
            self._states.move_to_end(state.number)
        while len(self._states) > CACHED:
            self._states.popitem(last=False)

    def clear(self) -> None:
        self._states.clear()


async def read(connection: AsyncConnection, number: int, *, after: int = 0) -> list[Recorded]:
    """Events of an incident in order, behind ``after``."""
    query = (
        select(events).where(events.c.incident == number, events.c.number > after).order_by(events.c.number)
    )
    rows = (await connection.execute(query)).all()
    return [
        Recorded(
            incident=row.incident,
            number=row.number,
            at=row.at,
            by=row.by,
            event=decode(row.kind, row.version, row.body),
        )
        for row in rows
    ]


async def lock(connection: AsyncConnection, number: int) -> None:
    """On PostgreSQL the incident's row, until the transaction ends; SQLite has one writer anyway."""
    incidents = table(IncidentRow)
    await connection.execute(select(incidents.c.number).where(incidents.c.number == number).with_for_update())


async def next_number(connection: AsyncConnection) -> int:
    """Unique and increasing, and not used when the transaction is rolled back."""
    counters = table(Counter)
    statement = insert(connection, Counter).values(name="incident", last=1)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_={"last": counters.c.last + 1})
    return int((await connection.execute(statement.returning(counters.c.last))).scalar_one())


async def append(
    connection: AsyncConnection,
    number: int,
    state: Incident | None,
    new: Sequence[Event],
    *,
    by: str,
    at: datetime,
) -> Incident:
    """Write events behind ``state`` with the query tables, the reminders and the mark that Slack differs."""
    first = (state.version if state else 0) + 1
    recorded = [
        Recorded(incident=number, number=first + index, at=at, by=by, event=event)
        for index, event in enumerate(new)
    ]
    after = state
    for each in recorded:
        after = evolve(after, each)
    assert after is not None, "there is at least one event"
    await projections.write(connection, state, after)
    await _insert(connection, recorded)
    await reminders.rearm(connection, state, after, at)
    await work.touch(connection, number)
    return after


async def _insert(connection: AsyncConnection, recorded: Sequence[Recorded]) -> None:
    rows = []
    for each in recorded:
        kind, version, body = encode(each.event)
        rows.append(
            {
                "incident": each.incident,
                "number": each.number,
                "kind": kind,
                "version": version,
                "at": each.at,
                "by": each.by,
                "body": body,
            }
        )
    try:
        await connection.execute(events.insert(), rows)
    except IntegrityError as error:
        raise Conflict(f"INC-{recorded[0].incident}: event {recorded[0].number} exists already") from error


async def numbers(connection: AsyncConnection) -> list[int]:
    query = select(events.c.incident).distinct().order_by(events.c.incident)
    return [int(n) for n in (await connection.execute(query)).scalars()]


async def count(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).select_from(events))).scalar_one())
