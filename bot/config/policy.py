"""From the file to the policy: what it does not say stays as it is without a file."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

from bot.app.policy import GUIDES, LADDERS, ROLES, TAGS, Invitation, Policy, Tag
from bot.config.kinds import Part
from bot.config.shape import WORKDAYS, Config, Hours, Reminders, Severities, Weekday
from bot.domain.details import Severity
from bot.domain.permissions import Allowed
from bot.domain.rules import ActionRules, Rules
from bot.domain.vocabulary import Marker, TagKind
from bot.domain.working_time import WorkingTime
from bot.language.intents import Role, Rung
from bot.views.look import Look

_WEEK: tuple[Weekday, ...] = (*WORKDAYS, "saturday", "sunday")
_LEVEL = re.compile(r"(\d+)$")


def policy_of(config: Config) -> Policy:
    """The policy of a whole workspace."""
    ladder = _ladder(config.severities)
    said = config.roles
    roles = tuple(Role(key=r.key, label=r.label, aliases=r.aliases) for r in said) or ROLES
    return Policy(
        prefix=config.naming.prefix,
        channel_pattern=config.naming.channel,
        announce_in=config.channels.announce,
        severities=ladder,
        look=Look(
            emoji={level.name: level.emoji for level in config.severities.levels if level.emoji},
            labels=config.statuses,
            roles={role.key: role.label for role in roles},
        ),
        roles=roles,
        guides={r.key: guide for r in said if (guide := r.guide or GUIDES.get(r.key))} or GUIDES,
        shared_roles=frozenset(r.key for r in said if r.holders == "many"),
        tags=_tags(config),
        receipt=config.emoji.receipt,
        pack=config.templates.default,
        pack_by_kind=config.templates.by_kind,
        pack_by_severity={level.name: level.template for level in config.severities.levels if level.template},
        display_zone=config.naming.zone,
        rules=Rules(actions=_ladder_of_actions(config.reminders)),
        hours=_hours(config.hours),
        invitations=tuple(
            Invitation(
                severities=frozenset(rule.severity),
                services=frozenset(name.lower() for name in rule.service),
                people=rule.people,
                groups=rule.groups,
            )
            for rule in config.invite
        ),
        permissions={
            right: Allowed(groups=who.groups, people=who.people, roles=who.roles)
            for right, who in config.permissions.items()
        },
    )


def unknown_names(config: Config) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Names that point at nothing in this file: where they stand, and what is wrong."""
    labels = [rung.severity.label for rung in _ladder(config.severities)]
    roles = [role.key for role in config.roles or ROLES]
    for index, rule in enumerate(config.invite):
        for at, name in enumerate(rule.severity):
            if name not in labels:
                yield ("invite", index, "severity", at), _nothing(name, "severity", labels)
    for right, allowed in config.permissions.items():
        for at, name in enumerate(allowed.roles):
            if name not in roles:
                yield ("permissions", right.value, "roles", at), _nothing(name, "role", roles)
    try:
        _ladder_of_actions(config.reminders)
    except ValueError as error:
        yield ("reminders",), f"{error}."


def _nothing(name: str, what: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"there is no {what} {name}." + (
        f" Did you mean {close[0]}?" if close else f" There are {', '.join(known)}."
    )


def _ladder(severities: Severities) -> tuple[Rung, ...]:
    if not severities.levels:
        return LADDERS[severities.scheme]
    return tuple(
        Rung(
            severity=Severity(level=number, label=level.name, scheme=severities.scheme),
            definition=level.definition,
            aliases=level.aliases,
        )
        for number, level in zip(_numbers(severities), severities.levels, strict=True)
    )


def _numbers(severities: Severities) -> list[int]:
    """The numbers in the names where they rise (P0, P1 …), else 1, 2 …: lower is worse."""
    found = [int(m[1]) for level in severities.levels if (m := _LEVEL.search(level.name))]
    rising = len(found) == len(severities.levels) and found == sorted(set(found))
    return found if rising else list(range(1, len(severities.levels) + 1))


def _tags(config: Config) -> Mapping[str, Tag]:
    if config.emoji.tags is None:
        return TAGS
    meanings = {"timeline": Tag(), "note": Tag(TagKind.NOTE)}
    return {
        name: meanings[meaning] if meaning in meanings else Tag(marker=Marker(meaning))
        for name, meaning in config.emoji.tags.items()
    }


def _hours(hours: Hours) -> WorkingTime:
    return WorkingTime(
        start=hours.start,
        end=hours.end,
        days=frozenset(_WEEK.index(day) for day in hours.days),
        holidays=frozenset(hours.holidays),
    )


def _ladder_of_actions(reminders: Reminders) -> ActionRules:
    """Raises ValueError for rungs out of order."""
    return ActionRules(**_said(reminders))


def _said(part: Part) -> Mapping[str, Any]:
    """What was written; the rest keeps its default."""
    values: Mapping[str, tuple[timedelta, ...] | timedelta | None] = dict(part)
    return {name: value for name, value in values.items() if value is not None}
