"""What is known of an item can be changed later: typed, and by its form."""

import pytest

from tests.scenarios.workspace import PEOPLE, Refused, buttons, text_of

BEA = f"<@{PEOPLE['bea']}>"
JIRA = "https://jira.example.com/browse/OPS-1"


async def details(slack, item="A1"):
    return (await slack.incident()).actions[item].details


async def given(slack, typed=f"followup write the playbook {BEA} due 2d"):
    await slack.declare()
    await slack.command("ana", typed)


@pytest.mark.once
async def test_whatever_is_said_of_an_item_is_said_back_and_stands_on_its_card(slack):
    await given(slack, "task the runbook")
    answer = await slack.command(
        "ana",
        f'followup write the playbook {BEA} due friday P1 --horizon short --label ops --under A1 --tracker {JIRA} --details "first; second"',
    )
    for mark in ("P1", "short", "ops", "under A1", JIRA):
        assert mark in answer
    _, dms = await slack.dms("bea")
    (card,) = [text_of(m) for m in dms if "write the playbook" in text_of(m)]
    for mark in ("P1", "short term", "ops", "under A1", f"<{JIRA}|OPS-1>", "• first\n• second"):
        assert mark in card


@pytest.mark.once
async def test_options_change_what_they_name_and_nothing_else(slack):
    await given(slack)
    before = await details(slack)
    await slack.command(
        "ana", f"action A1 --priority P0 --tracker {JIRA} --horizon long --kind recommendation"
    )
    after = await details(slack)
    assert (after.priority, after.tracker, after.horizon, after.kind) == (
        "P0",
        JIRA,
        "long",
        "recommendation",
    )
    assert (after.text, after.owners, after.due) == (before.text, before.owners, before.due)
    await slack.command("ana", "edit A1 write what is due *today*")
    assert (await details(slack)).text == "write what is due *today*"
    await slack.command("ana", "edit A1 due 2026-12-01 P2 <@U0CHEN>")
    last = await details(slack)
    assert (last.text, last.priority, last.owners[0].slack_id) == (
        "write what is due *today*",
        "P2",
        "U0CHEN",
    )
    assert last.due.raw == "2026-12-01"
    assert "no item A9" in await slack.command("ana", "action A9")
    assert "one at a time" in await slack.command("ana", "action A1 done --priority P1")


async def test_its_form_shows_all_of_it_and_a_due_date_that_is_left_alone_does_not_move(slack):
    await given(slack, f'followup write the playbook {BEA} owner "Naxa team" due 2d P1')
    before = await details(slack)
    await slack.pass_time(hours=5)
    await slack.command("ana", "action A1")
    await slack.send("ana", {"text": "write the playbook and its index", "label": "ops"})
    after = await details(slack)
    assert (after.text, after.label) == ("write the playbook and its index", "ops")
    assert (after.owners, after.due, after.priority) == (before.owners, before.due, before.priority)


@pytest.mark.once
async def test_a_form_that_was_drawn_before_a_change_changes_nothing(slack):
    await given(slack)
    await slack.command("ana", "action A1")
    await slack.pass_time(minutes=1)
    await slack.command("bea", "done A1")
    with pytest.raises(Refused, match="somebody changed it meanwhile"):
        await slack.send("ana", {"text": "other words"})
    assert (await details(slack)).text == "write the playbook"


@pytest.mark.once
async def test_items_nest_four_deep_and_never_in_a_ring(slack):
    await given(slack, "followup one")
    for number, text in enumerate(("two", "three", "four"), start=1):
        await slack.command("ana", f"followup {text} --under A{number}")
    assert "4 deep" in await slack.command("ana", "followup five --under A4")
    assert "A4 is under A1" in await slack.command("ana", "action A1 --under A4")
    assert "the item itself" in await slack.command("ana", "action A1 --under A1")
    await slack.command("ana", "followup another")
    assert "4 deep" in await slack.command("ana", "action A1 --under A5"), "what stands under it counts"
    await slack.command("ana", "action A4 --under A5")
    assert (await details(slack, "A4")).parent == "A5"


@pytest.mark.once
async def test_a_group_can_be_named_by_its_handle_where_nothing_can_be_mentioned(slack):
    await slack.declare()
    await slack.click("ana", "Action item", await slack.banner())
    await slack.send("ana", {"text": "roll back v41", "other_owners": "@oncall\nNaxa team"})
    first, second = (await details(slack)).owners
    assert (first.slack_id, second.name) == ("S0ONCALL", "Naxa team")


@pytest.mark.once
async def test_words_that_are_no_date_are_kept_and_said_to_be_none(slack):
    await given(slack, "task one")
    for words in ("as early as possible", "yesterday", "25:00"):
        answer = await slack.command("ana", f"reschedule A1 {words}")
        assert f"due {words}, in which no date ahead can be read" in answer


@pytest.mark.once
async def test_a_list_of_nothing_says_so_and_not_that_nothing_was_made(slack):
    await slack.declare()
    assert "makes one" in await slack.command("ana", "actions")
    await slack.command("ana", f"task roll back {BEA} due 2h")
    for which in ("mine", "overdue", "unowned"):
        assert "There are none" in await slack.command("ana", f"actions {which}")


@pytest.mark.once
async def test_a_long_list_carries_the_buttons_of_its_first_items(slack):
    await slack.declare()
    for n in range(10):
        await slack.command("ana", f"task job {n} due 2h")
    await slack.command("ana", "actions")
    note = (await slack.notes("ana"))[-1]
    assert sum(b["text"]["text"] == "Done" for b in buttons(note)) == 8
    assert "job 9" in text_of(note)
