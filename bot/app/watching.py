"""Watches whose moment has come: the command that follows goes through the one door, once, whoever is looking."""

from dataclasses import dataclass
from datetime import datetime

from bot.app.incidents import Incidents, Request
from bot.app.policy import Policy
from bot.app.ports import Climb, Ladder, Store
from bot.domain.incident import Incident
from bot.domain.people import SYSTEM
from bot.domain.watches import Look, Watch


@dataclass(slots=True)
class Watching:
    store: Store
    incidents: Incidents
    policy: Policy

    async def look(
        self, incident: Incident, watch: Watch, each: str, ladder: Ladder, now: datetime
    ) -> Climb | None:
        """When to look again; None when a command followed, because its events began the watch anew."""
        if each not in watch.subjects(incident):
            return Climb(ladder=ladder, until=now, next_at=None)
        heard = await self.store.last_heard(incident.channel) if incident.channel else None
        turn = watch.turn(incident, each, Look(rules=self.policy.rules, now=now, heard=heard))
        if turn is None or turn.at > now:
            return Climb(ladder=ladder, until=now, next_at=turn.at if turn else None)
        await self.incidents.handle(
            Request(
                command=turn.command,
                by=SYSTEM,
                at=now,
                incident=incident.number,
                # Another replica that looks at the same state asks the same; only one of them is heard.
                delivery=f"watch:{ladder.subject}:{incident.number}:{incident.version}",
            )
        )
        return None
