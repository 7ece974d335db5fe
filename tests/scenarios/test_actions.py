"""Action items: cards by DM, reminders before, at and after due, until a decision ends them."""

import pytest

from tests.scenarios.workspace import PEOPLE, buttons, text_of

BEA = f"<@{PEOPLE['bea']}>"


async def test_an_owner_gets_a_card_that_follows_the_item(slack):
    await slack.declare()
    answer = await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    assert "A1" in answer

    channel, dms = await slack.dms("bea")
    (card,) = [m for m in dms if "roll back v41" in text_of(m)]
    assert [b["text"]["text"] for b in buttons(card)] == [
        "Done",
        "Start",
        "Reassign …",
        "Cancel …",
        "Open in channel",
    ]
    await slack.click("bea", "Start", card, channel)
    _, (card, *_) = await slack.dms("bea")
    await slack.click("bea", "Done", card, channel)

    _, dms = await slack.dms("bea")
    (card,) = [m for m in dms if "roll back v41" in text_of(m)]
    assert "done" in text_of(card)
    assert buttons(card) == []
    assert (await slack.incident()).actions["A1"].state == "done"


async def test_reminders_come_before_at_and_after_due(slack):
    await slack.declare()
    await slack.command("ana", f"role commander <@{PEOPLE['chen']}>")
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    heard = []
    for _ in range(26):
        await slack.pass_time(minutes=5)
        _, dms = await slack.dms("bea")
        heard.append(sum("INC-1 A1" in text_of(m) for m in dms))
    minutes = [5 * (n + 1) for n, (a, b) in enumerate(zip([0, *heard], heard, strict=False)) if b > a]

    assert minutes == [30, 50, 60, 90, 120]
    _, dms = await slack.dms("chen")
    assert sum("is overdue since" in text_of(m) for m in dms) == 2, (
        "the commander hears of it once it is overdue"
    )


async def test_nothing_is_said_after_done(slack):
    await slack.declare()
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    await slack.command("bea", "done A1")
    await slack.pass_time(hours=3)

    _, dms = await slack.dms("bea")
    assert not any("is due" in text_of(m) or "overdue" in text_of(m) for m in dms)


async def test_snoozed_it_is_quiet_and_then_speaks_once(slack):
    await slack.declare()
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    channel, dms = await slack.dms("bea")
    await slack.choose("bea", "1 hour", dms[-1], channel)
    await slack.pass_time(minutes=59)
    _, dms = await slack.dms("bea")
    assert len(dms) == 1
    await slack.pass_time(minutes=2)

    _, dms = await slack.dms("bea")
    assert "again, as you asked" in text_of(dms[-1])
    assert len(dms) == 2


@pytest.mark.postgresql
async def test_eight_hours_of_downtime_bring_one_message(slack):
    await slack.declare()
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    await slack.pass_time(hours=8)

    _, dms = await slack.dms("bea")
    assert sum("overdue" in text_of(m) for m in dms) == 1


async def test_a_reminder_whose_answer_was_lost_is_not_sent_again(slack):
    await slack.declare()
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    await slack.hands._post("faults", method="chat.postMessage", kind="lost_answer", count=1)
    await slack.pass_time(minutes=31)
    await slack.pass_time(minutes=1)

    _, dms = await slack.dms("bea")
    assert sum("INC-1 A1*" in text_of(m) and "is due" in text_of(m) for m in dms) == 1


@pytest.mark.postgresql
async def test_reminders_survive_delivery_of_everything_twice(slack):
    await slack.hands.deliveries(duplicate=1)
    await slack.declare()
    await slack.command("ana", f"followup write the playbook {BEA} due friday P1")
    await slack.pass_time(hours=60)

    assert len((await slack.incident()).actions) == 1
    _, dms = await slack.dms("bea")
    assert sum("overdue" in text_of(m) for m in dms) <= 1


async def test_an_item_can_be_made_by_form_with_owners_outside_slack(slack):
    await slack.declare()
    await slack.click("ana", "Action item", await slack.banner())
    await slack.send(
        "ana", {"text": "call the vendor", "other_owners": "Naxa team", "due": "as early as possible"}
    )
    await slack.command("ana", "close now")

    markdown = (await slack.files())["2026-11-18-inc-1-r1.md"]
    line = next(line for line in markdown.splitlines() if "call the vendor" in line)
    assert "Naxa team" in line
    assert "as early as possible" in line


async def test_cancelling_needs_a_reason(slack):
    await slack.declare()
    await slack.command("ana", f"task roll back v41 {BEA}")

    assert "needs a reason" in await slack.command("bea", "cancel A1")
    await slack.command("bea", "cancel A1 v41 was never deployed")
    assert (await slack.incident()).actions["A1"].state == "cancelled"


async def test_people_who_promised_something_are_in_the_channel(slack):
    await slack.declare("ana", "checkout is down --private")
    await slack.command("ana", f"task roll back v41 {BEA}")

    channel = next(c for c in (await slack.hands.state())["channels"] if c["id"] == slack.channel)
    assert PEOPLE["bea"] in channel["members"]
