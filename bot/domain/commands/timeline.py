"""Put something on the timeline, take it off, remove its words for good."""

from dataclasses import dataclass, field
from typing import Literal

from bot.domain.details import EntryDetails, MessageRef
from bot.domain.times import Time
from bot.domain.vocabulary import TagKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    time: Time
    details: EntryDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class TagMessage:
    message: MessageRef
    tag: TagKind = TagKind.TIMELINE
    details: EntryDetails = field(default_factory=EntryDetails)
    via: Literal["reaction", "shortcut", "pin"] = "reaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class UntagMessage:
    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Redact:
    """Remove words for good. Nothing named: of the message that was tagged last."""

    entry: str | None = None
    message: MessageRef | None = None
    update: int | None = None
    reason: str | None = None


Timeline = AddNote | TagMessage | UntagMessage
