"""Messages before which somebody opened a form: kept aside, and in the transcript only when the form is sent."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.details import MessageRef
from bot.domain.transcript import Message
from storage.sql import clean, table, upsert
from storage.tables import HeldMessage

held = table(HeldMessage)


@cache
def _adapter() -> TypeAdapter[Message]:
    return TypeAdapter(Message)


async def hold(connection: AsyncConnection, message: Message, until: datetime) -> None:
    body = _cleaned(_adapter().dump_python(message, mode="json"))
    row = {"channel": message.ref.channel, "ts": message.ref.ts, "body": body, "until": until}
    await upsert(connection, HeldMessage, [row])


async def take(connection: AsyncConnection, ref: MessageRef) -> Message | None:
    """The message, which is held no longer."""
    here = (held.c.channel == ref.channel) & (held.c.ts == ref.ts)
    row = (await connection.execute(select(held.c.body).where(here))).first()
    await forget(connection, ref)
    return _adapter().validate_python(row.body) if row else None


async def forget(connection: AsyncConnection, ref: MessageRef) -> None:
    await connection.execute(delete(held).where(held.c.channel == ref.channel, held.c.ts == ref.ts))


async def forget_old(connection: AsyncConnection, now: datetime) -> None:
    await connection.execute(delete(held).where(held.c.until < now))


def _cleaned(value: Any) -> Any:
    """JSON without the characters that PostgreSQL refuses in it."""
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {name: _cleaned(each) for name, each in value.items()}
        case list():
            return [_cleaned(each) for each in value]
        case _:
            return value
