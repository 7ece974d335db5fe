"""App Home: open incidents, what I hold and owe, and Declare."""

from dataclasses import dataclass

from bot.views.actions import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    number: int
    title: str
    severity: str | None
    status: str
    channel: str | None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    open: tuple[OpenIncident, ...]
    items: tuple[Card, ...]
