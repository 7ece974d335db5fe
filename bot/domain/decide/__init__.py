"""From a request to events or a refusal: pure, no clock, no I/O. Split by area; this module only dispatches."""

from datetime import datetime
from typing import assert_never

from bot.domain import commands as c
from bot.domain.decide import (
    actions,
    curation,
    document,
    lifecycle,
    nudging,
    redaction,
    review,
    roles,
    timeline,
)
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.refusals import Refusal

#: Events to append (none: everything is so already), or why nothing was done.
Decision = tuple[Event, ...] | Refusal


def decide(incident: Incident | None, command: c.Command, *, at: datetime) -> Decision:
    """What follows from ``command`` at ``at`` (aware). ``incident`` is None only for `Declare`."""
    if isinstance(command, c.Declare):
        return lifecycle.declare(command)
    if incident is None:
        return Refusal(
            what="Nothing was changed",
            why="there is no such incident.",
            hint="`/incident list` shows the open ones.",
        )
    match command:
        case (
            c.OpenChannel()
            | c.RefuseChannel()
            | c.RetryChannel()
            | c.NoteChannelName()
            | c.NoteArchived()
            | c.MakePrivate()
            | c.Absorb()
            | c.Rename()
            | c.ChangeSeverity()
            | c.ChangeStatus()
            | c.SetTime()
            | c.PostUpdate()
        ):
            return lifecycle.decide(incident, command, at=at)
        case c.AssignRole() | c.ReleaseRole() | c.OfferHandoff() | c.AnswerHandoff() | c.ExpireHandoff():
            return roles.decide(incident, command, at=at)
        case c.Nudge() | c.SnoozeNudges():
            return nudging.decide(incident, command, at=at)
        case c.AddNote() | c.TagMessage() | c.UntagMessage():
            return timeline.decide(incident, command)
        case c.ChangeEntry() | c.HideEntry() | c.MergeEntry() | c.UseEntryTime() | c.ImportEntries():
            return curation.decide(incident, command)
        case c.Redact():
            return redaction.decide(incident, command)
        case (
            c.AddAction()
            | c.EditAction()
            | c.AmendAction()
            | c.RemoveAction()
            | c.ChangeActionState()
            | c.SnoozeAction()
        ):
            return actions.decide(incident, command, at=at)
        case c.SetFields() | c.AddLines() | c.AddItem() | c.ReplaceItems() | c.ChangeItem():
            return document.decide(incident, command)
        case (
            c.ChangeDocumentStatus()
            | c.RequestDocument()
            | c.RequestPicture()
            | c.AskSection()
            | c.SignOff()
            | c.KeepRendering()
        ):
            return review.decide(incident, command, at=at)
        case _:
            assert_never(command)
