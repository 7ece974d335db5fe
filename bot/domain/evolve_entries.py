"""What becomes of timeline entries and of the tags on messages."""

from dataclasses import fields, replace
from typing import Any, assert_never

from bot.domain import events as e
from bot.domain.incident import Entry, Incident
from bot.domain.times import Time


def overlay(old: e.EntryDetails, new: e.EntryDetails) -> e.EntryDetails:
    """What was said before, with what is said now written over it; what is not said stays."""
    said: dict[str, Any] = {
        f.name: getattr(new, f.name) for f in fields(new) if getattr(new, f.name) not in (None, (), False)
    }
    return replace(old, **said)


def with_entry(
    state: Incident,
    recorded: e.Recorded,
    event: e.NoteAdded | e.MessageTagged | e.MessageUntagged | e.EntryChanged | e.EntryHidden,
) -> Incident:
    entries = dict(state.entries)
    tagged = dict(state.tagged)
    match event:
        case e.NoteAdded():
            entries[event.entry] = Entry(
                id=event.entry,
                time=event.time,
                details=event.details,
                added_at=recorded.at,
                added_by=recorded.by,
            )
        case e.MessageTagged():
            old = entries.get(event.entry)
            entries[event.entry] = Entry(
                id=event.entry,
                time=old.time if old else Time.from_slack_ts(event.message.ts),
                details=overlay(old.details, event.details) if old else event.details,
                tag=event.tag,
                message=event.message,
                added_at=old.added_at if old else recorded.at,
                added_by=old.added_by if old else recorded.by,
                via=event.via,
            )
            tagged[event.message.key] = event.entry
        case e.MessageUntagged():
            entries[event.entry] = replace(entries[event.entry], hidden=True)
            tagged.pop(event.message.key, None)
        case e.EntryChanged():
            old = entries[event.entry]
            details = overlay(old.details, event.details) if event.details else old.details
            entries[event.entry] = replace(old, time=event.time or old.time, details=details)
        case e.EntryHidden():
            entries[event.entry] = replace(entries[event.entry], hidden=event.hidden)
        case _:
            assert_never(event)
    return replace(state, entries=entries, tagged=tagged)
