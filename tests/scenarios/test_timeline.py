"""The record: every message with its Slack time, tags by emoji, notes for earlier."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.details import MessageRef
from tests.scenarios.workspace import QUICK, config_of, workspace


async def test_every_message_is_recorded_with_its_slack_time(slack):
    await slack.declare()
    root = await slack.say("ana", "looking at the dashboards")
    reply = await slack.reply("bea", root, "me too")
    bot = await slack.say("U0DEPLOY", "v41 deployed")

    recorded = {m.ref.ts: m for m in await slack.store.messages(slack.channel)}
    assert recorded[root].text == "looking at the dashboards"
    assert recorded[reply].thread_ts == root
    assert recorded[bot].bot_name == "Deploy Bot"
    assert not [m for m in recorded.values() if "has joined" in m.text], "Slack's own lines are no speech"


async def test_the_bots_own_words_are_not_recorded(slack):
    await slack.declare()
    await slack.command("ana", "update all is well")

    assert await slack.store.messages(slack.channel) == []


async def test_what_is_said_elsewhere_is_left_alone(slack):
    await slack.declare()
    await slack.say("ana", "lunch?", "C0GENERAL")

    assert await slack.store.messages("C0GENERAL") == []


async def test_a_pushpin_puts_a_message_on_the_timeline_at_its_own_time(slack):
    await slack.declare()
    ts = await slack.say("ana", "errors at 40 %")
    await slack.pass_time(minutes=12)
    await slack.react("bea", ts, "pushpin")

    (entry,) = (await slack.incident()).entries.values()
    assert f"{entry.time.utc:%H:%M}" == "14:00"
    assert "errors at 40 %" in await slack.command("ana", "timeline")
    message = next(m for m in await slack.messages() if m["ts"] == ts)
    assert "white_check_mark" in {r["name"] for r in message["reactions"]}


async def test_a_thread_reply_is_tagged_itself_and_not_its_neighbour(slack):
    await slack.declare()
    root = await slack.say("ana", "root")
    reply = await slack.reply("bea", root, "the pool is exhausted")
    await slack.say("chen", "next message")
    await slack.react("ana", reply, "pushpin")

    assert "the pool is exhausted" in await slack.command("ana", "timeline")
    assert "next message" not in await slack.command("ana", "timeline")


@pytest.mark.postgresql
async def test_the_last_reaction_taken_away_takes_it_off(slack):
    await slack.declare()
    ts = await slack.say("ana", "errors at 40 %")
    await slack.react("bea", ts, "pushpin")
    await slack.react("chen", ts, "pushpin")
    assert len((await slack.incident()).entries) == 1, "two people, one entry"

    await slack.react("bea", ts, "pushpin", present=False)
    assert "errors at 40 %" in await slack.command("ana", "timeline")
    await slack.react("chen", ts, "pushpin", present=False)
    assert "errors at 40 %" not in await slack.command("ana", "timeline")
    message = next(m for m in await slack.messages() if m["ts"] == ts)
    assert "reactions" not in message, "the receipt is gone too"


async def test_other_emoji_carry_markers(slack):
    await slack.declare()
    ts = await slack.say("ana", "checkout answers 500")
    await slack.react("bea", ts, "red_circle")

    assert "*FAILURE* checkout answers 500" in await slack.command("ana", "timeline")


async def test_an_edit_is_followed_and_a_deletion_says_so(slack):
    await slack.declare()
    kept = await slack.say("ana", "eror")
    gone = await slack.say("ana", "secret")
    root = await slack.say("ana", "root of a thread")
    await slack.reply("bea", root, "reply")
    for ts in (kept, gone, root):
        await slack.react("bea", ts, "pushpin")
    await slack.edit("ana", kept, "error")
    await slack.delete("ana", gone)
    await slack.delete("ana", root)
    await slack.command("ana", "close now")

    timeline = [
        line
        for line in (await slack.files())["2026-11-18-inc-1-r1.md"].splitlines()
        if "2026-11-18 14:00" in line
    ]
    assert any("error" in line for line in timeline)
    assert sum("(deleted in Slack)" in line for line in timeline) == 2
    assert not any("secret" in line or "root of a thread" in line for line in timeline)


async def test_a_note_may_be_for_earlier_with_a_zone(slack):
    await slack.declare()
    answer = await slack.command("ana", 'note --at "yesterday 23:50 CET" --marker degraded the queue grew')

    assert "T1 recorded at" in answer
    (entry,) = (await slack.incident()).entries.values()
    assert entry.time.utc.isoformat() == "2026-11-17T22:50:00+00:00"


async def test_a_message_from_another_channel_comes_in_by_shortcut_with_its_own_time(slack):
    alert = await slack.say("U0DEPLOY", "latency alert", "C0ALERTS")
    await slack.pass_time(minutes=3)
    await slack.declare()
    await slack.shortcut("bea", "add_to_timeline", alert, "C0ALERTS")
    await slack.send("bea", {"incident": "1", "marker": "detected"})

    (entry,) = (await slack.incident()).entries.values()
    assert f"{entry.time.utc:%H:%M}" == "14:00"
    assert "latency alert" in await slack.command("ana", "timeline")


@pytest.mark.postgresql
async def test_delivered_twice_late_and_in_disorder_the_record_is_the_same(slack):
    await slack.declare()
    await slack.hands.deliveries(duplicate=2, reorder=True)
    stamps = [await slack.hands.say("U0ANA", slack.channel, f"line {n}") for n in range(12)]
    await slack.hands._post(
        "edit-message", channel=slack.channel, ts=stamps[3], user="U0ANA", text="line three"
    )
    await slack.hands._post("delete-message", channel=slack.channel, ts=stamps[5], user="U0ANA")
    await slack.hands.deliveries()
    await slack.settle()

    recorded = {m.ref.ts: m for m in await slack.store.messages(slack.channel)}
    assert list(recorded) == stamps
    assert recorded[stamps[3]].text == "line three"
    assert recorded[stamps[5]].deleted


async def test_a_listener_that_raises_loses_nothing(tmp_path):
    impatient = replace(config_of(), timing=replace(QUICK, ack_s=0.3))
    async with workspace(tmp_path, config=impatient) as slack:
        await _with_two_failures(slack)


async def _with_two_failures(slack):
    await slack.declare()
    real, failures = slack.store.record_spoken, 2

    async def failing(message):
        nonlocal failures
        if failures:
            failures -= 1
            raise RuntimeError("the disk is full")
        return await real(message)

    slack.store.record_spoken = failing
    ts = await slack.hands.say("U0ANA", slack.channel, "do not lose me")
    for _ in range(200):
        if await slack.store.message(MessageRef(channel=slack.channel, ts=ts)):
            break
        await asyncio.sleep(0.02)
    del slack.store.record_spoken

    recorded = await slack.store.message(MessageRef(channel=slack.channel, ts=ts))
    assert recorded.text == "do not lose me"
    assert failures == 0


async def test_a_form_whose_commit_fails_stays_open_with_everything_typed(slack):
    await slack.declare()
    await slack.command("ana", "note")
    form = await slack.form("ana")
    real = slack.bot.store.transaction

    def failing():
        raise RuntimeError("the database is away")

    slack.store.transaction = failing
    answer = await slack.hands._post(
        "submit", view_id=form["id"], user="U0ANA", values={"text": {"text": "the pool is exhausted"}}
    )
    del slack.store.transaction
    assert slack.bot.store.transaction == real
    assert "Nothing was changed" in next(iter(answer["errors"].values()))

    form = await slack.form("ana")
    assert form["state"]["values"]["text"]["text"]["value"] == "the pool is exhausted"
    await slack.send("ana", {})
    assert "the pool is exhausted" in await slack.command("ana", "timeline")
