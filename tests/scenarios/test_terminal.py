"""Slack is down: incidents are declared and run from a terminal, beside the bot, and Slack shows them when it is back."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.scenarios.workspace import PEOPLE, text_of

pytestmark = [pytest.mark.once, pytest.mark.postgresql]


async def type_in_terminal(slack, *words, who="ana", **environment):
    """`tocsin incident …` in a process of its own; returns (exit code, what it said)."""
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("tocsin")), "incident", "--as", who, *words),
        env={
            **os.environ,
            "TOCSIN_DATABASE": slack.database,
            "TOCSIN_ANNOUNCE_IN": "C0INCIDENTS",
            **environment,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_what_was_typed_while_slack_was_down_is_shown_when_it_is_back(slack):
    await slack.command("ana", "list")  # so that Ana's profile is known
    slack.sandbox.faults.add("*", "http_500")
    code, said = await type_in_terminal(slack, "checkout", "is", "down", "--sev", "1")
    assert (code, "INC-1" in said) == (0, True), said
    await slack.settle()
    assert await slack.incident_channels() == []

    code, said = await type_in_terminal(slack, "INC-1 update rolling back v41 --next 30m")
    assert code == 0, said
    code, said = await type_in_terminal(slack, "INC-1 catchup")
    assert "rolling back v41" in said
    assert "Ana" in said

    slack.sandbox.faults.clear()
    await slack.pass_time(minutes=2)

    [channel] = await slack.incident_channels()
    slack.channel = channel["id"]
    assert PEOPLE["ana"] in channel["members"]
    told = [text_of(message) for message in await slack.messages(by_bot=True)]
    assert [text for text in told if "rolling back v41" in text]


async def test_somebody_whom_slack_does_not_know_is_recorded_by_name(slack):
    code, said = await type_in_terminal(slack, "database is gone", who="Night Operator")
    assert code == 0, said
    await slack.settle()

    [channel] = await slack.incident_channels()
    slack.channel = channel["id"]
    assert "Declared by Night Operator" in text_of(await slack.banner())


async def test_in_a_terminal_an_incident_is_named(slack):
    await slack.declare()
    for line in ("status identified", "catchup"):
        code, said = await type_in_terminal(slack, line)
        assert code == 1
        assert "Name the incident first: `tocsin incident INC-7" in said
    assert (await slack.incident()).status.value == "triage"


async def test_what_needs_slack_says_what_to_type_instead(slack):
    await slack.declare()
    for line in ("INC-1 note", "INC-1 timeline", "calendar"):
        code, said = await type_in_terminal(slack, line)
        assert code == 1
        assert "this needs Slack" in said


async def test_a_time_with_two_readings_is_asked_about(slack):
    await slack.declare()
    code, said = await type_in_terminal(slack, "INC-1 time impact_started 02/03/2026 14:05")

    assert code == 1
    assert "Type `" in said


async def test_a_teams_own_fields_are_known(slack, tmp_path):
    pack = tmp_path / "packs" / "acme"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("name: acme\nextends: default\n")
    (pack / "fields.yaml").write_text("region: {label: Region, type: text}\n")
    await slack.declare()
    code, said = await type_in_terminal(
        slack, "INC-1 set region Europe", TOCSIN_TEMPLATE_DIR=str(pack.parent)
    )
    assert code == 0, said
    assert (await slack.incident()).fields["custom.region"] == "Europe"


async def test_private_incidents_stand_in_no_list(slack):
    await slack.command("ana", "stolen laptop --private")
    code, said = await type_in_terminal(slack, "list all")
    assert (code, "stolen" in said) == (0, False)
