"""Curating the timeline: corrections, hiding, merging, using an entry's time as one of the incident's, importing lines."""

from dataclasses import replace
from typing import assert_never

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.evolve_entries import changed_details, overlay
from bot.domain.incident import Entry, Incident
from bot.domain.refusals import Refusal

Answer = tuple[e.Event, ...] | Refusal


def decide(incident: Incident, command: c.Curation) -> Answer:
    if isinstance(command, c.ImportEntries):
        return _import(incident, command)
    entry = incident.entries.get(command.entry)
    if entry is None:
        return unknown(incident, command.entry)
    if command.seen is not None and command.seen != entry.changes:
        return _changed_meanwhile(entry)
    match command:
        case c.ChangeEntry():
            return _change(entry, command)
        case c.HideEntry():
            return () if entry.hidden == command.hidden else (_hidden(entry, command),)
        case c.MergeEntry():
            return _merge(incident, entry, command)
        case c.UseEntryTime():
            return (
                ()
                if incident.times.get(command.which) == entry.time
                else (e.TimeSet(which=command.which, time=entry.time),)
            )
        case _:
            assert_never(command)


def _hidden(entry: Entry, command: c.HideEntry) -> e.EntryHidden:
    return e.EntryHidden(entry=entry.id, hidden=command.hidden)


def _change(entry: Entry, command: c.ChangeEntry) -> Answer:
    if command.whole and command.details and not command.details.text and entry.message is None:
        return Refusal(
            what=f"{entry.id} was not changed",
            why="it would have no words.",
            hint=f"Say what happened, or hide it: `/incident hide {entry.id}`.",
            field="text",
        )
    event = e.EntryChanged(
        entry=entry.id, time=command.time, details=command.details, whole=command.whole, key=command.key
    )
    details = changed_details(entry.details, event)
    same_time = command.time is None or command.time == entry.time
    return () if same_time and details == entry.details else (event,)


def _merge(incident: Incident, entry: Entry, command: c.MergeEntry) -> Answer:
    """The kept entry keeps its time and words, and takes over what it does not say itself."""
    kept = incident.entries.get(command.into)
    if kept is None:
        return unknown(incident, command.into)
    if entry.id in {kept.id, kept.merged_into}:
        return Refusal(
            what="Nothing was merged",
            why=f"{entry.id} cannot be merged with itself.",
            hint=f"Name another entry: `/incident entry {entry.id} merge T5`.",
            field="into",
        )
    if entry.merged_into == kept.id:
        return ()
    both = overlay(entry.details, kept.details)
    evidence = tuple(dict.fromkeys((*kept.details.evidence, *entry.details.evidence)))
    details = replace(both, text=kept.details.text, evidence=evidence)
    return (e.EntryMerged(entry=entry.id, into=kept.id, details=details),)


def _import(incident: Incident, command: c.ImportEntries) -> Answer:
    """All lines at once; a line that stands there already, hidden or not, is not added again."""
    known = {
        (entry.time.utc, entry.details.text)
        for entry in incident.entries.values()
        if entry.time.source == "import"
    }
    added: list[e.Event] = []
    for line in command.lines:
        if (line.time.utc, line.text) in known:
            continue
        known.add((line.time.utc, line.text))
        details = replace(command.details, text=line.text)
        number = len(incident.entries) + len(added) + 1
        added.append(
            e.NoteAdded(entry=f"T{number}", time=replace(line.time, source="import"), details=details)
        )
    return tuple(added)


def _changed_meanwhile(entry: Entry) -> Refusal:
    return Refusal(
        what=f"{entry.id} was not changed",
        why="somebody changed it after this was shown to you.",
        hint=f"Look at it as it is now: `/incident entry {entry.id}`. What you typed is still here to copy.",
    )


def unknown(incident: Incident, entry: str) -> Refusal:
    return Refusal(
        what="The timeline was not changed",
        why=f"{incident.ref} has no entry {entry}.",
        hint="`/incident timeline` lists them.",
    )
