"""Entries of the timeline: noted, tagged, corrected, hidden, redacted."""

from dataclasses import dataclass, field
from typing import Literal

from bot.domain.details import EntryDetails, MessageRef
from bot.domain.times import Time
from bot.domain.vocabulary import TagKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded:
    """A timeline entry that somebody typed."""

    entry: str
    time: Time
    details: EntryDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTagged:
    """A message was put on the timeline (or among the raw notes) at its own time.

    Its words are the transcript's unless ``details.text`` replaces them. Tagging again overwrites the details given.
    """

    entry: str
    message: MessageRef
    tag: TagKind = TagKind.TIMELINE
    details: EntryDetails = field(default_factory=EntryDetails)
    via: Literal["reaction", "shortcut", "pin"] = "reaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUntagged:
    entry: str
    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChanged:
    """Wording, time or marks of an entry were corrected; the earlier ones stay in the events."""

    entry: str
    time: Time | None = None
    details: EntryDetails | None = None
    #: The details are all that it says now, and not only what is said anew.
    whole: bool = False
    key: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHidden:
    """Left out of the document, or taken in again, and then also out of the entry it was merged into."""

    entry: str
    hidden: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryMerged:
    """An entry says the same as another one, which stays with ``details``."""

    entry: str
    into: str
    details: EntryDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """The words of an entry, a message or the n-th update (from 0) were removed, here and from the events before."""

    entry: str | None = None
    message: MessageRef | None = None
    update: int | None = None
    reason: str | None = None


Timeline = NoteAdded | MessageTagged | MessageUntagged | EntryChanged | EntryHidden | EntryMerged | Redacted
