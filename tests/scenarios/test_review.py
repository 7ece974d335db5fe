"""The review: what is missing, who is asked for it, who signs, and what becomes of a document once it is published."""

import asyncio
import hashlib
import json

import pytest

from bot.domain.fields import FIELDS, LISTS
from bot.domain.sections import SECTIONS
from bot.domain.vocabulary import DocumentStatus
from bot.slack.ids import Action
from tests.scenarios.workspace import PEOPLE, Refused, buttons, text_of

BEA, CHEN = f"<@{PEOPLE['bea']}>", f"<@{PEOPLE['chen']}>"


async def press(slack, who, action, **value):
    """Press a button of the form that is on top, by what it does and carries."""
    form = await slack.form(who)
    found = [
        (block, button)
        for block in form["blocks"]
        for button in (*(block.get("elements") or ()), block.get("accessory") or {})
        if button.get("action_id") == action and value.items() <= json.loads(button["value"]).items()
    ]
    assert found, f"no button {action} {value} in {text_of(form)}"
    block, button = found[0]
    pressed = {"action_id": button["action_id"], "block_id": block["block_id"], "value": button["value"]}
    await slack.hands._post("interact", view_id=form["id"], user=PEOPLE[who], action=pressed)
    await slack.settle()


async def forms(slack, who):
    """The forms before somebody, the topmost last."""
    return (await slack.hands._get("views", user=PEOPLE[who]))["views"]


async def typed_in(slack, who):
    """Names of the inputs in the form on top, with what they were filled with."""
    form = await slack.form(who)
    return {
        block["block_id"]: block["element"].get("initial_value")
        for block in form["blocks"]
        if block["type"] == "input"
    }


async def review_message(slack):
    (message,) = [m for m in await slack.messages(by_bot=True) if "Postmortem of INC-1" in text_of(m)]
    return message


async def dm_of(slack, who, words):
    channel, messages = await slack.dms(who)
    (message,) = [m for m in messages if words in text_of(m)]
    return channel, message


# --- the guided review ---------------------------------------------------------------------------------------------------


async def test_the_review_says_what_is_missing_and_who_usually_knows(slack):
    await slack.declare()
    await slack.command("ana", f"role commander {BEA}")
    await slack.command("ana", "set impact level Critical")
    await slack.command("ana", "postmortem")

    said = text_of(await slack.form("ana"))
    assert "Missing: Users affected (number), What users see" in said
    assert f"{BEA} (Incident Commander)" in said
    assert "Missing: Contributing factors, Root cause" in said


async def test_a_section_is_filled_in_a_form_and_the_review_follows(slack):
    await slack.declare()
    await slack.command("ana", "postmortem")
    await press(slack, "ana", Action.SECTION, section="impact")
    await slack.send("ana", {"impact.level": "Critical", "impact.users.percent": "12 %"})

    (review,) = await forms(slack, "ana")
    assert "Missing: What users see" in text_of(review)
    fields = (await slack.incident()).fields
    assert (fields["impact.level"], fields["impact.users.percent"]) == ("Critical", 12)


async def test_a_list_is_filled_on_top_of_its_section_and_both_below_follow(slack):
    await slack.declare()
    await slack.command("ana", "postmortem")
    await press(slack, "ana", Action.SECTION, section="cause")
    await press(slack, "ana", Action.LIST, list="cause.five_whys")
    whys = {f"new{n}:question": f"Why {n}?" for n in range(1, 6)}
    await slack.send("ana", {**whys, **{f"new{n}:text": f"because {n}" for n in range(1, 6)}})

    review, section = await forms(slack, "ana")
    assert "Why 5? · because 5" in text_of(section) or "because 5 · Why 5?" in text_of(section)
    assert len((await slack.incident()).lists["cause.five_whys"]) == 5
    assert review["callback_id"] == "form_review"


async def test_a_line_of_a_list_is_corrected_and_taken_out(slack):
    await slack.declare()
    await slack.command("ana", "went well: the rollbak")
    await slack.command("ana", "went well: nothing else")
    await slack.command("ana", "postmortem lessons")
    await press(slack, "ana", Action.LIST, list="lessons.went_well")
    await slack.send("ana", {"1:text": "the rollback", "2:text": ""})

    (line,) = (await slack.incident()).lists["lessons.went_well"]
    assert line.values["text"] == "the rollback"
    assert line.added_by == PEOPLE["ana"]


async def test_what_another_person_wrote_meanwhile_is_not_overwritten(slack):
    await slack.declare()
    await slack.command("ana", "set summary the first words")
    await slack.command("ana", "postmortem summary")
    await slack.command("bea", "set summary what bea found")
    form = await slack.form("ana")

    with pytest.raises(Refused, match="what bea found"):
        await slack.hands.send(PEOPLE["ana"], form, {"summary": "my other words"})
    assert (await slack.incident()).fields["summary"] == "what bea found"


async def test_a_field_that_was_left_alone_is_not_saved_again(slack):
    await slack.declare()
    await slack.command("ana", "set summary the first words")
    await slack.command("ana", "postmortem summary")
    await slack.command("bea", "set summary what bea found")
    await slack.send("ana", {"background": "a short story"})

    fields = (await slack.incident()).fields
    assert (fields["summary"], fields["background"]) == ("what bea found", "a short story")


async def test_words_longer_than_a_form_holds_are_not_cut_by_saving(slack):
    await slack.declare()
    long = "word " * 900
    await slack.command("ana", f"set summary {long}")
    await slack.command("ana", "postmortem summary")
    assert "more than a form can hold" in text_of(await slack.form("ana"))
    await slack.send("ana", {"background": "a short story"})

    assert (await slack.incident()).fields["summary"] == long.strip()


async def test_times_are_shown_in_utc_to_everybody(slack):
    await slack.declare()
    await slack.command("ana", "time impact_started 14:05")  # Madrid
    await slack.command("bea", "postmortem times")  # New York

    assert (await typed_in(slack, "bea"))["times.impact_started"] == "2026-11-18 13:05 UTC"
    await slack.send("bea", {"times.detected": "2026-11-18 13:07 UTC"})
    times = (await slack.incident()).times
    assert f"{times['impact_started'].utc:%H:%M} {times['detected'].utc:%H:%M}" == "13:05 13:07"


async def test_every_field_and_list_of_the_document_has_an_input(slack):
    await slack.declare()
    found = set()
    for section in SECTIONS.values():
        await slack.command("ana", f"postmortem {section.key}")
        form = await slack.form("ana")
        found |= set(await typed_in(slack, "ana"))
        lists = [
            block["block_id"] for block in form["blocks"] if block.get("block_id", "").startswith("list:")
        ]
        for path in (name.removeprefix("list:") for name in lists):
            await press(slack, "ana", Action.LIST, list=path)
            assert {f"new1:{column.name}" for column in LISTS[path].columns} <= set(
                await typed_in(slack, "ana")
            )
            found.add(path)
            await slack.hands._post("close-view", view_id=(await slack.form("ana"))["id"], user=PEOPLE["ana"])
        await slack.hands._post("close-view", view_id=form["id"], user=PEOPLE["ana"])

    assert {*FIELDS, *LISTS} <= found


async def test_people_are_chosen_and_named_and_printed_by_name(slack):
    await slack.declare()
    await slack.command("ana", "postmortem document")
    await slack.send("ana", {"doc.authors": [PEOPLE["bea"]], "doc.authors:names": "Naxa team"})

    assert (await slack.incident()).fields["doc.authors"] == (BEA, "Naxa team")
    await slack.command("ana", "close now")
    assert "Bea" in (await slack.files())["2026-11-18-inc-1-r1.md"]


# --- sent to people ------------------------------------------------------------------------------------------------------


async def test_a_section_is_sent_to_somebody_whose_answer_is_kept_under_their_name(slack):
    await slack.declare()
    await slack.command("ana", "postmortem")
    await press(slack, "ana", Action.ASK, section="business")
    await slack.send("ana", {"person": PEOPLE["eli"], "note": "what did it cost us?"})
    channel, dm = await dm_of(slack, "eli", "asks you for *Business and data*")
    assert "what did it cost us?" in text_of(dm)
    assert f"<@{PEOPLE['eli']}> was asked" in text_of(await slack.form("ana"))

    await slack.click("eli", "Fill it in", dm, channel)
    await slack.send("eli", {"impact.revenue.amount": "500", "impact.data.loss": "no"})

    incident = await slack.incident()
    assert incident.fields["impact.revenue.amount"] == 500
    assert incident.written["impact.revenue.amount"].by == PEOPLE["eli"]
    _, dm = await dm_of(slack, "eli", "asks you for")
    assert "You answered" in text_of(dm)
    assert [b["text"]["text"] for b in buttons(dm)] == ["Change it"]


async def test_an_old_request_opens_the_section_as_it_is_now(slack):
    await slack.declare()
    await slack.command("ana", "postmortem impact")
    await slack.hands._post("close-view", view_id=(await slack.form("ana"))["id"], user=PEOPLE["ana"])
    await slack.command("ana", "postmortem")
    await press(slack, "ana", Action.ASK, section="impact")
    await slack.send("ana", {"person": PEOPLE["bea"]})
    channel, old = await dm_of(slack, "bea", "asks you for *Impact*")
    await slack.command("ana", "set impact level Critical")
    await slack.click("bea", "Fill it in", old, channel)

    assert (await typed_in(slack, "bea"))["impact.level"] == "Critical"


async def test_asking_twice_over_is_one_message(slack):
    await slack.hands.deliveries(duplicate=1)
    await slack.declare()
    await slack.command("ana", "postmortem")
    await press(slack, "ana", Action.ASK, section="impact")
    await slack.send("ana", {"person": PEOPLE["bea"]})

    await dm_of(slack, "bea", "asks you for *Impact*")  # one, or it fails
    assert len((await slack.incident()).asks) == 1


# --- the state in the channel, and signing ---------------------------------------------------------------------------------


async def in_review(slack):
    await slack.declare()
    await slack.command("ana", "resolve now")
    await slack.command("ana", "postmortem signing")
    await press(slack, "ana", Action.LIST, list="doc.signoff")
    await slack.send("ana", {"new1:role": "Commander", "new1:name": PEOPLE["bea"]})
    await slack.hands._post("close-view", view_id=(await slack.form("ana"))["id"], user=PEOPLE["ana"])
    await slack.command("ana", "add signoff CTO")
    await slack.click("ana", "Ask for review…", await review_message(slack))
    await slack.send("ana", {"doc.reviewers": [PEOPLE["chen"]]})


async def test_one_message_in_the_channel_follows_the_review(slack):
    await in_review(slack)

    said = text_of(await review_message(slack))
    assert "Postmortem of INC-1: In Review" in said
    assert f"Commander · {BEA} · pending" in said
    await dm_of(slack, "chen", f"<@{PEOPLE['ana']}> asks you to review")
    await slack.command("ana", "publish because it is time")
    assert "Postmortem of INC-1: Published" in text_of(await review_message(slack))


async def test_only_the_named_person_can_sign(slack):
    await in_review(slack)
    await slack.click("dana", "Sign as Commander", await review_message(slack))
    assert any(f"{BEA} is the one who signs as Commander" in note for note in await slack.whispers("dana"))
    await slack.click("bea", "Sign as Commander", await review_message(slack))

    assert f"Commander · {BEA} · signed 2026-11-18" in text_of(await review_message(slack))
    line = (await slack.incident()).lists["doc.signoff"][0]
    assert (line.values["state"], line.values["date"]) == ("signed", "2026-11-18")


async def test_signing_in_two_places_at_once_is_one_signature(slack):
    await in_review(slack)
    message = await review_message(slack)
    channel, dm = await dm_of(slack, "bea", "asks you to sign as *Commander*")
    await asyncio.gather(
        slack.click("bea", "Sign", dm, channel),
        slack.click("bea", "Sign as Commander", message),
        return_exceptions=True,
    )

    signed = [r.event for r in await slack.store.record(1) if type(r.event).__name__ == "SignedOff"]
    assert len(signed) == 1
    _, dm = await dm_of(slack, "bea", "asks you to sign as *Commander*")
    assert "Sign" not in [b["text"]["text"] for b in buttons(dm)]


async def test_a_signature_is_waived_with_a_reason(slack):
    await in_review(slack)
    message = await review_message(slack)
    waive = [b for b in buttons(message) if b["action_id"] == Action.WAIVE and '"item":"2"' in b["value"]]
    await slack.hands._post(
        "interact",
        channel=slack.channel,
        messageTs=message["ts"],
        user=PEOPLE["ana"],
        action={"action_id": waive[0]["action_id"], "value": waive[0]["value"]},
    )
    await slack.settle()
    await slack.send("ana", {"reason": "we have no CTO this month"})

    assert "waived 2026-11-18: we have no CTO this month" in text_of(await review_message(slack))


async def test_a_name_without_a_person_is_signed_by_whoever_does_and_bears_their_name(slack):
    await in_review(slack)
    await slack.click("fay", "Sign as CTO", await review_message(slack))

    assert f"CTO · <@{PEOPLE['fay']}> · signed" in text_of(await review_message(slack))


async def test_publishing_in_spite_of_errors_needs_the_commander_and_a_reason(slack):
    await in_review(slack)
    await slack.command("ana", f"role commander {BEA}")
    await slack.command("ana", "publish")
    form = await slack.form("ana")
    assert "NO_IMPACT_START" in text_of(form)
    with pytest.raises(Refused, match="only the incident commander"):
        await slack.hands.send(PEOPLE["ana"], form, {"reason": "we are in a hurry"})
    await slack.command("bea", "publish")
    await slack.send("bea", {"reason": "the customer waits for it"})

    incident = await slack.incident()
    assert incident.document is DocumentStatus.PUBLISHED
    (published,) = [change for change in incident.history if change.text == "published"]
    assert (published.by, published.reason) == (PEOPLE["bea"], "the customer waits for it")


# --- asked at the right moment -----------------------------------------------------------------------------------------------


async def test_declaring_by_form_asks_what_users_see_and_which_customers(slack):
    await slack.shortcut("ana", "declare_incident")
    assert {"symptom", "services", "incident.customers"} <= set(await typed_in(slack, "ana"))
    await slack.send("ana", {"title": "checkout is down", "incident.customers": "Naxa\nHOT"})

    assert (await slack.incident()).fields["incident.customers"] == ("Naxa", "HOT")


async def test_resolving_by_form_asks_while_everybody_still_knows(slack):
    await slack.declare()
    await slack.command("ana", "task roll back v41")
    await slack.click("ana", "Resolve", await slack.banner())
    asked = set(await typed_in(slack, "ana"))
    assert {"impact_started", "detected", "mitigated", "impact.level", "owner:A1", "due:A1"} <= asked
    await slack.send(
        "ana",
        {
            "detected": "2026-11-18 14:00 UTC",
            "impact.users.count": "~1200",
            "symptom": "blank pages",
            "owner:A1": PEOPLE["bea"],
            "due:A1": "friday",
        },
    )

    incident = await slack.incident()
    assert incident.status == "resolved"
    assert f"{incident.times['detected'].utc:%H:%M}" == "14:00"
    assert incident.symptom == "blank pages"
    details = incident.actions["A1"].details
    assert details.owners[0].slack_id == PEOPLE["bea"]
    assert details.due.raw == "friday"


async def test_closing_by_form_shows_the_advice_and_never_refuses(slack):
    await slack.declare()
    await slack.command("ana", "task roll back v41")
    await slack.command("ana", "resolve now")
    await slack.click("ana", "Close", await slack.banner())
    form = await slack.form("ana")
    assert "ACTION_NO_OWNER" in text_of(form)
    await slack.send("ana", {})

    assert (await slack.incident()).status == "closed"


# --- published -------------------------------------------------------------------------------------------------------------


async def test_publishing_renders_it_once_more_with_its_date(slack):
    await in_review(slack)
    await slack.command("ana", "publish because it is time")

    incident = await slack.incident()
    assert incident.document is DocumentStatus.PUBLISHED
    assert [(r.revision, r.published) for r in incident.renderings] == [(1, False), (2, True)]
    published = (await slack.files())["2026-11-18-inc-1-r2.md"]
    assert "Published" in published


async def test_a_correction_after_publication_is_a_new_revision_told_in_the_updates(slack):
    await in_review(slack)
    await slack.command("ana", "publish because it is time")
    await slack.command("bea", "set summary The index was missing.")
    await slack.click("bea", "Render a new revision", await review_message(slack))

    files = await slack.files()
    assert {"2026-11-18-inc-1-r2.md", "2026-11-18-inc-1-r3.md"} <= set(files)
    assert "The index was missing." not in files["2026-11-18-inc-1-r2.md"]
    assert "Revision 3: Summary changed." in files["2026-11-18-inc-1-r3.md"]
    assert "amended" in text_of(await review_message(slack))


async def test_what_is_published_is_not_a_draft_again(slack):
    await in_review(slack)
    await slack.command("ana", "publish because it is time")

    assert "new revision" in await slack.command("bea", "postmortem draft")


async def test_each_rendering_is_known_by_its_pack_and_its_bytes(slack):
    await slack.declare()
    await slack.command("ana", "close now")

    files = await slack.files()
    (rendering,) = (await slack.incident()).renderings
    kept = {each.format: each for each in rendering.kept}
    assert set(kept) == {"markdown", "html"}
    assert kept["markdown"].digest == hashlib.sha256(files["2026-11-18-inc-1-r1.md"].encode()).hexdigest()
    assert (kept["markdown"].pack, rendering.by) == ("default", PEOPLE["ana"])


# --- reminders ---------------------------------------------------------------------------------------------------------------


async def days(slack, count):
    """Time passes in steps by which everybody's working hours are met."""
    for _ in range(3 * count):
        await slack.pass_time(hours=8)


async def heard(slack, who, words):
    """How often the bot said this to somebody."""
    _, messages = await slack.dms(who)
    return sum(words in text_of(m) for m in messages)


async def test_a_late_postmortem_is_asked_for_after_five_working_days(slack):
    await slack.declare()  # SEV2, on a Wednesday
    await slack.command("ana", f"role commander {BEA}")
    await slack.command("ana", "resolve now")
    await slack.pass_time(days=5, hours=2)
    assert await heard(slack, "bea", "The postmortem of") == 0, "five calendar days are not five working days"
    await slack.pass_time(days=1)
    assert await heard(slack, "bea", "is due: it was resolved") == 1
    await slack.pass_time(days=1)

    assert await heard(slack, "bea", "is due: it was resolved") == 2, "a day before, and when it is due"
    channel, messages = await slack.dms("bea")
    letter = [m for m in messages if "is due: it was resolved" in text_of(m)][-1]
    assert "Still missing" in text_of(letter)
    await slack.click("bea", "Fill in what is missing", letter, channel)
    assert "Missing" in text_of(await slack.form("bea"))


async def test_a_published_postmortem_is_not_asked_for(slack):
    await slack.declare("ana", "checkout is down --sev 1")
    await slack.command("ana", "resolve now")
    await slack.command("ana", "publish because it is time")
    await days(slack, 10)

    assert await heard(slack, "ana", "The postmortem of") == 0


async def test_the_authors_are_reminded_and_later_the_commander_and_the_channel(slack):
    await slack.declare()
    await slack.command("ana", f"role commander {BEA}")
    await slack.command("ana", f"set authors {CHEN}")
    await slack.command("ana", "resolve now")
    await days(slack, 7)
    assert await heard(slack, "chen", "The postmortem of") >= 1
    assert await heard(slack, "bea", "The postmortem of") == 0
    await days(slack, 18)

    assert await heard(slack, "bea", "is late") >= 1
    assert sum("is late" in text_of(m) for m in await slack.messages(by_bot=True)) == 1


async def test_after_thirty_days_the_follow_up_review_comes_with_its_agenda(slack):
    await slack.declare()
    await slack.command("ana", f"followup write the playbook {BEA}")
    await slack.command("ana", "set agenda did the alert fire?; is the playbook used?")
    await slack.command("ana", "resolve now")
    await slack.command("ana", "publish because it is time")
    await days(slack, 31)

    (letter,) = [m for m in await slack.messages(by_bot=True) if "The follow-up review of" in text_of(m)]
    assert "1. did the alert fire?" in text_of(letter)
    assert "A1 write the playbook" in text_of(letter)
    await slack.click("ana", "Write down the result", letter)
    await slack.send("ana", {"doc.followup.result": "Both work."})
    await days(slack, 14)
    assert await heard(slack, "ana", "still has no result") == 0
