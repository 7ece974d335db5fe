"""What time brings by itself: reminders. Each tick is a function of the moment it is given."""

from dataclasses import dataclass
from datetime import datetime

from bot.app.climbing import Climbing
from bot.app.letters import Letters


@dataclass(slots=True)
class Reminding:
    """First the ladders are climbed, then what they say is sent; a crash between the two loses nothing."""

    climbing: Climbing
    letters: Letters

    async def tick(self, now: datetime) -> int:
        """Say everything due at ``now``; returns how many letters were taken. After downtime a person gets one."""
        await self.climbing.tick(now)
        return await self.letters.tick(now)
