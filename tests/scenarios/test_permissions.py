"""Rights that a workspace keeps to some: by command, by button and by form alike."""

import pytest

from bot.app.policy import Policy
from bot.domain.permissions import Allowed, Right
from tests.scenarios.workspace import ANNOUNCEMENTS, PEOPLE, text_of, workspace

ONCALL = Allowed(groups=("S0ONCALL",))  # ana and chen
KEPT = Policy(
    announce_in=ANNOUNCEMENTS,
    permissions={
        Right.CHANGE_SEVERITY: ONCALL,
        Right.CLOSE: Allowed(groups=("S0ONCALL",), roles=("commander",)),
        Right.READ_PRIVATE: ONCALL,
    },
)
NOT_CHANGED = "The severity was not changed:* only @oncall may do that here."


@pytest.fixture
async def kept(tmp_path):
    async with workspace(tmp_path, policy=KEPT) as made:
        yield made


async def test_everybody_may_declare_with_a_severity(kept):
    await kept.declare("dana", "checkout is down --sev 1")
    assert (await kept.incident()).severity.label == "SEV1"


async def test_who_is_not_in_the_group_is_told_who_is(kept):
    await kept.declare("bea")
    assert NOT_CHANGED in await kept.command("bea", "sev 1")
    assert (await kept.incident()).severity.label == "SEV2"

    assert "is now SEV1" in await kept.command("chen", "sev 1")


async def test_the_form_refuses_what_the_command_refuses_and_keeps_what_was_typed(kept):
    await kept.declare("bea")
    await kept.click("bea", "Update", await kept.banner())
    form = await kept.form("bea")
    typed = {"text": {"text": "it is worse"}, "severity": {"severity": "SEV1"}}
    answer = await kept.hands._post("submit", view_id=form["id"], user=PEOPLE["bea"], values=typed)
    assert "only @oncall may do that here" in " ".join(answer["errors"].values())
    assert (await kept.incident()).updates == ()

    typed = {"severity": {"severity": "SEV2"}}
    await kept.hands._post("submit", view_id=form["id"], user=PEOPLE["bea"], values=typed)
    assert (await kept.incident()).updates[0].text == "it is worse"


async def test_who_holds_the_role_may_close_and_others_may_not(kept):
    await kept.declare("bea")
    await kept.command("bea", "resolve now")
    refused = await kept.command("bea", "close now")
    assert (
        "The incident was not closed:* only @oncall and the incident's commander may do that here." in refused
    )

    await kept.command("bea", "role commander @bea")
    await kept.command("bea", "close now")
    assert (await kept.incident()).status == "closed"


async def test_a_private_incident_is_read_by_those_who_may_read_all(kept):
    await kept.declare("bea", "somebody reads our mail --private --sev 1")
    assert "INC-1" not in await kept.command("dana", "list", "C0GENERAL")
    assert "there is no INC-1" in await kept.command("dana", "INC-1 timeline", "C0GENERAL")
    assert "somebody reads our mail" in await kept.command("chen", "list", "C0GENERAL")


async def test_the_groups_are_asked_once_and_again_after_a_while(kept):
    await kept.declare("bea")
    for severity in (1, 2, 3):
        await kept.command("chen", f"sev {severity}")
    assert len(await kept.calls("usergroups.list")) == 1

    await kept.pass_time(minutes=6)
    await kept.command("chen", "sev 1")
    assert len(await kept.calls("usergroups.list")) == 2


async def test_while_slack_does_not_say_who_is_in_a_group_nobody_is_taken_for_a_member(kept):
    await kept.declare("bea")
    await kept.hands._post("faults", method="usergroups.list", kind="http_500", count=9)
    assert "only the user group S0ONCALL may do that here" in await kept.command("chen", "sev 1")


async def test_without_any_rule_nobody_is_asked_for(slack):
    await slack.declare("bea")
    await slack.command("dana", "sev 1")
    assert await slack.calls("usergroups.list") == []
    assert "SEV1" in text_of(await slack.banner())
