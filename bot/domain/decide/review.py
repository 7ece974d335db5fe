"""The postmortem's review: its status, sections asked for, signatures, renderings."""

import re
from datetime import datetime
from typing import assert_never

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.incident import Incident, Item
from bot.domain.people import Person
from bot.domain.refusals import Refusal
from bot.domain.sections import SECTIONS, label_of
from bot.domain.vocabulary import DocumentStatus

FORMATS = ("markdown", "html")
#: What changes with a rendering, and is no news in it.
_OWN = frozenset({"doc.updates", "doc.publication_date", "doc.last_updated"})
_SIGNING = "Nothing was signed"


def decide(incident: Incident, command: c.Review, *, at: datetime) -> tuple[e.Event, ...] | Refusal:
    match command:
        case c.ChangeDocumentStatus():
            return _change_status(incident, command)
        case c.RequestDocument():
            return _render(incident, command.formats, at)
        case c.RequestPicture():
            return (e.PictureRequested(picture=len(incident.pictures) + 1, format=command.format),)
        case c.AskSection():
            return _ask(incident, command)
        case c.SignOff():
            return _sign(incident, command, at)
        case c.KeepRendering():
            return _keep(incident, command)
        case _:
            assert_never(command)


# --- status and renderings ---------------------------------------------------------------------------------------------


def _change_status(incident: Incident, command: c.ChangeDocumentStatus) -> tuple[e.Event, ...] | Refusal:
    if incident.document is command.status:
        return ()
    if incident.document is DocumentStatus.PUBLISHED:
        last = next(change for change in reversed(incident.history) if change.what == "document")
        return Refusal(
            what="The postmortem's status was not changed",
            by=last.by,
            why=f"published it on {last.at:%Y-%m-%d}, and readers have it.",
            hint="Correct its fields and render it again: that makes a new revision and a line in its updates.",
        )
    changed = e.DocumentStatusChanged(status=command.status, reason=command.reason)
    if command.status is not DocumentStatus.PUBLISHED:
        return (changed,)
    revision = len(incident.renderings) + 1
    return (changed, e.DocumentRequested(revision=revision, formats=FORMATS, final=True))


def _render(incident: Incident, formats: tuple[str, ...], at: datetime) -> tuple[e.Event, ...]:
    """Once it is published, what changed since the last rendering is told in the updates log."""
    revision = len(incident.renderings) + 1
    published = incident.document is DocumentStatus.PUBLISHED
    asked = e.DocumentRequested(revision=revision, formats=formats, final=published)
    changed = changes_since_rendering(incident) if published else ()
    if not changed:
        return (asked,)
    said = {"text": f"Revision {revision}: {', '.join(changed)} changed.", "date": f"{at:%Y-%m-%d}"}
    number = incident.items_added.get("doc.updates", 0) + 1
    return (e.ItemAdded(path="doc.updates", item=str(number), values=said), asked)


def changes_since_rendering(incident: Incident) -> tuple[str, ...]:
    """What was written since the newest rendering, as people call it."""
    last = incident.renderings[-1].number if incident.renderings else 0
    places = [
        place for place, written in incident.written.items() if written.number > last and place not in _OWN
    ]
    return tuple(dict.fromkeys(_PARTS.get(place) or label_of(place) for place in places))


_PARTS = {
    "timeline": "Timeline",
    "actions": "Action items",
    "title": "Title",
    "severity": "Severity",
    "roles": "Roles",
}


def _keep(incident: Incident, command: c.KeepRendering) -> tuple[e.Event, ...]:
    rendering = next((r for r in incident.renderings if r.revision == command.revision), None)
    known = {kept.format: kept.digest for kept in rendering.kept} if rendering else {}
    if rendering is None or known.get(command.format) == command.digest:
        return ()
    return (
        e.RenderingKept(
            revision=command.revision,
            format=command.format,
            pack=command.pack,
            pack_version=command.pack_version,
            digest=command.digest,
        ),
    )


# --- asking people -----------------------------------------------------------------------------------------------------


def _ask(incident: Incident, command: c.AskSection) -> tuple[e.Event, ...] | Refusal:
    if command.section not in SECTIONS:
        return Refusal(
            what="Nobody was asked",
            why=f"the postmortem has no section {command.section}.",
            hint="`/incident postmortem` shows its sections.",
        )
    if command.person.user is None:
        return Refusal(
            what="Nobody was asked",
            why=f"{command.person.typed} has no account of their own here.",
            hint="Choose somebody in Slack, or fill it in for them.",
            field="person",
        )
    return (
        e.SectionAsked(
            ask=str(len(incident.asks) + 1),
            section=command.section,
            person=command.person,
            note=command.note,
        ),
    )


# --- signing -----------------------------------------------------------------------------------------------------------


def _sign(incident: Incident, command: c.SignOff, at: datetime) -> tuple[e.Event, ...] | Refusal:
    line = next((item for item in incident.lists.get("doc.signoff", ()) if item.id == command.item), None)
    if line is None:
        return Refusal(
            what=_SIGNING,
            why="that line of the sign-off is there no more.",
            hint="`/incident postmortem` shows the present ones.",
        )
    state = line.values.get("state") or "pending"
    role, name = line.values["role"], str(line.values.get("name") or "")
    if state != "pending":
        when = f" on {line.values['date']}" if line.values.get("date") else ""
        return Refusal(
            what=_SIGNING,
            why=f"{role} is {state} already{when}.",
            hint="`/incident postmortem` shows who has signed.",
        )
    if command.waived is not None:
        return _waive(line, command, at)
    if name and not _is(name, command):
        named = Person.typed_as(name)
        return Refusal(
            what=_SIGNING,
            by=named.slack_id,
            why=f"{'' if named.slack_id else f'{name} '}is the one who signs as {role}.",
            hint="Choose another person for it in `/incident postmortem`, Sign-off, follow-up, or waive it.",
        )
    revision = incident.renderings[-1].revision if incident.renderings else 0
    signed = e.SignedOff(
        item=line.id, person=command.person, state="signed", date=f"{at:%Y-%m-%d}", revision=revision
    )
    return (signed,)


def _is(name: str, command: c.SignOff) -> bool:
    """Whether a typed name or mention means the person who signs."""
    named = Person.typed_as(name)
    if named.slack_id:
        return named == command.person
    return bool(command.called) and _folded(name) == _folded(command.called or "")


def _folded(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip().lstrip("@")).casefold()


def _waive(line: Item, command: c.SignOff, at: datetime) -> tuple[e.Event, ...] | Refusal:
    if not (command.waived or "").strip():
        return Refusal(
            what="Nothing was waived",
            why="there was no reason.",
            hint="Say why it is not needed.",
            field="reason",
        )
    return (
        e.SignedOff(
            item=line.id,
            person=command.person,
            state="waived",
            date=f"{at:%Y-%m-%d}",
            reason=command.waived,
        ),
    )
