"""Ladders with a rung that was reached: moved on, and what they say queued for each recipient, in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.app.directory import Directory
from bot.app.policy import Policy
from bot.app.ports import Climb, Ladder, Line, Store
from bot.app.watching import Watching
from bot.domain.incident import Incident
from bot.domain.reminder_kinds import audience, climb
from bot.domain.reminders import Manner, Reminder, declarers, responsible
from bot.domain.watches import watch_of

#: As many as may be climbed before somebody who waits for an answer has a turn.
BATCH = 50


@dataclass(slots=True)
class Climbing:
    store: Store
    directory: Directory
    policy: Policy
    watching: Watching

    async def tick(self, now: datetime) -> int:
        """Move on every ladder with a rung at or before ``now``; returns how many."""
        moved = 0
        while True:
            ladders = await self.store.due_ladders(now, limit=BATCH)
            if ladders:
                known: dict[int, Incident] = {}
                climbs = [await self._climb(ladder, now, known) for ladder in ladders]
                await self.store.climb([climb for climb in climbs if climb])
            moved += len(ladders)
            if len(ladders) < BATCH:
                return moved

    async def _climb(self, ladder: Ladder, now: datetime, known: dict[int, Incident]) -> Climb | None:
        """``known``: incidents as they were read for this batch, until something here changes them."""
        incident = known.get(ladder.incident) or await self.store.incident(ladder.incident)
        assert incident is not None, "ladders belong to incidents"
        known[ladder.incident] = incident
        watched = watch_of(ladder.subject)
        if watched:
            del known[ladder.incident]
            return await self.watching.look(incident, *watched, ladder, now)
        said = ladder.said_until
        climbed = climb(incident, ladder.subject, self.policy.rules, after=said, now=now)
        lines: tuple[Line, ...] = ()
        if climbed.speaks:
            lines = await self._lines(incident, ladder.subject, climbed.speaks, now)
        return Climb(ladder=ladder, until=max(now, said), next_at=climbed.next_at, lines=lines)

    async def _lines(
        self, incident: Incident, subject: str, reminder: Reminder, now: datetime
    ) -> tuple[Line, ...]:
        recipients = audience(incident, subject, reminder) or others(incident, ())
        return tuple(
            [await self._line(incident, subject, reminder, recipient, now) for recipient in recipients]
        )

    async def _line(
        self, incident: Incident, subject: str, reminder: Reminder, recipient: str, now: datetime
    ) -> Line:
        zone = await self.zone(recipient)
        return Line(
            recipient=recipient,
            incident=incident.number,
            subject=subject,
            rung=reminder.rung,
            at=reminder.at,
            manner=reminder.manner,
            next_at=self.allowed(reminder.manner, reminder.at, now, zone),
        )

    async def zone(self, recipient: str) -> ZoneInfo:
        """A person's own; a channel has the workspace's."""
        if recipient[:1] in {"U", "W"}:
            return await self.directory.zone(recipient)
        return ZoneInfo(self.policy.display_zone)

    def allowed(self, manner: Manner, at: datetime, now: datetime, zone: ZoneInfo) -> datetime:
        """From when on a rung of ``at`` may be said, now that it is ``now``: people work, or it cannot wait."""
        hours = self.policy.hours
        match manner:
            case Manner.URGENT | Manner.AT_ONCE:
                return at
            case Manner.WORKING:
                return hours.next_moment(max(at, now), zone)
            case Manner.DAILY:
                return hours.next_moment(max(hours.next_opening(at, zone), now), zone)


def others(incident: Incident, tried: Iterable[str]) -> tuple[str, ...]:
    """Who is told instead of somebody who cannot be reached: the commander, the channel, who declared."""
    channel = (incident.channel,) if incident.channel and not incident.archived else ()
    chain = (responsible(incident), channel, declarers(incident))
    failed = set(tried)
    return next((left for people in chain if (left := tuple(p for p in people if p not in failed))), ())
