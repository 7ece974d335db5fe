"""What the person who asked for a change is told, only to them."""

from collections.abc import Sequence

from bot.domain import events as e
from bot.domain.fields import FIELDS, LISTS
from bot.domain.incident import Incident
from bot.domain.times import Time
from bot.domain.vocabulary import TagKind
from bot.views.actions import due_text
from bot.views.notices import Notice
from bot.views.text import Bold, ChannelName, Mention, Moment, Span, Text, join


def answer(incident: Incident, events: Sequence[e.Event]) -> Notice:
    """What the person who asked is told, only to them."""
    if not events:
        return Notice.of(
            (Bold(incident.ref), ": it is so already; nothing was changed."),
        )
    lines = [line for event in events if (line := _said(event, incident))]
    said = tuple(lines) or ((Bold(incident.ref), ": done."),)
    return Notice(lines=(*said, *_archived(incident)))


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


def _said(event: e.Event, incident: Incident) -> Text | None:
    ref: Span = Bold(incident.ref)
    match event:
        case e.Declared():
            return (ref, f" is declared: {event.title}. ", *_where(incident))
        case e.Renamed():
            return (ref, f" is now called {event.title}.")
        case e.SeverityChanged():
            return (ref, f" is now {event.severity.label}.")
        case e.StatusChanged():
            return (ref, f" is now {event.status.value}.")
        case e.MadePrivate():
            return (
                ref,
                " is private from now on: its announcement is taken back, and lists hide it. ",
                *_still_public(incident),
            )
        case e.TimeSet():
            if event.time is None:
                return (ref, f": {event.which.label} was taken back.")
            return (ref, f": {event.which.label} recorded as ", *_moment(event.time), ".")
        case e.RoleAssigned():
            return (ref, f": {event.role} is now ", Mention(event.person), ".")
        case e.RoleReleased():
            return (ref, ": ", Mention(event.person), f" no longer holds {event.role}.")
        case e.UpdatePosted():
            return (ref, ": the update is posted.")
        case e.NoteAdded():
            return (ref, f": {event.entry} recorded at ", *_moment(event.time), ".")
        case e.MessageTagged():
            place = "timeline" if event.tag is TagKind.TIMELINE else "notes"
            return (ref, f": {event.entry} is on the {place}, at the message's own time.")
        case e.MessageUntagged():
            return (ref, f": {event.entry} is off the timeline.")
        case e.EntryChanged():
            return (ref, f": {event.entry} is corrected; the earlier wording stays in the audit trail.")
        case e.EntryHidden():
            return (ref, f": {event.entry} is {'hidden' if event.hidden else 'shown again'}.")
        case e.ActionAdded() | e.ActionEdited():
            return (ref, ": ", *_action(event.action, event.details), ".")
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
        case _:
            return None


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


def _moment(time: Time) -> Text:
    if time.utc is None:
        return ("an unknown time",)
    about = "about " if time.approx else ""
    end: Text = (" to ", Moment(time.end_utc, "date")) if time.end_utc else ()
    return (about, Moment(time.utc, "date"), *end)


def _action(action: str, details: e.ActionDetails) -> Text:
    owners: Text = (" · ", *join(details.owners)) if details.owners else (" · no owner yet",)
    return (Bold(action), f" {details.text}", *owners, *due_text(details.due))
