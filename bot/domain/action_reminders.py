"""The ladders of action items: a task while its incident is open, and everything else."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count

from bot.domain.incident import ActionItem, Incident
from bot.domain.reminders import Kind, Manner, Reminder, responsible
from bot.domain.rules import ActionRules, Rules
from bot.domain.vocabulary import ActionKind, Status

#: Daily rungs come an hour early, so that the morning after a change of clocks is still the right one.
_HOUR = timedelta(hours=1)
_ENDED = frozenset({Status.DECLINED, Status.MERGED})


def _subjects(incident: Incident) -> Mapping[str, object]:
    """Items that wait for a decision. Closing the incident stops nothing; declining and merging do."""
    if incident.status in _ENDED:
        return {}
    return {item.id: _basis(incident, item) for item in incident.open_actions}


def _basis(incident: Incident, item: ActionItem) -> tuple[object, ...]:
    due = item.details.due.at if item.details.due else None
    owners, live = item.details.owners, _is_live_task(incident, item)
    return (due, live, owners, item.snoozed_until)


def _is_live_task(incident: Incident, item: ActionItem) -> bool:
    return item.details.kind is ActionKind.TASK and incident.status.is_open


def _rungs(incident: Incident, action: str, rules: Rules) -> Iterator[Reminder]:
    """A snoozed item is silent, speaks once when its snooze ends, and then goes on where its ladder is."""
    item = incident.actions[action]
    until = item.snoozed_until
    if until is None:
        yield from _ladder(incident, item, rules.actions)
        return
    yield Reminder(rung="snoozed", at=until)
    yield from (rung for rung in _ladder(incident, item, rules.actions) if rung.at > until)


def _ladder(incident: Incident, item: ActionItem, rules: ActionRules) -> Iterator[Reminder]:
    due = item.details.due.at if item.details.due else None
    if due is None:
        return _undated(item, rules)
    if _is_live_task(incident, item):
        urgent = incident.severity is not None and incident.severity.level <= 1
        return _task(due, rules, Manner.URGENT if urgent else Manner.AT_ONCE)
    return _follow_up(due, rules)


def _task(due: datetime, rules: ActionRules, manner: Manner) -> Iterator[Reminder]:
    for before in rules.task_before:
        yield Reminder(rung="before", at=due - before, manner=manner)
    yield Reminder(rung="due", at=due, manner=manner)
    for n in count(1):
        at = due + n * rules.task_every
        yield Reminder(rung="overdue", at=at, to=("owner", "commander"), manner=manner)


def _follow_up(due: datetime, rules: ActionRules) -> Iterator[Reminder]:
    """It widens from the owner to the commander to the channel; the last rung comes again without end."""
    for before in rules.before:
        yield Reminder(rung="before", at=due - before, manner=Manner.WORKING)
    yield Reminder(rung="due", at=due, manner=Manner.WORKING)
    for after in rules.after:
        yield Reminder(rung="overdue", at=due + after - _HOUR, manner=Manner.DAILY)
    first = due + rules.commander_after - _HOUR
    yield Reminder(rung="commander", at=first, to=("owner", "commander"), manner=Manner.DAILY)
    everybody = ("owner", "commander", "channel")
    for n in count():
        at = due + rules.channel_after + n * rules.channel_every - _HOUR
        yield Reminder(rung="channel", at=at, to=everybody, manner=Manner.DAILY)


def _undated(item: ActionItem, rules: ActionRules) -> Iterator[Reminder]:
    """Nothing that somebody took on is forgotten for want of a date."""
    for n in count(1):
        at = item.created_at + n * rules.undated_every
        yield Reminder(rung="undated", at=at, manner=Manner.DAILY)


def _audience(incident: Incident, action: str, reminder: Reminder) -> tuple[str, ...]:
    """Where nobody in Slack owns it, whoever is responsible is asked instead; a group is asked in the channel."""
    people: list[str] = []
    if "owner" in reminder.to:
        people += _owners(incident, incident.actions[action]) or responsible(incident)
    if "commander" in reminder.to:
        people += responsible(incident)
    if "channel" in reminder.to and incident.channel and not incident.archived:
        people.append(incident.channel)
    return tuple(dict.fromkeys(people))


def _owners(incident: Incident, item: ActionItem) -> tuple[str, ...]:
    """A user group is asked in the channel, with a mention."""
    users = tuple(p.user for p in item.details.owners if p.user)
    group = any(p.is_group for p in item.details.owners)
    channel = incident.channel if group and not incident.archived else None
    return (*users, channel) if channel else users


ACTIONS = Kind(subjects=_subjects, rungs=_rungs, audience=_audience)
