"""`Store` on SQL: each method opens one door, does one small thing, and closes it. No network inside a transaction."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, select, update

from bot.app.ports import ActionRow, Climb, Ladder, Letter, Line, Posted, Summary, Unfinished, Work
from bot.domain.details import MessageRef
from bot.domain.events import Recorded
from bot.domain.evolve import fold
from bot.domain.incident import Incident
from bot.domain.times import aware
from bot.domain.vocabulary import OPEN_STATUSES, ActionState, Kind, Status
from storage import events as journal
from storage import gaps, letters, migrate, positions, projections, reminders
from storage import posted as standing
from storage import unfinished as typed
from storage import work as queue
from storage.engine import Db
from storage.outward import SqlOutward
from storage.record import SqlRecord
from storage.sql import table
from storage.tables import ActionItemRow, ActionOwnerRow, Delivery, IncidentRow
from storage.transaction import SqlTransaction

incidents = table(IncidentRow)
deliveries = table(Delivery)

# Statements of every command are made once; see `storage.sql`.
_IN_CHANNEL = (
    select(incidents).where(incidents.c.channel == bindparam("channel")).order_by(incidents.c.number.desc())
)

_OPEN = [status.value for status in OPEN_STATUSES]
_FINISHED = [state.value for state in ActionState if state.is_finished]


class SqlStore(SqlRecord, SqlOutward):
    """Everything that is true, in SQLite or PostgreSQL; see `bot.app.ports.Store`."""

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self._folded = journal.Folded()

    async def start(self) -> None:
        """Take the database and bring its tables to the newest shape (or, as a guest, check that they have it)."""
        self._db.open()
        prepare = migrate.require_newest if self._db.is_guest else migrate.upgrade
        try:
            await asyncio.to_thread(prepare, self._db.url)
        except BaseException:
            await self._db.close()
            raise

    async def stop(self) -> None:
        """Returns when everything that waited is on disk."""
        await self._messages.stop()
        await self._db.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqlTransaction]:
        async with self._db.writer.begin() as connection:
            transaction = SqlTransaction(connection, self._folded)
            yield transaction
            await transaction.write()
        transaction.committed()

    async def _rows(
        self, query: Select[Any], parameters: Mapping[str, object] | None = None
    ) -> list[Row[Any]]:
        async with self._db.single.connect() as connection:
            return list((await connection.execute(query, parameters)).all())

    # incidents

    async def incident(self, number: int, *, version: int | None = None) -> Incident | None:
        if known := self._folded.at(number, version):
            return known
        async with self._db.single.connect() as connection:
            state = await self._folded.load(connection, number)
        if state:
            self._folded.keep(state)
        return state

    async def record(self, number: int) -> Sequence[Recorded]:
        async with self._db.single.connect() as connection:
            return await journal.read(connection, number)

    async def summaries(self, *, open_only: bool = False) -> Sequence[Summary]:
        query = select(incidents).order_by(incidents.c.number.desc())
        if open_only:
            query = query.where(incidents.c.status.in_(_OPEN))
        return [_summary(row) for row in await self._rows(query)]

    async def in_channel(self, channel: str) -> Sequence[Summary]:
        return [_summary(row) for row in await self._rows(_IN_CHANNEL, {"channel": channel})]

    async def actions_of(self, owner: str, *, open_only: bool = True) -> Sequence[ActionRow]:
        items, owners = table(ActionItemRow), table(ActionOwnerRow)
        query = (
            select(items)
            .join(owners, (owners.c.incident == items.c.incident) & (owners.c.action == items.c.action))
            .where(owners.c.owner == projections.in_key(owner))
            .order_by(items.c.due_at.is_(None), items.c.due_at, items.c.incident, items.c.action)
        )
        if open_only:
            query = query.where(items.c.state.not_in(_FINISHED))
        return [
            ActionRow(
                incident=row.incident,
                action=row.action,
                text=row.text,
                state=row.state,
                owner=owner,
                due_at=row.due_at,
            )
            for row in await self._rows(query)
        ]

    async def with_open_actions(self) -> Sequence[int]:
        items, ended = table(ActionItemRow), (Status.DECLINED.value, Status.MERGED.value)
        query = (
            select(items.c.incident)
            .join(incidents, incidents.c.number == items.c.incident)
            .where(items.c.state.not_in(_FINISHED), incidents.c.status.not_in(ended))
            .distinct()
            .order_by(items.c.incident)
        )
        return [row.incident for row in await self._rows(query)]

    # what stands in Slack

    async def posted(self, incident: int) -> Mapping[str, Posted]:
        async with self._db.single.connect() as connection:
            return await standing.of(connection, incident)

    async def keep_posted(self, incident: int, posted: Posted) -> None:
        async with self._db.writer.begin() as connection:
            await standing.keep(connection, incident, posted)

    async def posted_as(self, message: MessageRef) -> tuple[int, str] | None:
        async with self._db.single.connect() as connection:
            return await standing.under(connection, message)

    async def forget_posted(self, incident: int, key: str) -> None:
        async with self._db.writer.begin() as connection:
            await standing.forget(connection, incident, key)

    # what waits for its typist

    async def keep_unfinished(self, unfinished: Unfinished) -> None:
        async with self._db.writer.begin() as connection:
            await typed.keep(connection, unfinished)

    async def unfinished(self, key: str) -> Unfinished | None:
        async with self._db.single.connect() as connection:
            return await typed.find(connection, key)

    # work

    async def mark_dirty(self, incident: int) -> None:
        async with self._db.writer.begin() as connection:
            await queue.touch(connection, incident)

    async def waiting_work(self, now: datetime, *, limit: int = 200) -> Sequence[int]:
        async with self._db.single.connect() as connection:
            return await queue.waiting(connection, now, limit)

    async def claim_work(
        self, now: datetime, *, owner: str, lease_s: float, limit: int = 20, incident: int | None = None
    ) -> Sequence[Work]:
        async with self._db.writer.begin() as connection:
            return await queue.claim(
                connection, now, owner=owner, lease_s=lease_s, limit=limit, incident=incident
            )

    async def finish_work(self, work: Work, *, owner: str) -> bool:
        async with self._db.writer.begin() as connection:
            return await queue.finish(connection, work, owner)

    async def delay_work(self, work: Work, *, owner: str, until: datetime) -> None:
        async with self._db.writer.begin() as connection:
            await queue.delay(connection, work, owner, until)

    # reminders

    async def due_ladders(self, now: datetime, *, limit: int) -> Sequence[Ladder]:
        async with self._db.single.connect() as connection:
            return await reminders.due(connection, now, limit)

    async def climb(self, steps: Sequence[Climb]) -> None:
        async with self._db.writer.begin() as connection:
            moved = [step for step in steps if await reminders.move_on(connection, step)]
            await letters.queue(connection, [line for step in moved for line in step.lines])

    async def claim_letters(
        self, now: datetime, *, owner: str, lease_s: float, limit: int
    ) -> Sequence[Letter]:
        async with self._db.writer.begin() as connection:
            return await letters.claim(connection, now, owner=owner, lease_s=lease_s, limit=limit)

    async def settle_letter(self, letter: Letter, passed_on: Sequence[Line] = ()) -> None:
        async with self._db.writer.begin() as connection:
            await letters.settle(connection, letter, passed_on)

    async def delay_letter(self, letter: Letter, until: datetime) -> None:
        async with self._db.writer.begin() as connection:
            await letters.delay(connection, letter, until)

    async def reopen_letter(self, letter: Letter, until: datetime) -> None:
        async with self._db.writer.begin() as connection:
            await letters.reopen(connection, letter, until)

    async def postpone_lines(self, letter: Letter, lines: Sequence[Line], until: datetime) -> Letter | None:
        async with self._db.writer.begin() as connection:
            return await letters.postpone(connection, letter, lines, until)

    async def next_wake(self) -> datetime | None:
        async with self._db.reader.connect() as connection:
            moments = [
                await reminders.next_wake(connection),
                await letters.next_wake(connection),
                await queue.next_wake(connection),
            ]
        return min((moment for moment in moments if moment), default=None)

    # upkeep

    async def recover(self) -> None:
        if self._db.path is None:
            return  # other replicas may be at it; their leases end by themselves
        async with self._db.writer.begin() as connection:
            for rows in (queue.work, letters.letters, positions.positions):
                await connection.execute(update(rows).values(lease_until=None, owner=None))
            await gaps.release(connection)

    async def prune_deliveries(self, before: datetime) -> int:
        async with self._db.writer.begin() as connection:
            gone = await connection.execute(delete(deliveries).where(deliveries.c.at < aware(before)))
        return gone.rowcount

    async def rebuild(self) -> int:
        """One transaction: readers see the old tables until the new ones are whole."""
        self._folded.clear()
        async with self._db.writer.begin() as connection:
            numbers = await journal.numbers(connection)
            for number in numbers:
                await journal.lock(connection, number)
                state = fold(await journal.read(connection, number))
                assert state is not None, "numbers come from events"
                await projections.remake(connection, state)
        return len(numbers)

    async def projections(self) -> Mapping[str, Sequence[tuple[object, ...]]]:
        async with self._db.reader.connect() as connection:
            return await projections.read_all(connection)


@asynccontextmanager
async def open_store(url: str, *, read_only: bool = False, beside: bool = False) -> AsyncIterator[SqlStore]:
    """A started store, stopped at the end. ``url`` is sqlite:///path, a bare path or postgresql://….

    ``read_only`` and ``beside`` are for commands beside a running bot: no lock is taken, no migration is run; with
    ``read_only`` every write fails.
    """
    store = SqlStore(Db(url, read_only=read_only, beside=beside))
    await store.start()
    try:
        yield store
    finally:
        await store.stop()


def _summary(row: Row[Any]) -> Summary:
    return Summary(
        number=row.number,
        version=row.version,
        title=row.title,
        status=Status(row.status),
        severity=row.severity,
        kind=Kind(row.kind),
        private=row.private,
        channel=row.channel,
        channel_name=row.channel_name,
        declared_at=row.declared_at,
        declared_by=row.declared_by,
    )
