"""The ladders of the postmortem: one that is not published in time, and the review that follows it up."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.incident import Incident
from bot.domain.people import Person
from bot.domain.reminders import Kind, Manner, Reminder, responsible
from bot.domain.rules import DocumentRules, Rules, Within
from bot.domain.times import Time
from bot.domain.vocabulary import DocumentStatus, Status, TimeName
from bot.domain.vocabulary import Kind as IncidentKind
from bot.domain.working_time import WorkingTime

ONE = "1"  # an incident has one postmortem
_WRITTEN_UP = frozenset({Status.RESOLVED, Status.CLOSED})
_REAL = frozenset({IncidentKind.NORMAL, IncidentKind.RETROACTIVE})
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)  # see the ladders of action items


def resolved_at(incident: Incident) -> datetime | None:
    """The moment from which a postmortem is owed; None while the incident is open, or is an exercise."""
    if incident.status not in _WRITTEN_UP or incident.kind not in _REAL:
        return None
    known = incident.times.get(TimeName.RESOLVED)
    return known.utc if known else None


def authors(incident: Incident) -> tuple[str, ...]:
    """Slack ids of the authors, else of whoever is responsible."""
    named = incident.fields.get("doc.authors")
    lines = named if isinstance(named, tuple) else ()
    people = [Person.typed_as(line) for line in lines if line.strip()]
    return tuple(p.user for p in people if p.user) or responsible(incident)


def _audience(incident: Incident, each: str, reminder: Reminder) -> tuple[str, ...]:
    del each
    people = [*authors(incident)]
    if "commander" in reminder.to:
        people += responsible(incident)
    if "channel" in reminder.to and incident.channel and not incident.archived:
        people.append(incident.channel)
    return tuple(dict.fromkeys(people))


# --- a late postmortem -------------------------------------------------------------------------------------------------


def due_at(incident: Incident, rules: DocumentRules) -> datetime | None:
    """When the postmortem should be published; None when nobody waits for it."""
    resolved = resolved_at(incident)
    within = rules.due.get(incident.severity.label) if incident.severity else None
    if resolved is None or within is None:
        return None
    return resolved + _length(resolved, within, rules.hours)


def _length(since: datetime, within: Within, hours: WorkingTime) -> timedelta:
    if not within.working:
        return within.days * _DAY
    left, days = within.days, 0
    while left and days < 7 * within.days + 366:  # a year of holidays is a slip in the settings
        days += 1
        left -= hours.works((since + days * _DAY).date())
    return days * _DAY


def _owed(incident: Incident) -> Mapping[str, object]:
    if resolved_at(incident) is None or incident.document is DocumentStatus.PUBLISHED:
        return {}
    return {ONE: (resolved_at(incident), incident.severity)}


def _late(incident: Incident, each: str, rules: Rules) -> Iterator[Reminder]:
    del each
    due = due_at(incident, rules.document)
    if due is None:
        return
    for before in rules.document.before:
        yield Reminder(rung="before", at=due - before, to=("author",), manner=Manner.WORKING)
    yield Reminder(rung="due", at=due, to=("author",), manner=Manner.WORKING)
    everybody = ("author", "commander")
    for after in rules.document.after:
        yield Reminder(rung="overdue", at=due + after - _HOUR, to=everybody, manner=Manner.DAILY)
    last = due + rules.document.channel_after - _HOUR
    yield Reminder(rung="channel", at=last, to=(*everybody, "channel"), manner=Manner.DAILY)


# --- the follow-up review ------------------------------------------------------------------------------------------------


def followup_on(incident: Incident, rules: DocumentRules) -> date | None:
    """The day of the follow-up review: as typed, else so many days after the resolution."""
    resolved = resolved_at(incident)
    if resolved is None:
        return None
    typed = incident.fields.get("doc.followup.date")
    if typed and not isinstance(typed, Time):
        return date.fromisoformat(str(typed))
    days = incident.fields.get("doc.followup.days")
    wanted = isinstance(days, int | float) or (
        incident.severity is not None and incident.severity.label in rules.due
    )
    count = int(days) if isinstance(days, int | float) else rules.followup_days
    return (resolved + count * _DAY).date() if wanted else None


def _followups(incident: Incident) -> Mapping[str, object]:
    """Until it has a result."""
    if resolved_at(incident) is None or incident.fields.get("doc.followup.result"):
        return {}
    typed = tuple(incident.fields.get(f"doc.followup.{name}") for name in ("date", "days"))
    return {ONE: (resolved_at(incident), incident.severity, typed)}


def _followup(incident: Incident, each: str, rules: Rules) -> Iterator[Reminder]:
    del each
    day = followup_on(incident, rules.document)
    if day is None:
        return
    morning = datetime.combine(day, time(), UTC)
    to = ("author", "commander", "channel")
    yield Reminder(rung="due", at=morning, to=to, manner=Manner.DAILY)
    again = morning + rules.document.followup_again
    yield Reminder(rung="again", at=again, to=("author", "commander"), manner=Manner.DAILY)


POSTMORTEM = Kind(subjects=_owed, rungs=_late, audience=_audience)
FOLLOW_UP = Kind(subjects=_followups, rungs=_followup, audience=_audience)
