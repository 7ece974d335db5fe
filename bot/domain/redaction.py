"""Redaction: whose words go, in the state and in the events that are stored. Pure; times, ids and people stay.

The same is done to the state (`redacted`) and to the events before (`reworded`), so that folding the reworded record gives
the state that redaction left. See docs/decisions/0009.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain import events as e
from bot.domain.details import ActionDetails, EntryDetails
from bot.domain.incident import ActionItem, Incident, Redaction
from bot.domain.mappings import put

#: What stands where words stood.
STUB = "[redacted]"


def redacted(state: Incident, recorded: e.Recorded, event: e.Redacted) -> Incident:
    """The state without the words, with the stub by which the audit trail knows who removed them."""
    made = Redaction(
        at=recorded.at,
        by=recorded.by,
        entry=event.entry,
        message=event.message,
        update=event.update,
        renderings=len(state.renderings),
        pictures=len(state.pictures),
    )
    state = replace(state, redactions=(*state.redactions, made))
    if event.entry and (entry := state.entries.get(event.entry)):
        bare = replace(entry, details=_bare(entry.details))
        state = replace(state, entries=put(state.entries, event.entry, bare))
    for item in made_of(state, event):
        bare_item = replace(item, details=_bare_item(item.details))
        state = replace(state, actions=put(state.actions, item.id, bare_item))
    if event.update is not None:
        updates = list(state.updates)
        updates[event.update] = replace(updates[event.update], text=STUB)
        said = [number for number, change in enumerate(state.history) if change.what == "update"]
        history = list(state.history)
        history[said[event.update]] = replace(history[said[event.update]], text=STUB)
        state = replace(state, updates=tuple(updates), history=tuple(history))
    return state


def made_of(state: Incident, event: e.Redacted) -> list[ActionItem]:
    """The items that were made of the message: they begin with its words."""
    return [
        item for item in state.actions.values() if event.message and item.details.message == event.message
    ]


def reworded(record: Sequence[e.Recorded], event: e.Redacted) -> Iterator[e.Recorded]:
    """Those events of the record as it stands that hold the words, now without them."""
    items = {
        made.action
        for made in (recorded.event for recorded in record)
        if isinstance(made, e.ActionAdded) and event.message and made.details.message == event.message
    }
    updates = 0
    for recorded in record:
        bare: e.Event = recorded.event
        match recorded.event:
            case e.NoteAdded() | e.MessageTagged() | e.EntryChanged() as said:
                if said.entry == event.entry and said.details:
                    bare = replace(said, details=_bare(said.details))
            case e.EntryMerged() as said if said.into == event.entry:
                bare = replace(said, details=_bare(said.details))
            case e.ActionAdded() | e.ActionEdited() as said if said.action in items:
                bare = replace(said, details=_bare_item(said.details))
            case e.UpdatePosted() as said:
                bare = replace(said, text=STUB) if updates == event.update else said
                updates += 1
            case _:
                pass
        if bare != recorded.event:
            yield replace(recorded, event=bare)


def _bare_item(details: ActionDetails) -> ActionDetails:
    return replace(details, text=STUB, details=(STUB,) if details.details else ())


def _bare(details: EntryDetails) -> EntryDetails:
    """Marker, order and kind are no words of anybody's."""
    return replace(
        details,
        text=STUB if details.text else None,
        action=STUB if details.action else None,
        label=STUB if details.label else None,
        actor=STUB if details.actor else None,
        evidence=(STUB,) if details.evidence else (),
    )
