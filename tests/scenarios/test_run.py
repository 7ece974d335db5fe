"""Running: status, severity, roles, updates, times; by typing, by button and by form."""

import asyncio
import contextlib
import re
from datetime import timedelta

import pytest

from tests.scenarios.workspace import PEOPLE, Refused, text_of, workspace


async def test_status_and_severity_show_in_banner_topic_and_announcement(slack):
    await slack.declare()
    await slack.command("bea", "status identified")
    await slack.command("bea", "sev 1 payments too")

    assert await slack.topic() == "SEV1 · identified"
    assert "*identified* · *SEV1*" in text_of(await slack.banner())
    assert "*identified* · *SEV1*" in text_of((await slack.messages("C0INCIDENTS", by_bot=True))[0])


async def test_a_status_may_go_backwards(slack):
    await slack.declare()
    await slack.command("bea", "monitoring")
    await slack.command("bea", "investigating")

    assert (await slack.incident()).status == "investigating"


async def test_a_role_is_held_shown_and_explained_by_dm(slack):
    await slack.declare()
    await slack.command("ana", f"role commander <@{PEOPLE['bea']}>")

    assert (await slack.topic()).endswith("IC @Bea")
    assert "<@U0BEA>" in text_of(await slack.banner())
    _, dms = await slack.dms("bea")
    assert "You are now *Incident Commander*" in text_of(dms[0])


async def test_roles_by_button(slack):
    await slack.declare()
    await slack.click("chen", "Roles", await slack.banner())
    await slack.send("chen", {"role": "scribe", "user": "U0DANA"})

    assert "<@U0DANA>" in text_of(await slack.banner())
    assert any("Scribe is now <@U0DANA>" in said for said in await slack.whispers("chen"))


async def test_an_update_reaches_the_channel_and_the_announcement_with_the_next_one_promised(slack):
    await slack.declare()
    await slack.command("ana", "update rolling back v41 --status identified --next 30m")

    spoken = [text_of(m) for m in await slack.messages(by_bot=True)]
    assert any("rolling back v41" in text and "Next update by 14:30 UTC" in text for text in spoken)
    thread = (await slack.messages("C0INCIDENTS", by_bot=True))[1]
    assert "rolling back v41" in text_of(thread)
    assert thread["thread_ts"]
    assert await slack.topic() == "SEV2 · identified · next update 14:30 UTC"


async def test_an_update_by_button(slack):
    await slack.declare()
    await slack.click("ana", "Update", await slack.banner())
    await slack.send("ana", {"text": "still looking", "next": "1h"})

    assert "still looking" in text_of(await slack.banner())


@pytest.mark.postgresql
async def test_ten_changes_in_a_row_cost_one_edit_of_each_message(tmp_path):
    async with workspace(tmp_path, calm=timedelta(seconds=6)) as slack:
        await slack.declare()
        edits, topics = (
            len(await slack.calls("chat.update")),
            len(await slack.calls("conversations.setTopic")),
        )
        for number in range(5):
            await slack.hands.command("U0ANA", slack.channel, f"sev {number % 2 + 1}")
            await slack.hands.command("U0ANA", slack.channel, f"rename title {number}")
        await slack.settle()

        assert "title 4" in text_of(await slack.banner())
        assert "title 4" in text_of((await slack.messages("C0INCIDENTS", by_bot=True))[0])
        assert len(await slack.calls("chat.update")) - edits == 2  # the banner and the announcement
        assert len(await slack.calls("conversations.setTopic")) - topics == 1


async def test_what_is_new_does_not_wait_for_calm(tmp_path):
    async with workspace(tmp_path, calm=timedelta(minutes=10)) as slack:
        await slack.hands.command("U0ANA", "C0GENERAL", "checkout is down --sev 2")
        while not (made := await slack.incident_channels()) or "U0ANA" not in made[0]["members"]:
            await asyncio.sleep(0.01)
        slack.channel = made[0]["id"]
        await slack.hands.command("U0ANA", slack.channel, "update rolling back v41")
        while not any("rolling back v41" in text_of(m) for m in await slack.messages(by_bot=True)):
            await asyncio.sleep(0.01)
        await slack.bot.worker.stop()  # nobody waits ten minutes for the banner's edit


async def test_times_are_read_in_the_writers_zone_and_said_back(slack):
    await slack.declare()
    answer = await slack.command("ana", "time impact_started 14:05")  # Madrid: 13:05 UTC

    assert "impact started recorded as" in answer
    started = (await slack.incident()).times["impact_started"]
    assert f"{started.utc:%H:%M}" == "13:05"


@pytest.mark.postgresql
async def test_resolve_renders_a_draft_and_close_the_final_postmortem(slack):
    await slack.declare()
    await slack.command("ana", "time impact_started 14:30")
    await slack.pass_time(minutes=20)
    await slack.command("ana", "resolve rolled back to v40")

    files = await slack.files()
    assert sorted(files) == ["2026-11-18-inc-1-draft-r1.html", "2026-11-18-inc-1-draft-r1.md"]
    assert "rolled back to v40" in files["2026-11-18-inc-1-draft-r1.md"]
    assert re.search(r"Impact\D+50 min", files["2026-11-18-inc-1-draft-r1.md"])

    await slack.command("ana", "close now")
    files = await slack.files()
    assert {"2026-11-18-inc-1-r2.html", "2026-11-18-inc-1-r2.md"} <= set(files)
    assert files["2026-11-18-inc-1-r2.html"].startswith("<!doctype html>")
    assert "*closed*" in text_of(await slack.banner())


async def test_closing_by_form_asks_for_what_is_missing_and_never_refuses(slack):
    await slack.declare()
    await slack.command("ana", "resolve now")
    await slack.click("ana", "Close", await slack.banner())
    form = await slack.form("ana")
    asked = {block["block_id"] for block in form["blocks"] if block["type"] == "input"}
    assert {"summary", "impact.level", "cause.root", "detection.method", "factor"} == asked
    await slack.send("ana", {"summary": "The index was missing.", "factor": "no load test"})

    incident = await slack.incident()
    assert incident.status == "closed"
    markdown = (await slack.files())["2026-11-18-inc-1-r2.md"]
    assert "The index was missing." in markdown
    assert "no load test" in markdown


@pytest.mark.postgresql
async def test_closing_twice_says_who_closed_it_first(slack):
    await slack.declare()
    await slack.command("ana", "close now")

    assert "U0ANA" in await slack.command("bea", "close now")


async def test_reopening_starts_another_window(slack):
    await slack.declare()
    await slack.pass_time(minutes=10)
    await slack.command("ana", "resolve rolled back to v40")
    await slack.pass_time(minutes=30)
    await slack.command("bea", "reopen errors are back")
    await slack.pass_time(minutes=5)
    await slack.command("bea", "resolve restarted the cache")

    markdown = (await slack.files())["2026-11-18-inc-1-draft-r2.md"]
    assert re.search(r"Impact\D+15 min", markdown)
    assert "Reopened: errors are back" in markdown
    assert "rolled back to v40" in markdown, "how it ended the first time is not forgotten"
    assert re.search(r"Outcome:.*restarted the cache", markdown)


@pytest.mark.postgresql
async def test_a_double_click_is_one_change(slack):
    await slack.declare()
    await slack.command("ana", f"task roll back v41 <@{PEOPLE['bea']}>")
    channel, (card, *_) = await slack.dms("bea")
    await asyncio.gather(
        *(slack.click("bea", "Done", card, channel) for _ in range(2)), return_exceptions=True
    )

    states = [r.event for r in await slack.store.record(1) if type(r.event).__name__ == "ActionStateChanged"]
    assert len(states) == 1


async def test_help_is_shown_to_the_asker_alone(slack):
    answer = await slack.command("ana", "help", "C0GENERAL")

    assert "/incident" in answer
    assert await slack.messages("C0GENERAL", by_bot=True) == []


async def test_home_shows_open_incidents_roles_and_items(slack):
    await slack.declare()
    await slack.command("ana", f"role commander <@{PEOPLE['bea']}>")
    await slack.command("ana", f"task roll back v41 <@{PEOPLE['bea']}> due 1h")
    await slack.hands._post("open-home", user=PEOPLE["bea"])
    await slack.settle()

    home = (await slack.hands._get(f"homes/{PEOPLE['bea']}"))["view"]
    text = text_of(home)
    assert "INC-1" in text
    assert "you are Incident Commander" in text
    assert "roll back v41" in text


async def test_a_form_corrected_after_a_refusal_is_taken_as_corrected(slack):
    await slack.declare()
    await slack.click("bea", "Resolve", await slack.banner())
    await slack.command("ana", "close now")
    for typed in ("08:30", "08:45"):  # New York
        with contextlib.suppress(Refused):
            form = await slack.form("bea")
            values = {"impact_started": {"impact_started": typed}}
            await slack.hands._post("submit", view_id=form["id"], user=PEOPLE["bea"], values=values)

    started = (await slack.incident()).times["impact_started"]
    assert f"{started.utc:%H:%M}" == "13:45"
