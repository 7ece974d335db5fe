"""Slack did it, but its answer never came: what stands there is found again, wherever it stands, and not made twice."""

import pytest

from tests.scenarios.workspace import text_of

#: What is looked for in Slack does not depend on how Slack reaches the bot.
pytestmark = pytest.mark.once


async def lose_answer(slack, method, doing):
    slack.sandbox.faults.add(method, "lost_answer", count=1)
    await doing
    await slack.pass_time(seconds=10)


async def test_an_update_in_the_announcements_thread_is_not_posted_twice(slack):
    await slack.declare()
    slack.sandbox.faults.add("chat.postMessage", "lost_answer", count=2)  # in the channel, and in the thread
    await slack.command("ana", "update rolling back")
    await slack.pass_time(seconds=10)

    for channel in (slack.channel, "C0INCIDENTS"):
        said = [text_of(m) for m in await slack.messages(channel, by_bot=True)]
        assert sum(text.startswith("*Update") for text in said) == 1, channel


async def test_in_a_busy_channel_the_own_message_is_found_below_many_others(slack):
    await slack.declare()

    async def everybody_talks(method, args, phase):
        if method == "chat.postMessage" and phase == "after" and slack.channel == args["channel"]:
            slack.sandbox.on_call = None
            for number in range(450):
                await slack.hands.say("U0BEA", slack.channel, f"me too {number}")

    slack.sandbox.on_call = everybody_talks
    await lose_answer(slack, "chat.postMessage", slack.command("ana", "update rolling back"))

    said = [text_of(m) for m in await slack.messages(by_bot=True)]
    assert sum(text.startswith("*Update") for text in said) == 1


async def test_when_the_thread_is_gone_the_update_is_still_told_in_the_channel(slack):
    await slack.declare()
    (announcement,) = await slack.messages("C0INCIDENTS", by_bot=True)
    slack.sandbox.faults.add("chat.postMessage", "http_500", count=2)
    await slack.command("ana", "update rolling back")
    await slack.hands._post(
        "delete-message", channel="C0INCIDENTS", ts=announcement["ts"], user=announcement["user"]
    )
    await slack.pass_time(seconds=10)
    await slack.pass_time(seconds=10)

    said = [text_of(m) for m in await slack.messages(by_bot=True)]
    assert sum(text.startswith("*Update") for text in said) == 1
