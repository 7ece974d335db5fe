"""Who asks for words to be removed, and of what: an entry, a message, an update, or the last message that was tagged."""

from collections.abc import Iterator

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.incident import Incident
from bot.domain.redaction import STUB, made_of
from bot.domain.refusals import Refusal

_WHAT = "Nothing was redacted"
_HINT = "Name an entry (`redact T3`), a message by its link, or `redact last` for the one tagged last."


def decide(incident: Incident, command: c.Redact) -> tuple[e.Event, ...] | Refusal:
    """Renderings that hold the words are made anew; what stands in Slack of the old ones is withdrawn by publishing."""
    found = _found(incident, command)
    if isinstance(found, Refusal):
        return found
    if any(
        (known.entry, known.message, known.update) == (found.entry, found.message, found.update)
        for known in incident.redactions
    ) and not _written_again(incident, found):
        return ()
    return (found, *_merged(incident, found), *_rendered_again(incident))


def _merged(incident: Incident, found: e.Redacted) -> Iterator[e.Redacted]:
    """Entries into which the words went by merging; messages of theirs are their own."""
    entry = incident.entries.get(found.entry or "")
    while entry is not None and entry.merged_into:
        yield e.Redacted(entry=entry.merged_into, reason=found.reason)
        entry = incident.entries.get(entry.merged_into)


def _found(incident: Incident, command: c.Redact) -> e.Redacted | Refusal:
    if command.update is not None:
        return e.Redacted(update=command.update, reason=command.reason)
    entry = None
    if command.entry:
        entry = incident.entries.get(command.entry)
        if entry is None:
            why = f"{incident.ref} has no entry {command.entry}."
            return Refusal(what=_WHAT, why=why, hint="`/incident timeline` lists them.")
    elif command.message:
        known = (each for each in incident.entries.values() if each.message == command.message)
        entry = next(known, None)
        if entry is None and command.message.channel != incident.channel:
            return Refusal(
                what=_WHAT, why=f"that message is not in the record of {incident.ref}.", hint=_HINT
            )
    else:
        tagged = [each for each in incident.entries.values() if each.message]
        if not tagged:
            return Refusal(what=_WHAT, why="no message was tagged yet.", hint=_HINT)
        entry = max(tagged, key=lambda each: each.added_at)
    message = entry.message if entry else command.message
    return e.Redacted(entry=entry.id if entry else None, message=message, reason=command.reason)


def _written_again(incident: Incident, found: e.Redacted) -> bool:
    """Whether somebody gave the entry, or an item made of the message, new words since."""
    entry = incident.entries.get(found.entry or "")
    items = [item.details.text for item in made_of(incident, found)]
    return (entry is not None and entry.details.text not in {None, STUB}) or any(t != STUB for t in items)


def _rendered_again(incident: Incident) -> Iterator[e.DocumentRequested | e.PictureRequested]:
    """In every form that was ever shared: what stands of each, files and canvas, may hold the words."""
    if incident.renderings:
        formats = tuple(dict.fromkeys(name for made in incident.renderings for name in made.formats))
        revision = len(incident.renderings) + 1
        yield e.DocumentRequested(revision=revision, formats=formats, final=incident.renderings[-1].final)
    if incident.pictures:
        number = len(incident.pictures) + 1
        yield e.PictureRequested(picture=number, format=incident.pictures[-1].formats[0])
