"""Of what an incident's channel is reminded next, and when: a pure function of the incident and the workspace's rules.

A nudge is repeated after twice the time each time, and stops when what was lacking is there. However much is lacking,
no more than ``most`` nudges are sent within ``window``: one that is held back speaks later, of everything that is
lacking by then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.incident import Incident, NudgeSent
from bot.domain.vocabulary import Kind, NudgeKind, Status, TimeName

_MINUTE = timedelta(minutes=1)


#: For every ladder that is shipped: the worst, the second and the third severity.
UPDATE_AFTER: Mapping[str, timedelta] = {
    label: minutes * _MINUTE
    for labels, minutes in (("SEV1 P0 Critical", 15), ("SEV2 P1 High", 30), ("SEV3 P2 Medium", 60))
    for label in labels.split()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeRules:
    """How long what may be lacking; None: nobody is reminded of it."""

    #: By the severity's label; a severity that is not named here needs no updates.
    update_after: Mapping[str, timedelta] = field(default_factory=lambda: UPDATE_AFTER)
    commander_after: timedelta | None = 5 * _MINUTE
    quiet_after: timedelta | None = timedelta(hours=4)
    impact_after: timedelta | None = 5 * _MINUTE
    #: After a broken promise of an update, for a severity that needs none by itself.
    promise_again_after: timedelta = 30 * _MINUTE
    #: The noise budget: so many nudges in so long a time.
    most: int = 2
    window: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextNudge:
    """What is to be said at ``at`` (UTC), unless it is done by then."""

    at: datetime
    about: tuple[NudgeKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lack:
    """What is missing since when: the first nudge after ``first``, the next after ``again``, then twice that, and so on."""

    kind: NudgeKind
    since: datetime
    first: timedelta
    again: timedelta | None


def next_nudge(
    incident: Incident, rules: NudgeRules, *, heard: datetime | None = None, now: datetime | None = None
) -> NextNudge | None:
    """The next nudge, perhaps overdue, or None when nothing is lacking.

    ``heard``: when a person last said something. ``now``: an overdue nudge is about all that is lacking by then.
    """
    due = {
        lack.kind: at
        for lack in _lacks(incident, rules, heard)
        if (at := _when(lack, incident.nudges)) is not None
    }
    if not due:
        return None
    at = max(min(due.values()), _free_from(incident, rules))
    by = max(at, now or at)
    return NextNudge(at=at, about=tuple(kind for kind, moment in due.items() if moment <= by))


def still_lacking(incident: Incident, nudge: NudgeSent) -> bool:
    """Whether anything of what a nudge was about is still to be done."""
    return any(_is_lacking(incident, kind, nudge.at) for kind in nudge.about)


def _is_lacking(incident: Incident, kind: NudgeKind, at: datetime) -> bool:
    match kind:
        case NudgeKind.COMMANDER:
            return incident.status.is_open and not incident.holders("commander")
        case NudgeKind.UPDATE | NudgeKind.PROMISE:
            return incident.status.is_open and not (incident.updates and incident.updates[-1].at >= at)
        case NudgeKind.QUIET:
            return incident.status.is_open
        case NudgeKind.IMPACT:
            return TimeName.IMPACT_STARTED not in incident.times


def _free_from(incident: Incident, rules: NudgeRules) -> datetime:
    """Not while they are snoozed, nor before the budget has room again."""
    moments = [incident.declared_at]
    if incident.nudges_snoozed_until:
        moments.append(incident.nudges_snoozed_until)
    if len(incident.nudges) >= rules.most:
        moments.append(incident.nudges[-rules.most].at + rules.window)
    return max(moments)


def _when(lack: _Lack, sent: tuple[NudgeSent, ...]) -> datetime | None:
    told = [nudge.at for nudge in sent if lack.kind in nudge.about and nudge.at > lack.since]
    if not told:
        return lack.since + lack.first
    return told[-1] + lack.again * 2 ** (len(told) - 1) if lack.again else None


def _lacks(incident: Incident, rules: NudgeRules, heard: datetime | None) -> Iterator[_Lack]:
    if incident.kind is Kind.RETROACTIVE:
        return
    if incident.status is Status.RESOLVED and rules.impact_after and incident.status_since:
        if TimeName.IMPACT_STARTED not in incident.times:
            yield _Lack(
                kind=NudgeKind.IMPACT, since=incident.status_since, first=rules.impact_after, again=None
            )
        return
    if not incident.status.is_open:
        return
    if rules.commander_after and not incident.holders("commander"):
        yield _Lack(
            kind=NudgeKind.COMMANDER,
            since=_without_commander_since(incident),
            first=rules.commander_after,
            again=2 * rules.commander_after,
        )
    yield from _updates(incident, rules)
    if rules.quiet_after:
        since = max(_last_deed(incident), heard or incident.declared_at)
        yield _Lack(kind=NudgeKind.QUIET, since=since, first=rules.quiet_after, again=rules.quiet_after)


def _updates(incident: Incident, rules: NudgeRules) -> Iterator[_Lack]:
    """A promise counts instead of the usual time."""
    usual = rules.update_after.get(incident.severity.label) if incident.severity else None
    promised = incident.next_update_at
    if promised:
        given = incident.updates[-1].at
        again = usual or rules.promise_again_after
        yield _Lack(kind=NudgeKind.PROMISE, since=given, first=promised - given, again=again)
    elif usual:
        yield _Lack(kind=NudgeKind.UPDATE, since=_last_word(incident), first=usual, again=2 * usual)


def _last_deed(incident: Incident) -> datetime:
    """When somebody last did anything with the incident."""
    moments = [incident.history[-1].at]
    moments += [entry.added_at for entry in incident.entries.values()]
    moments += [item.changed_at for item in incident.actions.values()]
    return max(moments)


def _opened_at(incident: Incident) -> datetime:
    """When it was declared, or last opened again."""
    opened = incident.declared_at
    ended = False
    for change in incident.history:
        if change.what == "status":
            is_open = Status(change.text).is_open
            if is_open and ended:
                opened = change.at
            ended = not is_open
    return opened


def _without_commander_since(incident: Incident) -> datetime:
    lost = [release.at for release in incident.releases if release.role == "commander"]
    return max([_opened_at(incident), *lost])


def _last_word(incident: Incident) -> datetime:
    """The last update; a change of severity starts the time anew."""
    changes = [change.at for change in incident.history if change.what in {"update", "severity"}]
    return max([_opened_at(incident), *changes])
