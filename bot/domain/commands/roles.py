"""Give a role, and hand it on."""

from dataclasses import dataclass

from bot.domain.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole:
    """``beside``: the role may have several holders; ``vacant``: only if nobody holds it."""

    role: str
    person: Person
    beside: bool = False
    vacant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRole:
    """Without a role, the only one that the person holds."""

    role: str | None
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHandoff:
    """``by`` asks ``to`` to take a role; without one, the one that ``by`` holds. ``note``: a word beside it."""

    to: Person
    by: Person
    role: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHandoff:
    handoff: int
    by: Person
    accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireHandoff:
    """Its time is over."""

    handoff: int


Roles = AssignRole | ReleaseRole | OfferHandoff | AnswerHandoff | ExpireHandoff
