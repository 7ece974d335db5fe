"""A page of the timeline for one reader, and one entry with what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain import events as e
from bot.domain.details import EntryDetails
from bot.domain.incident import Entry, Incident
from bot.domain.people import Person
from bot.domain.timeline_filter import TimelineFilter
from bot.domain.times import Time
from bot.domain.transcript import Message
from bot.views.text import Bold, Link, Moment, Span, Stated, Text, who

#: One message holds so many with their menus (Slack: 50 blocks, about 12,000 characters).
PAGE = 10
DELETED = "(deleted in Slack)"
HISTORY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """``seen``: how many changes it had when it was drawn."""

    entry: str
    line: Text
    hidden: bool
    key: bool
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    """Entries in order of when they happened. ``asked`` is the filter as typed; ``older`` and ``newer`` say what is left."""

    incident: int
    title: str
    asked: str
    lines: tuple[EntryLine, ...]
    older: int
    newer: int
    notice: Text | None = None
    plain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCard:
    """One entry, and the newest of its changes."""

    incident: int
    line: EntryLine
    history: tuple[Text, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An entry's present wording, who wrote its message, and the link to it."""

    text: str
    author: str | None = None
    link: str | None = None


def said(entry: Entry, message: Message | None, link: str | None) -> Said:
    own = entry.details.text or (message.text if message and not message.deleted else None)
    files = ", ".join(file.name for file in message.files) if message and not message.deleted else ""
    author = (message.user or message.bot_name) if message else None
    return Said(text=own or files or DELETED, author=author, link=link)


def ordered(incident: Incident, words: Mapping[str, Said], only: TimelineFilter) -> list[Entry]:
    """The entries that the filter takes, by when they happened."""
    known = [(incident.entries[name], spoken) for name, spoken in words.items()]
    taken = [entry for entry, spoken in known if only.takes(entry, spoken.text, spoken.author)]
    return sorted(taken, key=lambda entry: entry.time.sort_key)


def page(
    incident: Incident,
    entries: Sequence[Entry],
    words: Mapping[str, Said],
    *,
    asked: str,
    zone: ZoneInfo,
    first: int | None = None,
    notice: Text | None = None,
    plain: bool = True,
) -> TimelinePage:
    """The page that begins with the ``first``-th entry; None: the newest ones."""
    start = max(0, len(entries) - PAGE) if first is None else min(max(0, first), max(0, len(entries) - 1))
    shown = entries[start : start + PAGE]
    return TimelinePage(
        incident=incident.number,
        title=f"{incident.ref} {incident.title}: timeline",
        asked=asked,
        lines=tuple(line(entry, words[entry.id], zone) for entry in shown),
        older=start,
        newer=len(entries) - start - len(shown),
        notice=notice,
        plain=plain,
    )


def line(entry: Entry, words: Said, zone: ZoneInfo) -> EntryLine:
    """Number, time in the reader's zone, marker, words, who, and the link to the message."""
    details = entry.details
    when: Span = Stated(entry.time, zone) if entry.time.utc else "—"
    key = "★ " if details.key else ""
    marker: Text = (" ", Bold(details.marker.label)) if details.marker else ()
    label = f" {details.label}:" if details.label else ""
    by = _by(details.actor or words.author)
    link: Text = (" ", Link(words.link, "message")) if words.link else ()
    into = f" (merged into {entry.merged_into})" if entry.merged_into else ""
    hidden = f" (hidden{into})" if entry.hidden else ""
    said: Text = (f"{key}{entry.id} · ", when, *marker, f"{label} {words.text}", *by, *link, hidden)
    return EntryLine(entry=entry.id, line=said, hidden=entry.hidden, key=details.key, seen=entry.changes)


def _by(keys: str | None) -> Text:
    if not keys:
        return ()
    spans: list[Span] = []
    for key in keys.split(", "):
        spans += [", " if spans else " · ", who(Person.of(key).key)]
    return tuple(spans)


# --- what became of an entry ---------------------------------------------------------------------------------------------


def history(entry: str, record: Iterable[e.Recorded]) -> list[Text]:
    """Every change of an entry, oldest first: when, by whom, from what to what."""
    lines: list[Text] = []
    time: Time | None = None
    details = EntryDetails()
    for recorded in record:
        change: Text | None = None
        match recorded.event:
            case e.NoteAdded() as event if event.entry == entry:
                time, details = event.time, event.details
                change = ("added it at ", Stated(time), f": “{event.details.text}”")
            case e.MessageTagged() as event if event.entry == entry:
                change = (f"tagged the message ({event.via})", *_said_of(event.details))
                time = time or Time.from_slack_ts(event.message.ts)
            case e.MessageUntagged() as event if event.entry == entry:
                change = ("took the tag away",)
            case e.EntryChanged() as event if event.entry == entry:
                change = _changed(time, details, event)
                time, details = event.time or time, event.details or details
            case e.EntryHidden() as event if event.entry == entry:
                change = ("hid it" if event.hidden else "took it in again",)
            case e.EntryMerged() as event if entry in {event.entry, event.into}:
                change = (f"merged {event.entry} into {event.into}",)
            case _:
                pass
        if change:
            lines.append((Moment(recorded.at, "date"), " ", who(recorded.by), " ", *change))
    return lines


def _changed(before: Time | None, was: EntryDetails, event: e.EntryChanged) -> Text:
    spans: list[Span] = []
    if event.time:
        spans += ["moved it from ", Stated(before) if before else "—", " to ", Stated(event.time)]
    if event.details and event.details.text and event.details.text != was.text:
        spans += ["; " if spans else "", f"reworded “{was.text or 'the message'}” to “{event.details.text}”"]
    if event.key is not None:
        spans += ["; " if spans else "", "marked it key" if event.key else "took the key mark away"]
    if event.details and (marks := _said_of(event.details)):
        spans += [*marks]
    return tuple(spans) or ("corrected its marks",)


def _said_of(details: EntryDetails) -> Text:
    said = {
        "marker": details.marker.label if details.marker else None,
        "action": details.action,
        "by": details.actor,
        "label": details.label,
        "step": details.order,
        "kind": details.kind.value if details.kind else None,
        "evidence": ", ".join(details.evidence) or None,
        "phase": details.phase.value if details.phase else None,
    }
    named = "; ".join(f"{name} {value}" for name, value in said.items() if value is not None)
    return (f" ({named})",) if named else ()
