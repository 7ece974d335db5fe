"""The document on its way to readers: status, sections asked for, signatures, renderings."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.people import Person
from bot.domain.vocabulary import DocumentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentStatusChanged:
    """``reason``: why it was done in spite of what the document still lacks."""

    status: DocumentStatus
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionAsked:
    """Somebody was asked to fill in a section of the postmortem (`bot.domain.sections`)."""

    ask: str
    section: str
    person: Person
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff:
    """A line of the sign-off was signed, or waived with a ``reason``. ``revision``: the newest rendering then."""

    item: str
    person: Person
    state: Literal["signed", "waived"]
    date: str
    reason: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderingKept:
    """A rendering was made: by which pack, and the SHA-256 of its bytes, by which it is known again."""

    revision: int
    format: str
    pack: str
    digest: str
    pack_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRequested:
    """Somebody, or the lifecycle, asked for a rendering; publish makes the files of it."""

    revision: int
    formats: tuple[str, ...]
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequested:
    """Somebody asked for the timeline as an image; it is a look at the record, and no revision of the postmortem."""

    picture: int
    format: str


Review = (
    DocumentStatusChanged | SectionAsked | SignedOff | RenderingKept | DocumentRequested | PictureRequested
)
