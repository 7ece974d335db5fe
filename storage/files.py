"""Copies of images for the document: which are wanted, which are here."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.record_ports import KeptImage, WantedFile
from bot.domain.details import MessageRef
from bot.domain.transcript import IMAGES, Message
from storage.sql import holds, insert, storable, table
from storage.tables import EntryRow, KeptFile

files = table(KeptFile)
entries = table(EntryRow)

WAITING = (
    select(files.c.channel, files.c.ts, files.c.file)
    .where(
        holds(files.c.wanted),
        files.c.content.is_(None),
        files.c.failed.is_(None),
        or_(
            files.c.not_before.is_(None),
            files.c.not_before <= bindparam("now", type_=files.c.not_before.type),
        ),
    )
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def _of(ref: MessageRef) -> ColumnElement[bool]:
    return and_(files.c.channel == ref.channel, files.c.ts == ref.ts)


async def note(connection: AsyncConnection, batch: Sequence[Message]) -> None:
    """Remember the images of messages; those of a message that is on a timeline already are wanted at once."""
    rows = [
        storable(
            {
                "channel": message.ref.channel,
                "ts": message.ref.ts,
                "file": file.id,
                "mimetype": file.mimetype,
                "url": file.url,
                "size": file.size,
                "wanted": False,
                "attempts": 0,
            }
        )
        for message in batch
        for file in message.files
        if file.mimetype in IMAGES and file.url
    ]
    if not rows:
        return
    await connection.execute(insert(connection, KeptFile).on_conflict_do_nothing(), rows)
    tagged = exists().where(entries.c.channel == files.c.channel, entries.c.ts == files.c.ts)
    for channel, ts in {(row["channel"], row["ts"]) for row in rows}:
        here = _of(MessageRef(channel=channel, ts=ts))
        await connection.execute(update(files).where(here, tagged).values(wanted=True))


async def want(connection: AsyncConnection, ref: MessageRef) -> None:
    """The message is on a timeline now."""
    await connection.execute(update(files).where(_of(ref)).values(wanted=True))


async def claim(connection: AsyncConnection, now: datetime, lease_s: float, limit: int) -> list[WantedFile]:
    """Images to copy now. Taken by moving their next try behind the lease: whoever dies leaves them to the next."""
    taken: list[WantedFile] = []
    for row in (await connection.execute(WAITING, {"now": now, "most": limit})).all():
        ref = MessageRef(channel=row.channel, ts=row.ts)
        statement = (
            update(files)
            .where(_of(ref), files.c.file == row.file)
            .values(not_before=now + timedelta(seconds=lease_s), attempts=files.c.attempts + 1)
            .returning(files.c.url, files.c.size, files.c.attempts)
        )
        found = (await connection.execute(statement)).one()
        taken.append(
            WantedFile(message=ref, file=row.file, url=found.url, size=found.size, attempts=found.attempts)
        )
    return taken


async def keep(connection: AsyncConnection, wanted: WantedFile, content: bytes) -> None:
    """A file whose message was redacted meanwhile has no row any more, and gets none."""
    here = and_(_of(wanted.message), files.c.file == wanted.file)
    await connection.execute(update(files).where(here).values(content=content, not_before=None))


async def delay(
    connection: AsyncConnection, wanted: WantedFile, until: datetime | None, failed: str | None
) -> None:
    """Try again at ``until``, or never, for the reason ``failed``."""
    here = and_(_of(wanted.message), files.c.file == wanted.file)
    await connection.execute(update(files).where(here).values(not_before=until, failed=failed))


async def pictured(connection: AsyncConnection, channel: str) -> frozenset[str]:
    query = select(files.c.ts).where(files.c.channel == channel, files.c.content.is_not(None))
    return frozenset((await connection.execute(query)).scalars())


async def of_message(connection: AsyncConnection, ref: MessageRef) -> list[KeptImage]:
    """The copies that are here."""
    query = select(files).where(_of(ref), files.c.content.is_not(None)).order_by(files.c.file)
    return [
        KeptImage(file=row.file, mimetype=row.mimetype, content=bytes(row.content))
        for row in (await connection.execute(query)).all()
    ]


async def forget(connection: AsyncConnection, ref: MessageRef) -> None:
    await connection.execute(delete(files).where(_of(ref)))
