"""Incidents that turn out to be one, and incidents that are nobody else's business."""

import json

import pytest

from tests.scenarios.workspace import PEOPLE, buttons, text_of


async def channels(slack):
    return {c["id"]: c for c in (await slack.hands.state())["channels"]}


async def two(slack):
    first = await slack.declare("ana", "checkout is down --sev 2")
    second = await slack.declare("bea", "cannot pay")
    return first["id"], second["id"]


async def test_a_duplicate_is_linked_closed_and_its_watchers_move(slack):
    first, second = await two(slack)
    slack.channel = second
    await slack.hands._post("leave", channel=first, user="U0DANA")
    await slack.command("bea", "duplicate INC-1")

    assert "*merged* into *INC-1*" in text_of(await slack.banner())
    slack.channel = first
    assert "Duplicates: INC-2" in text_of(await slack.banner())
    assert {"U0BEA", "U0DANA"} <= set((await channels(slack))[first]["members"])


async def test_a_merged_incident_can_be_opened_again_and_is_no_duplicate_any_more(slack):
    first, second = await two(slack)
    slack.channel = second
    await slack.command("bea", "duplicate INC-1")
    await slack.command("bea", "reopen it is another fault")

    slack.channel = first
    assert "Duplicates" not in text_of(await slack.banner())
    assert (await slack.incident(1)).absorbed == ()
    assert (await slack.incident(2)).status == "investigating"


async def test_both_documents_name_the_other(slack):
    first, second = await two(slack)
    slack.channel = second
    await slack.command("bea", "duplicate INC-1")
    slack.channel = first
    await slack.command("ana", "resolve now")

    markdown = next(text for name, text in (await slack.files()).items() if name.endswith(".md"))
    assert "INC-2" in markdown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("duplicate INC-2", "cannot be a duplicate of itself"),
        ("duplicate INC-9", "there is no INC-9"),
        ("duplicate", "Of which incident?"),
    ],
)
async def test_what_cannot_be_merged_is_said(slack, typed, said):
    await two(slack)
    answer = await slack.command("bea", typed)
    if answer:
        assert said in answer
    else:
        form = await slack.form("bea")
        assert said in json.dumps(form)
    assert (await slack.incident(2)).status == "triage"


async def test_into_a_duplicate_nothing_is_merged(slack):
    first, second = await two(slack)
    slack.channel = second
    await slack.command("bea", "duplicate INC-1")
    slack.channel = first
    answer = await slack.command("ana", "duplicate INC-2")

    assert "INC-2 is itself a duplicate of INC-1" in answer


async def test_watchers_are_not_let_into_a_private_incident_by_a_merge(slack):
    private = await slack.declare("ana", "breach suspected --private")
    public = await slack.declare("ana", "strange logins")
    slack.channel = public["id"]
    await slack.command("ana", "duplicate INC-1")

    assert set((await channels(slack))[private["id"]]["members"]) == {
        "U0ANA",
        slack.sandbox.config.app.bot_user_id,
    }
    assert (await slack.incident(1)).absorbed == (2,)


async def test_a_private_incident_is_found_nowhere_by_who_is_not_in_it(slack):
    """Every view, list, answer, announcement, Home and picker that another person can ask for."""
    await slack.declare("ana", "ZEBRA breach --private --sev 1")
    await slack.command("ana", f"role commander <@{PEOPLE['ana']}>")
    await slack.command("ana", "update ZEBRA is contained")
    await slack.command("ana", f"task ZEBRA rotate keys <@{PEOPLE['ana']}> due 1h")
    await slack.command("ana", "note ZEBRA found in the logs")
    private = slack.channel
    outside = """list|INC-1|INC-1 status|INC-1 timeline|INC-1 roles|INC-1 actions|INC-1 actions all|INC-1 postmortem
        INC-1 update hello|INC-1 note hello|INC-1 close now|INC-1 private|INC-1 sev 4|INC-1 rename x|duplicate INC-1
        actions|status INC-1|timeline INC-1|INC-1 set|INC-1 task x|INC-1 role scribe me"""
    typed = [line.strip() for line in outside.replace("\n", "|").split("|")]
    heard = [await slack.command("bea", line, "C0GENERAL") for line in typed]
    await slack.declare("bea", "another one")
    heard += [await slack.command("bea", line) for line in ("duplicate INC-1", "list", "status")]
    ts = await slack.say("bea", "look", "C0GENERAL")
    await slack.shortcut("bea", "add_to_timeline", ts, "C0GENERAL")
    heard.append(json.dumps(await slack.form("bea")))
    await slack.hands._post("open-home", user=PEOPLE["bea"])
    await slack.settle()
    heard.append(json.dumps((await slack.hands._get(f"homes/{PEOPLE['bea']}"))["view"]))
    for channel in (await slack.hands.state())["channels"]:
        if channel["id"] != private and not (channel["is_im"] and "U0ANA" in channel["members"]):
            heard.append(json.dumps(await slack.messages(channel["id"])))
            heard.append(channel["topic"])
    heard += [json.dumps(note) for note in await slack.notes("bea", "C0GENERAL")]

    assert [text for text in heard if "ZEBRA" in text] == []
    assert (await slack.incident(1)).status == "triage"
    assert [type(r.event).__name__ for r in await slack.store.record(1) if r.by == PEOPLE["bea"]] == []


async def test_who_is_invited_into_it_finds_it(slack):
    await slack.declare("ana", "breach suspected --private")
    slack.sandbox.workspace.join(slack.sandbox.workspace.channels[slack.channel], "U0BEA", "U0ANA")
    await slack.pass_time(minutes=2)

    assert "breach" in await slack.command("bea", "list", "C0GENERAL")
    assert "breach" in await slack.command("bea", "INC-1 status", "C0GENERAL")


async def test_while_slack_does_not_say_who_is_in_it_nobody_is(slack):
    await slack.declare("ana", "breach suspected --private")
    slack.sandbox.workspace.join(slack.sandbox.workspace.channels[slack.channel], "U0BEA", "U0ANA")
    await slack.hands._post(
        "faults", method="conversations.members", kind="error", value="internal_error", count=9
    )

    assert "breach" not in await slack.command("bea", "list", "C0GENERAL")


async def test_made_private_its_announcement_is_taken_back(slack):
    await slack.declare("ana", "checkout is down")
    await slack.command("ana", "update looking into it")
    assert len(await slack.messages("C0INCIDENTS", by_bot=True)) == 2
    answer = await slack.command("ana", "private")

    assert await slack.messages("C0INCIDENTS", by_bot=True) == []
    assert "Change to a private channel" in answer
    assert "checkout" in await slack.command("bea", "list", "C0GENERAL")  # she is in the channel
    await slack.hands._post("leave", channel=slack.channel, user="U0FAY")
    assert "checkout" not in await slack.command("fay", "list", "C0GENERAL")
    await slack.command("ana", "update more")
    assert await slack.messages("C0INCIDENTS", by_bot=True) == []


async def test_more_opens_every_other_form_on_top_and_sending_closes_both(slack):
    await slack.declare()
    for button, typed, told in [
        ("Status", {"status": "identified", "reason": "bad index"}, "is now identified"),
        ("Severity", {"severity": "SEV1"}, "is now SEV1"),
        ("Rename", {"title": "payments fail"}, "is now called payments fail"),
        ("Link", {"url": "https://grafana.example/d/1", "label": "dashboard"}, "added to Links"),
        ("Note", {"text": "the index was dropped"}, "recorded at"),
        ("Times", {"which": "impact_started", "at": "13:00 UTC"}, "impact started recorded as"),
    ]:
        await slack.click("bea", "More…", await slack.banner())
        more = await slack.form("bea")
        element = next(e for e in buttons(more) if e["text"]["text"] == button)
        action = {"action_id": element["action_id"], "value": element["value"]}
        await slack.hands._post("interact", view_id=more["id"], user="U0BEA", action=action)
        await slack.send("bea", typed)
        assert any(told in said for said in await slack.whispers("bea")), button
        assert (await slack.hands._get("views", user="U0BEA"))["views"] == []

    banner = text_of(await slack.banner())
    assert "<https://grafana.example/d/1|dashboard>" in banner


async def test_times_that_contradict_each_other_are_kept_and_said(slack):
    await slack.declare()
    await slack.command("ana", "time detected 13:00 UTC")
    answer = await slack.command("ana", "time impact_started 13:30 UTC")

    assert "Now detected" in answer
    assert "is before impact started" in answer
    again = await slack.command("ana", "sev 1")
    assert "is before" not in again


async def test_two_people_at_once_are_both_heard(slack):
    import asyncio

    await slack.declare()
    answers = await asyncio.gather(
        slack.command("ana", "sev 1"),
        slack.command("bea", "status identified"),
        slack.command("chen", "rename payments fail"),
        slack.command("dana", "update we look at it"),
    )
    incident = await slack.incident()

    assert all(answers)
    assert (incident.severity.label, incident.status, incident.title) == (
        "SEV1",
        "identified",
        "payments fail",
    )
    assert len(incident.updates) == 1


async def test_of_two_who_resolve_at_once_the_second_hears_of_the_first(slack):
    await slack.declare()
    await slack.command("ana", "decline false alarm")
    answer = await slack.command("bea", "decline false alarm")

    assert "<@U0ANA> had set INC-1 to declined already." in answer
