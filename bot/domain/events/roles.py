"""Who holds which role, and handing it on."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import Person
from bot.domain.vocabulary import HandoffOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned:
    """``beside``: those who hold the role keep it too."""

    role: str
    person: Person
    beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleReleased:
    role: str
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffOffered:
    """Whoever holds the role asked ``to`` to take it, which counts until ``expires_at``."""

    handoff: int
    role: str
    giver: Person
    to: Person
    expires_at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffSettled:
    handoff: int
    outcome: HandoffOutcome


Roles = RoleAssigned | RoleReleased | HandoffOffered | HandoffSettled
