"""Due dates as calendars that people subscribe to, each under a secret address. Closed until an operator opens them."""

import secrets
from collections.abc import Callable, Iterable

from bot.app.exports import exported_items
from bot.app.ports import Clock, Store
from bot.views.action_export import ExportedItem

#: Everything that anybody in the workspace may see; else a calendar is a person's, a group's or a team's.
EVERYTHING = "all"
PATH = "/calendar/{token}.ics"


class Calendars:
    """``base``: the address at which others reach us, without a path; None: calendars are closed."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        base: str | None,
        write: Callable[[Iterable[ExportedItem]], bytes],
    ) -> None:
        self._store = store
        self._clock = clock
        self._base = base
        self._write = write

    @property
    def open(self) -> bool:
        return self._base is not None

    async def address(self, whose: str, *, renew: bool = False) -> str | None:
        """The address of what ``whose`` (a Slack id, a team's name, or `EVERYTHING`) owes; None while they are closed.

        It stays, whoever asks again, until it is renewed; then the old one shows nothing any more.
        """
        if self._base is None:
            return None
        token = await self._store.keep_calendar(
            whose, secrets.token_urlsafe(24), self._clock.now(), renew=renew
        )
        return self._base.rstrip("/") + PATH.format(token=token)

    async def file(self, token: str) -> bytes | None:
        """The calendar under a token; None for one that was never given or was renewed. Private incidents are left out."""
        whose = await self._store.calendar_of(token) if self.open else None
        if whose is None:
            return None
        owner = None if whose == EVERYTHING else whose
        return self._write(await exported_items(self._store, private=False, open_only=True, owner=owner))
