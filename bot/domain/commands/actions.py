"""Action items: make, change, finish, snooze."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.details import ActionDetails, Due
from bot.domain.people import Person
from bot.domain.vocabulary import ActionKind, ActionState, Horizon


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAction:
    details: ActionDetails
    state: ActionState = ActionState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class EditAction:
    """Everything that an item says. ``drawn``: it must not have changed since then."""

    action: str
    details: ActionDetails
    drawn: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendAction:
    """Other owners, another due date, other words …; None leaves it."""

    action: str
    text: str | None = None
    kind: ActionKind | None = None
    owners: tuple[Person, ...] | None = None
    due: Due | None = None
    priority: str | None = None
    horizon: Horizon | None = None
    type: str | None = None
    group: str | None = None
    label: str | None = None
    details: tuple[str, ...] | None = None
    parent: str | None = None
    order: int | None = None
    tracker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAction:
    """It was made by mistake."""

    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeActionState:
    action: str
    state: ActionState
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeAction:
    action: str
    until: datetime


Actions = AddAction | EditAction | AmendAction | RemoveAction | ChangeActionState | SnoozeAction
