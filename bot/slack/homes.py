"""Draws a person's Home page."""

from dataclasses import dataclass

import structlog

from bot.app.chat_port import ChatError
from bot.app.ports import Summary
from bot.slack.desk import Desk
from bot.slack.home import home_view
from bot.slack.places import Place
from bot.views.actions import card
from bot.views.home import Home, OpenIncident

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Homes:
    desk: Desk

    async def draw(self, user: str) -> None:
        """Draw a person's Home page."""
        place = Place(user=user, channel=None)
        rows = await self.desk.places.visible(place)
        items = []
        for row in await self.desk.store.actions_of(user):
            incident = await self.desk.store.incident(row.incident)
            if incident and row.action in incident.actions:
                items.append(card(incident, incident.actions[row.action]))
        shown = [await self._open_incident(row, user) for row in rows]
        home = Home(open=tuple(shown), items=tuple(items))
        try:
            await self.desk.gateway.publish_home(user, home_view(home, self.desk.policy.look))
        except ChatError as error:
            log.info("home.not_drawn", word=error.word)

    async def _open_incident(self, row: Summary, user: str) -> OpenIncident:
        incident = await self.desk.store.incident(row.number, version=row.version)
        held = incident.roles.items() if incident else ()
        return OpenIncident(
            number=row.number,
            title=row.title,
            severity=row.severity,
            status=self.desk.policy.look.status(row.status),
            channel=row.channel,
            roles=tuple(role for role, people in held if user in {p.slack_id for p in people}),
        )
