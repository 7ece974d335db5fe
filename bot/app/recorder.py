"""Messages, reactions and pins into the record: everything an incident's channel says, once, whatever Slack delivers."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from bot.app.chat_port import ChatError
from bot.app.incidents import Done, Request, handle_in
from bot.app.masking import TellMasked
from bot.app.policy import Policy, Tag
from bot.app.ports import Clock, Store, Summary, Transaction
from bot.domain import commands as c
from bot.domain.details import EntryDetails, MessageRef
from bot.domain.incident import Incident
from bot.domain.people import SYSTEM
from bot.domain.secrets import mask
from bot.domain.times import Time
from bot.domain.transcript import EVERYBODY, PINNED, Message, Reaction
from bot.domain.vocabulary import TagKind

#: How long a form may stay open.
HELD = timedelta(hours=24)
#: Where a message (by its thread's root, if it has one) can be opened. May raise `ChatError`.
Link = Callable[[MessageRef, str | None], Awaitable[str]]


class Recorder:
    """Records what happens in incident channels; anything elsewhere is left alone."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        policy: Policy,
        wake: Callable[[int], None],
        tell: TellMasked,
        link: Link,
    ) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake
        self._tell = tell
        self._link = link
        pins = {PINNED: policy.pins} if policy.pins else {}
        #: What an emoji or a pin means, in the order in which they count.
        self.tags: Mapping[str, Tag] = {**policy.tags, **pins}

    async def message(self, message: Message) -> None:
        """Keep a message, an edit or a deletion of an incident's channel; returns when it is on disk.

        The store asks whose channel it is, once for all that share a commit.
        """
        masked = mask(message.text)
        link = await self._link_to(message)
        kept = await self._store.record_spoken(replace(message, text=masked.text, permalink=link))
        if kept and masked.kinds and message.user:
            await self._told(message, masked.kinds)

    async def keep(self, message: Message) -> None:
        """Keep a revision, wherever it was said, without its secrets; who wrote them is told, once."""
        masked = mask(message.text)
        link = await self._link_to(message)
        await self._store.record_message(replace(message, text=masked.text, permalink=link))
        if masked.kinds and message.user:
            await self._told(message, masked.kinds)

    async def hold(self, message: Message) -> None:
        """Keep aside what a form is about; it enters the record only when the form is sent."""
        until = self._clock.now() + HELD
        linked = replace(message, permalink=await self._link_to(message))
        await self._store.hold_message(self.masked(linked), until)

    async def keep_held(self, ref: MessageRef) -> None:
        """The form was sent."""
        async with self._store.transaction() as transaction:
            if held := await transaction.take_held(ref):
                await transaction.record_message(held)

    async def drop_held(self, ref: MessageRef) -> None:
        """The form was closed without being sent."""
        await self._store.forget_held(ref)

    async def tick(self) -> None:
        """Forget what forms left behind of which Slack never told that they were closed."""
        await self._store.forget_old_held(self._clock.now())

    async def _link_to(self, message: Message) -> str | None:
        """Slack's events lack it; a message is worth more than its link."""
        try:
            return await self._link(message.ref, message.thread_ts)
        except ChatError:
            return message.permalink

    async def _told(self, message: Message, kinds: tuple[str, ...]) -> None:
        key = f"masked:{message.ref.key}"
        async with self._store.transaction() as transaction:
            if await transaction.seen(key):
                return
            await transaction.remember(key, None, self._clock.now())
        assert message.user, "only people are told"
        self._tell(message.user, message.ref.channel, kinds)

    @staticmethod
    def masked(message: Message) -> Message:
        """As it would be kept."""
        return replace(message, text=mask(message.text).text)

    async def reaction(self, reaction: Reaction, *, by: str | None = None) -> None:
        """Keep a reaction or a pin; the first that tags puts the message on the timeline, the last taken away takes it off.

        ``by`` is who did it, where that is not the one who reacted: a pin is nobody's own.
        """
        if reaction.name not in self.tags:
            return
        incidents = await self._store.in_channel(reaction.message.channel)
        if not incidents:
            return
        async with self._store.transaction() as transaction:
            present = await transaction.record_reaction(reaction)
            tag = tag_of(self.tags, (each.name for each in present))
            changed = []
            for number, command in await self._commands(transaction, incidents, reaction, tag):
                who = by or (SYSTEM if reaction.user == EVERYBODY else reaction.user)
                request = Request(command=command, by=who, at=self._clock.now(), incident=number)
                outcome = await handle_in(transaction, request)
                if isinstance(outcome, Done) and outcome.events:
                    changed.append(number)
        for number in changed:
            self._wake(number)

    async def _commands(
        self, transaction: Transaction, incidents: Sequence[Summary], reaction: Reaction, tag: Tag | None
    ) -> list[tuple[int, c.TagMessage | c.UntagMessage]]:
        """What follows for each incident of the channel, in the order of their numbers (no deadlock of replicas)."""
        numbers = sorted(row.number for row in incidents)
        if tag is None:
            return [(number, c.UntagMessage(message=reaction.message)) for number in numbers]
        if len(numbers) > 1:
            states = [await transaction.load(number) for number in numbers]
            numbers = meant([state for state in states if state], reaction.message)
        via: Literal["pin", "reaction"] = "pin" if reaction.user == EVERYBODY else "reaction"
        details = EntryDetails(marker=tag.marker)
        command = c.TagMessage(message=reaction.message, tag=tag.kind, details=details, via=via)
        return [(number, command) for number in numbers]


def tag_of(tags: Mapping[str, Tag], present: Iterable[str]) -> Tag | None:
    """What the emoji that a message bears now come to; None: it is not tagged.

    Of several markers the first of the configured list counts, however they came: Slack promises no order.
    """
    names = set(present)
    found = [tag for name, tag in tags.items() if name in names]
    if not found:
        return None
    timeline = any(tag.kind is TagKind.TIMELINE for tag in found)
    return Tag(
        kind=TagKind.TIMELINE if timeline else found[0].kind,
        marker=next((tag.marker for tag in found if tag.marker), None),
    )


def meant(incidents: Sequence[Incident], message: MessageRef) -> list[int]:
    """Of the incidents that share a channel, those that a message belongs to: every one that was going on when it was said.

    Where there was none: the next that was declared (what led to it), else the newest.
    """
    said = Time.from_slack_ts(message.ts).utc
    assert said is not None, "Slack's ts are moments"
    going_on = [each.number for each in incidents if each.declared_at <= said <= _end(each)]
    if going_on:
        return going_on
    later = [each.number for each in incidents if each.declared_at > said]
    return [later[0] if later else incidents[-1].number]


def _end(incident: Incident) -> datetime:
    ended = incident.status_since if incident.status.is_final else None
    return ended or datetime.max.replace(tzinfo=incident.declared_at.tzinfo)
