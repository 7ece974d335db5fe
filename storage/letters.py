"""What is to be said to whom: lines that wait for their moment, and one letter at a time for each recipient.

A letter is sealed when it is claimed: its lines stay its own until it is settled, so that a second try says the same
under the same mark. Lines that come meanwhile wait for the next letter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import Letter, Line
from bot.domain.reminders import Manner
from storage.sql import insert, table, upsert
from storage.tables import LetterLineRow, LetterRow

letters = table(LetterRow)
lines = table(LetterLineRow)

WAITING = 0
#: Lines that are looked at to find whom to write to.
LOOKED_AT = 200
#: No lease or delay is longer: one that seems to be was set by a clock that was ahead and has been put right.
LONGEST = timedelta(hours=1)


async def queue(connection: AsyncConnection, new: Iterable[Line]) -> None:
    """A later rung of the same subject takes the place of one that still waits."""
    rows = [_row(line) for line in new]
    if not rows:
        return
    fresh = [{"recipient": name, "number": 0, "attempts": 0} for name in {row["recipient"] for row in rows}]
    await connection.execute(insert(connection, LetterRow).on_conflict_do_nothing(), fresh)
    await upsert(connection, LetterLineRow, rows)


def _row(line: Line) -> dict[str, Any]:
    return {
        "recipient": line.recipient,
        "letter": WAITING,
        "incident": line.incident,
        "subject": line.subject,
        "rung": line.rung,
        "at": line.at,
        "manner": line.manner.value,
        "next_at": line.next_at,
        "tried": ",".join(line.tried),
    }


async def withdraw(connection: AsyncConnection, incident: int, subjects: Sequence[str]) -> None:
    """What waits to be said of these is not true any more. A sealed letter drops it when it is written."""
    where = (lines.c.incident == incident, lines.c.subject.in_(subjects), lines.c.letter == WAITING)
    await connection.execute(delete(lines).where(*where))


def _over(column: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    return or_(column.is_(None), column <= now, column > now + LONGEST)


def writable(now: datetime) -> Select[tuple[str]]:
    """Recipients to whom something is to be said now, and to whom nobody is writing: those who have waited longest.

    From the lines that have waited longest, a few at a time: a look at all of them would cost the more, the more wait.
    """
    free = and_(_over(letters.c.lease_until, now), _over(letters.c.not_before, now))
    begun = select(letters.c.recipient).where(letters.c.attempts > 0, free)
    oldest = (
        select(lines.c.recipient)
        .join(letters, letters.c.recipient == lines.c.recipient)
        .where(lines.c.letter == WAITING, lines.c.next_at <= now, letters.c.attempts == 0, free)
        .order_by(lines.c.next_at)
        .limit(LOOKED_AT)
    )
    found = begun.union_all(select(oldest.subquery().c.recipient)).cte("found")
    found = found.prefix_with("MATERIALIZED", dialect="postgresql")  # see storage.work
    return select(letters.c.recipient).where(free, letters.c.recipient.in_(select(found.c.recipient)))


async def claim(
    connection: AsyncConnection, now: datetime, *, owner: str, lease_s: float, limit: int
) -> Sequence[Letter]:
    """A conditional update: recipients whom somebody else is writing to are passed over.

    Fewer than ``limit`` does not mean that nobody else waits; none does.
    """
    due = writable(now).limit(limit).with_for_update(skip_locked=True).cte("due")
    due = due.prefix_with("MATERIALIZED", dialect="postgresql")
    begins = letters.c.attempts == 0
    statement = (
        update(letters)
        .where(letters.c.recipient.in_(select(due.c.recipient)))
        .values(
            number=letters.c.number + case((begins, 1), else_=0),
            begun_at=case((begins, now), else_=letters.c.begun_at),
            attempts=letters.c.attempts + 1,
            lease_until=now + timedelta(seconds=lease_s),
            not_before=None,
            owner=owner,
        )
        .returning(*letters.c)
    )
    taken = (await connection.execute(statement)).all()
    fresh = {row.recipient: row.number for row in taken if row.attempts == 1}
    await _seal(connection, fresh, now)
    return await _letters(connection, taken)


async def _seal(connection: AsyncConnection, fresh: dict[str, int], now: datetime) -> None:
    if not fresh:
        return
    number = select(letters.c.number).where(letters.c.recipient == lines.c.recipient).scalar_subquery()
    statement = (
        update(lines)
        .where(lines.c.recipient.in_(fresh), lines.c.letter == WAITING, lines.c.next_at <= now)
        .values(letter=number)
    )
    await connection.execute(statement)


async def _letters(connection: AsyncConnection, taken: Sequence[Row[Any]]) -> list[Letter]:
    found: dict[str, list[Line]] = {row.recipient: [] for row in taken}
    query = (
        select(lines)
        .where(lines.c.recipient.in_(found), lines.c.letter != WAITING)
        .order_by(lines.c.at, lines.c.incident, lines.c.subject)
    )
    for row in (await connection.execute(query)).all():
        found[row.recipient].append(_line(row))
    return [
        Letter(
            recipient=row.recipient,
            number=row.number,
            attempts=row.attempts,
            begun_at=row.begun_at,
            lines=tuple(found[row.recipient]),
        )
        for row in taken
    ]


def _line(row: Row[Any]) -> Line:
    return Line(
        recipient=row.recipient,
        incident=row.incident,
        subject=row.subject,
        rung=row.rung,
        at=row.at,
        manner=Manner(row.manner),
        next_at=row.next_at,
        tried=tuple(row.tried.split(",")) if row.tried else (),
    )


def _of(letter: Letter) -> ColumnElement[bool]:
    return and_(letters.c.recipient == letter.recipient, letters.c.number == letter.number)


def _still(letter: Letter) -> ColumnElement[bool]:
    """Whether this claim is the last one: another's lease is not ours to end."""
    return and_(_of(letter), letters.c.attempts == letter.attempts)


def _in(letter: Letter) -> ColumnElement[bool]:
    return and_(lines.c.recipient == letter.recipient, lines.c.letter == letter.number)


_FREE = {"attempts": 0, "begun_at": None, "lease_until": None, "owner": None}


async def settle(connection: AsyncConnection, letter: Letter, passed_on: Sequence[Line]) -> None:
    """Also when the lease was lost meanwhile: it was sent, and nobody should send it again."""
    gone = await connection.execute(delete(lines).where(_in(letter)).returning(lines.c.subject))
    if gone.first() is not None:
        await queue(connection, passed_on)
    await connection.execute(update(letters).where(_of(letter)).values(_FREE))


async def delay(connection: AsyncConnection, letter: Letter, until: datetime) -> None:
    values = {"lease_until": None, "owner": None, "not_before": until}
    await connection.execute(update(letters).where(_still(letter)).values(values))


async def reopen(connection: AsyncConnection, letter: Letter, until: datetime) -> None:
    statement = update(letters).where(_still(letter)).values({**_FREE, "not_before": until})
    if (await connection.execute(statement.returning(letters.c.recipient))).first() is not None:
        await _wait_again(connection, letter, letter.lines, until=None)


async def postpone(
    connection: AsyncConnection, letter: Letter, later: Sequence[Line], until: datetime
) -> Letter | None:
    query = select(letters.c.recipient).where(_still(letter)).with_for_update()
    if (await connection.execute(query)).first() is None:
        return None
    await _wait_again(connection, letter, later, until=until)
    left = tuple(line for line in letter.lines if line not in later)
    if left:
        return replace(letter, lines=left)
    await connection.execute(update(letters).where(_still(letter)).values(_FREE))
    return None


async def _wait_again(
    connection: AsyncConnection, letter: Letter, again: Sequence[Line], *, until: datetime | None
) -> None:
    """Out of the letter. Where a later rung of the same subject waits already, that one is enough."""
    keys = [(line.incident, line.subject) for line in again]
    sealed = and_(_in(letter), tuple_(lines.c.incident, lines.c.subject).in_(keys))
    waiting = select(lines.c.incident, lines.c.subject).where(
        lines.c.recipient == letter.recipient, lines.c.letter == WAITING
    )
    newer = {(row.incident, row.subject) for row in (await connection.execute(waiting)).all()}
    overtaken = [key for key in keys if key in newer]
    if overtaken:
        key = tuple_(lines.c.incident, lines.c.subject)
        await connection.execute(delete(lines).where(_in(letter), key.in_(overtaken)))
    values = {"letter": WAITING} if until is None else {"letter": WAITING, "next_at": until}
    await connection.execute(update(lines).where(sealed).values(values))


async def next_wake(connection: AsyncConnection) -> datetime | None:
    """The first waiting line, or the end of what a letter on its way waits for."""
    begun = select(func.min(func.coalesce(letters.c.lease_until, letters.c.not_before))).where(
        letters.c.attempts > 0
    )
    held = func.coalesce(letters.c.lease_until, letters.c.not_before)
    first = case((held > lines.c.next_at, held), else_=lines.c.next_at)
    waiting = (
        select(func.min(first))
        .join(letters, letters.c.recipient == lines.c.recipient)
        .where(lines.c.letter == WAITING)
    )
    moments = [(await connection.execute(query)).scalar() for query in (begun, waiting)]
    return min((moment for moment in moments if moment), default=None)
