"""All kinds of reminders, and how their ladders are climbed: pure. A new kind is one entry in `KINDS`.

`bot.domain.watches` holds what time does without reminding anybody; its rows stand beside the ladders.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.action_reminders import ACTIONS
from bot.domain.document_reminders import FOLLOW_UP, POSTMORTEM
from bot.domain.incident import Incident
from bot.domain.reminders import Kind, Reminder
from bot.domain.rules import Rules
from bot.domain.watches import WATCHES

KINDS: Mapping[str, Kind] = {"action": ACTIONS, "postmortem": POSTMORTEM, "followup": FOLLOW_UP}
_SUBJECTS: Mapping[str, Callable[[Incident], Mapping[str, object]]] = {
    **{name: kind.subjects for name, kind in KINDS.items()},
    **{name: watch.subjects for name, watch in WATCHES.items()},
}


def subjects(incident: Incident | None) -> dict[str, object]:
    """Everything that an incident reminds of: ``kind:id`` -> all that its ladder depends on."""
    if incident is None:
        return {}
    return {
        f"{name}:{each}": basis
        for name, subjects_of in _SUBJECTS.items()
        for each, basis in subjects_of(incident).items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbed:
    """``speaks``: the newest rung that was reached, if one was; ``next_at``: when the next one is (None: never)."""

    speaks: Reminder | None
    next_at: datetime | None


def climb(incident: Incident, subject: str, rules: Rules, *, after: datetime, now: datetime) -> Climbed:
    """The ladder from ``after`` (excluded) to ``now``. Of several rungs that were missed only the newest speaks."""
    if not stands(incident, subject):
        return Climbed(speaks=None, next_at=None)
    kind, each = _kind(subject)
    speaks: Reminder | None = None
    for rung in kind.rungs(incident, each, rules):
        if rung.at > max(now, after):
            return Climbed(speaks=speaks, next_at=rung.at)
        if rung.at > after:
            speaks = rung
    return Climbed(speaks=speaks, next_at=None)


def stands(incident: Incident, subject: str) -> bool:
    """Whether there is still something to remind of."""
    name, _, each = subject.partition(":")
    return name in KINDS and each in KINDS[name].subjects(incident)


def audience(incident: Incident, subject: str, reminder: Reminder) -> tuple[str, ...]:
    """Slack ids of people and channels that a rung is for."""
    kind, each = _kind(subject)
    return kind.audience(incident, each, reminder)


def _kind(subject: str) -> tuple[Kind, str]:
    name, _, each = subject.partition(":")
    return KINDS[name], each
