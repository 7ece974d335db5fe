"""Sentences with people, times and names in them, still without anybody's markup.

A `Text` is a sequence of plain strings and spans; each screen writes the spans its own way and escapes the rest.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.domain.people import SYSTEM, Person
from bot.domain.times import Time


@dataclass(frozen=True, slots=True)
class Mention:
    """A person; with ``ping`` False only the name is shown where the screen can."""

    person: Person


@dataclass(frozen=True, slots=True)
class ChannelName:
    id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time (aware), shown in the reader's own zone with UTC as fallback."""

    at: datetime
    style: str = "time"  # time | date | ago


@dataclass(frozen=True, slots=True)
class Bold:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A time as it was stated, to its precision, in UTC and in the reader's zone (None where it is not known)."""

    time: Time
    zone: tzinfo | None = None


Span = str | Mention | ChannelName | Moment | Stated | Bold | Code | Link
Text = tuple[Span, ...]


def who(key: str) -> Span:
    """A person by Slack id or name, or the bot itself."""
    return "Tocsin" if key == SYSTEM else Mention(Person.of(key))


def join(people: tuple[Person, ...]) -> Text:
    """People, comma separated."""
    spans: list[Span] = []
    for person in people:
        if spans:
            spans.append(", ")
        spans.append(Mention(person))
    return tuple(spans)
