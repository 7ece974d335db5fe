"""Who may do what: every right, kept to groups, people and roles."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.details import MessageRef, Severity
from bot.domain.events import Recorded
from bot.domain.evolve import fold
from bot.domain.people import SYSTEM, Person
from bot.domain.permissions import Allowed, Group, Right, needed, refusal
from bot.domain.vocabulary import Status

NOW = datetime(2026, 11, 18, 14, tzinfo=UTC)
SEV1, SEV2 = Severity(level=1, label="SEV1"), Severity(level=2, label="SEV2")
ONCALL = Group(id="S0ONCALL", handle="oncall", members=frozenset({"U0CHEN"}))
GROUPS = {ONCALL.id: ONCALL}
BY_GROUP = Allowed(groups=("S0ONCALL",))
BY_ROLE = Allowed(roles=("commander",))
BY_NAME = Allowed(people=("U0DANA",))

HARDER = c.ChangeSeverity(severity=SEV1)
UPDATE = c.PostUpdate(text="x")
UPDATE_HARDER = c.PostUpdate(text="x", severity=SEV1)
UPDATE_SAME = c.PostUpdate(text="x", severity=SEV2)
CLOSE = c.ChangeStatus(status=Status.CLOSED)
RESOLVE = c.ChangeStatus(status=Status.RESOLVED)


@pytest.fixture
def incident():
    told = [
        e.Declared(title="checkout", severity=SEV2),
        e.RoleAssigned(role="commander", person=Person(slack_id="U0BEA")),
    ]
    return fold(
        [Recorded(incident=1, number=n, at=NOW, by="U0ANA", event=event) for n, event in enumerate(told, 1)]
    )


@pytest.mark.parametrize(
    ("command", "kept", "who", "may"),
    [
        (HARDER, {}, "U0ANA", True),
        (HARDER, {Right.CLOSE: BY_GROUP}, "U0ANA", True),
        (HARDER, {Right.CHANGE_SEVERITY: BY_GROUP}, "U0ANA", False),
        (HARDER, {Right.CHANGE_SEVERITY: BY_GROUP}, "U0CHEN", True),
        (HARDER, {Right.CHANGE_SEVERITY: BY_GROUP}, SYSTEM, True),
        (HARDER, {Right.CHANGE_SEVERITY: BY_ROLE}, "U0BEA", True),
        (HARDER, {Right.CHANGE_SEVERITY: BY_ROLE}, "U0CHEN", False),
        (HARDER, {Right.CHANGE_SEVERITY: BY_NAME}, "U0DANA", True),
        (HARDER, {Right.CHANGE_SEVERITY: BY_NAME}, "U0CHEN", False),
        (HARDER, {Right.CHANGE_SEVERITY: Allowed(groups=("S0GONE",))}, "U0CHEN", False),
        (HARDER, {Right.CHANGE_SEVERITY: Allowed(groups=("S0ONCALL",), roles=("commander",))}, "U0BEA", True),
        (UPDATE, {Right.CHANGE_SEVERITY: BY_GROUP}, "U0ANA", True),
        (UPDATE_SAME, {Right.CHANGE_SEVERITY: BY_GROUP}, "U0ANA", True),
        (UPDATE_HARDER, {Right.CHANGE_SEVERITY: BY_GROUP}, "U0ANA", False),
        (UPDATE_HARDER, {Right.CHANGE_SEVERITY: BY_GROUP}, "U0CHEN", True),
        (CLOSE, {Right.CLOSE: BY_ROLE}, "U0ANA", False),
        (CLOSE, {Right.CLOSE: BY_ROLE}, "U0BEA", True),
        (RESOLVE, {Right.CLOSE: BY_ROLE}, "U0ANA", True),
    ],
)  # fmt: skip
def test_a_right_is_judged_by_groups_people_and_roles(incident, command, kept, who, may):
    assert (refusal(command, incident, who, kept, GROUPS) is None) is may


@pytest.mark.parametrize(
    ("allowed", "told"),
    [
        (BY_GROUP, "only @oncall may do that here."),
        (BY_ROLE, "only the incident's commander may do that here."),
        (BY_NAME, "only the people whom the configuration names may do that here."),
        (
            Allowed(groups=("S0ONCALL", "S0GONE"), roles=("commander",)),
            "only @oncall, the user group S0GONE and the incident's commander may do that here.",
        ),
    ],
)
def test_a_refusal_says_who_may(incident, allowed, told):
    refused = refusal(CLOSE, incident, "U0ANA", {Right.CLOSE: allowed}, GROUPS)
    assert (refused.what, refused.why, refused.hint) == (
        "The incident was not closed",
        told,
        "Ask one of them.",
    )


def test_declaring_and_tagging_are_always_everybodys():
    """Whatever is kept to some: no right exists that they would want."""
    free = {c.Declare, c.TagMessage, c.UntagMessage, c.AddNote, c.AddAction}
    assert free <= set(get_args(c.Command))
    assert needed(c.Declare(title="x", severity=SEV1)) is None
    assert needed(c.TagMessage(message=MessageRef(channel="C1", ts="1.1"))) is None
