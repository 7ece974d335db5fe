"""Action items of all incidents together, for one person: mine, open, overdue, unowned."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain import commands as c
from bot.domain.incident import Incident
from bot.slack.desk import Desk
from bot.slack.places import Place
from bot.views.actions import LISTED, ActionList, Card, card, chosen

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class ItemLists:
    desk: Desk

    async def everywhere(self, which: str | None, place: Place) -> ActionList:
        """What waits for a decision, soonest due first; of incidents that this person may know of."""
        found: list[Card] = []
        for number in await self.desk.store.with_open_actions():
            incident = await self.desk.store.incident(number)
            if incident and await self.desk.places.may_see(incident, place):
                found += [card(incident, item) for item in incident.open_actions]
        items = sorted(chosen(found, which, place.user, self.desk.clock.now()), key=_soonest)
        head = f"{LISTED[which if which and which != 'all' else 'open']} action items of all incidents"
        return ActionList(head=head[:1].upper() + head[1:], items=tuple(items), empty="There are none.")


def _soonest(item: Card) -> tuple[datetime, int, str]:
    due = item.due.at if item.due and item.due.at else _LAST
    return (due, item.incident, item.action)


def owner_of(command: c.Command, incident: Incident | None) -> str | None:
    """Who will owe what a command is about: the first owner in Slack."""
    match command:
        case c.AddAction():
            owners = command.details.owners
        case c.AmendAction():
            item = incident.actions.get(command.action) if incident else None
            owners = command.owners or (item.details.owners if item else ())
        case _:
            owners = ()
    return next((p.slack_id for p in owners if p.slack_id and p.slack_id[:1] in {"U", "W"}), None)
