"""Outside an incident's channel: every command takes the incident's name, or asks which one is meant and goes on."""

import asyncio

import pytest

from tests.scenarios.workspace import PEOPLE, buttons


async def picker(slack, who, line, channel="C0GENERAL"):
    """Type a line where no incident is at hand; the message with the buttons."""
    body = await slack.hands._post(
        "command", channel=channel, user=PEOPLE[who], command="/incident", text=line
    )
    await slack.settle()
    found = await slack.hands._get(f"messages/{channel}", user=PEOPLE[who])
    assert body["ok"]
    return found["ephemeral"][-1]


@pytest.mark.parametrize(
    "line", ["INC-1 status identified", "status identified INC-1", "1 status identified"]
)
async def test_the_name_of_the_incident_stands_first_or_last(slack, line):
    await slack.declare()
    await slack.command("bea", line, "C0GENERAL")
    assert (await slack.incident()).status == "identified"


async def test_a_command_without_a_name_is_asked_about_and_then_carried_out_as_typed(slack):
    await slack.declare("ana", "checkout is down")
    await slack.declare("ana", "search is slow")
    asked = await picker(slack, "bea", "note --at 10:00 the index is gone")

    assert [b["text"]["text"] for b in buttons(asked)] == ["INC-2 search is slow", "INC-1 checkout is down"]
    assert (await slack.incident(1)).entries == {}
    await slack.click("bea", "INC-1 checkout is down", asked, "C0GENERAL")
    (entry,) = (await slack.incident(1)).entries.values()
    assert entry.details.text == "the index is gone"
    assert f"{entry.time.utc:%H:%M}" == "15:00", "in New York, where Bea is"
    assert (await slack.incident(2)).entries == {}


async def test_a_form_opens_from_the_picker(slack):
    await slack.declare()
    asked = await picker(slack, "bea", "update")
    await slack.click("bea", "INC-1 checkout is down", asked, "C0GENERAL")
    await slack.send("bea", {"text": "from afar"})

    assert (await slack.incident()).updates[-1].text == "from afar"


async def test_pressing_twice_does_it_once_and_the_question_makes_room_for_the_answer(slack):
    await slack.declare()
    asked = await picker(slack, "bea", "note once")
    presses = (slack.click("bea", "INC-1 checkout is down", asked, "C0GENERAL") for _ in range(2))
    await asyncio.gather(*presses, return_exceptions=True)

    assert len((await slack.incident()).entries) == 1
    (said,) = await slack.whispers("bea", "C0GENERAL")
    assert "T1 recorded" in said


async def test_private_incidents_are_not_offered_to_others(slack):
    await slack.declare("ana", "payroll leak --private")
    assert "no incident is open" in await slack.command("bea", "note x", "C0GENERAL")


async def test_a_long_line_is_carried_out_whole(slack):
    await slack.declare()
    line = "long " * 300 + "end"
    asked = await picker(slack, "bea", f"note {line}")
    await slack.click("bea", "INC-1 checkout is down", asked, "C0GENERAL")
    (entry,) = (await slack.incident()).entries.values()
    assert entry.details.text == line


async def test_two_questions_in_a_row_keep_the_answer_to_the_first(slack):
    await slack.declare()
    await slack.pass_time(days=30)
    asked = await picker(slack, "bea", "note --at 03/04/2026 the index is gone")
    await slack.click("bea", "INC-1 checkout is down", asked, "C0GENERAL")
    when = (await slack.hands._get("messages/C0GENERAL", user=PEOPLE["bea"]))["ephemeral"][-1]
    await slack.click("bea", buttons(when)[0]["text"]["text"], when, "C0GENERAL")

    (entry,) = (await slack.incident()).entries.values()
    assert entry.details.text == "the index is gone"


async def test_in_a_dm_with_the_bot_commands_work_as_elsewhere(slack):
    await slack.declare()
    channel, _ = await slack.dms("bea")
    assert "which incident do you mean" in await slack.command("bea", "status identified", channel)
    await slack.command("bea", "INC-1 status identified", channel)
    assert (await slack.incident()).status == "identified"


async def test_two_open_incidents_in_one_channel_are_told_apart_by_asking(slack):
    await slack.command("ana", "checkout is down --here", "C0DEPLOYS")
    await slack.command("ana", "search is slow --here", "C0DEPLOYS")
    asked = await picker(slack, "ana", "sev 1", "C0DEPLOYS")
    assert {b["text"]["text"] for b in buttons(asked)} == {"INC-1 checkout is down", "INC-2 search is slow"}
    await slack.command("ana", "INC-2 close now", "C0DEPLOYS")
    await slack.command("ana", "sev 1", "C0DEPLOYS")
    assert (await slack.incident(1)).severity.label == "SEV1"
