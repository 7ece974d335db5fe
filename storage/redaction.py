"""Words are removed from the rows that hold them: events are rewritten without them, in the transaction that records it."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import events as e
from bot.domain.redaction import reworded
from storage import transcript
from storage.codec import encode
from storage.sql import table
from storage.tables import EventRow

events = table(EventRow)


async def remove_words(connection: AsyncConnection, record: Sequence[e.Recorded], event: e.Redacted) -> None:
    """The one place that changes stored events; everything about them but the words stays."""
    for bare in reworded(record, event):
        _, version, body = encode(bare.event)
        here = (events.c.incident == bare.incident) & (events.c.number == bare.number)
        await connection.execute(update(events).where(here).values(version=version, body=body))
    if event.message:
        await transcript.redact(connection, event.message)
