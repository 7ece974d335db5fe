"""What the store keeps for programs outside: secret addresses of calendars, and how far webhooks were followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """An endpoint was told of an incident's events up to number ``told``; claimed by one worker under a lease.

    ``failures`` in a row since ``failing_since``, of telling the next one.
    """

    endpoint: str
    incident: int
    told: int
    failures: int = 0
    failing_since: datetime | None = None


class OutwardStore(Protocol):
    """See `bot.app.ports.Store`."""

    # calendars
    async def keep_calendar(self, whose: str, token: str, at: datetime, *, renew: bool) -> str:
        """Keep ``token`` unless there is one and it is not to be renewed; returns the one that stands."""
        ...

    async def calendar_of(self, token: str) -> str | None:
        """Whose calendar has this token."""
        ...

    # webhooks
    async def claim_positions(
        self, endpoint: str, now: datetime, *, owner: str, lease_s: float, limit: int
    ) -> Sequence[Position]:
        """Take incidents with events that the endpoint was not told of, unless somebody is at them or they are delayed."""
        ...

    async def move_position(self, position: Position, *, owner: str) -> bool:
        """Keep how far it was told, and go on; False when the claim holds no longer."""
        ...

    async def release_position(
        self, position: Position, *, owner: str, until: datetime | None = None
    ) -> None:
        """Give the claim back as ``position`` says now; ``until``: not to be taken before."""
        ...
