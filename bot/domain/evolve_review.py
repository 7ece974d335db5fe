"""What becomes of the postmortem's review: corrected items, sections asked for, signatures, kept renderings, who wrote what."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from bot.domain import events as e
from bot.domain.fields import Value
from bot.domain.incident import Ask, Incident, Item, Kept, Rendering, Written
from bot.domain.mappings import put
from bot.domain.sections import TIMES, section_of


def with_review(
    state: Incident,
    recorded: e.Recorded,
    event: e.ItemChanged | e.SectionAsked | e.SignedOff | e.RenderingKept,
) -> Incident:
    match event:
        case e.ItemChanged():
            return _with_item(state, event.path, event.item, dict(event.values))
        case e.SignedOff():
            return _with_signature(state, event)
        case e.SectionAsked():
            ask = Ask(
                id=event.ask,
                section=event.section,
                person=event.person,
                at=recorded.at,
                by=recorded.by,
                note=event.note,
            )
            return replace(state, asks=(*state.asks, ask))
        case e.RenderingKept():
            return replace(state, renderings=tuple(_with_kept(r, event) for r in state.renderings))
        case _:
            assert_never(event)


def _with_item(state: Incident, path: str, item: str, values: dict[str, Value]) -> Incident:
    def changed(known: Item) -> Item:
        return replace(known, values=values) if known.id == item else known

    return replace(
        state, lists=put(state.lists, path, tuple(changed(known) for known in state.lists.get(path, ())))
    )


def _with_signature(state: Incident, event: e.SignedOff) -> Incident:
    line = next(known for known in state.lists["doc.signoff"] if known.id == event.item)
    values = dict(line.values) | {"state": event.state, "date": event.date}
    if event.reason:
        values["reason"] = event.reason
    if event.state == "signed" and not values.get("name"):
        values["name"] = event.person.typed
    return _with_item(state, "doc.signoff", event.item, values)


def _with_kept(rendering: Rendering, event: e.RenderingKept) -> Rendering:
    if rendering.revision != event.revision:
        return rendering
    kept = Kept(format=event.format, pack=event.pack, pack_version=event.pack_version, digest=event.digest)
    others = tuple(known for known in rendering.kept if known.format != event.format)
    return replace(rendering, kept=(*others, kept))


# --- who wrote what ----------------------------------------------------------------------------------------------------


def place_of(event: e.Event) -> str | None:
    """Where in the document an event is seen: a path, or a part of the record; None: nowhere."""
    match event:
        case e.FieldSet() | e.ItemAdded() | e.ItemRemoved() | e.ItemChanged():
            return event.path
        case e.SignedOff():
            return "doc.signoff"
        case e.TimeSet():
            return f"{TIMES}{event.which.value}"
        case (
            e.NoteAdded()
            | e.MessageTagged()
            | e.MessageUntagged()
            | e.EntryChanged()
            | e.EntryHidden()
            | e.EntryMerged()
        ):
            return "timeline"
        case e.ActionAdded() | e.ActionEdited() | e.ActionStateChanged():
            return "actions"
        case e.Renamed():
            return "title"
        case e.SeverityChanged():
            return "severity"
        case e.RoleAssigned() | e.RoleReleased():
            return "roles"
        case _:
            return None


def writers(state: Incident, recorded: e.Recorded) -> tuple[Mapping[str, Written], tuple[Ask, ...]]:
    """Who wrote where last, and the asked sections; one into which the asked person writes is answered."""
    place = place_of(recorded.event)
    if place is None:
        return state.written, state.asks
    written = Written(at=recorded.at, by=recorded.by, number=recorded.number)

    def answered(ask: Ask) -> Ask:
        theirs = ask.answered is None and ask.person.key == recorded.by
        section = section_of(place)
        about = ask.section in {place, section.key if section else None}
        return replace(ask, answered=written) if theirs and about else ask

    return put(state.written, place, written), tuple(answered(ask) for ask in state.asks)
