"""Where somebody acted and what they may know of: the channel's incident, the context in which words are read."""

from dataclasses import dataclass
from datetime import datetime

from bot.app.directory import Directory
from bot.app.gate import Gate
from bot.app.membership import Membership
from bot.app.policy import Policy
from bot.app.ports import Clock, Store, Summary
from bot.domain.incident import Incident
from bot.domain.vocabulary import TimeName
from bot.language.intents import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody acted: who, in which channel, and the incident that this channel belongs to, if any."""

    user: str
    channel: str | None
    incident: Incident | None = None


@dataclass(slots=True)
class Places:
    store: Store
    directory: Directory
    membership: Membership
    gate: Gate
    clock: Clock
    policy: Policy

    async def place(self, user: str, channel: str) -> Place:
        """A channel's incident is the one that is open, else the newest. Of several open ones nobody can know which."""
        rows = await self.store.in_channel(channel) if channel else ()
        still_open = [row for row in rows if row.status.is_open]
        if len(still_open) > 1:
            return Place(user=user, channel=channel)
        row = next(iter(still_open), rows[0] if rows else None)
        incident = await self.store.incident(row.number, version=row.version) if row else None
        return Place(user=user, channel=channel or None, incident=incident)

    async def context(self, place: Place) -> Context:
        return Context(
            now=self.clock.now(),
            zone=await self.directory.zone(place.user),
            by=place.user,
            severities=self.policy.severities,
            roles=self.policy.roles,
            near=_near(place.incident),
            declared=place.incident.declared_at if place.incident else None,
            here=place.incident.number if place.incident else None,
        )

    async def may_see(self, incident: Incident, place: Place) -> bool:
        """A private incident is known to the members of its channel and to those who hold something in it or may read all."""
        if not incident.private or (place.channel and place.channel == incident.channel):
            return True
        if place.user in incident.involved:
            return True
        if await self.gate.may_read_private(place.user, incident):
            return True
        return incident.channel is not None and await self.membership.holds(incident.channel, place.user)

    async def visible(self, place: Place, *, open_only: bool = True) -> list[Summary]:
        """Incidents that this person may know of, newest first."""
        seen: list[Summary] = []
        for row in await self.store.summaries(open_only=open_only):
            incident = await self.store.incident(row.number, version=row.version) if row.private else None
            if incident is None or await self.may_see(incident, place):
                seen.append(row)
        return seen


def _near(incident: Incident | None) -> datetime | None:
    """The moment about which people talk in an incident."""
    if incident is None:
        return None
    started = incident.times.get(TimeName.IMPACT_STARTED)
    return started.utc if started and started.utc else incident.declared_at
