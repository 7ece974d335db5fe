"""What becomes of timeline entries and of the tags on messages."""

from dataclasses import fields, replace
from typing import Any, assert_never

from bot.domain import events as e
from bot.domain.details import EntryDetails
from bot.domain.incident import Entry, Incident
from bot.domain.times import Time


def overlay(old: EntryDetails, new: EntryDetails) -> EntryDetails:
    """What was said before, with what is said now written over it; what is not said stays."""
    said: dict[str, Any] = {
        f.name: getattr(new, f.name) for f in fields(new) if getattr(new, f.name) not in (None, (), False)
    }
    return replace(old, **said)


def with_entry(
    state: Incident,
    recorded: e.Recorded,
    event: e.NoteAdded | e.MessageTagged | e.MessageUntagged | e.EntryChanged | e.EntryHidden | e.EntryMerged,
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
            entries[event.entry] = _tagged(state, recorded, event)
            tagged[event.message.key] = event.entry
        case e.MessageUntagged():
            entries[event.entry] = _next(entries[event.entry], hidden=True)
            tagged.pop(event.message.key, None)
        case e.EntryChanged():
            old = entries[event.entry]
            details = changed_details(old.details, event)
            entries[event.entry] = _next(old, time=event.time or old.time, details=details)
        case e.EntryHidden():
            old = entries[event.entry]
            into = old.merged_into if event.hidden else None
            entries[event.entry] = _next(old, hidden=event.hidden, merged_into=into)
        case e.EntryMerged():
            entries[event.entry] = _next(entries[event.entry], hidden=True, merged_into=event.into)
            entries[event.into] = _next(entries[event.into], details=event.details)
        case _:
            assert_never(event)
    return replace(state, entries=entries, tagged=tagged)


def _tagged(state: Incident, recorded: e.Recorded, event: e.MessageTagged) -> Entry:
    """Tagged anew it is shown again; while it is tagged, what people said of it by hand stays."""
    by_emoji = event.via != "shortcut"
    old = state.entries.get(event.entry)
    if old is None:
        return Entry(
            id=event.entry,
            time=Time.from_slack_ts(event.message.ts),
            details=event.details,
            tag=event.tag,
            message=event.message,
            added_at=recorded.at,
            added_by=recorded.by,
            via=event.via,
            emoji_marker=event.details.marker if by_emoji else None,
        )
    details = old.details
    if by_emoji and details.marker is old.emoji_marker:
        details = replace(details, marker=None)
    still = event.message.key in state.tagged
    return replace(
        old,
        changes=old.changes + 1,
        details=overlay(details, event.details) if details.marker is None or not by_emoji else details,
        tag=event.tag,
        hidden=still and old.hidden,
        via=old.via if still and old.via == "shortcut" else event.via,
        emoji_marker=event.details.marker if by_emoji else old.emoji_marker,
    )


def _next(entry: Entry, **changed: Any) -> Entry:
    return replace(entry, changes=entry.changes + 1, **changed)


def changed_details(old: EntryDetails, event: e.EntryChanged) -> EntryDetails:
    """What an entry says after a correction."""
    new = event.details
    details = old if new is None else new if event.whole else overlay(old, new)
    return details if event.key is None else replace(details, key=event.key)
