"""The port to places outside Slack."""

from typing import Protocol


class OutletError(Exception):
    """A document did not get out; the words say why, to a person."""


class Outlet(Protocol):
    """A place outside Slack for postmortems. The same name and bytes put twice are there once."""

    async def put(self, name: str, content: bytes, message: str) -> None:
        """``message`` says what changed, where a history is kept. Raises `OutletError`."""
        ...
