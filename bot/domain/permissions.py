"""Who may do what: rights that a workspace may keep to some, which command asks for which, and the judgement. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain import commands as c
from bot.domain.incident import Incident
from bot.domain.people import SYSTEM
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import Status


class Right(StrEnum):
    """What is everybody's unless the workspace keeps it to some. Declaring and tagging always are everybody's."""

    CHANGE_SEVERITY = "change_severity"
    CLOSE = "close"
    REDACT = "redact"
    READ_PRIVATE = "read_private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Slack ids of user groups and people, and roles whose holders in the incident may."""

    groups: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A Slack user group as it stands: ``handle`` without @; ``members`` are user ids."""

    id: str
    handle: str
    members: frozenset[str]


Permissions = Mapping[Right, Allowed]
Groups = Mapping[str, Group]

_NOT_DONE: Mapping[Right, str] = {
    Right.CHANGE_SEVERITY: "The severity was not changed",
    Right.CLOSE: "The incident was not closed",
    Right.REDACT: "Nothing was redacted",
    Right.READ_PRIVATE: "It is not shown",
}


def needed(command: c.Command) -> Right | None:
    """The right that a command asks for; None: it is everybody's."""
    match command:
        case c.ChangeSeverity():
            return Right.CHANGE_SEVERITY
        case c.PostUpdate(severity=severity) if severity is not None:
            return Right.CHANGE_SEVERITY
        case c.ChangeStatus(status=Status.CLOSED):
            return Right.CLOSE
        case _:
            return None


def refusal(
    command: c.Command, incident: Incident | None, by: str, permissions: Permissions, groups: Groups
) -> Refusal | None:
    """Why ``by`` may not do it, naming who may; None: it may be done. A form that repeats the severity changes none."""
    right = needed(command)
    if right is None or by == SYSTEM or right not in permissions:
        return None
    if isinstance(command, c.PostUpdate) and incident and command.severity == incident.severity:
        return None
    allowed = permissions[right]
    if may(by, allowed, incident, groups):
        return None
    return Refusal(
        what=_NOT_DONE[right], why=f"{who_may(allowed, groups)} may do that here.", hint=_hint(right)
    )


def may(by: str, allowed: Allowed, incident: Incident | None, groups: Groups) -> bool:
    """Whether the person is one of those named, in one of the groups, or holds one of the roles."""
    if by in allowed.people:
        return True
    if any(by in group.members for name in allowed.groups if (group := groups.get(name))):
        return True
    held = {p.slack_id for role in allowed.roles for p in incident.holders(role)} if incident else set()
    return by in held


def who_may(allowed: Allowed, groups: Groups) -> str:
    """``only @oncall and the commander``."""
    named = [
        f"@{groups[name].handle}" if name in groups else f"the user group {name}" for name in allowed.groups
    ]
    named += ["the people whom the configuration names"] if allowed.people else []
    named += [f"the incident's {role}" for role in allowed.roles]
    return "only " + (f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0])


def _hint(right: Right) -> str:
    if right is Right.CHANGE_SEVERITY:
        return "Ask one of them; an update without a severity is everybody's."
    return "Ask one of them."
