"""Messages with their revisions, reactions, profiles. Any order of arrival leaves the same picture."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.events import MessageRef
from bot.domain.transcript import File, Message, Profile, Reaction
from storage.sql import insert, table, upsert
from storage.tables import MessageRow, ProfileRow, ReactionRow

messages = table(MessageRow)
reactions = table(ReactionRow)
profiles = table(ProfileRow)

BATCH = 200


def _row(message: Message) -> dict[str, Any]:
    return {
        "channel": message.ref.channel,
        "ts": message.ref.ts,
        "revision": message.revision,
        "thread_ts": message.thread_ts,
        "user": message.user,
        "bot_name": message.bot_name,
        "text": message.text,
        "files": [
            {"id": f.id, "name": f.name, "mimetype": f.mimetype, "permalink": f.permalink}
            for f in message.files
        ],
        "deleted": message.deleted,
        "permalink": message.permalink,
        "via": message.via,
    }


def _message(row: Row[Any]) -> Message:
    return Message(
        ref=MessageRef(channel=row.channel, ts=row.ts),
        revision=row.revision,
        thread_ts=row.thread_ts,
        user=row.user,
        bot_name=row.bot_name,
        text=row.text,
        files=tuple(File(**file) for file in row.files),
        deleted=row.deleted,
        permalink=row.permalink,
        via=row.via,
    )


async def record(connection: AsyncConnection, batch: Sequence[Message]) -> int:
    """Keep revisions; those that are there already are left as they are. Returns how many were new."""
    rows = list({(m.ref.channel, m.ref.ts, m.revision): _row(m) for m in reversed(batch)}.values())
    statement = insert(connection, MessageRow).values(rows).on_conflict_do_nothing().returning(messages.c.ts)
    return len((await connection.execute(statement)).all())


def _present(row: Sequence[Message]) -> Message:
    """The present wording: the newest revision; a deletion is final, whatever is delivered after it."""
    deleted = next((m for m in row if m.deleted), None)
    return deleted or max(row, key=lambda m: m.revision)


async def message(connection: AsyncConnection, ref: MessageRef) -> Message | None:
    query = select(messages).where(messages.c.channel == ref.channel, messages.c.ts == ref.ts)
    rows = [_message(row) for row in (await connection.execute(query)).all()]
    return _present(rows) if rows else None


async def page(connection: AsyncConnection, channel: str, *, after: str, limit: int) -> list[Message]:
    """Present wordings by ts. Slack's ts have one length, so that text order is the order of time."""
    keys = (
        select(messages.c.ts)
        .where(messages.c.channel == channel, messages.c.ts > after)
        .group_by(messages.c.ts)
        .order_by(messages.c.ts)
        .limit(limit)
        .subquery()
    )
    query = (
        select(messages)
        .join(keys, and_(messages.c.channel == channel, messages.c.ts == keys.c.ts))
        .order_by(messages.c.ts, messages.c.revision)
    )
    by_ts: dict[str, list[Message]] = {}
    for row in (await connection.execute(query)).all():
        by_ts.setdefault(row.ts, []).append(_message(row))
    return [_present(revisions) for revisions in by_ts.values()]


async def record_reaction(connection: AsyncConnection, reaction: Reaction) -> tuple[Reaction, ...]:
    """Keep it unless a newer word of the same person on the same emoji is known."""
    statement = insert(connection, ReactionRow).values(
        channel=reaction.message.channel,
        ts=reaction.message.ts,
        user=reaction.user,
        name=reaction.name,
        present=reaction.present,
        event_ts=reaction.event_ts,
    )
    statement = statement.on_conflict_do_update(
        index_elements=["channel", "ts", "user", "name"],
        set_={"present": statement.excluded.present, "event_ts": statement.excluded.event_ts},
        where=reactions.c.event_ts < statement.excluded.event_ts,
    )
    await connection.execute(statement)
    return await present_reactions(connection, reaction.message)


async def present_reactions(connection: AsyncConnection, ref: MessageRef) -> tuple[Reaction, ...]:
    query = (
        select(reactions)
        .where(reactions.c.channel == ref.channel, reactions.c.ts == ref.ts, reactions.c.present)
        .order_by(reactions.c.event_ts)
    )
    return tuple(
        Reaction(message=ref, user=row.user, name=row.name, present=row.present, event_ts=row.event_ts)
        for row in (await connection.execute(query)).all()
    )


async def keep_profile(connection: AsyncConnection, profile: Profile, at: datetime) -> None:
    row = {
        "id": profile.id,
        "name": profile.name,
        "zone": profile.zone,
        "deleted": profile.deleted,
        "is_bot": profile.is_bot,
        "at": at,
    }
    await connection.execute(upsert(connection, ProfileRow, [row]))


async def known_profiles(connection: AsyncConnection, ids: Sequence[str]) -> Mapping[str, Profile]:
    query = select(profiles).where(profiles.c.id.in_(list(ids)))
    return {
        row.id: Profile(id=row.id, name=row.name, zone=row.zone, deleted=row.deleted, is_bot=row.is_bot)
        for row in (await connection.execute(query)).all()
    }


async def count(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).select_from(messages))).scalar_one())


class GroupWriter:
    """Many callers share one commit: what waits is written together, and each returns when it is on disk."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[AsyncConnection]]) -> None:
        self._begin = begin
        self._waiting: list[tuple[Message, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, message: Message) -> None:
        """Raises what the database raised; then nothing of the group was kept."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((message, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._commit(group)
        finally:
            self._writing = None

    async def _commit(self, group: list[tuple[Message, asyncio.Future[None]]]) -> None:
        try:
            async with self._begin() as connection:
                await record(connection, [message for message, _ in group])
        except Exception as error:  # noqa: BLE001 - every waiting caller is told
            outcome: Exception | None = error
        else:
            outcome = None
        for _, done in group:
            if done.done():
                continue
            if outcome:
                done.set_exception(outcome)
            else:
                done.set_result(None)

    async def stop(self) -> None:
        """Returns when everything that waited is on disk."""
        if self._writing:
            await self._writing
