"""Messages with their revisions, reactions, profiles. Any order of arrival leaves the same picture."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.details import MessageRef
from bot.domain.times import Time
from bot.domain.transcript import PINNED, File, Message, Profile, Reaction, wordless
from storage import files, held, sql
from storage.sql import holds, insert, insert_into, is_postgres, storable, table, upsert
from storage.tables import IncidentRow, MessageRow, ProfileRow, ReactionRow

#: SQLite took 999 parameters in one statement before 3.32.
ASKED_AT_ONCE = 500

messages = table(MessageRow)
reactions = table(ReactionRow)
profiles = table(ProfileRow)
incidents = table(IncidentRow)

# Asked with every group of messages, so made once; see `storage.sql`.
REDACTED = select(messages.c.channel, messages.c.ts).where(
    holds(messages.c.redacted), messages.c.channel.in_(bindparam("channels", expanding=True))
)
_SPOKEN_IN = (
    select(incidents.c.channel)
    .where(incidents.c.channel.in_(bindparam("channels", expanding=True)))
    .distinct()
)
_PROFILES = select(profiles).where(profiles.c.id.in_(bindparam("ids", expanding=True)))


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
        "redacted": message.redacted,
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
        redacted=row.redacted,
    )


def _key(message: Message) -> tuple[str, str, str]:
    return (message.ref.channel, message.ref.ts, message.revision)


async def record(connection: AsyncConnection, message: Message) -> bool:
    """Keep a revision; False when it is there already, and then it is left as it is."""
    (wordless,) = await _without_redacted(connection, [message])
    statement = insert(connection, MessageRow).values(_row(wordless)).on_conflict_do_nothing()
    new = (await connection.execute(statement.returning(messages.c.ts))).first() is not None
    await files.note(connection, [wordless])
    return new


@cache
def _recording(*, postgres: bool) -> Any:
    return insert_into(messages, postgres=postgres).on_conflict_do_nothing()


async def of_incidents(connection: AsyncConnection, channels: Collection[str]) -> set[str]:
    """Those of the channels in which an incident is, or was, worked on."""
    if not channels:
        return set()
    found = await connection.execute(_SPOKEN_IN, {"channels": sorted(channels)})
    return set(found.scalars())


async def record_all(connection: AsyncConnection, batch: Sequence[Message]) -> None:
    """Keep many revisions. In one order everywhere, so that two replicas never wait for each other in a ring."""
    if not batch:
        return
    kept = await _without_redacted(connection, sorted(batch, key=_key))
    statement = _recording(postgres=is_postgres(connection))
    await connection.execute(statement, [_row(each) for each in kept])
    await files.note(connection, kept)


async def _without_redacted(connection: AsyncConnection, batch: Sequence[Message]) -> list[Message]:
    """What Slack delivers of a redacted message, late or again, is kept without its words."""
    channels = {message.ref.channel for message in batch}
    found = await connection.execute(REDACTED, {"channels": sorted(channels)})
    redacted = {(row.channel, row.ts) for row in found.all()}
    return [wordless(each) if (each.ref.channel, each.ref.ts) in redacted else each for each in batch]


async def redact(connection: AsyncConnection, ref: MessageRef) -> None:
    """Remove the words and files of all revisions, also of what was never delivered."""
    here = and_(messages.c.channel == ref.channel, messages.c.ts == ref.ts)
    await connection.execute(update(messages).where(here).values(text="", files=[], redacted=True))
    stub = wordless(Message(ref=ref))
    await connection.execute(insert(connection, MessageRow).values(_row(stub)).on_conflict_do_nothing())
    await held.forget(connection, ref)
    await files.forget(connection, ref)


def _present(revisions: Sequence[Message]) -> Message:
    """The present wording: the newest revision; a deletion is final, whatever is delivered after it."""
    return max(revisions, key=lambda message: (message.deleted, message.revision))


async def message(connection: AsyncConnection, ref: MessageRef) -> Message | None:
    found = await revisions(connection, ref)
    return _present(found) if found else None


async def at(connection: AsyncConnection, refs: Sequence[MessageRef]) -> list[Message]:
    """Present wordings of these messages, some hundreds a query."""
    found: list[Message] = []
    for channel in dict.fromkeys(ref.channel for ref in refs):
        wanted = [ref.ts for ref in refs if ref.channel == channel]
        for first in range(0, len(wanted), ASKED_AT_ONCE):
            some = wanted[first : first + ASKED_AT_ONCE]
            query = select(messages).where(messages.c.channel == channel, messages.c.ts.in_(some))
            rows = (await connection.execute(query.order_by(messages.c.ts))).all()
            found += [
                _present([_message(row) for row in group])
                for _, group in groupby(rows, key=lambda row: row.ts)
            ]
    return found


async def revisions(connection: AsyncConnection, ref: MessageRef) -> list[Message]:
    """All wordings, oldest first."""
    query = (
        select(messages)
        .where(messages.c.channel == ref.channel, messages.c.ts == ref.ts)
        .order_by(messages.c.revision)
    )
    return [_message(row) for row in (await connection.execute(query)).all()]


async def span(
    connection: AsyncConnection, channel: str, *, oldest: str, newest: str, thread: str | None
) -> list[Message]:
    """Present wordings of a stretch of a channel (without replies) or of a thread, both ends included."""
    query = select(messages).where(
        messages.c.channel == channel, messages.c.ts >= oldest, messages.c.ts <= newest
    )
    if thread:
        query = query.where(messages.c.thread_ts == thread)
    else:
        query = query.where(messages.c.thread_ts.is_(None) | (messages.c.thread_ts == messages.c.ts))
    rows = (await connection.execute(query.order_by(messages.c.ts))).all()
    return [_present([_message(row) for row in group]) for _, group in groupby(rows, key=lambda row: row.ts)]


async def threads(connection: AsyncConnection, channel: str, *, oldest: str, newest: str) -> list[str]:
    replies = select(messages.c.ts).where(
        messages.c.channel == channel,
        messages.c.thread_ts.between(oldest, newest),
        messages.c.thread_ts != messages.c.ts,
    )
    root, deleted = func.max(messages.c.thread_ts), func.max(case((messages.c.deleted, 1), else_=0))
    query = (
        select(root)
        .where(messages.c.channel == channel, messages.c.ts.in_(replies))
        .group_by(messages.c.ts)
        .having(deleted == 0)
    )
    return sorted(set((await connection.execute(query)).scalars()))


async def last_heard(connection: AsyncConnection, channel: str) -> datetime | None:
    query = (
        select(messages.c.ts)
        .where(messages.c.channel == channel, messages.c.user.is_not(None))
        .order_by(messages.c.ts.desc())
        .limit(1)
    )
    ts = (await connection.execute(query)).scalar()
    return Time.from_slack_ts(ts).utc if ts else None


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
    return tuple(each for each in await reaction_words(connection, ref) if each.present)


async def reaction_words(connection: AsyncConnection, ref: MessageRef) -> list[Reaction]:
    """The newest word of everybody on every emoji, also of those taken away."""
    return await _words(connection, ref.channel, reactions.c.ts == ref.ts)


async def reaction_span(
    connection: AsyncConnection, channel: str, *, oldest: str, newest: str
) -> list[Reaction]:
    return await _words(connection, channel, reactions.c.ts >= oldest, reactions.c.ts <= newest)


async def pin_words(connection: AsyncConnection, channel: str) -> list[Reaction]:
    """The newest word on the pin of every message."""
    return await _words(connection, channel, reactions.c.name == PINNED)


async def _words(
    connection: AsyncConnection, channel: str, *conditions: ColumnElement[bool]
) -> list[Reaction]:
    query = (
        select(reactions)
        .where(reactions.c.channel == channel, *conditions)
        .order_by(reactions.c.event_ts, reactions.c.user, reactions.c.name)
    )
    return [
        Reaction(
            message=MessageRef(channel=row.channel, ts=row.ts),
            user=row.user,
            name=row.name,
            present=row.present,
            event_ts=row.event_ts,
        )
        for row in (await connection.execute(query)).all()
    ]


# --- profiles ----------------------------------------------------------------------------------------------------


async def keep_profile(connection: AsyncConnection, profile: Profile, at: datetime) -> None:
    await upsert(connection, ProfileRow, [{**asdict(profile), "at": at}])


async def known_profiles(connection: AsyncConnection, ids: Sequence[str]) -> Mapping[str, Profile]:
    found = await connection.execute(_PROFILES, {"ids": list(ids)})
    return {row.id: _profile(row) for row in found.all()}


async def profiles_named(connection: AsyncConnection, name: str) -> Sequence[Profile]:
    """People in Slack whose whole name, or its first word, is this, in any case."""
    lowered, wanted = func.lower(profiles.c.name), name.casefold()
    query = select(profiles).where(
        or_(lowered == wanted, lowered.startswith(f"{wanted} ", autoescape=True)),
        profiles.c.deleted.is_(False),
        profiles.c.is_bot.is_(False),
    )
    return [_profile(row) for row in (await connection.execute(query.order_by(profiles.c.id))).all()]


def _profile(row: Row[Any]) -> Profile:
    return Profile(id=row.id, name=row.name, zone=row.zone, deleted=row.deleted, is_bot=row.is_bot)
