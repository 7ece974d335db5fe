"""Roles: given, given up, handed over with acceptance; and people who are not there any more."""

import asyncio
from dataclasses import replace

import pytest

from bot.app.policy import Policy
from tests.scenarios.workspace import PEOPLE, buttons, text_of, workspace


async def asked(slack, who):
    """The question that the bot asked somebody by DM."""
    channel, dms = await slack.dms(who)
    return channel, next(m for m in dms if "asks you to take over" in text_of(m))


async def told(slack, who):
    _, dms = await slack.dms(who)
    return [text_of(m) for m in dms]


async def commanded(slack):
    await slack.declare()
    await slack.command("ana", "role commander me")


async def test_a_handoff_is_accepted_before_anything_changes_and_both_are_told(slack):
    await commanded(slack)
    await slack.command("ana", "update rolling back v41")
    await slack.command("ana", f"task roll back v41 <@{PEOPLE['chen']}>")
    ts = await slack.say("chen", "the index is gone")
    await slack.react("chen", ts, "pushpin")

    answer = await slack.command("ana", f"handoff <@{PEOPLE['bea']}>")
    assert "<@U0BEA> is asked by DM" in answer
    assert "IC @Ana" in await slack.topic()
    channel, question = await asked(slack, "bea")
    brief = text_of(question)
    assert all(
        part in brief
        for part in ("rolling back v41", "the index is gone", "roll back v41", "Incident Commander")
    )

    await slack.click("bea", "Accept", question, channel)
    assert "IC @Bea" in await slack.topic()
    _, after = await asked(slack, "bea")
    assert "You accepted" in text_of(after)
    assert buttons(after) == []
    assert any("accepted: you are no longer" in text for text in await told(slack, "ana"))
    assert any("You are now *Incident Commander*" in text for text in await told(slack, "bea"))


async def test_words_behind_the_person_are_a_note_to_them(slack):
    await commanded(slack)
    await slack.command("ana", f"handoff <@{PEOPLE['bea']}> my shift ends, watch the cache")

    _, question = await asked(slack, "bea")
    assert "<@U0ANA>: my shift ends, watch the cache" in text_of(question)


async def test_a_declined_handoff_leaves_the_role_and_says_so(slack):
    await commanded(slack)
    await slack.command("ana", f"handoff <@{PEOPLE['bea']}>")
    channel, question = await asked(slack, "bea")
    await slack.click("bea", "Decline", question, channel)

    assert "IC @Ana" in await slack.topic()
    assert any("declined: you still are" in text for text in await told(slack, "ana"))


async def test_a_question_that_nobody_answers_ends_by_itself_and_both_are_told(slack):
    await commanded(slack)
    await slack.command("ana", f"handoff <@{PEOPLE['bea']}>")
    await slack.pass_time(minutes=15)

    _, question = await asked(slack, "bea")
    assert "time to answer is over" in text_of(question)
    assert buttons(question) == []
    assert any("did not answer in time" in text for text in await told(slack, "ana"))
    assert "IC @Ana" in await slack.topic()


async def test_a_role_that_went_another_way_cannot_be_accepted_any_more(slack):
    await commanded(slack)
    await slack.command("ana", f"handoff <@{PEOPLE['bea']}>")
    await slack.command("chen", "role commander me")

    _, question = await asked(slack, "bea")
    assert "went another way" in text_of(question)
    assert buttons(question) == []


async def test_two_clicks_at_once_are_one_answer(slack):
    await commanded(slack)
    await slack.command("ana", f"handoff <@{PEOPLE['bea']}>")
    channel, question = await asked(slack, "bea")
    await asyncio.gather(
        *(slack.click("bea", word, question, channel) for word in ("Accept", "Decline")),
        return_exceptions=True,
    )

    settled = [r for r in await slack.store.record(1) if type(r.event).__name__ == "HandoffSettled"]
    assert len(settled) == 1


async def test_a_handoff_by_form(slack):
    await commanded(slack)
    await slack.command("ana", "handoff")
    form = await slack.form("ana")
    how = next(block for block in form["blocks"] if block.get("block_id") == "how")
    assert how["element"]["initial_option"]["value"] == "ask"
    await slack.send("ana", {"how": "ask", "user": "U0BEA"})

    await asked(slack, "bea")
    assert "IC @Ana" in await slack.topic()


async def test_a_role_is_left_by_typing_and_by_form(slack):
    await commanded(slack)
    assert "is no longer Incident Commander" in await slack.command("ana", "leave")
    await slack.command("bea", "role scribe me")
    await slack.click("bea", "Roles", await slack.banner())
    await slack.send("bea", {"how": "release", "role": "scribe"})

    assert (await slack.incident()).roles == {}


async def test_who_leaves_slack_holds_no_role_and_the_channel_is_asked_who_takes_over(slack):
    await commanded(slack)
    await slack.hands._post("deactivate-user", user=PEOPLE["ana"])
    await slack.settle()
    assert "nobody yet" in text_of(await slack.banner())
    await slack.pass_time(minutes=5)
    assert "Nobody commands" in text_of((await slack.messages(by_bot=True))[-1])


@pytest.mark.parametrize("line", ["role commander <@U0BEA>", "handoff <@U0BEA>"])
async def test_nobody_who_left_slack_is_given_a_role(slack, line):
    await commanded(slack)
    await slack.hands._post("deactivate-user", user=PEOPLE["bea"])
    await slack.settle()

    assert "<@U0BEA> has left Slack." in await slack.command("ana", line)
    assert "IC @Ana" in await slack.topic()


async def test_a_role_has_one_holder_unless_it_is_shared(tmp_path):
    roles = tuple(replace(role, shared=role.key == "scribe") for role in Policy().roles)
    async with workspace(tmp_path, policy=Policy(roles=roles)) as slack:
        await slack.declare()
        for who in ("ana", "bea"):
            await slack.command(who, "role scribe me")
            await slack.command(who, "role ops me")
        incident = await slack.incident()

        assert [p.slack_id for p in incident.holders("scribe")] == ["U0ANA", "U0BEA"]
        assert [p.slack_id for p in incident.holders("ops")] == ["U0BEA"]
