"""Ladders as rows: one for each subject that still waits for a decision, holding how far it has been climbed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import Climb, Ladder
from bot.domain.incident import Incident
from bot.domain.reminder_kinds import subjects
from storage import letters
from storage.sql import table, upsert
from storage.tables import ReminderRow

reminders = table(ReminderRow)

# Run for each of thousands that are due at once, so made once; see `storage.sql`.
_STANDS = and_(
    reminders.c.incident == bindparam("number"),
    reminders.c.subject == bindparam("of"),
    reminders.c.said_until == bindparam("stood"),
)
_END = delete(reminders).where(_STANDS)
_MOVE_ON = update(reminders).where(_STANDS).values(said_until=bindparam("until"), next_at=bindparam("next"))


async def rearm(connection: AsyncConnection, before: Incident | None, after: Incident, at: datetime) -> None:
    """Begin the ladder of every subject that is new or changed; one that is gone loses its row.

    Its rungs belong to the rules, which only the tick knows: so the row says "look at once". An edit that leaves the
    ladder alone leaves the row alone: it may hold a rung that is due and not yet said.
    """
    old, new = subjects(before), subjects(after)
    ended = [subject for subject in old if old[subject] != new.get(subject)]
    if ended:
        await letters.withdraw(connection, after.number, ended)
    gone = [subject for subject in ended if subject not in new]
    if gone:
        where = (reminders.c.incident == after.number, reminders.c.subject.in_(gone))
        await connection.execute(delete(reminders).where(*where))
    begun = [subject for subject in new if subject not in old or old[subject] != new[subject]]
    rows = [{"incident": after.number, "subject": each, "said_until": at, "next_at": at} for each in begun]
    await upsert(connection, ReminderRow, rows)


async def due(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[Ladder]:
    query = select(reminders).where(reminders.c.next_at <= now).order_by(reminders.c.next_at).limit(limit)
    return [
        Ladder(incident=row.incident, subject=row.subject, said_until=row.said_until)
        for row in (await connection.execute(query)).all()
    ]


async def move_on(connection: AsyncConnection, step: Climb) -> bool:
    """False when the ladder was climbed by somebody else, or begun anew, meanwhile."""
    ladder = step.ladder
    stood = {"number": ladder.incident, "of": ladder.subject, "stood": ladder.said_until}
    if step.next_at is None:
        gone = await connection.execute(_END, stood)
        return gone.rowcount > 0
    moved = await connection.execute(_MOVE_ON, {**stood, "until": step.until, "next": step.next_at})
    return moved.rowcount > 0


async def next_wake(connection: AsyncConnection) -> datetime | None:
    found: datetime | None = (await connection.execute(select(func.min(reminders.c.next_at)))).scalar()
    return found
