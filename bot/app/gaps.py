"""Repairs the record after a gap: reads a channel's history and threads again and merges what differs.

Read ours, read Slack's, write just behind ours: whatever is delivered meanwhile is newer and wins, so a repair never
harms what is delivered live, and doing it twice changes nothing. A gap is a row with the place up to which it was read;
a crash goes on from there. One page is one call, and the row waits when Slack wants to be spared.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.app.chat_port import ChatError
from bot.app.ports import Clock, Store, Summary
from bot.app.record_ports import Found, Gap, History
from bot.app.recorder import Recorder
from bot.domain.details import MessageRef
from bot.domain.times import as_slack_ts
from bot.domain.transcript import EVERYBODY, PINNED, TAKEN_IN, Message, Progress, Reaction, after

LEASE_S = 120.0
RETRY_S = 30.0
END = "9"  # behind every ts
#: Slack brings an event for the last time five minutes after the first (docs: events-api, error handling).
SILENCE = timedelta(minutes=6)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Gaps:
    """``owner`` names this process in leases."""

    store: Store
    history: History
    recorder: Recorder
    clock: Clock
    owner: str
    _stopping: bool = False
    _missed: bool = False
    #: Slack limits a method, not a channel: while one has to wait, the others would only be claimed and put back.
    _spared_until: datetime | None = None
    _heard_at: datetime | None = None
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    # --- asking ------------------------------------------------------------------------------------------------------

    def missed(self) -> None:
        """Something may have happened that was not kept: the next tick that can asks for what `after_silence` does."""
        self._missed = True

    def heard(self) -> None:
        """A delivery came. After a longer silence nobody knows what Slack tried in vain to bring."""
        now = self.clock.now()
        if self._heard_at and now - self._heard_at > SILENCE:
            self.missed()
        self._heard_at = now

    async def after_silence(self) -> None:
        """We did not hear for a while, or have just come: the channels of open incidents are read again."""
        rows = await self.store.summaries(open_only=True)
        self._missed = False  # from here on a new one counts anew
        try:
            await self._ask(rows)
        except Exception:
            self._missed = True
            raise

    async def in_channel(self, channel: str) -> None:
        """Everything of one channel, because somebody asked, or because we may read it from now on."""
        await self._ask(await self.store.in_channel(channel))

    async def _ask(self, rows: Iterable[Summary]) -> None:
        """From a day before an incident was declared: a channel of ours is younger than that, an adopted one is not."""
        gaps = [
            Gap(channel=row.channel, oldest=as_slack_ts(row.declared_at - TAKEN_IN))
            for row in rows
            if row.channel
        ]
        await self.store.open_gaps(gaps)

    # --- reading -----------------------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """Read what waits, channel by channel, until nothing can be read now."""
        if self._missed:
            await self.after_silence()
        async with self._reading:
            while not self._stopping and not self._is_spared() and (gap := await self._claim()):
                await self._read(gap)

    def _is_spared(self) -> bool:
        return self._spared_until is not None and self.clock.now() < self._spared_until

    async def now(self, channel: str) -> Progress:
        """Everything of one channel again, as far as Slack lets us now; what is left goes on by `tick`."""
        async with self._reading:
            await self.in_channel(channel)
            return await self._read_waiting(channel)

    async def on(self, channel: str) -> Progress:
        """Go on with a channel that had to wait."""
        async with self._reading:
            return await self._read_waiting(channel)

    async def _read_waiting(self, channel: str) -> Progress:
        if gap := await self._claim(channel):
            return await self._read(gap)
        waiting = await self.store.gap(channel)
        return Progress(found=waiting.found, waits_s=RETRY_S) if waiting else Progress(elsewhere=True)

    async def stop(self) -> None:
        """Returns when the page that is being read is kept; the rest waits in its row."""
        self._stopping = True
        async with self._reading:
            return

    async def _claim(self, channel: str | None = None) -> Gap | None:
        return await self.store.claim_gap(
            self.clock.now(), owner=self.owner, lease_s=LEASE_S, channel=channel
        )

    async def _read(self, gap: Gap) -> Progress:
        try:
            while step := await self._step(gap):
                until = self.clock.now() + timedelta(seconds=LEASE_S)
                if not await self.store.advance_gap(step, owner=self.owner, lease_until=until):
                    return Progress(waits_s=RETRY_S)  # somebody asked for a new beginning
                gap = step
                if self._stopping:
                    await self.store.delay_gap(gap, owner=self.owner, until=self.clock.now())
                    return Progress(found=gap.found, waits_s=0)
            await self._pins(gap)
        except ChatError as error:
            if error.permanent:
                log.warning("gap.refused", channel=gap.channel, word=error.word)
                await self.store.finish_gap(gap, owner=self.owner)
                return Progress(found=gap.found, refused=error.word)
            wait = error.retry_after or RETRY_S
            until = self.clock.now() + timedelta(seconds=wait)
            if error.word == "ratelimited":
                self._spared_until = until
            await self.store.delay_gap(gap, owner=self.owner, until=until)
            return Progress(found=gap.found, waits_s=wait)
        await self.store.finish_gap(gap, owner=self.owner)
        log.info("gap.read", channel=gap.channel, found=gap.found)
        return Progress(found=gap.found)

    async def _step(self, gap: Gap) -> Gap | None:
        """One page, of a waiting thread or of the channel; what is left to do, None when that was all."""
        if gap.threads:
            return await self._thread(gap)
        if gap.before == gap.oldest:
            return None
        page = await self.history.page(gap.channel, oldest=gap.oldest, before=gap.before)
        found = [each for each in page.messages if each.thread in {None, each.message.ref.ts}]
        lowest = min((each.message.ref.ts for each in page.messages), default=gap.oldest)
        lowest = lowest if page.more else gap.oldest
        ours = await self.store.span(gap.channel, oldest=lowest, newest=gap.before or END)
        new = await self._merge(gap.channel, [each for each in ours if each.ref.ts != gap.before], found)
        roots = {each.message.ref.ts for each in found if each.thread}
        # Also those whose root Slack does not show any more, or of whose root we never heard.
        roots |= set(await self.store.threads(gap.channel, oldest=lowest, newest=gap.before or END))
        threads = tuple((root, "") for root in sorted(roots, reverse=True))
        return replace(gap, before=lowest, threads=threads, found=gap.found + new)

    async def _thread(self, gap: Gap) -> Gap:
        (root, read), *others = gap.threads
        page = await self.history.replies(gap.channel, root, after=read)
        highest = max((each.message.ref.ts for each in page.messages), default=END) if page.more else END
        ours = await self.store.span(gap.channel, oldest=read or root, newest=highest, thread=root)
        replies = [each for each in ours if each.ref.ts not in {root, read}]
        new = await self._merge(gap.channel, replies, page.messages)
        threads = ((root, highest), *others) if page.more else tuple(others)
        return replace(gap, threads=threads, found=gap.found + new)

    # --- merging -----------------------------------------------------------------------------------------------------

    async def _merge(self, channel: str, ours: Sequence[Message], found: Sequence[Found]) -> int:
        """Bring the record of a stretch up to what Slack shows of it; returns how many messages were new."""
        known = {message.ref.ts: message for message in ours}
        shown = {each.message.ref.ts: each for each in found if each.speech}
        new = 0
        for ts, each in shown.items():
            if ts not in known:
                new += not each.message.deleted
                await self.recorder.keep(each.message)
            elif self._differs(known[ts], each.message):
                await self._look_again(known[ts])
        for ts, message in known.items():
            if ts not in shown and not message.deleted:
                await self._look_again(message)
        await self._marks(channel, [each for each in found if each.speech])
        return new

    def _differs(self, ours: Message, theirs: Message) -> bool:
        if ours.deleted or theirs.deleted:
            return not ours.deleted
        masked = self.recorder.masked(theirs)
        same_files = {file.id for file in ours.files} == {file.id for file in masked.files}
        return not ours.redacted and (ours.text != masked.text or not same_files)

    async def _look_again(self, ours: Message) -> None:
        """Ours first, then Slack's: what was delivered in between is already newer than what we write."""
        present = await self.store.message(ours.ref)
        assert present is not None, "what was recorded once is never gone"
        found = await self.history.look(ours.ref, ours.thread_ts)
        if found is None:
            gone = Message(
                ref=ours.ref,
                revision=after(present.revision),
                user=ours.user,
                thread_ts=ours.thread_ts,
                deleted=True,
                via="backfill",
            )
            await self.recorder.keep(gone)
        elif self._differs(present, found.message):
            revision = max(found.message.revision, after(present.revision))
            await self.recorder.keep(replace(found.message, revision=revision))

    async def _marks(self, channel: str, found: Sequence[Found]) -> None:
        """Emoji that mean something, of every person on every message of a stretch."""
        stamps = [each.message.ref.ts for each in found]
        if not stamps:
            return
        words = await self.store.reaction_span(channel, oldest=min(stamps), newest=max(stamps))
        ours: dict[str, set[tuple[str, str]]] = {}
        for word in words:
            if word.present and word.name != PINNED:
                ours.setdefault(word.message.ts, set()).add((word.name, word.user))
        for each in found:
            ref = each.message.ref
            have, given = ours.get(ref.ts, set()), self._meaning(each)
            if given - have or (have - given and not each.message.deleted):
                await self._look_at_marks(ref, each.thread)

    def _meaning(self, found: Found) -> set[tuple[str, str]]:
        return {(name, user) for name, user in found.marks if name in self.recorder.tags and name != PINNED}

    async def _look_at_marks(self, ref: MessageRef, thread: str | None) -> None:
        words = {(word.name, word.user): word for word in await self.store.reaction_words(ref)}
        found = await self.history.look(ref, thread)
        if found is None:
            return
        given = self._meaning(found)
        have = {mark for mark, word in words.items() if word.present and word.name != PINNED}
        for mark in sorted(given ^ have):
            await self._mark(ref, mark, words.get(mark), present=mark in given)

    async def _pins(self, gap: Gap) -> None:
        """A pin that Slack no longer shows is only taken off a message that is still there: a deleted one keeps its place.

        A message that we have not heard of yet was not in the history either: it is deleted, or its delivery is coming.
        """
        words = {word.message.ts: word for word in await self.store.pin_words(gap.channel)}
        pinned = {ts for ts in await self.history.pins(gap.channel) if ts > gap.oldest}
        have = {ts for ts, word in words.items() if word.present and ts > gap.oldest}
        for ts in sorted(pinned ^ have):
            ref = MessageRef(channel=gap.channel, ts=ts)
            message = await self.store.message(ref)
            if ts in pinned or (message and not message.deleted):
                await self._mark(ref, (PINNED, EVERYBODY), words.get(ts), present=ts in pinned)

    async def _mark(
        self, ref: MessageRef, mark: tuple[str, str], known: Reaction | None, *, present: bool
    ) -> None:
        name, user = mark
        event_ts = after(known.event_ts if known else "")
        await self.recorder.reaction(
            Reaction(message=ref, user=user, name=name, present=present, event_ts=event_ts)
        )
