"""Action items: made, changed, finished, snoozed."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.details import ActionDetails
from bot.domain.vocabulary import ActionState


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAdded:
    action: str
    details: ActionDetails
    state: ActionState = ActionState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionEdited:
    action: str
    details: ActionDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRemoved:
    """It was made by mistake; what stood under it stands under its parent now."""

    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStateChanged:
    action: str
    state: ActionState
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSnoozed:
    """No reminder of this item before ``until``."""

    action: str
    until: datetime


Actions = ActionAdded | ActionEdited | ActionRemoved | ActionStateChanged | ActionSnoozed
