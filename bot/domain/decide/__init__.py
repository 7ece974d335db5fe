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
    if isinstance(command, c.Lifecycle):
        return lifecycle.decide(incident, command, at=at)
    if isinstance(command, c.Roles):
        return roles.decide(incident, command, at=at)
    if isinstance(command, c.Nudging):
        return nudging.decide(incident, command, at=at)
    if isinstance(command, c.Timeline):
        return timeline.decide(incident, command)
    if isinstance(command, c.Curation):
        return curation.decide(incident, command)
    if isinstance(command, c.Redact):
        return redaction.decide(incident, command)
    if isinstance(command, c.Actions):
        return actions.decide(incident, command, at=at)
    if isinstance(command, c.Document):
        return document.decide(incident, command)
    if isinstance(command, c.Review):
        return review.decide(incident, command, at=at)
    assert_never(command)
