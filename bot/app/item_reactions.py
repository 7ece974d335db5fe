"""An emoji on a message makes an action item of it; taking the last one away deletes what nobody has taken up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.app.incidents import Done, Request, handle_in
from bot.app.policy import Policy
from bot.app.ports import Clock, Store
from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.details import ActionDetails
from bot.domain.incident import ActionItem, Incident
from bot.domain.transcript import Reaction
from bot.domain.vocabulary import ActionState
from bot.views.actions import card, settled

TEXT_LIMIT = 300


@dataclass(slots=True)
class ItemReactions:
    store: Store
    clock: Clock
    policy: Policy
    wake: Callable[[int], None]
    #: To whom, in which channel, what.
    tell: Callable[[str, str, object], None]

    async def happened(self, reaction: Reaction) -> None:
        """Whatever Slack delivers twice, late or out of order: what counts is who reacts with it now."""
        if reaction.name not in self.policy.items:
            return
        incidents = await self.store.in_channel(reaction.message.channel)
        if not incidents:
            return
        number = next((row.number for row in incidents if row.status.is_open), incidents[0].number)
        said = await self.store.message(reaction.message)
        words = " ".join(said.text.split())[:TEXT_LIMIT] if said else ""
        async with self.store.transaction() as transaction:
            present = {each.name for each in await transaction.record_reaction(reaction)}
            incident = await transaction.load(number)
            command = self._command(reaction, present, incident, words) if incident else None
            if command is None:
                return
            request = Request(command=command, by=reaction.user, at=self.clock.now(), incident=number)
            outcome = await handle_in(transaction, request)
        if isinstance(outcome, Done) and outcome.events and outcome.incident:
            self.wake(number)
            self.tell(reaction.user, reaction.message.channel, _answer(outcome.incident, outcome.events))

    def _command(
        self, reaction: Reaction, present: set[str], incident: Incident, words: str
    ) -> c.AddAction | c.RemoveAction | None:
        made = next((i for i in incident.actions.values() if i.details.message == reaction.message), None)
        kinds = [kind for name, kind in self.policy.items.items() if name in present]
        if kinds and made is None:
            text = words or "See the message"
            return c.AddAction(details=ActionDetails(text=text, kind=kinds[0], message=reaction.message))
        if made and not kinds and _untouched(made):
            return c.RemoveAction(action=made.id)
        return None


def _answer(incident: Incident, events: Sequence[e.Event]) -> object:
    """The new item with its buttons, so that it can be given to somebody at once; or that it is gone."""
    name = next(event.action for event in events if isinstance(event, e.ActionAdded | e.ActionRemoved))
    item = incident.actions.get(name)
    return card(incident, item) if item else settled(incident, name)


def _untouched(item: ActionItem) -> bool:
    return item.state is ActionState.OPEN and item.changed_at == item.created_at and not item.details.owners
