"""Notes and tags: how entries come onto the timeline. Their curation is `curation`."""

from dataclasses import replace
from typing import assert_never

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.evolve_entries import overlay
from bot.domain.incident import Incident
from bot.domain.refusals import Refusal


def decide(incident: Incident, command: c.Timeline) -> tuple[e.Event, ...] | Refusal:
    match command:
        case c.AddNote():
            return _add_note(incident, command)
        case c.TagMessage():
            return _tag(incident, command)
        case c.UntagMessage():
            return _untag(incident, command)
        case _:
            assert_never(command)


def _add_note(incident: Incident, command: c.AddNote) -> tuple[e.Event, ...] | Refusal:
    text = (command.details.text or "").strip()
    if not text:
        return Refusal(
            what="The note was not added",
            why="it has no text.",
            hint="Say what happened: `/incident note --at 14:05 users report errors`.",
            field="text",
        )
    details = replace(command.details, text=text)
    return (e.NoteAdded(entry=_next_id(incident), time=command.time, details=details),)


def _tag(incident: Incident, command: c.TagMessage) -> tuple[e.Event, ...]:
    """A second reaction, or a redelivery, changes nothing; a marker or wording given later is added."""
    entry = incident.entry_of(command.message)
    if entry is None:
        known = next((x for x in incident.entries.values() if x.message == command.message), None)
        fresh = known.id if known else _next_id(incident)
        return (_tagged(fresh, command),)
    by_emoji = command.via != "shortcut"
    same_marker = entry.emoji_marker is command.details.marker
    same = same_marker if by_emoji else overlay(entry.details, command.details) == entry.details
    return () if same and entry.tag is command.tag else (_tagged(entry.id, command),)


def _untag(incident: Incident, command: c.UntagMessage) -> tuple[e.Event, ...]:
    """The last emoji is gone. What a person put there by the form stays until a person hides it."""
    entry = incident.entry_of(command.message)
    if entry is None or entry.via == "shortcut":
        return ()
    return (e.MessageUntagged(entry=entry.id, message=command.message),)


def _tagged(entry: str, command: c.TagMessage) -> e.MessageTagged:
    return e.MessageTagged(
        entry=entry, message=command.message, tag=command.tag, details=command.details, via=command.via
    )


def _next_id(incident: Incident) -> str:
    return f"T{len(incident.entries) + 1}"
