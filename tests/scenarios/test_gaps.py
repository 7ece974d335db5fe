"""Gaps repair themselves: after a stop, a lost connection or lost deliveries the record is what Slack shows."""

import asyncio
import sqlite3

import pytest

from bot.domain.details import MessageRef
from tests.scenarios.test_record import timeline


async def lose(slack):
    """From now on nothing that happens reaches the bot."""
    await slack.hands.deliveries(pause=True)


async def found_again(slack):
    """What was on its way is lost for good, and the bot looks."""
    slack.sandbox.delivery.forget()
    await slack.bot.gaps.after_silence()
    await slack.settle()


@pytest.mark.postgresql
async def test_what_was_said_edited_deleted_and_tagged_meanwhile_is_made_up_for(slack):
    await slack.declare()
    kept = await slack.say("ana", "eror")
    gone = await slack.say("ana", "secret")
    root = await slack.say("bea", "a thread")
    reply = await slack.reply("chen", root, "first")
    off = await slack.say("ana", "not important")
    await slack.react("bea", off, "pushpin")

    await lose(slack)
    hands, channel = slack.hands, slack.channel
    await hands._post("edit-message", channel=channel, ts=kept, user="U0ANA", text="error")
    await hands._post("delete-message", channel=channel, ts=gone, user="U0ANA")
    await hands._post("delete-message", channel=channel, ts=reply, user="U0CHEN")
    new = await hands.say("U0ANA", channel, "we rolled back")
    answer = await hands._post("message", channel=channel, user="U0BEA", text="second", thread_ts=root)
    second = answer["message"]["ts"]
    await hands.react("U0CHEN", channel, second, "red_circle")
    await hands._post("reaction", channel=channel, ts=off, user="U0BEA", name="pushpin", present=False)
    await hands._post("pin", channel=channel, ts=new, user="U0ANA")
    await found_again(slack)

    recorded = {m.ref.ts: m for m in await slack.store.messages(channel)}
    assert list(recorded) == [kept, gone, root, reply, off, new, second]
    assert recorded[kept].text == "error"
    assert [recorded[ts].deleted for ts in (gone, reply)] == [True, True]
    assert (recorded[new].via, recorded[second].via) == ("backfill", "backfill")
    assert sorted(timeline(await slack.incident())) == sorted([(new, None), (second, "failure")])


async def test_repairing_twice_changes_nothing(slack):
    await slack.declare()
    ts = await slack.say("ana", "eror")
    await lose(slack)
    await slack.hands._post("edit-message", channel=slack.channel, ts=ts, user="U0ANA", text="error")
    await found_again(slack)
    once = await slack.store.revisions(MessageRef(channel=slack.channel, ts=ts))
    await found_again(slack)
    assert await slack.store.revisions(MessageRef(channel=slack.channel, ts=ts)) == once


async def test_what_was_redelivered_late_does_not_undo_the_repair(slack):
    await slack.declare()
    ts = await slack.say("ana", "one")
    await lose(slack)
    await slack.hands._post("edit-message", channel=slack.channel, ts=ts, user="U0ANA", text="two")
    await slack.hands.react("U0BEA", slack.channel, ts, "pushpin")
    await slack.hands._post(
        "reaction", channel=slack.channel, ts=ts, user="U0BEA", name="pushpin", present=False
    )
    await slack.bot.gaps.after_silence()
    await slack.bot.gaps.tick()
    assert (await slack.store.message(MessageRef(channel=slack.channel, ts=ts))).text == "two"
    await slack.hands.deliveries(reorder=True)
    await slack.settle()

    assert (await slack.store.message(MessageRef(channel=slack.channel, ts=ts))).text == "two"
    assert timeline(await slack.incident()) == []


async def test_a_limit_makes_the_reading_wait_and_go_on_where_it_was(slack):
    await slack.declare()
    await lose(slack)
    said = [await slack.hands.say("U0ANA", slack.channel, f"line {n}") for n in range(450)]
    slack.sandbox.delivery.forget()
    slack.sandbox.faults.add("conversations.history", "ratelimited", value=30, count=1, skip=1)
    await slack.bot.gaps.after_silence()
    await slack.bot.gaps.tick()
    part = await slack.store.messages(slack.channel, limit=1000)
    assert 0 < len(part) < 450
    assert (await slack.store.gap(slack.channel)).before == part[0].ref.ts
    banner = await slack.command("ana", "rename still working")
    assert "still working" in banner, "other work goes on"

    await slack.pass_time(seconds=31)
    assert [m.ref.ts for m in await slack.store.messages(slack.channel, limit=1000)] == said
    assert await slack.store.gap(slack.channel) is None


async def test_declaring_here_takes_in_what_the_channel_said_before_but_not_all_of_it(slack):
    slack.channel = "C0GENERAL"
    old = await slack.say("ana", "lunch?")
    await slack.pass_time(hours=30)
    root = await slack.say("ana", "checkout looks odd")
    reply = await slack.reply("bea", root, "same here")
    answer = await slack.command("ana", "checkout is down --here")

    recorded = {m.ref.ts: m for m in await slack.store.messages("C0GENERAL")}
    assert list(recorded) == [root, reply]
    assert old not in recorded
    assert "last 24 hours" in answer


async def test_a_channel_that_cannot_be_read_is_given_up_and_nothing_else_waits_for_it(slack):
    await slack.declare()
    slack.sandbox.faults.add("conversations.history", "error", value="channel_not_found", count=1)
    await slack.bot.gaps.after_silence()
    await slack.settle()
    assert await slack.store.gap(slack.channel) is None


async def test_what_could_not_be_kept_is_read_again_even_if_slack_never_brings_it_again(slack):
    await slack.declare()
    with sqlite3.connect(slack.database.removeprefix("sqlite:///"), isolation_level=None) as database:
        database.execute("ALTER TABLE messages RENAME TO elsewhere")
        await slack.hands.say("U0ANA", slack.channel, "said meanwhile")
        await asyncio.sleep(0.5)
        slack.sandbox.delivery.forget()  # Slack gave up
        database.execute("ALTER TABLE elsewhere RENAME TO messages")
    database.close()
    await slack.settle()

    assert "said meanwhile" in [m.text for m in await slack.store.messages(slack.channel)]


async def test_over_http_what_was_lost_in_a_long_silence_is_read_again_when_slack_is_heard_again(slack):
    if slack.sandbox.socket:
        pytest.skip("a socket tells when it was lost")
    await slack.declare()
    await lose(slack)
    await slack.hands.say("U0ANA", slack.channel, "said meanwhile")
    slack.sandbox.delivery.forget()
    slack.clock.advance(20 * 60)  # no tick: a nudge of ours would be heard, too
    assert [m.text for m in await slack.store.messages(slack.channel)] == []
    await slack.say("ana", "hello again")

    assert [m.text for m in await slack.store.messages(slack.channel)] == ["said meanwhile", "hello again"]
