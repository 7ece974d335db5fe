"""The record repaired by hand, in Slack and on the command line."""

import asyncio

import pytest
from click.testing import CliRunner

from bot.backfilling import read_again
from bot.cli import main
from bot.settings import Settings
from tests.scenarios.test_gaps import lose
from tests.scenarios.test_record import timeline, upload


async def miss(slack):
    """Somebody says, edits and tags what the bot never hears of."""
    kept = await slack.say("ana", "eror")
    await lose(slack)
    await slack.hands._post("edit-message", channel=slack.channel, ts=kept, user="U0ANA", text="error")
    new = await slack.hands.say("U0BEA", slack.channel, "we rolled back")
    answer = await slack.hands._post(
        "message", channel=slack.channel, user="U0CHEN", text="queue is empty", thread_ts=new
    )
    await slack.hands.react("U0ANA", slack.channel, answer["message"]["ts"], "green_heart")
    slack.sandbox.delivery.forget()
    return [kept, new, answer["message"]["ts"]]


async def words_of(slack):
    return {m.ref.ts: m.text for m in await slack.store.messages(slack.channel)}


async def read_by_hand(slack, number=1):
    """As `tocsin backfill` does, beside the bot."""
    settings, waits = Settings(_env_file=None, bot_token=slack.sandbox.bot_token), []
    came = await read_again(
        settings, slack.database, number, waiting=waits.append, base_url=slack.sandbox.api_url
    )
    return came, waits


async def test_in_slack_it_is_asked_for_and_told(slack):
    await slack.declare()
    kept, new, reply = await miss(slack)
    await slack.hands.deliveries()
    answer = await slack.command("ana", "backfill")

    assert "You will be told" in answer
    assert await words_of(slack) == {kept: "error", new: "we rolled back", reply: "queue is empty"}
    assert timeline(await slack.incident()) == [(reply, "healthy")]
    assert any("2 messages were missing and are recorded now" in note for note in await slack.whispers("ana"))

    await slack.command("bea", "backfill")
    assert any("no message was missing" in note for note in await slack.whispers("bea"))


async def test_a_channel_that_slack_does_not_show_is_told_with_what_to_do(slack):
    await slack.declare()
    slack.sandbox.faults.add("conversations.history", "error", value="channel_not_found", count=1)
    await slack.command("ana", "backfill")
    assert any("could not be read" in note and "invite it" in note for note in await slack.whispers("ana"))


async def test_more_words_behind_it_may_be_a_title(slack):
    await slack.declare()
    answer = await slack.command("ana", "backfill job is stuck")
    assert "/incident declare backfill job is stuck" in answer


@pytest.mark.postgresql
async def test_on_the_command_line_everything_missed_is_made_up_for(slack):
    await slack.declare()
    missed = await miss(slack)
    came, waits = await read_by_hand(slack)

    assert (came.found, came.refused, waits) == (2, None, [])
    assert list((await words_of(slack)).values()) == ["error", "we rolled back", "queue is empty"]
    assert timeline(await slack.incident()) == [(missed[2], "healthy")]
    again, _ = await read_by_hand(slack)
    assert again.found == 0


async def test_on_the_command_line_a_limit_is_waited_for(slack):
    await slack.declare()
    await miss(slack)
    slack.sandbox.faults.add("conversations.replies", "ratelimited", value=1, count=1)
    came, waits = await read_by_hand(slack)

    assert (came.found, came.waits_s) == (2, None)
    assert [(each.found, each.waits_s) for each in waits] == [(1, 1.0)]


async def test_on_the_command_line_images_are_copied_too(slack):
    await slack.declare()
    ts = await upload(slack, "graph.png", b"\x89PNG\r\n\x1a\n", "image/png")
    await lose(slack)
    await slack.hands.react("U0ANA", slack.channel, ts, "pushpin")
    slack.sandbox.delivery.forget()
    await read_by_hand(slack)

    (entry,) = (await slack.incident()).entries.values()
    (image,) = await slack.store.images(entry.message)
    assert image.content == b"\x89PNG\r\n\x1a\n"


@pytest.mark.once
async def test_on_the_command_line_what_cannot_be_read_is_refused_in_words(slack, monkeypatch):
    await slack.declare()
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)

    async def refused(*arguments):
        made = await asyncio.to_thread(CliRunner().invoke, main, ["backfill", *arguments])
        assert made.exit_code == 1
        return made.output

    assert "SLACK_BOT_TOKEN" in await refused("INC-1", "--database", slack.database)
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.sandbox.bot_token)
    assert "There is no INC-7" in await refused("7", "--database", slack.database)
    assert "There is no database" in await refused("INC-1", "--database", f"{slack.database}.elsewhere")
    assert "checkout is not the name of an incident" in await refused("checkout")
