"""What the person who asked for a change is told, only to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from bot.domain import events as e
from bot.domain.details import ActionDetails, Due
from bot.domain.fields import FIELDS, LISTS
from bot.domain.incident import Incident
from bot.domain.redaction import made_of
from bot.domain.sections import unsettled
from bot.domain.time_order import contradictions
from bot.domain.times import Precision, Time, format_duration
from bot.domain.transcript import TAKEN_IN
from bot.domain.vocabulary import Status, TagKind
from bot.views.actions import due_text
from bot.views.look import PLAIN, Look
from bot.views.notices import Choice, Notice
from bot.views.text import Bold, ChannelName, Code, Mention, Moment, Span, Stated, Text, join

#: More than these would not help to choose.
OFFERED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOne:
    """Another incident that is open now."""

    number: int
    ref: str
    title: str
    declared_at: datetime


def answer(
    incident: Incident,
    events: Sequence[e.Event],
    *,
    before: Incident | None = None,
    zone: tzinfo | None = None,
    look: Look = PLAIN,
) -> Notice:
    """What the person who asked is told, only to them. ``before``: the state that they changed."""
    if not events:
        return Notice.of(
            (Bold(incident.ref), ": it is so already; nothing was changed."),
        )
    imported = [x.entry for x in events if isinstance(x, e.NoteAdded) and x.time.source == "import"]
    if imported:
        return Notice.of((Bold(incident.ref), f": {_imported(imported)}."))
    lines = [line for event in events if (line := _said(event, incident, zone, look))]
    said = tuple(lines) or ((Bold(incident.ref), ": done."),)
    more = (*_contradictions(incident, before), *_incomplete(incident, events), *_archived(incident))
    return Notice(lines=(*said, *more))


def _contradictions(incident: Incident, before: Incident | None) -> tuple[Text, ...]:
    """Times that cannot all be right are kept as they were said, and told as soon as they come about."""
    known = contradictions(before.times) if before else ()
    fresh = [pair for pair in contradictions(incident.times) if pair not in known]
    return tuple(
        (
            f":warning: Now {late.label} (",
            Stated(incident.times[late]),
            f") is before {early.label} (",
            Stated(incident.times[early]),
            "). Both are kept; ",
            Code(f"/incident time {late.value} …"),
            " corrects one.",
        )
        for early, late in fresh
    )


def _incomplete(incident: Incident, events: Sequence[e.Event]) -> tuple[Text, ...]:
    """On resolving: items that nobody owns, or without a due date, are asked about."""
    resolved = any(isinstance(event, e.StatusChanged) and event.status is Status.RESOLVED for event in events)
    lacking = unsettled(incident) if resolved else ()
    if not lacking:
        return ()
    names = ", ".join(f"{item.id} ({' and '.join(_lacks(item.details))})" for item in lacking)
    return (
        (
            f"Still open without an owner or a due date: {names}. ",
            Code(f"/incident {incident.ref} reassign {lacking[0].id} @who"),
            " and ",
            Code(f"/incident {incident.ref} reschedule {lacking[0].id} friday"),
            " settle one.",
        ),
    )


def _lacks(details: ActionDetails) -> list[str]:
    said = [] if details.owners else ["no owner"]
    return said if details.due else [*said, "no due date"]


def _archived(incident: Incident) -> tuple[Text, ...]:
    """Bots cannot bring a channel back (docs: conversations.unarchive), so a person is asked to."""
    if not incident.archived or incident.channel is None:
        return ()
    channel = ChannelName(incident.channel, incident.channel_name)
    return (
        (
            "Its channel ",
            channel,
            " is archived, so nothing is shown there. To bring it back, open it and choose to unarchive it, which ",
            "only a person can do; everything said meanwhile is then made up for.",
        ),
    )


def with_offer(said: Notice, incident: Incident, others: Sequence[OpenOne], now: datetime) -> Notice:
    """After a declaration: the other open incidents (newest first), each with a button that joins it instead."""
    if not others:
        return said
    count = "1 other incident is" if len(others) == 1 else f"{len(others)} other incidents are"
    ago = format_duration((now - others[0].declared_at).total_seconds())
    question: Text = (
        f"{count} open, {'' if len(others) == 1 else 'one '}declared {ago} ago. Is this the same?",
    )
    shown = others[:OFFERED]
    listed: tuple[Text, ...] = tuple((Bold(other.ref), f" {other.title}") for other in shown)
    choices = tuple(
        Choice(
            label=f"Join {other.ref} instead",
            does="join_instead",
            ids={"incident": incident.number, "into": other.number},
        )
        for other in shown
    )
    return Notice(lines=(*said.lines, question, *listed), choices=choices)


def _imported(entries: Sequence[str]) -> str:
    if len(entries) == 1:
        return f"one line is on the timeline now, as {entries[0]}"
    return f"{len(entries)} lines are on the timeline now, as {entries[0]} to {entries[-1]}"


def _said(event: e.Event, incident: Incident, zone: tzinfo | None, look: Look) -> Text | None:
    ref: Span = Bold(incident.ref)
    match event:
        case e.Declared():
            return (ref, f" is declared: {event.title}. ", *_where(incident))
        case e.ChannelOpened(adopted=True):
            return (
                f"What was said here in the last {TAKEN_IN.total_seconds() / 3600:.0f} hours is taken into its record.",
            )
        case e.Renamed():
            return (ref, f" is now called {event.title}.")
        case e.SeverityChanged():
            return (ref, f" is now {event.severity.label}.")
        case e.StatusChanged(into=int(into)):
            return (
                ref,
                f" is a duplicate of INC-{into} now: who is here is invited there, and work goes on there.",
            )
        case e.StatusChanged():
            since: Text = (", as of ", Stated(event.time, zone)) if event.time else ()
            return (ref, f" is now {look.status(event.status)}", *since, ".")
        case e.MadePrivate():
            return (
                ref,
                " is private from now on: its announcement is taken back, and lists hide it. ",
                *_still_public(incident),
            )
        case e.TimeSet():
            if event.time is None:
                return (ref, f": {event.which.label} was taken back.")
            return (ref, f": {event.which.label} recorded as ", Stated(event.time, zone), ".")
        case e.RoleAssigned():
            return (ref, f": {look.role(event.role)} is now ", Mention(event.person), ".")
        case e.RoleReleased():
            return (ref, ": ", Mention(event.person), f" is no longer {look.role(event.role)}.")
        case e.HandoffOffered():
            return (
                ref,
                ": ",
                Mention(event.to),
                f" is asked by DM to take over as {look.role(event.role)}, and has until ",
                Moment(event.expires_at),
                " to answer. Until then ",
                Mention(event.giver),
                " holds it.",
            )
        case e.HandoffSettled():
            return (ref, f": the handoff is {event.outcome.value}.")
        case e.NudgesSnoozed():
            if event.until is None:
                return (ref, ": the channel is reminded again of what is missing.")
            return (ref, ": no reminders in the channel before ", Moment(event.until, "date"), ".")
        case e.UpdatePosted():
            if event.next_at:
                next_at = Stated(Time(utc=event.next_at, precision=Precision.MINUTE), zone)
                return (ref, ": the update is posted; the next one is promised by ", next_at, ".")
            return (ref, ": the update is posted.")
        case e.NoteAdded():
            return (ref, f": {event.entry} recorded at ", Stated(event.time, zone), ".")
        case e.MessageTagged():
            place = "timeline" if event.tag is TagKind.TIMELINE else "notes"
            return (ref, f": {event.entry} is on the {place}, at the message's own time.")
        case e.MessageUntagged():
            return (ref, f": {event.entry} is off the timeline.")
        case e.EntryChanged():
            when: Text = (" now stands at ", Stated(event.time, zone)) if event.time else (" is corrected",)
            return (ref, f": {event.entry}", *when, "; what stood before is in the audit trail.")
        case e.EntryMerged():
            return (
                ref,
                f": {event.entry} went into {event.into}; `/incident show {event.entry}` takes it out again.",
            )
        case e.Redacted():
            return (ref, ": ", *_redacted(incident, event))
        case e.EntryHidden():
            return (ref, f": {event.entry} is {'hidden' if event.hidden else 'shown again'}.")
        case e.ActionAdded() | e.ActionEdited():
            return (ref, ": ", *_action(event.action, event.details), ".")
        case e.ActionRemoved():
            return (ref, f": {event.action} is deleted; the audit trail still knows it.")
        case e.ActionStateChanged():
            return (ref, f": {event.action} is {event.state.label}.")
        case e.ActionSnoozed():
            return (ref, f": no reminder of {event.action} before ", Moment(event.until, "date"), ".")
        case e.FieldSet():
            label = FIELDS[event.path].label
            return (ref, f": {label} is {'emptied' if event.value is None else 'set'}.")
        case e.ItemAdded():
            return (ref, f": added to {LISTS[event.path].label}.")
        case e.DocumentStatusChanged():
            return (ref, f": the postmortem is now {event.status.label}.")
        case e.DocumentRequested():
            return (ref, ": the postmortem is being rendered and will be posted in the channel.")
        case e.PictureRequested():
            return (ref, ": the timeline is being drawn and will be posted in the channel.")
        case _:
            return None


def _redacted(incident: Incident, event: e.Redacted) -> Text:
    what = event.entry or (f"update {event.update + 1}" if event.update is not None else "the message")
    said = f"{what} is redacted. Its words are gone from the record and its documents are made anew"
    if event.message is None:
        return (f"{said}.",)
    if items := [item.id for item in made_of(incident, event)]:
        said += (
            f"; so are those of {', '.join(items)}, made of it (`/incident edit {items[0]} …` gives new ones)"
        )
    return (
        f"{said}. The message itself still stands in Slack: only its author or an admin can delete it there.",
    )


def _where(incident: Incident) -> Text:
    if incident.channel:
        return ("Its channel is ", ChannelName(incident.channel, incident.channel_name), ".")
    return ("Its channel is being opened; you will be invited.",)


def _still_public(incident: Incident) -> Text:
    if incident.channel is None or not incident.public_channel:
        return ()
    return (
        "Its channel stays public until somebody changes it, which no app may do: ",
        ChannelName(incident.channel, incident.channel_name),
        " → Settings → Change to a private channel.",
    )


def _action(action: str, details: ActionDetails) -> Text:
    owners: Text = (" · ", *join(details.owners)) if details.owners else (" · no owner yet",)
    return (
        Bold(action),
        f" {details.text}",
        *(f" · {mark}" for mark in _marks(details)),
        *owners,
        *due_text(details.due),
        *_read_as(details.due),
    )


def _marks(details: ActionDetails) -> list[str]:
    """What else was said of an item, repeated so that a slip is seen."""
    horizon = details.horizon.value if details.horizon else None
    under = f"under {details.parent}" if details.parent else None
    found = (details.priority, horizon, details.label, under, details.tracker)
    return [mark for mark in found if mark]


def _read_as(due: Due | None) -> Text:
    """What the words were taken for, on the clock of the zone in which they were read."""
    if due and due.at is None:
        return (
            ", in which no date ahead can be read: it is kept as it is, and reminders do not count on it",
        )
    if due is None or due.at is None or due.zone in {None, "UTC"}:
        return ()
    return (f", which is {due.at.astimezone(ZoneInfo(due.zone or 'UTC')):%a %d %b %H:%M} in {due.zone}",)
