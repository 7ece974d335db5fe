"""The record: events appended under an expected number, and incidents folded from them."""

from collections import OrderedDict
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.record_ports import Gap
from bot.domain import events as e
from bot.domain.events import Recorded
from bot.domain.evolve import fold
from bot.domain.incident import Incident
from bot.domain.times import as_slack_ts
from bot.domain.transcript import TAKEN_IN
from storage import files, gaps, projections, redaction, reminders, work
from storage.codec import decode, encode
from storage.sql import Row, insert, is_postgres, table
from storage.tables import Counter, EventRow, IncidentRow

CACHED = 1000  # incidents kept folded; most cost a few kB

events = table(EventRow)
incidents = table(IncidentRow)

# Statements of every command are made once; see `storage.sql`.
_READ = (
    select(events)
    .where(events.c.incident == bindparam("incident"), events.c.number > bindparam("after"))
    .order_by(events.c.number)
)
_LOCK = (
    select(incidents.c.number)
    .where(incidents.c.number == bindparam("incident"))
    .with_for_update(key_share=True)
)


class Folded:
    """Incidents as they were last folded here. Others may have appended since: only newer events are read.

    Only committed states are kept, and of an event only words ever change, which redaction takes from the state too:
    a known state is always a true beginning.
    """

    def __init__(self, size: int = CACHED) -> None:
        self._size = size
        self._states: OrderedDict[int, Incident] = OrderedDict()

    async def load(self, connection: AsyncConnection, number: int) -> Incident | None:
        """The present state. The caller says `keep` when what it read is known to be committed."""
        known = self._states.get(number)
        return fold(await read(connection, number, after=known.version if known else 0), known)

    def at(self, number: int, version: int | None) -> Incident | None:
        """The state after just so many events, when it is known."""
        known = self._states.get(number)
        return known if known and known.version == version else None

    def keep(self, state: Incident) -> None:
        """Remember a committed state; an older one never overwrites a newer."""
        known = self._states.get(state.number)
        if known is None or known.version < state.version:
            self._states[state.number] = state
        self._states.move_to_end(state.number)
        if len(self._states) > self._size:
            self._states.popitem(last=False)

    def clear(self) -> None:
        self._states.clear()


async def read(connection: AsyncConnection, number: int, *, after: int = 0) -> list[Recorded]:
    """Events of an incident in order, behind ``after``."""
    found = await connection.execute(_READ, {"incident": number, "after": after})
    return [
        Recorded(
            incident=row.incident,
            number=row.number,
            at=row.at,
            by=row.by,
            event=decode(row.kind, row.version, row.body),
        )
        for row in found.all()
    ]


async def lock(connection: AsyncConnection, number: int) -> None:
    """On PostgreSQL the incident's row, until the transaction ends; SQLite has one writer anyway.

    FOR NO KEY UPDATE, so that rows pointing at the incident (posted, work) may be written meanwhile.
    """
    if is_postgres(connection):
        await connection.execute(_LOCK, {"incident": number})


async def next_number(connection: AsyncConnection) -> int:
    """Unique and increasing, and not used when the transaction is rolled back."""
    last = table(Counter).c.last
    statement = insert(connection, Counter).values(name="incident", last=1)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_={"last": last + 1})
    return int((await connection.execute(statement.returning(last))).scalar_one())


async def write(
    connection: AsyncConnection, before: Incident | None, after: Incident, new: Sequence[Recorded]
) -> None:
    """Write the events between two states with the query tables, the reminders and the mark that Slack differs.

    Raises `Conflict`, having written nothing, when the record has moved on from ``before``.
    """
    await projections.advance(connection, before, after)
    await connection.execute(events.insert(), [_row(each) for each in new])
    # Of several moments the first: a ladder that begins too early skips no rung.
    await reminders.rearm(connection, before, after, min(each.at for each in new))
    await work.touch(connection, after.number)
    for each in new:
        await _follow(connection, each)


async def _follow(connection: AsyncConnection, recorded: Recorded) -> None:
    """What of Slack's must be fetched, and what removed, because of an event."""
    match event := recorded.event:
        case e.MessageTagged():
            await files.want(connection, event.message)
        case e.ChannelOpened(adopted=True):
            await gaps.open_gaps(
                connection, [Gap(channel=event.channel, oldest=as_slack_ts(recorded.at - TAKEN_IN))]
            )
        case e.Redacted():
            await redaction.remove_words(connection, await read(connection, recorded.incident), event)
        case _:
            pass


def _row(recorded: Recorded) -> Row:
    kind, version, body = encode(recorded.event)
    return {
        "incident": recorded.incident,
        "number": recorded.number,
        "kind": kind,
        "version": version,
        "at": recorded.at,
        "by": recorded.by,
        "body": body,
    }


async def numbers(connection: AsyncConnection) -> list[int]:
    """All incidents that have events."""
    query = select(events.c.incident).distinct().order_by(events.c.incident)
    return [int(n) for n in (await connection.execute(query)).scalars()]
