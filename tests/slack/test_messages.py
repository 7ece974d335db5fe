"""What views look like as Slack messages: within Slack's limits, and with nothing live that was typed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.domain.details import Due, Severity
from bot.domain.people import Person
from bot.domain.vocabulary import ActionKind, ActionState, DocumentStatus, Kind, Status
from bot.language import help as helping
from bot.slack.blocks import cut, escape
from bot.slack.messages import render
from bot.views.actions import Card
from bot.views.banner import Banner, LastUpdate
from bot.views.notices import Notice
from bot.views.text import Bold, Code
from sandbox.limits import check_message
from tests.scenarios.workspace import text_of

AT = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


def banner(**changes):
    given_ = {
        "incident": 42,
        "ref": "INC-42",
        "title": "checkout errors",
        "kind": Kind.NORMAL,
        "private": False,
        "severity": Severity(level=2, label="SEV2"),
        "status": Status.INVESTIGATING,
        "symptom": "cards are refused",
        "roles": (("commander", (Person(slack_id="U0ANA"),)),),
        "last_update": LastUpdate(text="rolling back v41", by="U0ANA", at=AT),
        "next_update_at": datetime(2026, 11, 18, 14, 30, tzinfo=UTC),
        "open_actions": 2,
        "declared_at": AT,
        "declared_by": "U0BEA",
        "impact_started": None,
        "resolved_at": None,
        "document": DocumentStatus.DRAFT,
        "channel": "C0INC",
        "status_label": "investigating",
        "buttons": True,
    }
    return Banner(**(given_ | changes))


def card(**changes):
    given_ = {
        "incident": 42,
        "ref": "INC-42",
        "title": "checkout errors",
        "channel": "C0INC",
        "action": "A1",
        "text": "roll back v41",
        "kind": ActionKind.TASK,
        "state": ActionState.OPEN,
        "reason": None,
        "owners": (Person(slack_id="U0BEA"),),
        "due": Due(at=AT),
        "priority": "P1",
        "snoozed_until": None,
    }
    return Card(**(given_ | changes))


def test_the_banner_as_people_see_it():
    payload = render(banner())

    assert text_of({"blocks": payload.blocks}) == snapshot(
        """\
INC-42 · checkout errors
:mag: *investigating* · *SEV2*
*What users see*
cards are refused
*commander*
<@U0ANA>
*Next update*
14:30 UTC
*Open action items*
2
*Last update* (<@U0ANA>, 14:00 UTC)
rolling back v41
Declared by <@U0BEA> 2026-11-18 14:00 UTC (14:00 UTC)
since 2026-11-18 14:00 UTC (14:00 UTC)
Update
Roles
Action item
Timeline
Resolve
More…\
"""
    )


def test_a_card_as_its_owner_sees_it():
    assert text_of({"blocks": render(card()).blocks}) == snapshot(
        """\
:white_circle: *A1* roll back v41
task · open · P1 · <@U0BEA> · due 2026-11-18 14:00 UTC (14:00 UTC)
INC-42 checkout errors <#C0INC>
Done
Start
1 hour
Until tomorrow morning
Until next Monday
Until …
Snooze …
Reassign …
Cancel …
Open in channel\
"""
    )


@pytest.mark.parametrize("view", [helping.overview(), helping.topic("note"), helping.topic("fields")])
def test_help_fits_into_a_message(view):
    check_message(render(view).blocks)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=4000), st.text(min_size=1, max_size=200))
def test_any_text_makes_a_message_that_slack_takes_and_pings_nobody(long, short):
    views = (
        banner(symptom=long or None, title=short),
        card(text=short, reason=long or None),
        Notice.of((long, Bold(short)), (Code(short),)),
    )
    for view in views:
        payload = render(view)
        check_message(payload.blocks)
        assert "<!" not in "".join(live(payload.blocks)).replace("<!date^", "")


def live(value):
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for inner in value.values():
            yield from live(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from live(inner)


@given(st.text(max_size=300), st.integers(min_value=5, max_value=100))
def test_cutting_never_leaves_half_an_escape(text, limit):
    short = cut(escape(text), limit)
    assert len(short) <= limit
    tail = short.rpartition("&")[2] if "&" in short else ";"
    assert ";" in tail
