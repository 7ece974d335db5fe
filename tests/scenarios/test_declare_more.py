"""Declaring in every way there is: privately, here, from a message, afterwards, beside another one."""

from datetime import timedelta

from bot.app.policy import Policy
from sandbox.config import DEMO_CHANNELS, ChannelConfig
from tests.scenarios.workspace import buttons, config_of, text_of, workspace

LEADS = (
    *DEMO_CHANNELS,
    ChannelConfig(id="C0LEADS", name="leads", is_private=True, members=("U0ANA", "U0BOT")),
)


async def channels(slack):
    return {c["id"]: c for c in (await slack.hands.state())["channels"]}


async def test_a_declare_takes_six_calls_the_declarer_is_in_after_two_and_the_bookmark_follows(slack):
    await slack.command("ana", "checkout is down --sev 2", "C0GENERAL")

    calls = [line["method"] for line in await slack.calls()]
    calls = [m for m in calls if m not in {"auth.test", "apps.connections.open", "users.info"}]
    assert calls[:2] == ["conversations.create", "conversations.invite"]
    assert sorted(calls[2:5]) == ["chat.postMessage", "chat.postMessage", "conversations.setTopic"]
    assert calls[5:] == ["pins.add", "bookmarks.add"]


async def test_an_open_incident_is_offered_instead_and_one_click_joins_it(slack):
    await slack.declare("ana", "checkout is down --sev 2")
    first = slack.channel
    await slack.pass_time(minutes=6)
    answer = await slack.command("bea", "cannot pay", "C0GENERAL")
    assert "1 other incident is open, declared 6 min ago. Is this the same?" in answer

    await slack.click_note("bea", "Join INC-1 instead", "C0GENERAL")

    assert (await slack.incident(2)).status == "merged"
    assert (await slack.incident(2)).merged_into == 1
    assert (await slack.incident(1)).absorbed == (2,)
    assert "U0BEA" in (await channels(slack))[first]["members"]


async def test_tests_and_private_incidents_are_not_offered(slack):
    await slack.command("ana", "secret thing --private", "C0GENERAL")
    await slack.command("ana", "trying it out --test", "C0GENERAL")
    answer = await slack.command("bea", "cannot pay", "C0GENERAL")

    assert "Is this the same?" not in answer


async def test_here_the_channel_becomes_the_incidents_and_keeps_its_name_and_topic(slack):
    await slack.hands._post("set-topic", channel="C0DEPLOYS", user="U0ANA", topic="ship it")
    await slack.hands.join("U0ANA", "C0DEPLOYS")
    await slack.command("ana", "deploys fail --here", "C0DEPLOYS")
    slack.channel = "C0DEPLOYS"

    assert await slack.incident_channels() == []
    assert "deploys fail" in text_of(await slack.banner())
    found = (await channels(slack))["C0DEPLOYS"]
    assert (found["name"], found["topic"]) == ("deploys", "ship it")
    assert slack.sandbox.config.app.bot_user_id in found["members"]
    await slack.say("ana", "rolling back")
    assert [m.text for m in await slack.store.messages("C0DEPLOYS")] == ["rolling back"]


async def test_here_in_a_direct_message_nothing_is_declared(slack):
    channel, _ = await slack.dms("ana")
    answer = await slack.command("ana", "x is down --here", channel)

    assert "*The incident was not declared:* a direct message cannot become its channel." in answer
    assert await slack.store.summaries() == []


async def test_here_in_a_private_channel_without_the_bot_says_how_to_invite_it(slack):
    made = await slack.hands._post("channel", name="secret-team", user="U0BEA", is_private=True)
    answer = await slack.command("bea", "x is down --here", made["channel"]["id"])

    assert "I am not in this channel" in answer
    assert "/invite @Tocsin" in answer
    assert await slack.store.summaries() == []


async def test_here_in_a_private_channel_the_incident_is_private(slack):
    bot = slack.sandbox.config.app.bot_user_id
    answer = await slack.hands._post(
        "channel", name="secret-team", user="U0BEA", is_private=True, members=[bot]
    )
    made = answer["channel"]["id"]
    await slack.command("bea", "x is down --here", made)

    assert (await slack.incident()).private
    assert await slack.messages("C0INCIDENTS", by_bot=True) == []


async def test_a_message_becomes_the_first_entry_at_its_own_time(slack):
    ts = await slack.say("dana", "the login page answers 500", "C0GENERAL")
    await slack.pass_time(minutes=3)
    await slack.shortcut("dana", "declare_from_message", ts, "C0GENERAL")
    await slack.send("dana", {"severity": "SEV2"})
    (made,) = await slack.incident_channels()
    slack.channel = made["id"]

    (entry,) = (await slack.incident()).entries.values()
    assert entry.time.utc == slack.clock.now() - timedelta(minutes=3)
    assert "the login page answers 500" in await slack.command("ana", "INC-1 timeline", "C0GENERAL")


async def test_what_was_typed_before_the_form_opened_stands_in_it(slack):
    await slack.command("ana", "--private --drill --sev 1", "C0GENERAL")
    form = await slack.form("ana")
    flags = next(b for b in form["blocks"] if b["block_id"] == "flags")["element"]

    assert [o["value"] for o in flags["initial_options"]] == ["private", "drill"]


async def test_a_drill_is_marked_everywhere(slack):
    await slack.declare("ana", "exercise: lose a region --drill")

    assert "[DRILL]" in text_of(await slack.banner())
    assert (await slack.topic()).startswith("DRILL")
    assert "[DRILL]" in text_of((await slack.messages("C0INCIDENTS", by_bot=True))[0])
    assert "[drill]" in await slack.command("bea", "list", "C0GENERAL")


async def test_a_test_is_announced_nowhere(slack):
    await slack.declare("ana", "trying it out --test")

    assert "[TEST]" in text_of(await slack.banner())
    assert await slack.messages("C0INCIDENTS", by_bot=True) == []


async def test_afterwards_an_incident_can_be_declared_that_is_over(slack):
    await slack.declare("ana", "mail was delayed --retroactive")
    await slack.command("ana", 'time impact_started "yesterday 09:00 UTC"')
    await slack.command("ana", 'resolve queue drained --at "yesterday 10:30 UTC"')

    incident = await slack.incident()
    assert incident.kind == "retroactive"
    assert incident.times["resolved"].utc < incident.declared_at


async def test_who_is_not_in_the_channel_by_home_is_told_by_dm(slack):
    await slack.shortcut("chen", "declare_incident")
    await slack.send("chen", {"title": "search is slow"})

    _, dms = await slack.dms("chen")
    assert any("INC-1 is declared" in text_of(m).replace("*", "") for m in dms)


async def test_a_workspace_where_apps_may_not_create_channels_says_what_to_ask_for(slack):
    await slack.hands._post(
        "faults", method="conversations.create", kind="error", value="restricted_action", count=1
    )
    await slack.command("ana", "checkout is down", "C0GENERAL")

    _, dms = await slack.dms("ana")
    told = text_of(dms[-1])
    assert "INC-1 is declared, but it has no channel" in told
    assert "Ask a workspace admin to allow it for apps." in told
    place = (await slack.dms("ana"))[0]
    await slack.click("ana", "Open it now", dms[-1], place)
    (made,) = await slack.incident_channels()
    assert "U0ANA" in made["members"]


async def test_home_declares_too(slack):
    await slack.hands._post("open-home", user="U0DANA")
    await slack.settle()
    view = (await slack.hands._get("homes/U0DANA"))["view"]
    declare = next(e for e in buttons(view) if e["text"]["text"] == "Declare an incident")
    action = {"action_id": declare["action_id"], "value": declare["value"]}
    await slack.hands._post("interact", view_id=view["id"], user="U0DANA", action=action)
    await slack.send("dana", {"title": "search is slow", "severity": "SEV3"})

    (made,) = await slack.incident_channels()
    assert made["name"] == "inc-1-search-is-slow"
    assert "U0DANA" in made["members"]


async def test_the_announcement_channel_may_be_private(tmp_path):
    async with workspace(
        tmp_path, policy=Policy(announce_in="C0LEADS"), config=config_of(channels=LEADS)
    ) as slack:
        await slack.declare("ana", "checkout is down")

        (announced,) = await slack.messages("C0LEADS", by_bot=True)
        assert "checkout is down" in text_of(announced)


async def test_a_declined_incident_says_so_everywhere_and_can_come_back(slack):
    await slack.declare("ana", "checkout is down --sev 2")
    answer = await slack.command("bea", "decline a monitoring mistake")

    assert "INC-1* is now declined" in answer
    assert await slack.topic() == "SEV2 · declined"
    assert "*declined*" in text_of((await slack.messages("C0INCIDENTS", by_bot=True))[0])
    assert "checkout" not in await slack.command("bea", "list")
    await slack.command("bea", "reopen it was real")
    assert await slack.topic() == "SEV2 · investigating"


async def test_too_many_channels_is_told_in_plain_words(slack):
    await slack.hands._post("faults", method="conversations.create", kind="error", value="too_many_channels")
    await slack.command("ana", "checkout is down", "C0GENERAL")

    _, dms = await slack.dms("ana")
    assert "has no channel" in text_of(dms[-1])
    assert await slack.command("ana", "INC-1 status identified", "C0GENERAL")
    assert (await slack.incident()).status == "identified"
