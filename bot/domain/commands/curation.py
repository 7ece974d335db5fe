"""Correct, hide, merge and import entries of the timeline."""

from dataclasses import dataclass, field

from bot.domain.details import EntryDetails
from bot.domain.times import Time
from bot.domain.vocabulary import TimeName


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEntry:
    """Correct an entry. ``whole``: the details are all that it says; ``key`` marks it, or takes the mark away.

    ``seen``, here and below: how many changes the entry had when it was shown; refused when it has more by now.
    """

    entry: str
    time: Time | None = None
    details: EntryDetails | None = None
    whole: bool = False
    key: bool | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HideEntry:
    entry: str
    hidden: bool = True
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeEntry:
    """The entry goes into another one, which stays."""

    entry: str
    into: str
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseEntryTime:
    """The time of an entry is a time of the incident."""

    entry: str
    which: TimeName
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLine:
    time: Time
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEntries:
    """Lines of a log, all at once; ``details`` hold for every one."""

    lines: tuple[ImportedLine, ...]
    details: EntryDetails = field(default_factory=EntryDetails)


Curation = ChangeEntry | HideEntry | MergeEntry | UseEntryTime | ImportEntries
