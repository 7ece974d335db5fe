"""Messages with their revisions, reactions, profiles. Any order of arrival leaves the same picture."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.events import MessageRef
from bot.domain.transcript import File, Message, Profile, Reaction
from storage import sql
from storage.sql import insert, is_postgres, storable, table, upsert
from storage.tables import MessageRow, ProfileRow, ReactionRow

messages = table(MessageRow)
reactions = table(ReactionRow)
profiles = table(ProfileRow)


# --- messages ----------------------------------------------------------------------------------------------------


def _row(message: Message) -> sql.Row:
    row = {
        "channel": message.ref.channel,
        "ts": message.ref.ts,
        "revision": message.revision,
        "thread_ts": message.thread_ts,
        "user": message.user,
        "bot_name": message.bot_name,
        "text": message.text,
        "files": [asdict(file) for file in message.files],
        "deleted": message.deleted,
        "permalink": message.permalink,
        "via": message.via,
    }
    return storable(row)


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


def _key(message: Message) -> tuple[str, str, str]:
    return (message.ref.channel, message.ref.ts, message.revision)


async def record(connection: AsyncConnection, message: Message) -> bool:
    """Keep a revision; False when it is there already, and then it is left as it is."""
    statement = insert(connection, MessageRow).values(_row(message)).on_conflict_do_nothing()
    return (await connection.execute(statement.returning(messages.c.ts))).first() is not None


async def record_all(connection: AsyncConnection, batch: Sequence[Message]) -> None:
    """Keep many revisions. In one order everywhere, so that two replicas never wait for each other in a ring."""
    rows = [_row(message) for message in sorted(batch, key=_key)]
    await connection.execute(insert(connection, MessageRow).on_conflict_do_nothing(), rows)


def _present(revisions: Sequence[Message]) -> Message:
    """The present wording: the newest revision; a deletion is final, whatever is delivered after it."""
    return max(revisions, key=lambda message: (message.deleted, message.revision))


async def message(connection: AsyncConnection, ref: MessageRef) -> Message | None:
    query = select(messages).where(messages.c.channel == ref.channel, messages.c.ts == ref.ts)
    revisions = [_message(row) for row in (await connection.execute(query)).all()]
    return _present(revisions) if revisions else None


async def page(connection: AsyncConnection, channel: str, *, after: str, limit: int) -> list[Message]:
    """Present wordings by ts. Slack's ts have one length, so the order of the text is the order of time."""
    wanted = (
        select(messages.c.ts)
        .distinct()
        .where(messages.c.channel == channel, messages.c.ts > after)
        .order_by(messages.c.ts)
        .limit(limit)
        .subquery()
    )
    query = (
        select(messages)
        .join(wanted, and_(messages.c.channel == channel, messages.c.ts == wanted.c.ts))
        .order_by(messages.c.ts)
    )
    rows = (await connection.execute(query)).all()
    return [_present([_message(row) for row in group]) for _, group in groupby(rows, key=lambda row: row.ts)]


# --- reactions ---------------------------------------------------------------------------------------------------


async def record_reaction(connection: AsyncConnection, reaction: Reaction) -> tuple[Reaction, ...]:
    """Keep it unless a newer word of the same person on the same emoji is known. Returns those present now."""
    await _take_turns(connection, reaction.message)
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


async def _take_turns(connection: AsyncConnection, ref: MessageRef) -> None:
    """On PostgreSQL two transactions do not see each other's reactions, and each would decide on half of them."""
    if is_postgres(connection):
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(ref.key, 0))))


async def present_reactions(connection: AsyncConnection, ref: MessageRef) -> tuple[Reaction, ...]:
    query = (
        select(reactions)
        .where(reactions.c.channel == ref.channel, reactions.c.ts == ref.ts, reactions.c.present)
        .order_by(reactions.c.event_ts, reactions.c.user, reactions.c.name)
    )
    return tuple(
        Reaction(message=ref, user=row.user, name=row.name, present=row.present, event_ts=row.event_ts)
        for row in (await connection.execute(query)).all()
    )


# --- profiles ----------------------------------------------------------------------------------------------------


async def keep_profile(connection: AsyncConnection, profile: Profile, at: datetime) -> None:
    await upsert(connection, ProfileRow, [{**asdict(profile), "at": at}])


async def known_profiles(connection: AsyncConnection, ids: Sequence[str]) -> Mapping[str, Profile]:
    query = select(profiles).where(profiles.c.id.in_(list(ids)))
    return {
        row.id: Profile(id=row.id, name=row.name, zone=row.zone, deleted=row.deleted, is_bot=row.is_bot)
        for row in (await connection.execute(query)).all()
    }
