"""`RecordStore` on SQL: the transcript with its images, and the gaps that are still to be read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.app.group import GroupWriter
from bot.app.record_ports import Gap, KeptImage, WantedFile
from bot.domain.details import MessageRef
from bot.domain.times import aware
from bot.domain.transcript import Message, Profile, Reaction
from storage import files, gaps, held, transcript
from storage.engine import Db


class SqlRecord:
    """See `bot.app.record_ports.RecordStore`."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._messages = GroupWriter(self._record_messages)

    async def record_message(self, message: Message) -> None:
        await self._messages.write((message, True))

    async def record_spoken(self, message: Message) -> bool:
        return await self._messages.write((message, False))

    async def _record_messages(self, batch: Sequence[tuple[Message, bool]]) -> Sequence[bool]:
        """Each with whether it is kept wherever it was said; returns which were kept."""
        async with self._db.writer.begin() as connection:
            spoken_in = {message.ref.channel for message, anywhere in batch if not anywhere}
            ours = await transcript.of_incidents(connection, spoken_in)
            kept = [anywhere or message.ref.channel in ours for message, anywhere in batch]
            await transcript.record_all(
                connection, [message for (message, _), keep in zip(batch, kept, strict=True) if keep]
            )
        return kept

    async def message(self, ref: MessageRef) -> Message | None:
        async with self._db.single.connect() as connection:
            return await transcript.message(connection, ref)

    async def messages(self, channel: str, *, after: str = "", limit: int = 500) -> Sequence[Message]:
        async with self._db.reader.connect() as connection:
            return await transcript.page(connection, channel, after=after, limit=limit)

    async def messages_at(self, refs: Sequence[MessageRef]) -> Sequence[Message]:
        async with self._db.reader.connect() as connection:
            return await transcript.at(connection, refs)

    async def revisions(self, ref: MessageRef) -> Sequence[Message]:
        async with self._db.reader.connect() as connection:
            return await transcript.revisions(connection, ref)

    async def span(
        self, channel: str, *, oldest: str, newest: str, thread: str | None = None
    ) -> Sequence[Message]:
        async with self._db.reader.connect() as connection:
            return await transcript.span(connection, channel, oldest=oldest, newest=newest, thread=thread)

    async def threads(self, channel: str, *, oldest: str, newest: str) -> Sequence[str]:
        async with self._db.reader.connect() as connection:
            return await transcript.threads(connection, channel, oldest=oldest, newest=newest)

    async def last_heard(self, channel: str) -> datetime | None:
        async with self._db.reader.connect() as connection:
            return await transcript.last_heard(connection, channel)

    async def reactions(self, ref: MessageRef) -> Sequence[Reaction]:
        async with self._db.single.connect() as connection:
            return await transcript.present_reactions(connection, ref)

    async def reaction_words(self, ref: MessageRef) -> Sequence[Reaction]:
        async with self._db.reader.connect() as connection:
            return await transcript.reaction_words(connection, ref)

    async def reaction_span(self, channel: str, *, oldest: str, newest: str) -> Sequence[Reaction]:
        async with self._db.reader.connect() as connection:
            return await transcript.reaction_span(connection, channel, oldest=oldest, newest=newest)

    async def pin_words(self, channel: str) -> Sequence[Reaction]:
        async with self._db.reader.connect() as connection:
            return await transcript.pin_words(connection, channel)

    async def hold_message(self, message: Message, until: datetime) -> None:
        async with self._db.writer.begin() as connection:
            await held.hold(connection, message, aware(until))

    async def forget_held(self, ref: MessageRef) -> None:
        async with self._db.writer.begin() as connection:
            await held.forget(connection, ref)

    async def forget_old_held(self, now: datetime) -> None:
        async with self._db.writer.begin() as connection:
            await held.forget_old(connection, now)

    # images

    async def claim_files(self, now: datetime, *, lease_s: float, limit: int = 5) -> Sequence[WantedFile]:
        async with self._db.writer.begin() as connection:
            return await files.claim(connection, now, lease_s, limit)

    async def keep_file(self, wanted: WantedFile, content: bytes) -> None:
        async with self._db.writer.begin() as connection:
            await files.keep(connection, wanted, content)

    async def delay_file(
        self, wanted: WantedFile, *, until: datetime | None = None, failed: str | None = None
    ) -> None:
        async with self._db.writer.begin() as connection:
            await files.delay(connection, wanted, until, failed)

    async def pictured(self, channel: str) -> frozenset[str]:
        async with self._db.reader.connect() as connection:
            return await files.pictured(connection, channel)

    async def images(self, ref: MessageRef) -> Sequence[KeptImage]:
        async with self._db.single.connect() as connection:
            return await files.of_message(connection, ref)

    # gaps

    async def open_gaps(self, wanted: Sequence[Gap]) -> None:
        async with self._db.writer.begin() as connection:
            await gaps.open_gaps(connection, wanted)

    async def claim_gap(
        self, now: datetime, *, owner: str, lease_s: float, channel: str | None = None
    ) -> Gap | None:
        async with self._db.writer.begin() as connection:
            return await gaps.claim(connection, now, owner=owner, lease_s=lease_s, channel=channel)

    async def advance_gap(self, gap: Gap, *, owner: str, lease_until: datetime) -> bool:
        async with self._db.writer.begin() as connection:
            return await gaps.advance(connection, gap, owner=owner, lease_until=lease_until)

    async def finish_gap(self, gap: Gap, *, owner: str) -> bool:
        async with self._db.writer.begin() as connection:
            return await gaps.finish(connection, gap, owner=owner)

    async def delay_gap(self, gap: Gap, *, owner: str, until: datetime) -> None:
        async with self._db.writer.begin() as connection:
            await gaps.delay(connection, gap, owner=owner, until=until)

    async def gap(self, channel: str) -> Gap | None:
        async with self._db.reader.connect() as connection:
            return await gaps.standing(connection, channel)

    async def keep_profile(self, profile: Profile, at: datetime) -> None:
        async with self._db.writer.begin() as connection:
            await transcript.keep_profile(connection, profile, at)

    async def profiles(self, ids: Sequence[str]) -> Mapping[str, Profile]:
        async with self._db.single.connect() as connection:
            return await transcript.known_profiles(connection, ids)

    async def profiles_named(self, name: str) -> Sequence[Profile]:
        async with self._db.reader.connect() as connection:
            return await transcript.profiles_named(connection, name)
