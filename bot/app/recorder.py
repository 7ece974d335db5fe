"""Messages and reactions into the record: everything an incident's channel says, once, whatever Slack delivers."""

from collections.abc import Callable
from dataclasses import replace

from bot.app.incidents import Done, Request, handle_in
from bot.app.policy import Policy, Tag
from bot.app.ports import Clock, Store
from bot.domain import commands as c
from bot.domain.events import EntryDetails, MessageRef
from bot.domain.transcript import Message, Reaction


class Recorder:
    """Records what happens in incident channels; anything elsewhere is left alone."""

    def __init__(self, store: Store, clock: Clock, policy: Policy, wake: Callable[[int], None]) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._wake = wake

    async def message(self, message: Message) -> None:
        """Keep a message, an edit or a deletion; returns when it is on disk."""
        incidents = await self._store.in_channel(message.ref.channel)
        if not incidents:
            return
        await self._store.record_message(message)
        if message.revision:
            for incident in incidents:
                await self._store.mark_dirty(incident.number)
                self._wake(incident.number)

    async def reaction(self, reaction: Reaction) -> None:
        """Keep a reaction; the first tagging one puts the message on the timeline, the last taken away takes it off."""
        if reaction.name not in self._policy.tags:
            return
        incidents = await self._store.in_channel(reaction.message.channel)
        if not incidents:
            return
        number = incidents[0].number
        async with self._store.transaction() as transaction:
            present = await transaction.record_reaction(reaction)
            command = self._command(reaction, present)
            outcome = await handle_in(
                transaction,
                Request(command=command, by=reaction.user, at=self._clock.now(), incident=number),
            )
        if isinstance(outcome, Done) and outcome.events:
            self._wake(number)

    async def foreign(self, message: Message) -> None:
        """Keep a message from outside the incident's channel that a person tagged by hand."""
        await self._store.record_message(replace(message, via="shortcut"))

    def _command(self, reaction: Reaction, present: tuple[Reaction, ...]) -> c.TagMessage | c.UntagMessage:
        tags = [self._policy.tags[r.name] for r in present if r.name in self._policy.tags]
        if not tags:
            return c.UntagMessage(message=reaction.message)
        return tag_command(reaction.message, self._strongest(reaction, tags))

    def _strongest(self, reaction: Reaction, tags: list[Tag]) -> Tag:
        """The reaction just given, else any that carries a marker, else any."""
        own = self._policy.tags[reaction.name]
        if reaction.present and own in tags:
            return own
        return next((tag for tag in tags if tag.marker), tags[0])


def tag_command(message: MessageRef, tag: Tag) -> c.TagMessage:
    return c.TagMessage(message=message, tag=tag.kind, details=EntryDetails(marker=tag.marker))
