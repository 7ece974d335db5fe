"""Slack is a screen that we keep true: what people delete or change there is put right; what is theirs stays theirs."""

import pytest

from tests.scenarios.workspace import Refused, text_of


async def state(slack):
    return next(c for c in (await slack.hands.state())["channels"] if c["id"] == slack.channel)


async def post(slack, path, **body):
    await slack.hands._post(path, channel=slack.channel, **body)
    await slack.settle()


async def test_a_deleted_banner_comes_back_at_once_and_is_pinned(slack):
    await slack.declare()
    old = (await slack.banner())["ts"]
    await slack.delete("ana", old)

    assert (await slack.banner())["ts"] != old
    assert "INC-1 · checkout is down" in text_of(await slack.banner())


async def test_a_deleted_announcement_comes_back(slack):
    await slack.declare()
    await slack.hands.join(slack.sandbox.config.app.bot_user_id, "C0INCIDENTS")
    (announced,) = await slack.messages("C0INCIDENTS", by_bot=True)
    await slack.hands._post("delete-message", channel="C0INCIDENTS", ts=announced["ts"], user="U0ANA")
    await slack.settle()

    assert len(await slack.messages("C0INCIDENTS", by_bot=True)) == 1


async def test_a_deleted_update_stays_deleted(slack):
    await slack.declare()
    await slack.command("ana", "update we look at v41")
    said = next(m for m in await slack.messages(by_bot=True) if text_of(m).startswith("*Update"))
    await slack.delete("ana", said["ts"])
    await slack.command("ana", "status identified")

    assert said["ts"] not in {m["ts"] for m in await slack.messages()}
    updates = [m for m in await slack.messages(by_bot=True) if text_of(m).startswith("*Update")]
    assert updates == []


async def test_an_unpinned_banner_is_pinned_again(slack):
    await slack.declare()
    await post(slack, "pin", ts=(await slack.banner())["ts"], user="U0BEA", present=False)

    assert "INC-1" in text_of(await slack.banner())


async def test_another_topic_is_put_right(slack):
    await slack.declare()
    await post(slack, "set-topic", user="U0BEA", topic="lunch & <fun>")

    assert await slack.topic() == "SEV2 · triage"


async def test_a_removed_bookmark_comes_back_when_it_is_looked_for(slack):
    await slack.declare()
    (bookmark,) = (await state(slack))["bookmarks"]
    channel = slack.sandbox.workspace.channels[slack.channel]
    channel.bookmarks.clear()
    await slack.pass_time(minutes=11)

    (again,) = (await state(slack))["bookmarks"]
    assert again["title"] == bookmark["title"] == "INC-1 status"
    assert again["link"] == bookmark["link"]


async def test_nothing_is_edited_where_nothing_differs(slack):
    await slack.declare()
    await slack.command("ana", "role commander me")  # else the channel is asked who takes it
    before = len(await slack.calls("chat.update", "conversations.setTopic", "pins.add", "bookmarks.add"))
    for _ in range(2):
        await slack.pass_time(minutes=11)

    assert (
        len(await slack.calls("chat.update", "conversations.setTopic", "pins.add", "bookmarks.add")) == before
    )


async def test_a_renamed_channel_keeps_its_new_name_and_the_record_learns_it(slack):
    await slack.declare()
    await post(slack, "rename-channel", user="U0ANA", name="war-room")

    assert (await slack.incident()).channel_name == "war-room"
    await slack.command("ana", "status identified")
    assert (await state(slack))["name"] == "war-room"


async def test_a_new_title_renames_the_channel(slack):
    await slack.declare()
    await slack.command("ana", "rename payments fail")

    assert (await state(slack))["name"] == "inc-1-payments-fail"
    assert (await slack.incident()).channel_name == "inc-1-payments-fail"


async def test_in_an_archived_channel_nothing_is_tried_and_all_is_made_up_for_when_it_is_back(slack):
    await slack.declare()
    await post(slack, "archive", user="U0ANA")
    calls = len(await slack.calls())
    answer = await slack.command("ana", "INC-1 status identified", "C0GENERAL")

    assert "archived" in answer
    tried = (await slack.calls())[calls:]
    assert not [call for call in tried if call.get("error")]
    assert "*identified*" in text_of((await slack.messages("C0INCIDENTS", by_bot=True))[0])

    await post(slack, "unarchive", user="U0ANA")
    assert slack.sandbox.config.app.bot_user_id in (await state(slack))["members"]
    assert "*identified*" in text_of(await slack.banner())


async def test_reopening_an_archived_incident_says_that_a_person_must_bring_the_channel_back(slack):
    await slack.declare()
    await slack.command("ana", "close now")
    await post(slack, "archive", user="U0ANA")

    answer = await slack.command("bea", "INC-1 reopen it is back", "C0GENERAL")
    assert "unarchive" in answer
    assert (await slack.incident()).status == "investigating"


async def test_a_channel_archived_while_we_were_away_is_learned_from_slacks_answer(slack):
    await slack.declare()
    slack.sandbox.workspace.channels[slack.channel].is_archived = True
    await slack.command("ana", "INC-1 sev 1", "C0GENERAL")

    assert (await slack.incident()).archived


async def test_what_slack_refuses_is_told_to_the_declarer_with_what_to_try(slack):
    await slack.hands._post("faults", method="pins.add", kind="error", value="missing_scope", count=99)
    await slack.declare()

    _, dms = await slack.dms("ana")
    told = [text_of(m) for m in dms if "pin" in text_of(m)]
    assert len(told) == 1
    assert "missing_scope" in told[0]
    assert "reinstall" in told[0]


async def test_an_announcement_that_cannot_be_posted_is_told(slack):
    await slack.hands._post("archive", channel="C0INCIDENTS", user="U0ANA")
    await slack.declare()

    _, dms = await slack.dms("ana")
    assert any("announcement" in text_of(m) and "archived" in text_of(m) for m in dms)
    with pytest.raises(Refused):
        await slack.hands._post("message", channel="C0INCIDENTS", user="U0ANA", text="x")
