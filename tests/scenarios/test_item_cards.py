"""An item's card: one message in the owner's DM, with everything that can be done, and the same everywhere else."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.workspace import PEOPLE, Refused, buttons, menus, text_of

BEA = f"<@{PEOPLE['bea']}>"
CHEN = f"<@{PEOPLE['chen']}>"


async def card_of(slack, who="bea", words="roll back v41"):
    channel, dms = await slack.dms(who)
    (card,) = [m for m in dms if words in text_of(m)]
    return channel, card


async def given(slack, typed=f"task roll back v41 {BEA} due 5h"):
    await slack.declare()
    await slack.command("ana", typed)
    return await card_of(slack)


async def test_the_card_is_one_message_whatever_happens_to_the_item(slack):
    channel, card = await given(slack)
    await slack.click("bea", "Start", card, channel)
    await slack.command("ana", "reschedule A1 tomorrow 9:00")
    await slack.command("bea", "block A1 waiting for the vendor")
    channel, card = await card_of(slack)
    assert "blocked" in text_of(card)
    assert "waiting for the vendor" in text_of(card)
    await slack.click("bea", "Done", card, channel)
    _, card = await card_of(slack)
    assert "done" in text_of(card)
    assert not buttons(card)
    assert not menus(card)


async def test_snoozes_are_on_the_owners_clock(slack):
    await slack.hands._post("change-user", user=PEOPLE["bea"], tz="Asia/Kathmandu")
    channel, card = await given(slack)
    zone = ZoneInfo("Asia/Kathmandu")
    wanted = {
        "1 hour": slack.clock.now() + timedelta(hours=1),
        "Until tomorrow morning": datetime(2026, 11, 19, 9, tzinfo=zone),
        "Until next Monday": datetime(2026, 11, 23, 9, tzinfo=zone),
    }
    for option, until in wanted.items():
        _, card = await card_of(slack)
        await slack.choose("bea", option, card, channel)
        assert (await slack.incident()).actions["A1"].snoozed_until == until


async def test_snoozing_until_a_date_asks_for_it_and_refuses_what_is_none(slack):
    channel, card = await given(slack)
    await slack.choose("bea", "Until …", card, channel)
    with pytest.raises(Refused, match="Give a time ahead"):
        await slack.send("bea", {"until": "whenever"})
    await slack.choose("bea", "Until …", card, channel)
    await slack.send("bea", {"until": "2026-12-01"})
    assert f"{(await slack.incident()).actions['A1'].snoozed_until:%Y-%m-%d}" == "2026-12-01"


async def test_reassigned_the_new_owner_gets_the_card_and_the_old_ones_says_so(slack):
    channel, card = await given(slack)
    await slack.click("bea", "Reassign …", card, channel)
    await slack.send("bea", {"owners": [PEOPLE["chen"]]})
    _, chens = await card_of(slack, "chen")
    assert "Done" in [b["text"]["text"] for b in buttons(chens)]
    _, beas = await card_of(slack)
    assert "no longer yours" in text_of(beas)
    assert not buttons(beas)


async def test_cancelling_asks_why(slack):
    channel, card = await given(slack)
    await slack.click("bea", "Cancel …", card, channel)
    await slack.send("bea", {"reason": "v41 was never deployed"})
    _, card = await card_of(slack)
    assert "v41 was never deployed" in text_of(card)


async def test_a_stale_button_changes_nothing_and_shows_how_it_stands(slack):
    await given(slack, f"task roll back v41 {BEA} due 1h")
    await slack.pass_time(minutes=31)
    channel, dms = await slack.dms("bea")
    reminder = dms[-1]
    assert "is due" in text_of(reminder)
    await slack.command("ana", "cancel A1 because v41 was never deployed")
    await slack.click("bea", "Done", reminder, channel)
    assert (await slack.incident()).actions["A1"].state == "cancelled"
    _, dms = await slack.dms("bea")
    assert "cancelled" in text_of(dms[-1])
    assert not buttons(dms[-1])


async def test_the_same_buttons_work_on_the_home_page(slack):
    await given(slack)
    await slack.hands._post("open-home", user=PEOPLE["bea"])
    await slack.settle()
    home = (await slack.hands._get(f"homes/{PEOPLE['bea']}"))["view"]
    (done,) = [b for b in buttons(home) if b["text"]["text"] == "Done"]
    action = {"action_id": done["action_id"], "value": done["value"]}
    await slack.hands._post("interact", view_id=home["id"], user=PEOPLE["bea"], action=action)
    await slack.settle()
    home = (await slack.hands._get(f"homes/{PEOPLE['bea']}"))["view"]
    assert "Nothing is waiting for you" in text_of(home)


async def test_a_list_has_the_buttons_too_and_answers_what_became_of_it(slack):
    await given(slack)
    await slack.command("bea", "actions")
    note = (await slack.hands._get(f"messages/{slack.channel}", user=PEOPLE["bea"]))["ephemeral"][-1]
    await slack.click("bea", "Done", note)
    await slack.click("bea", "Start", note)
    assert (await slack.incident()).actions["A1"].state == "done"
    assert "A1* is done: roll back v41" in (await slack.whispers("bea"))[-1]


async def test_mine_are_those_of_all_incidents(slack):
    await given(slack)
    await slack.declare("ana", "search is slow --sev 3")
    await slack.command("ana", f"followup tune the index {BEA} due friday")
    await slack.command("ana", f"followup write it up {CHEN}")
    for channel in (slack.channel, "C0GENERAL"):
        said = await slack.command("bea", "actions mine", channel)
        assert "roll back v41" in said
        assert "tune the index" in said
        assert "write it up" not in said
    assert "tune the index" in await slack.command("bea", "actions INC-2", "C0GENERAL")
    assert "roll back v41" not in await slack.command("bea", "actions INC-2", "C0GENERAL")


async def test_overdue_and_unowned_can_be_asked_for_anywhere(slack):
    await given(slack, f"task roll back v41 {BEA} due 1h")
    await slack.command("ana", "followup find out why")
    await slack.pass_time(hours=2)
    assert "roll back v41" in await slack.command("chen", "actions overdue", "C0GENERAL")
    unowned = await slack.command("chen", "actions unowned", "C0GENERAL")
    assert "find out why" in unowned
    assert "roll back" not in unowned


async def test_items_of_a_private_incident_are_listed_to_nobody_else(slack):
    await slack.declare("ana", "payroll leaked --private")
    await slack.command("ana", f"task rotate the keys {BEA} due 1h")
    assert "rotate the keys" in await slack.command("bea", "actions mine", "C0GENERAL")
    assert "rotate the keys" not in await slack.command("dana", "actions open", "C0GENERAL")


async def test_due_is_read_on_the_owners_clock_and_said_back(slack):
    await slack.hands._post("change-user", user=PEOPLE["bea"], tz="Asia/Kathmandu")
    await slack.declare()
    answer = await slack.command("ana", f"task roll back v41 {BEA} due tomorrow 17:00")
    due = (await slack.incident()).actions["A1"].details.due
    assert due.at == datetime(2026, 11, 19, 17, tzinfo=ZoneInfo("Asia/Kathmandu"))
    assert "Thu 19 Nov 17:00 in Asia/Kathmandu" in answer


async def test_an_item_made_by_mistake_is_deleted_and_its_number_is_not_used_again(slack):
    await given(slack)
    await slack.command("ana", "task ring the vendor --under A1")
    await slack.command("ana", "delete A1")
    await slack.command("ana", "task something else")
    items = (await slack.incident()).actions
    assert list(items) == ["A2", "A3"]
    assert items["A2"].details.parent is None
    _, card = await card_of(slack, words="deleted")
    assert not buttons(card)
