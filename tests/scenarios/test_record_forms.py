"""The record's forms keep what is typed as it is typed: lines, rough numbers, everything that an item says."""

import pytest

from tests.scenarios.workspace import PEOPLE, Refused, text_of


async def test_only_line_ends_divide_lines_in_a_form(slack):
    await slack.declare()
    await slack.command("ana", "set services")
    await slack.send("ana", {"incident.services": "Orders; returns\nMail"})
    await slack.command("ana", "add went well")
    await slack.send("ana", {"text": '"Quoted" as said', "details": "at once; by Bea\nalone"})

    incident = await slack.incident()
    assert incident.fields["incident.services"] == ("Orders; returns", "Mail")
    (item,) = incident.lists["lessons.went_well"]
    assert item.values == {"text": '"Quoted" as said', "details": ("at once; by Bea", "alone")}


async def test_a_rough_number_typed_into_a_form_stays_rough(slack):
    await slack.declare()
    await slack.command("ana", "resolve")
    await slack.send("ana", {"impact.users.count": "~1200"})
    await slack.command("ana", "set revenue")
    await slack.send("ana", {"impact.revenue.amount": "about 500 EUR"})

    fields = (await slack.incident()).fields
    assert (fields["impact.users.count"], fields["impact.users.approx"]) == (1200, True)
    revenue = tuple(fields[f"impact.revenue.{name}"] for name in ("amount", "approx", "currency"))
    assert revenue == (500, True, "EUR")


async def test_what_the_form_says_counts_more_than_the_number(slack):
    await slack.declare()
    await slack.command("ana", "set users")
    await slack.send("ana", {"impact.users.count": "~1200", "impact.users.approx": "no"})

    assert (await slack.incident()).fields["impact.users.approx"] is False


async def test_lines_are_added_to_those_that_a_field_holds(slack):
    await slack.declare()
    await slack.command("ana", "set services Orders")
    await slack.command("bea", "add services Mail; Orders")
    await slack.command("bea", "add services")
    await slack.send("bea", {"incident.services": "Labels"})

    assert (await slack.incident()).fields["incident.services"] == ("Orders", "Mail", "Labels")


async def test_an_item_is_corrected_in_its_form_and_keeps_what_was_left_alone(slack):
    await slack.declare()
    await slack.command("ana", f"followup write the playbook <@{PEOPLE['bea']}> due friday P1")
    before = (await slack.incident()).actions["A1"].details
    await slack.command("ana", "edit A1")
    await slack.send("ana", {"text": "write the UAT playbook", "type": "prevent", "state": "in_progress"})

    item = (await slack.incident()).actions["A1"]
    assert (item.details.text, item.details.type, item.state) == (
        "write the UAT playbook",
        "prevent",
        "in_progress",
    )
    assert (item.details.owners, item.details.due, item.details.priority) == (
        before.owners,
        before.due,
        "P1",
    )


async def test_an_item_goes_under_another_but_never_under_itself(slack):
    await slack.declare()
    await slack.command("ana", "followup test everything")
    await slack.command("ana", "followup test the checkout --under A1")
    await slack.command("ana", "edit A1")
    with pytest.raises(Refused, match="A2 is under A1"):
        await slack.send("ana", {"parent": "A2"})

    assert (await slack.incident()).actions["A1"].details.parent is None


async def test_an_item_that_is_not_there_opens_no_form(slack):
    await slack.declare()

    assert "INC-1 has no item A7" in text_of({"text": await slack.command("ana", "edit A7")})


async def test_words_about_when_it_is_due_may_name_the_day_behind_them(slack):
    await slack.declare()
    await slack.command("ana", "followup")
    await slack.send("ana", {"text": "load test", "due": "before the holidays (2026-12-18)"})

    due = (await slack.incident()).actions["A1"].details.due
    assert (due.raw, f"{due.at:%Y-%m-%d}", due.day_only) == ("before the holidays", "2026-12-18", True)
