"""Nudges: what the incident lacks is asked for in its channel, stops by itself, and can be snoozed."""

import asyncio

from tests.scenarios.workspace import PEOPLE, buttons, text_of


async def nudges(slack):
    """What the bot has asked for in the channel by itself, oldest first."""
    words = (
        "Nobody commands",
        "No update since",
        "was promised",
        "Is INC-1 resolved",
        "impact start",
        "Reminded at",
    )
    spoken = [text_of(m).replace("*", "") for m in await slack.messages(by_bot=True)]
    return [text for text in spoken if any(word in text for word in words)]


async def newest(slack):
    return (await slack.messages(by_bot=True))[-1]


async def test_nobody_commands_and_one_click_mends_it(slack):
    await slack.declare()
    await slack.pass_time(minutes=4)
    assert await nudges(slack) == []
    await slack.pass_time(minutes=1)
    asked = await newest(slack)
    assert "Nobody commands" in text_of(asked)

    await slack.click("bea", "I take command", asked)
    assert "IC @Bea" in await slack.topic()
    after = await newest(slack)
    assert "nothing is left to do" in text_of(after)
    assert buttons(after) == []


async def test_who_takes_command_second_is_told_who_has_it(slack):
    await slack.declare()
    await slack.pass_time(minutes=5)
    asked = await newest(slack)
    await asyncio.gather(*(slack.click(who, "I take command", asked) for who in ("bea", "chen")))

    (first,) = (await slack.incident()).holders("commander")
    second = "chen" if first.slack_id == PEOPLE["bea"] else "bea"
    told = await slack.whispers(second)
    assert any(f"{first.slack_id}> has taken it already" in said for said in told), told


async def test_an_update_is_asked_for_and_posted_from_the_nudge(slack):
    await slack.declare("ana", "checkout is down --sev 1")
    await slack.command("ana", "role commander me")
    await slack.pass_time(minutes=15)
    asked = await newest(slack)
    assert "No update since" in text_of(asked)
    assert "U0ANA" in text_of(asked)

    await slack.click("ana", "Update", asked)
    await slack.send("ana", {"text": "rolling back"})
    await slack.pass_time(minutes=14)
    assert len(await nudges(slack)) == 1
    await slack.pass_time(minutes=1)
    assert len(await nudges(slack)) == 2


async def test_a_broken_promise_is_named(slack):
    await slack.declare()
    await slack.command("ana", "role commander me")
    await slack.command("ana", "update looking --next 10m")
    await slack.pass_time(minutes=10)

    assert "was promised is due" in text_of(await newest(slack))


async def test_snoozing_by_button_and_by_typing(slack):
    await slack.declare("ana", "checkout is down --sev 1")
    await slack.command("ana", "role commander me")
    await slack.pass_time(minutes=15)
    await slack.click("ana", "Snooze 2 h", await newest(slack))
    assert "No more reminders before" in text_of(await newest(slack))
    await slack.pass_time(minutes=119)
    assert len(await nudges(slack)) == 1
    await slack.pass_time(minutes=1)
    assert len(await nudges(slack)) == 2

    assert "no reminders in the channel before" in await slack.command("bea", "snooze until morning")
    await slack.pass_time(hours=8)
    assert len(await nudges(slack)) == 2
    assert "reminded again" in await slack.command("bea", "snooze off")
    await slack.settle()
    assert len(await nudges(slack)) == 3


async def test_a_silent_incident_is_asked_whether_it_is_over_but_not_while_people_talk(slack):
    await slack.declare("ana", "checkout is slow --sev 4")
    await slack.command("ana", "role commander me")
    await slack.pass_time(hours=3)
    await slack.say("bea", "still on it")
    await slack.pass_time(hours=3)
    assert await nudges(slack) == []
    await slack.pass_time(hours=1)
    asked = await newest(slack)
    assert "resolved?" in text_of(asked)

    await slack.click("ana", "Resolve", asked)
    await slack.send("ana", {"impact_started": "12:00"})
    assert (await slack.incident()).status == "resolved"


async def test_a_resolved_incident_is_asked_when_the_impact_started(slack):
    await slack.declare()
    await slack.command("ana", "resolve now")
    await slack.pass_time(minutes=5)
    asked = await newest(slack)
    assert "When did the impact start" in text_of(asked)

    await slack.click("ana", "Set the time", asked)
    form = await slack.form("ana")
    which = next(block for block in form["blocks"] if block["block_id"] == "which")
    assert which["element"]["initial_option"]["value"] == "impact_started"
    await slack.send("ana", {"at": "14:30"})
    assert (await slack.incident()).times["impact_started"].utc
    await slack.pass_time(days=2)
    assert len(await nudges(slack)) == 1


async def test_downtime_brings_one_nudge_and_not_a_burst(slack):
    await slack.declare("ana", "checkout is down --sev 1")
    await slack.pass_time(hours=3)

    assert len(await nudges(slack)) == 1
    assert "Nobody commands" in (await nudges(slack))[0]
    assert "No update since" in (await nudges(slack))[0]


async def test_four_silent_hours_of_a_sev1_cost_at_most_twelve_messages(slack):
    """The noise budget, measured minute by minute: everything that the bot posts in the channel by itself."""
    await slack.declare("ana", "checkout is down --sev 1")
    for _ in range(4 * 60):
        await slack.pass_time(minutes=1)

    assert len(await slack.messages(by_bot=True)) <= 12


async def test_four_busy_hours_of_a_sev1_cost_at_most_twelve_messages_besides_answers(slack):
    """Updates that come late, roles that change hands, tasks: only what nobody asked for is counted."""
    await slack.declare("ana", "checkout is down --sev 1")
    asked_for = 0
    for minute in range(4 * 60):
        await slack.pass_time(minutes=1)
        if minute % 20 == 19:
            await slack.command("ana", f"update still at it, minute {minute}")
            asked_for += 1
        if minute % 50 == 30:
            await slack.command("ana", f"role commander <@{PEOPLE['bea' if minute % 100 < 50 else 'chen']}>")
            await slack.command("bea", f"task try part {minute} <@{PEOPLE['dana']}> due 20m")

    posted = [m for m in await slack.messages(by_bot=True) if "Update · " not in text_of(m)]
    assert asked_for == 12
    assert len(posted) <= 12
