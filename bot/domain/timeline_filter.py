"""Which entries of a timeline are looked at. Pure."""

from dataclasses import dataclass

from bot.domain.incident import Entry
from bot.domain.vocabulary import EntryKind, Marker, TagKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFilter:
    """``person`` is a key: who is named as actor, wrote the message or added the entry; ``words`` stand in its text."""

    marker: Marker | None = None
    kind: EntryKind | None = None
    person: str | None = None
    words: str | None = None
    hidden: bool = False
    key: bool = False

    @property
    def is_plain(self) -> bool:
        """Nothing is left out but what is hidden."""
        return self == TimelineFilter()

    def takes(self, entry: Entry, text: str, author: str | None) -> bool:
        """``text`` is the entry's present wording, ``author`` who wrote its message."""
        details = entry.details
        people = {details.actor, author, entry.added_by if author is None else None}
        return (
            entry.tag is TagKind.TIMELINE
            and entry.hidden == self.hidden
            and (self.marker is None or details.marker is self.marker)
            and (self.kind is None or details.kind is self.kind)
            and (not self.key or details.key)
            and (self.person is None or self.person in people)
            and (self.words is None or self.words.lower() in f"{text} {details.action or ''}".lower())
        )
