"""Ways to make an item, and what resolving asks of those that nobody owns or that have no date."""

from tests.scenarios.workspace import PEOPLE, text_of


async def items(slack):
    return (await slack.incident()).actions


async def test_an_emoji_makes_an_item_once_and_takes_it_back(slack):
    await slack.declare()
    ts = await slack.say("bea", "somebody should roll back v41")
    await slack.react("ana", ts, "ballot_box_with_check")
    await slack.react("chen", ts, "ballot_box_with_check")
    await slack.react("chen", ts, "clipboard")
    ((name, item),) = (await items(slack)).items()
    assert (name, item.details.text, item.details.kind) == ("A1", "somebody should roll back v41", "task")
    assert "A1* somebody should roll back v41" in (await slack.whispers("ana"))[-1]
    assert not any("A1" in said for said in await slack.whispers("chen")), "it was there already"
    await slack.react("ana", ts, "ballot_box_with_check", present=False)
    await slack.react("chen", ts, "ballot_box_with_check", present=False)
    assert list(await items(slack)) == ["A1"], "the clipboard is still there"
    await slack.react("chen", ts, "clipboard", present=False)
    assert await items(slack) == {}
    assert "A1* was deleted" in (await slack.whispers("chen"))[-1]


async def test_who_makes_an_item_by_emoji_can_give_it_to_somebody_at_once(slack):
    await slack.declare()
    ts = await slack.say("bea", "somebody should roll back v41")
    await slack.react("ana", ts, "clipboard")
    await slack.click_note("ana", "Reassign …")
    await slack.send("ana", {"owners": [PEOPLE["chen"]]})
    assert (await items(slack))["A1"].details.owners[0].slack_id == PEOPLE["chen"]


async def test_what_somebody_took_up_stays_when_the_emoji_goes(slack):
    await slack.declare()
    ts = await slack.say("bea", "write the playbook")
    await slack.react("ana", ts, "clipboard")
    await slack.command("ana", f"reassign A1 <@{PEOPLE['bea']}>")
    await slack.react("ana", ts, "clipboard", present=False)
    assert (await items(slack))["A1"].details.kind == "follow_up"


async def test_a_message_becomes_an_item_by_shortcut(slack):
    await slack.declare()
    ts = await slack.say("bea", "write the playbook")
    await slack.shortcut("ana", "make_action_item", ts)
    await slack.send("ana", {"owners": [PEOPLE["chen"]], "due": "friday"})
    item = (await items(slack))["A1"]
    assert item.details.text == "write the playbook"
    assert item.details.message.ts == ts
    _, dms = await slack.dms("chen")
    assert any("write the playbook" in text_of(m) for m in dms)


async def test_resolving_asks_who_and_by_when(slack):
    await slack.declare()
    await slack.command("ana", "followup write the playbook")
    await slack.command("ana", f"followup tune the index <@{PEOPLE['bea']}> due friday")
    await slack.click("ana", "Resolve", await slack.banner())
    form = await slack.form("ana")
    asked = {block["block_id"] for block in form["blocks"]}
    assert {"owner:A1", "due:A1"} <= asked
    assert not {"owner:A2", "due:A2"} & asked
    await slack.hands.send(PEOPLE["ana"], form, {"owner:A1": PEOPLE["chen"], "due:A1": "2d"})
    await slack.settle()
    item = (await items(slack))["A1"]
    assert item.details.owners[0].slack_id == PEOPLE["chen"]
    assert item.details.due.at is not None
    assert (await slack.incident()).status == "resolved"


async def test_resolving_by_typing_names_them(slack):
    await slack.declare()
    await slack.command("ana", "followup write the playbook")
    answer = await slack.command("ana", "resolve now")
    assert "A1 (no owner and no due date)" in answer
