"""Declaring: one incident, one channel, one banner, the declarer in it after the second call."""

import pytest

from tests.scenarios.workspace import Refused, buttons, live_texts, text_of, workspace


async def test_a_typed_line_declares_and_everything_stands(slack):
    channel = await slack.declare("ana", "checkout is down --sev 2")

    assert channel["name"] == "inc-1-checkout-is-down"
    assert "U0ANA" in channel["members"]
    banner = text_of(await slack.banner())
    assert "INC-1 · checkout is down" in banner
    assert "*triage* · *SEV2*" in banner
    assert [b["text"]["text"] for b in buttons(await slack.banner())] == [
        "Update",
        "Roles",
        "Action item",
        "Timeline",
        "Resolve",
        "More…",
    ]
    assert await slack.topic() == "SEV2 · triage"
    announced = await slack.messages("C0INCIDENTS", by_bot=True)
    assert len(announced) == 1
    assert "checkout is down" in text_of(announced[0])
    state = next(c for c in (await slack.hands.state())["channels"] if c["id"] == slack.channel)
    assert [b["title"] for b in state["bookmarks"]] == ["INC-1 status"]


async def test_the_declarer_is_in_the_channel_after_the_second_call(slack):
    await slack.declare("ana")

    calls = [
        line["method"] for line in await slack.calls() if line["method"] not in {"users.info", "auth.test"}
    ]
    calls = [method for method in calls if method != "apps.connections.open"]
    assert calls[:2] == ["conversations.create", "conversations.invite"]
    assert set(calls[2:5]) == {"chat.postMessage", "conversations.setTopic"}


async def test_alone_it_opens_a_form_in_which_nothing_is_required(slack):
    await slack.command("bea", "")
    await slack.send("bea", {})

    (channel,) = await slack.incident_channels()
    assert channel["name"] == "inc-1-untitled-incident"
    assert "U0BEA" in channel["members"]


async def test_the_form_holds_what_users_see_and_the_kind(slack):
    await slack.command("bea", "")
    await slack.send(
        "bea",
        {"title": "payments fail", "severity": "SEV1", "symptom": "cards are refused", "flags": ["drill"]},
    )

    (channel,) = await slack.incident_channels()
    slack.channel = channel["id"]
    banner = text_of(await slack.banner())
    assert "[DRILL] INC-1 · payments fail" in banner
    assert "cards are refused" in banner


async def test_the_shortcut_opens_the_same_form(slack):
    await slack.shortcut("chen", "declare_incident")
    await slack.send("chen", {"title": "search is slow"})

    (channel,) = await slack.incident_channels()
    assert channel["name"] == "inc-1-search-is-slow"


async def test_a_message_can_become_an_incident(slack):
    ts = await slack.say("dana", "the login page answers 500", "C0GENERAL")
    await slack.shortcut("dana", "declare_from_message", ts, "C0GENERAL")
    form = await slack.form("dana")
    title = next(b for b in form["blocks"] if b["block_id"] == "title")

    assert title["element"]["initial_value"] == "the login page answers 500"


async def test_a_private_incident_is_announced_nowhere(slack):
    channel = await slack.declare("ana", "breach suspected --private")

    assert channel["is_private"]
    assert await slack.messages("C0INCIDENTS", by_bot=True) == []
    assert "breach" not in await slack.command("bea", "list", "C0GENERAL")
    assert "breach" in await slack.command("ana", "list", "C0GENERAL")


async def test_delivered_twice_it_is_one_incident(slack):
    await slack.hands.deliveries(duplicate=1)
    await slack.declare("ana")

    assert len(await slack.incident_channels()) == 1
    assert len(await slack.store.summaries()) == 1
    assert len([m for m in await slack.messages(by_bot=True) if m.get("blocks")]) == 1
    assert len(await slack.messages("C0INCIDENTS", by_bot=True)) == 1


async def test_a_form_sent_twice_is_one_incident(slack):
    await slack.hands.deliveries(duplicate=1)
    await slack.command("ana", "")
    await slack.send("ana", {"title": "twice"})

    assert len(await slack.incident_channels()) == 1


async def test_a_taken_name_gets_a_suffix(slack):
    await slack.hands._post("channel", name="inc-1-checkout-is-down", user="U0BEA")

    await slack.command("ana", "checkout is down", "C0GENERAL")

    names = {c["name"] for c in await slack.incident_channels()}
    assert names == {"inc-1-checkout-is-down", "inc-1-checkout-is-down-2"}


async def test_what_slack_refuses_is_told_and_the_incident_exists_all_the_same(slack):
    await slack.hands._post("faults", method="conversations.create", kind="error", value="restricted_action")
    await slack.command("ana", "checkout is down", "C0GENERAL")

    assert await slack.incident_channels() == []
    _, dms = await slack.dms("ana")
    assert "INC-1 is declared, but it has no channel" in text_of(dms[-1])
    assert "INC-1" in await slack.command("bea", "list", "C0GENERAL")


@pytest.mark.parametrize("kind", ["ratelimited", "http_500", "lost_answer"])
@pytest.mark.parametrize(
    "method", ["conversations.create", "chat.postMessage", "conversations.invite", "pins.add"]
)
async def test_a_call_that_goes_wrong_once_leaves_nothing_doubled(slack, method, kind):
    await slack.hands._post("faults", method=method, kind=kind, value=1, count=1)
    await slack.command("ana", "checkout is down --sev 2", "C0GENERAL")
    for _ in range(4):
        await slack.pass_time(seconds=20)

    (channel,) = await slack.incident_channels()
    slack.channel = channel["id"]
    assert "U0ANA" in channel["members"]
    assert "INC-1" in text_of(await slack.banner())
    assert len([m for m in await slack.messages(by_bot=True) if m.get("blocks")]) == 1
    assert len(await slack.messages("C0INCIDENTS", by_bot=True)) == 1


async def test_a_deleted_banner_comes_back_with_the_next_change(slack):
    await slack.declare("ana")
    await slack.delete("ana", (await slack.banner())["ts"])
    await slack.command("ana", "status investigating")

    assert "*investigating*" in text_of(await slack.banner())


async def test_a_slip_of_the_finger_declares_nothing(slack):
    answer = await slack.command("ana", "reslove", "C0GENERAL")

    assert "Did you mean `/incident resolve`?" in answer
    assert await slack.incident_channels() == []


async def test_outside_an_incident_the_person_is_told_what_to_type(slack):
    answer = await slack.command("ana", "status identified", "C0GENERAL")

    assert "this is not an incident channel" in answer
    assert "/incident INC-7 status" in answer


async def test_a_title_that_is_too_long_stays_in_the_form(slack):
    await slack.command("ana", "", "C0GENERAL")
    with pytest.raises(Refused, match="200 is the most"):
        await slack.hands.send("U0ANA", await slack.form("ana"), {"title": "x" * 300})


async def test_no_typed_text_pings_anybody(slack):
    await slack.declare("ana", "&lt;!channel&gt; <!channel> down")

    for message in [*await slack.messages(by_bot=True), *await slack.messages("C0INCIDENTS", by_bot=True)]:
        assert not [text for text in live_texts(message) if "<!channel>" in text]


async def test_two_incidents_stand_beside_each_other(tmp_path):
    async with workspace(tmp_path) as slack:
        first = await slack.declare("ana", "one")
        second = await slack.declare("bea", "two")

        assert (first["name"], second["name"]) == ("inc-1-one", "inc-2-two")
        answer = await slack.command("ana", "INC-1 status identified")
        assert "INC-1" in answer
        assert (await slack.incident(1)).status == "identified"
        assert (await slack.incident(2)).status == "triage"
