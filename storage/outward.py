"""`OutwardStore` on SQL: secret addresses of calendars, and how far webhooks were followed."""

from collections.abc import Sequence
from datetime import datetime

from bot.app.outward_ports import Position
from storage import calendars, positions
from storage.engine import Db


class SqlOutward:
    """See `bot.app.outward_ports.OutwardStore`."""

    _db: Db

    async def keep_calendar(self, whose: str, token: str, at: datetime, *, renew: bool) -> str:
        async with self._db.writer.begin() as connection:
            return await calendars.keep(connection, whose, token, at, renew=renew)

    async def calendar_of(self, token: str) -> str | None:
        async with self._db.reader.connect() as connection:
            return await calendars.whose(connection, token)

    async def claim_positions(
        self, endpoint: str, now: datetime, *, owner: str, lease_s: float, limit: int
    ) -> Sequence[Position]:
        async with self._db.reader.connect() as connection:
            behind = await positions.behind(connection, endpoint, now, limit)
        if not behind:
            return ()
        async with self._db.writer.begin() as connection:
            return await positions.claim(connection, endpoint, behind, now, owner=owner, lease_s=lease_s)

    async def move_position(self, position: Position, *, owner: str) -> bool:
        async with self._db.writer.begin() as connection:
            return await positions.move(connection, position, owner)

    async def release_position(
        self, position: Position, *, owner: str, until: datetime | None = None
    ) -> None:
        async with self._db.writer.begin() as connection:
            await positions.release(connection, position, owner, until)
