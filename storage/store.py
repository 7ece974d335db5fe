"""`Store` on SQL: each method opens one door, does one small thing, and closes it. No network inside a transaction."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import ActionRow, DueReminder, Posted, Summary, Work
from bot.domain.events import Event, MessageRef, Recorded
from bot.domain.incident import Incident, fold
from bot.domain.reminders import Reminder
from bot.domain.transcript import Message, Profile, Reaction
from bot.domain.vocabulary import OPEN_STATUSES, ActionState, Kind, Status
from storage import events, posted, projections, reminders, transcript, work
from storage.engine import Db
from storage.sql import table
from storage.tables import ActionItemRow, ActionOwnerRow, Delivery, IncidentRow, ReminderRow, WorkRow

incidents = table(IncidentRow)
deliveries = table(Delivery)


class SqlTransaction:
    """One atomic step; see `bot.app.ports.Transaction`."""

    def __init__(self, connection: AsyncConnection, folded: events.Folded) -> None:
        self._connection = connection
        self._folded = folded
        self.changed: list[Incident] = []

    async def seen(self, delivery: str) -> bool:
        query = select(deliveries.c.key).where(deliveries.c.key == delivery)
        return (await self._connection.execute(query)).first() is not None

    async def remember(self, delivery: str, incident: int | None, at: datetime) -> None:
        await self._connection.execute(deliveries.insert().values(key=delivery, incident=incident, at=at))

    async def next_number(self) -> int:
        return await events.next_number(self._connection)

    async def load(self, number: int) -> Incident | None:
        await events.lock(self._connection, number)
        return await self._folded.load(self._connection, number)

    async def append(
        self, number: int, state: Incident | None, new: Sequence[Event], *, by: str, at: datetime
    ) -> Incident:
        after = await events.append(self._connection, number, state, new, by=by, at=at)
        self.changed.append(after)
        return after

    async def record_message(self, message: Message) -> bool:
        return await transcript.record(self._connection, [message]) > 0

    async def record_reaction(self, reaction: Reaction) -> tuple[Reaction, ...]:
        return await transcript.record_reaction(self._connection, reaction)


class SqlStore:
    """Everything that is true, in SQLite or PostgreSQL; see `bot.app.ports.Store`."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._folded = events.Folded()
        self._group = transcript.GroupWriter(self._db.writer.begin)

    async def close(self) -> None:
        await self._group.stop()
        await self._db.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqlTransaction]:
        async with self._db.writer.begin() as connection:
            transaction = SqlTransaction(connection, self._folded)
            yield transaction
        for state in transaction.changed:
            self._folded.keep(state)

    # incidents

    async def incident(self, number: int) -> Incident | None:
        async with self._db.reader.connect() as connection:
            state = await self._folded.load(connection, number)
        if state:
            self._folded.keep(state)
        return state

    async def record(self, number: int) -> Sequence[Recorded]:
        async with self._db.reader.connect() as connection:
            return await events.read(connection, number)

    async def summaries(self, *, open_only: bool = False) -> Sequence[Summary]:
        query = select(incidents).order_by(incidents.c.number.desc())
        if open_only:
            query = query.where(incidents.c.status.in_([status.value for status in OPEN_STATUSES]))
        async with self._db.reader.connect() as connection:
            return [_summary(row) for row in (await connection.execute(query)).all()]

    async def in_channel(self, channel: str) -> Sequence[Summary]:
        query = select(incidents).where(incidents.c.channel == channel).order_by(incidents.c.number.desc())
        async with self._db.reader.connect() as connection:
            return [_summary(row) for row in (await connection.execute(query)).all()]

    async def actions_of(self, owner: str, *, open_only: bool = True) -> Sequence[ActionRow]:
        items, owners = table(ActionItemRow), table(ActionOwnerRow)
        query = (
            select(items, owners.c.owner)
            .join(owners, (owners.c.incident == items.c.incident) & (owners.c.action == items.c.action))
            .where(owners.c.owner == owner)
            .order_by(items.c.due_at.is_(None), items.c.due_at, items.c.incident, items.c.action)
        )
        if open_only:
            finished = [state.value for state in ActionState if state.is_finished]
            query = query.where(items.c.state.not_in(finished))
        async with self._db.reader.connect() as connection:
            rows = (await connection.execute(query)).all()
        return [
            ActionRow(
                incident=row.incident,
                action=row.action,
                text=row.text,
                state=row.state,
                owner=row.owner,
                due_at=row.due_at,
            )
            for row in rows
        ]

    # transcript

    async def record_message(self, message: Message) -> None:
        await self._group.record(message)

    async def message(self, ref: MessageRef) -> Message | None:
        async with self._db.reader.connect() as connection:
            return await transcript.message(connection, ref)

    async def messages(self, channel: str, *, after: str = "", limit: int = 500) -> Sequence[Message]:
        async with self._db.reader.connect() as connection:
            return await transcript.page(connection, channel, after=after, limit=limit)

    async def reactions(self, ref: MessageRef) -> Sequence[Reaction]:
        async with self._db.reader.connect() as connection:
            return await transcript.present_reactions(connection, ref)

    async def keep_profile(self, profile: Profile, at: datetime) -> None:
        async with self._db.writer.begin() as connection:
            await transcript.keep_profile(connection, profile, at)

    async def profiles(self, ids: Sequence[str]) -> Mapping[str, Profile]:
        async with self._db.reader.connect() as connection:
            return await transcript.known_profiles(connection, ids)

    # what stands in Slack

    async def posted(self, incident: int) -> Mapping[str, Posted]:
        async with self._db.reader.connect() as connection:
            return await posted.of(connection, incident)

    async def keep_posted(self, incident: int, posted: Posted) -> None:
        async with self._db.writer.begin() as connection:
            await _posted_keep(connection, incident, posted)

    async def forget_posted(self, incident: int, key: str) -> None:
        async with self._db.writer.begin() as connection:
            await posted.forget(connection, incident, key)

    # work

    async def mark_dirty(self, incident: int) -> None:
        async with self._db.writer.begin() as connection:
            await work.touch(connection, incident)

    async def waiting_work(self, now: datetime, *, limit: int = 200) -> Sequence[int]:
        async with self._db.reader.connect() as connection:
            return await work.waiting(connection, now, limit)

    async def claim_work(
        self, now: datetime, *, owner: str, lease_s: float, limit: int = 20, incident: int | None = None
    ) -> Sequence[Work]:
        async with self._db.writer.begin() as connection:
            return await work.claim(
                connection, now, owner=owner, lease_s=lease_s, limit=limit, incident=incident
            )

    async def finish_work(self, work: Work, *, owner: str) -> bool:
        async with self._db.writer.begin() as connection:
            return await _work_finish(connection, work, owner)

    async def delay_work(self, work: Work, *, owner: str, until: datetime) -> None:
        async with self._db.writer.begin() as connection:
            await _work_delay(connection, work, owner, until)

    # reminders

    async def claim_reminders(
        self, now: datetime, *, owner: str, lease_s: float, limit: int = 100
    ) -> Sequence[DueReminder]:
        async with self._db.writer.begin() as connection:
            return await reminders.claim(connection, now, owner=owner, lease_s=lease_s, limit=limit)

    async def settle_reminder(self, sent: DueReminder, following: Reminder | None) -> None:
        async with self._db.writer.begin() as connection:
            await reminders.settle(connection, sent, following)

    async def delay_reminder(self, due: DueReminder, until: datetime) -> None:
        async with self._db.writer.begin() as connection:
            await reminders.delay(connection, due, until)

    async def next_wake(self) -> datetime | None:
        rows, works = table(ReminderRow), table(WorkRow)
        async with self._db.reader.connect() as connection:
            first = (await connection.execute(select(func.min(rows.c.next_at)))).scalar()
            delayed = (
                await connection.execute(
                    select(func.min(works.c.not_before)).where(works.c.done < works.c.revision)
                )
            ).scalar()
        return min((moment for moment in (first, delayed) if moment), default=None)

    # upkeep

    async def recover(self) -> None:
        if not self._db.is_sqlite:
            return  # other replicas may be at it; their leases end by themselves
        async with self._db.writer.begin() as connection:
            for model in (WorkRow, ReminderRow):
                await connection.execute(update(table(model)).values(lease_until=None, owner=None))

    async def rebuild(self) -> int:
        """One transaction: readers see the old tables until the new ones are whole."""
        async with self._db.writer.begin() as connection:
            numbers = await events.numbers(connection)
            for model in reversed(projections.PROJECTED):
                if model is not IncidentRow:  # events and work hang on these rows; they are overwritten
                    await connection.execute(delete(table(model)))
            for number in numbers:
                state = fold(await events.read(connection, number))
                assert state is not None, "numbers come from events"
                await projections.write(connection, None, state)
        self._folded.clear()
        return len(numbers)

    async def projections(self) -> Mapping[str, Sequence[tuple[object, ...]]]:
        found: dict[str, Sequence[tuple[object, ...]]] = {}
        async with self._db.reader.connect() as connection:
            for model in projections.PROJECTED:
                rows = table(model)
                query = select(rows).order_by(*rows.primary_key)
                found[rows.name] = [tuple(row) for row in (await connection.execute(query)).all()]
        return found


_posted_keep = posted.keep
_work_finish = work.finish
_work_delay = work.delay


def _summary(row: object) -> Summary:
    found = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name for it
    return Summary(
        number=found["number"],
        title=found["title"],
        status=Status(found["status"]),
        severity=found["severity"],
        kind=Kind(found["kind"]),
        private=found["private"],
        channel=found["channel"],
        channel_name=found["channel_name"],
        declared_at=found["declared_at"],
        declared_by=found["declared_by"],
    )
