"""Bring the document to its readers: status, sections asked for, signatures, renderings."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.people import Person
from bot.domain.vocabulary import DocumentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDocumentStatus:
    """``reason``: why in spite of what the document still lacks."""

    status: DocumentStatus
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSection:
    section: str
    person: Person
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """``person`` signs a line of the sign-off, or waives it with a reason. ``called``: their name in Slack."""

    item: str
    person: Person
    called: str | None = None
    waived: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRendering:
    """A rendering was made of these bytes."""

    revision: int
    format: str
    pack: str
    pack_version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDocument:
    formats: tuple[str, ...] = ("markdown", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPicture:
    """The timeline as an image in the channel."""

    format: Literal["png", "svg"] = "png"


Review = ChangeDocumentStatus | AskSection | SignOff | KeepRendering | RequestDocument | RequestPicture
