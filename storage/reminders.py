"""Reminders as rows: one for each item that still waits for a decision, holding its next rung."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import DueReminder
from bot.domain.incident import ActionItem, Incident
from bot.domain.reminders import Reminder, next_reminder
from storage.projections import changed
from storage.sql import table, upsert
from storage.tables import ReminderRow

reminders = table(ReminderRow)


async def rearm(connection: AsyncConnection, before: Incident | None, after: Incident, at: datetime) -> None:
    """Arm the next rung of every item whose ladder changed; one whose ladder has ended loses its row.

    An edit that leaves the ladder alone leaves the row alone: it may hold a rung that is due and not yet sent.
    """
    old = before.actions if before else {}
    for item in changed(old, after.actions).values():
        if item.id not in old or _ladder(old[item.id]) != _ladder(item):
            await _arm(connection, after.number, item.id, next_reminder(item, after=at))


def _ladder(item: ActionItem) -> tuple[object, ...]:
    """All that `next_reminder` looks at."""
    due = item.details.due.at if item.details.due else None
    return (item.state.is_finished, due, item.details.kind, item.snoozed_until)


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
    await upsert(connection, ReminderRow, [row])


async def claim(
    connection: AsyncConnection, now: datetime, *, owner: str, lease_s: float, limit: int
) -> Sequence[DueReminder]:
    """A conditional update: rows that somebody else is taking are passed over. Oldest first."""
    due = (
        select(reminders.c.incident, reminders.c.action)
        .where(
            reminders.c.next_at <= now, or_(reminders.c.lease_until.is_(None), reminders.c.lease_until < now)
        )
        .order_by(reminders.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED", dialect="postgresql")  # see storage.work
    )
    statement = (
        update(reminders)
        .where(tuple_(reminders.c.incident, reminders.c.action).in_(select(due.c.incident, due.c.action)))
        .values(lease_until=now + timedelta(seconds=lease_s), owner=owner, attempts=reminders.c.attempts + 1)
        .returning(*reminders.c)
    )
    taken = [_due(row) for row in (await connection.execute(statement)).all()]
    return sorted(taken, key=lambda each: (each.at, each.incident, each.action))


def _due(row: Row[Any]) -> DueReminder:
    return DueReminder(
        incident=row.incident,
        action=row.action,
        rung=row.rung,
        at=row.at,
        attempts=row.attempts,
        to=tuple(row.audience.split(",")),
    )


def _still(due: DueReminder) -> ColumnElement[bool]:
    """Whether the row holds what was claimed: an item changed meanwhile has been armed anew."""
    return and_(
        reminders.c.incident == due.incident,
        reminders.c.action == due.action,
        reminders.c.rung == due.rung,
        reminders.c.at == due.at,
    )


async def settle(connection: AsyncConnection, sent: DueReminder, following: Reminder | None) -> None:
    """Also when the lease was lost meanwhile: it was sent, and nobody should send it again."""
    query = select(reminders.c.action).where(_still(sent)).with_for_update()
    if (await connection.execute(query)).first():
        await _arm(connection, sent.incident, sent.action, following)


async def delay(connection: AsyncConnection, due: DueReminder, until: datetime) -> None:
    """Only by the claim that is still the last one: another's lease is not ours to end."""
    statement = (
        update(reminders)
        .where(_still(due), reminders.c.attempts == due.attempts)
        .values(lease_until=None, owner=None, next_at=until)
    )
    await connection.execute(statement)


async def next_wake(connection: AsyncConnection) -> datetime | None:
    """The first rung, or the end of the lease it is under."""
    query = select(func.min(func.coalesce(reminders.c.lease_until, reminders.c.next_at)))
    found: datetime | None = (await connection.execute(query)).scalar()
    return found
