"""Everything that can happen to an incident, by area. Facts only; nothing here is ever changed in place.

An event is stored with a number (1, 2, … per incident), the moment and the person; see `Recorded`.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.events.actions import *
from bot.domain.events.document import *
from bot.domain.events.lifecycle import *
from bot.domain.events.nudging import *
from bot.domain.events.review import *
from bot.domain.events.roles import *
from bot.domain.events.timeline import *

Event = Lifecycle | Roles | Nudging | Timeline | Actions | Document | Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as it stands in the record: whose incident, which number, when and by whom."""

    incident: int
    number: int
    at: datetime
    by: str
    event: Event
