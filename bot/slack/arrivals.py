"""People who come into an incident's channel, and people who leave Slack while they hold a role."""

from dataclasses import dataclass

from bot.app.incidents import Request
from bot.domain import commands as c
from bot.domain.people import SYSTEM, Person
from bot.slack.desk import Desk
from bot.views.catchup import offered


@dataclass(slots=True)
class Arrivals:
    desk: Desk

    async def welcome(self, user: str, channel: str) -> None:
        """Offer to tell what was missed; whoever declared it has missed nothing."""
        place = await self.desk.places.place(user, channel)
        incident = place.incident
        if incident and incident.status.is_open and user != incident.declared_by:
            await self.desk.whisper(place, offered(incident, user))

    async def left_slack(self, user: str) -> None:
        """Who has left Slack holds no role any more: the banner says so, and the channel is asked who takes over."""
        person = Person(slack_id=user)
        for row in await self.desk.store.summaries(open_only=True):
            incident = await self.desk.store.incident(row.number, version=row.version)
            for role in [r for r, holders in incident.roles.items() if person in holders] if incident else []:
                command = c.ReleaseRole(role=role, person=person)
                at = self.desk.clock.now()
                await self.desk.incidents.handle(
                    Request(command=command, by=SYSTEM, at=at, incident=row.number)
                )
