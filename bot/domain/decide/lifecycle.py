"""Declaring, status, severity, times, updates."""

from datetime import datetime
from typing import assert_never

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.details import Severity
from bot.domain.incident import Incident
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import Status, TimeName

TITLE_LIMIT = 200  # a banner header holds 150 characters; the document prints the whole


def declare(command: c.Declare) -> tuple[e.Event, ...] | Refusal:
    title = " ".join(command.title.split())
    if len(title) > TITLE_LIMIT:
        return _too_long("The incident was not declared", title)
    declared = e.Declared(
        title=title or "Untitled incident",
        severity=command.severity,
        kind=command.kind,
        private=command.private,
        symptom=command.symptom or None,
        services=command.services,
        declared_from=command.declared_from,
        template=command.template,
    )
    if not command.here:
        return (declared,)
    if command.declared_from is None:
        return Refusal(
            what="The incident was not declared",
            why="there is no channel here that could become the incident's.",
            hint="Leave out `--here`, and it gets a channel of its own.",
        )
    return (declared, e.ChannelOpened(channel=command.declared_from, name="", adopted=True))


def decide(incident: Incident, command: c.Lifecycle, *, at: datetime) -> tuple[e.Event, ...] | Refusal:
    match command:
        case c.OpenChannel():
            if incident.channel:
                return ()
            return (e.ChannelOpened(channel=command.channel, name=command.name),)
        case c.RefuseChannel():
            if incident.channel or incident.channel_refused == command.reason:
                return ()
            return (e.ChannelRefused(reason=command.reason),)
        case c.RetryChannel():
            return (e.ChannelRetried(),) if incident.channel_refused and not incident.channel else ()
        case c.NoteChannelName():
            return () if command.name == incident.channel_name else (e.ChannelRenamed(name=command.name),)
        case c.NoteArchived():
            unchanged = command.archived == incident.archived
            return () if unchanged else (e.ChannelArchived(archived=command.archived),)
        case c.MakePrivate():
            return () if incident.private else (e.MadePrivate(),)
        case c.Absorb():
            unchanged = command.present == (command.incident in incident.absorbed)
            return () if unchanged else (e.Absorbed(incident=command.incident, present=command.present),)
        case c.Rename():
            return _rename(incident, command)
        case c.ChangeSeverity():
            return _severity(incident, command.severity, command.reason)
        case c.ChangeStatus():
            return _status(incident, command)
        case c.SetTime():
            return _set_time(incident, command)
        case c.PostUpdate():
            return _update(incident, command, at)
        case _:
            assert_never(command)


def _rename(incident: Incident, command: c.Rename) -> tuple[e.Event, ...] | Refusal:
    title = " ".join(command.title.split())
    if not title:
        return Refusal(
            what="The title was not changed",
            why="it would be empty.",
            hint="Type the new title behind `rename`.",
        )
    if len(title) > TITLE_LIMIT:
        return _too_long("The title was not changed", title)
    return () if title == incident.title else (e.Renamed(title=title),)


def _too_long(what: str, title: str) -> Refusal:
    return Refusal(
        what=what,
        why=f"the title has {len(title)} characters; {TITLE_LIMIT} is the most.",
        hint="Keep the title short and put the rest into a note.",
        field="title",
    )


def _severity(incident: Incident, severity: Severity, reason: str | None) -> tuple[e.Event, ...]:
    if severity == incident.severity:
        return ()
    return (e.SeverityChanged(severity=severity, reason=reason),)


def _status(incident: Incident, command: c.ChangeStatus) -> tuple[e.Event, ...] | Refusal:
    if incident.status is command.status:
        return _same_status(incident, command)
    if incident.status is Status.CLOSED and command.status is Status.RESOLVED:
        return Refusal(
            what="Nothing was changed",
            why=f"{incident.ref} is closed already, which is past resolved.",
            hint="`/incident reopen` opens it again.",
        )
    if incident.status in {Status.DECLINED, Status.MERGED} and not command.status.is_open:
        return Refusal(
            what="Nothing was changed",
            why=f"{incident.ref} ended as {incident.status}.",
            hint="`/incident reopen` opens it again.",
        )
    if command.into == incident.number:
        return Refusal(
            what="Nothing was merged",
            why=f"{incident.ref} cannot be a duplicate of itself.",
            hint="Name the other incident.",
        )
    events: list[e.Event] = []
    if command.outcome:
        events.append(e.FieldSet(path="resolution.outcome", value=command.outcome))
    if command.status is Status.CLOSED and incident.status.is_open:
        events.append(e.StatusChanged(status=Status.RESOLVED, time=command.time))
    # Said with the change too: a later resolution writes its own outcome over the field.
    reason = command.reason or command.outcome
    events.append(e.StatusChanged(status=command.status, reason=reason, time=command.time, into=command.into))
    events.extend(_document_after(incident, command.status))
    return tuple(events)


def _same_status(incident: Incident, command: c.ChangeStatus) -> tuple[e.Event, ...] | Refusal:
    """Saying the same status again is no change, unless it corrects the time or gives the outcome."""
    events: list[e.Event] = []
    if command.time and command.status is Status.RESOLVED:
        events.append(e.TimeSet(which=TimeName.RESOLVED, time=command.time))
    if command.outcome:
        events.append(e.FieldSet(path="resolution.outcome", value=command.outcome))
    if events:
        return tuple(events)
    if not command.status.is_final:
        return ()
    last = next(change for change in reversed(incident.history) if change.what == "status")
    return Refusal(
        what="Nothing was changed",
        by=last.by,
        why=f"had set {incident.ref} to {command.status} already.",
        hint="`/incident reopen` opens it again.",
    )


def _document_after(incident: Incident, status: Status) -> tuple[e.Event, ...]:
    """A draft is rendered at resolved, the final postmortem at closed."""
    if status not in {Status.RESOLVED, Status.CLOSED}:
        return ()
    revision = len(incident.renderings) + 1
    return (
        e.DocumentRequested(revision=revision, formats=("markdown", "html"), final=status is Status.CLOSED),
    )


def _set_time(incident: Incident, command: c.SetTime) -> tuple[e.Event, ...] | Refusal:
    if command.time == incident.times.get(command.which):
        return ()
    if command.which is TimeName.DECLARED and command.time is None:
        return Refusal(
            what="The time was not changed",
            why="every incident has a time of declaration.",
            hint="Give the right one.",
        )
    return (e.TimeSet(which=command.which, time=command.time),)


def _update(incident: Incident, command: c.PostUpdate, at: datetime) -> tuple[e.Event, ...] | Refusal:
    text = command.text.strip()
    events: list[e.Event] = []
    if command.severity and command.severity != incident.severity:
        events.append(e.SeverityChanged(severity=command.severity))
    if command.status and command.status is not incident.status:
        changed = _status(incident, c.ChangeStatus(status=command.status))
        if isinstance(changed, Refusal):
            return changed
        events.extend(changed)
    if not text and not events:
        return Refusal(
            what="No update was posted",
            why="there was no text and nothing to change.",
            hint="Say what readers should know: `/incident update still investigating --next 30m`.",
            field="text",
        )
    if command.next_at and command.next_at <= at:
        return Refusal(
            what="No update was posted",
            why="the next update would be in the past.",
            hint="Give a time ahead, such as `--next 30m`.",
            field="next",
        )
    events.append(e.UpdatePosted(text=text, next_at=command.next_at))
    return tuple(events)
