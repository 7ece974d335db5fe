"""`/incident backfill`: the channel is read again while the person waits for nothing, and they are told what came of it."""

from dataclasses import dataclass

from bot.slack.desk import Desk
from bot.slack.messages import Payload, render
from bot.slack.places import Place
from bot.views import backfill


@dataclass(slots=True)
class Backfilling:
    desk: Desk

    def begin(self, place: Place) -> Payload:
        """Answers at once: a long history takes longer than Slack waits for an answer."""
        assert place.incident, "asked for before"
        if place.incident.channel is None:
            return render(backfill.no_channel(place.incident))
        self.desk.later.start(self._read(place, place.incident.channel))
        return render(backfill.begun(place.incident))

    async def _read(self, place: Place, channel: str) -> None:
        assert place.incident, "asked for before"
        came = await self.desk.gaps.now(channel)
        await self.desk.whisper(place, backfill.ended(place.incident, came))
