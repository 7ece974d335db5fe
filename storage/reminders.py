"""Reminders as rows: one for each item that still waits for a decision, holding its next rung."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import DueReminder
from bot.domain.incident import Incident
from bot.domain.reminders import Reminder, next_reminder
from storage.projections import changed
from storage.sql import table, upsert
from storage.tables import ReminderRow

reminders = table(ReminderRow)


async def rearm(connection: AsyncConnection, before: Incident | None, after: Incident, at: datetime) -> None:
    """Arm the next rung of every item that changed; an item whose ladder has ended loses its row."""
    for item in changed(before.actions if before else None, after.actions).values():
        following = next_reminder(item, after=at)
        await _arm(connection, after.number, item.id, following)


async def _arm(connection: AsyncConnection, incident: int, action: str, reminder: Reminder | None) -> None:
    if reminder is None:
        where = (reminders.c.incident == incident, reminders.c.action == action)
        await connection.execute(delete(reminders).where(*where))
        return
    row = {
        "incident": incident,
        "action": action,
        "rung": reminder.rung,
        "at": reminder.at,
        "next_at": reminder.at,
        "audience": ",".join(reminder.to),
        "lease_until": None,
        "owner": None,
        "attempts": 0,
    }
    await connection.execute(upsert(connection, ReminderRow, [row]))


async def claim(
    connection: AsyncConnection, now: datetime, *, owner: str, lease_s: float, limit: int
) -> Sequence[DueReminder]:
    due = (
        select(reminders.c.incident, reminders.c.action)
        .where(
            reminders.c.next_at <= now, or_(reminders.c.lease_until.is_(None), reminders.c.lease_until < now)
        )
        .order_by(reminders.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (await connection.execute(due)).all()
    claimed: list[DueReminder] = []
    for key in taken:
        statement = (
            update(reminders)
            .where(reminders.c.incident == key.incident, reminders.c.action == key.action)
            .values(
                lease_until=now + timedelta(seconds=lease_s), owner=owner, attempts=reminders.c.attempts + 1
            )
            .returning(reminders.c.rung, reminders.c.at, reminders.c.attempts, reminders.c.audience)
        )
        row = (await connection.execute(statement)).one()
        claimed.append(
            DueReminder(
                incident=key.incident,
                action=key.action,
                rung=row.rung,
                at=row.at,
                attempts=row.attempts,
                to=tuple(row.audience.split(",")),
            )
        )
    return claimed


async def settle(connection: AsyncConnection, sent: DueReminder, following: Reminder | None) -> None:
    """Only while the row still holds what was claimed: an item changed meanwhile has been armed anew."""
    still = (
        reminders.c.incident == sent.incident,
        reminders.c.action == sent.action,
        reminders.c.rung == sent.rung,
        reminders.c.at == sent.at,
    )
    found = (await connection.execute(select(reminders.c.action).where(*still).with_for_update())).first()
    if found:
        await _arm(connection, sent.incident, sent.action, following)


async def delay(connection: AsyncConnection, due: DueReminder, until: datetime) -> None:
    await connection.execute(
        update(reminders)
        .where(
            reminders.c.incident == due.incident,
            reminders.c.action == due.action,
            reminders.c.rung == due.rung,
            reminders.c.at == due.at,
        )
        .values(lease_until=None, owner=None, next_at=until)
    )
