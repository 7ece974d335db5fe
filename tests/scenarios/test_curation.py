"""The timeline curated in Slack: pages, filters, the menu of each entry, forms, typed equivalents, history."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from bot.domain.vocabulary import Marker, Phase, TimeName
from tests.scenarios.workspace import PEOPLE, Refused, buttons, words


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def page(slack, who):
    """The newest thing that only this person sees."""
    found = await slack.hands._get(f"messages/{slack.channel}", user=PEOPLE[who])
    return found["ephemeral"][-1]


def shown(message):
    """The numbers of the entries on a page, in order."""
    return [b["block_id"].partition("|")[0] for b in message["blocks"] if "|" in b.get("block_id", "")]


def menu(message, entry):
    block = next(b for b in message["blocks"] if b.get("block_id", "").startswith(f"{entry}|"))
    return block, block["accessory"]


async def choose(slack, who, message, entry, label):
    """Choose something in an entry's menu, by the words in it."""
    block, element = menu(message, entry)
    action = {"action_id": element["action_id"], "block_id": block["block_id"], "selected_option": label}
    await slack.hands._post(
        "interact", channel=slack.channel, messageTs=message["ts"], user=PEOPLE[who], action=action
    )
    await slack.settle()
    return await page(slack, who)


async def entry(slack, name="T1"):
    return (await slack.incident()).entries[name]


async def notes(slack, *lines):
    for line in lines:
        await slack.command("ana", f"note {line}")


async def test_the_timeline_is_paged_and_one_page_leads_to_the_next(slack):
    await slack.declare()
    await asyncio.gather(
        *(
            slack.hands.command(PEOPLE["ana"], slack.channel, f"note --at 12:{n:02} UTC step {n}")
            for n in range(25)
        )
    )
    await slack.command("bea", "timeline")
    newest = await page(slack, "bea")
    texts = words(newest)
    assert [f"step {n}" in texts for n in (14, 15, 24)] == [False, True, True]
    assert [b["text"]["text"] for b in buttons(newest)] == ["Older (15)"]

    await slack.click("bea", "Older (15)", newest)
    middle = await page(slack, "bea")
    assert middle["ts"] == newest["ts"], "the page is turned in place"
    assert len(shown(middle)) == 10
    assert [b["text"]["text"] for b in buttons(middle)] == ["Older (5)", "Newer (10)"]
    await slack.click("bea", "Older (5)", middle)
    oldest = words(await page(slack, "bea"))
    assert "step 0" in oldest
    for block in middle["blocks"]:
        assert len(block.get("block_id") or "") <= 255


async def test_filters_leave_only_what_is_asked_for(slack):
    await slack.declare()
    await notes(
        slack,
        "--at 12:00 UTC --marker degraded --by @bea the pool is exhausted",
        "--at 12:10 UTC --kind decision we roll back",
        "--at 12:20 UTC --key the pool is healthy",
        "--at 12:30 UTC a typing error",
    )
    await slack.command("ana", "hide T4")
    asked = {
        "timeline": ["T1", "T2", "T3"],
        "timeline degraded": ["T1"],
        "timeline by @bea": ["T1"],
        f"timeline <@{PEOPLE['bea']}>": ["T1"],
        "timeline decision": ["T2"],
        "timeline key": ["T3"],
        "timeline hidden": ["T4"],
        "timeline text pool": ["T1", "T3"],
        'timeline key "pool"': ["T3"],
        "timeline by @chen": [],
    }
    for line, expected in asked.items():
        await slack.command("ana", line)
        assert shown(await page(slack, "ana")) == expected, line
    assert "not understood here" in await slack.command("ana", "timeline sideways")


async def test_an_entry_shows_its_time_in_the_readers_zone_its_person_and_its_message(slack):
    await slack.declare()
    ts = await slack.say("bea", "errors at 40 %")
    await slack.react("chen", ts, "red_circle")
    await notes(slack, "--at ~12 UTC something smelt")
    text = await slack.command("ana", "timeline")

    at = int(float(ts))
    assert f"<!date^{at}^{{date_short_pretty}} {{time_secs}}|" in text
    assert "*FAILURE* errors at 40 %" in text
    assert f"<@{PEOPLE['bea']}>" in text
    assert f"/archives/{slack.channel}/p{ts.replace('.', '')}|message>" in text
    assert "~2026-11-18 13h GMT+1 (2026-11-18 12h UTC) something smelt" in text, "an hour is no minute"


async def test_the_menu_hides_shows_and_marks_and_the_page_follows(slack):
    await slack.declare()
    await notes(slack, "--at 12:00 UTC the pool is exhausted")
    await slack.command("bea", "timeline")
    first = await page(slack, "bea")
    keyed = await choose(slack, "bea", first, "T1", "Mark key")
    assert (await entry(slack)).details.key
    assert "★ T1" in words(keyed)

    hidden = await choose(slack, "bea", keyed, "T1", "Hide")
    assert (await entry(slack)).hidden
    assert "T1 is hidden." in words(hidden)
    assert shown(hidden) == []
    await slack.command("bea", "timeline hidden")
    back = await choose(slack, "bea", await page(slack, "bea"), "T1", "Show again")
    assert not (await entry(slack)).hidden
    assert shown(back) == []


async def test_a_menu_that_was_drawn_before_somebody_elses_change_does_nothing_and_shows_how_it_stands(slack):
    await slack.declare()
    await notes(slack, "--at 12:00 UTC the pool is exhausted")
    await slack.command("bea", "timeline")
    late = await page(slack, "bea")
    await slack.command("chen", "edit T1 the pool was exhausted by the batch job")

    after = await choose(slack, "bea", late, "T1", "Hide")
    assert not (await entry(slack)).hidden
    assert "somebody changed it after this was shown to you" in words(after)
    assert "by the batch job" in words(after)


async def test_the_form_corrects_moves_and_empties_and_a_late_one_is_refused(slack):
    await slack.declare()
    await notes(slack, "--at 12:00 UTC --marker degraded --action paged --evidence https://g/1 the pool")
    await slack.command("bea", "timeline")
    await choose(slack, "bea", await page(slack, "bea"), "T1", "Edit or move …")
    form = await slack.form("bea")
    drawn = {b["block_id"]: b["element"].get("initial_value") for b in form["blocks"] if b["type"] == "input"}
    assert (drawn["at"], drawn["text"], drawn["action"]) == ("2026-11-18 12:00 UTC", "the pool", "paged")
    await slack.command("chen", "timeline")
    await choose(slack, "chen", await page(slack, "chen"), "T1", "Edit or move …")

    typed = {"at": "11:50-12:10 UTC", "text": "the pool was full", "action": "", "phase": "before"}
    await slack.send("bea", typed)
    changed = await entry(slack)
    assert (changed.time.utc, changed.time.end_utc) == (utc("2026-11-18 11:50"), utc("2026-11-18 12:10"))
    assert (changed.details.text, changed.details.action) == ("the pool was full", None)
    assert (changed.details.marker, changed.details.phase) == (Marker.DEGRADED, Phase.BEFORE)
    assert changed.details.evidence == ("https://g/1",)

    with pytest.raises(Refused, match="somebody changed it after this was shown"):
        await slack.send("chen", {"text": "no, the queue"})
    assert (await entry(slack)).details.text == "the pool was full"


async def test_two_entries_of_one_thing_become_one_and_can_be_taken_apart_again(slack):
    await slack.declare()
    await notes(
        slack,
        "--at 12:00 UTC users report errors --evidence https://g/1",
        "--at 12:01 UTC --marker detected --evidence https://g/2 reports of errors",
    )
    await slack.command("bea", "timeline")
    await choose(slack, "bea", await page(slack, "bea"), "T2", "Merge with …")
    await slack.send("bea", {"into": "T1"})
    kept = await entry(slack)
    assert (kept.details.text, kept.details.marker) == ("users report errors", Marker.DETECTED)
    assert kept.details.evidence == ("https://g/1", "https://g/2")
    await slack.command("bea", "timeline")
    assert shown(await page(slack, "bea")) == ["T1"]
    assert "(hidden (merged into T1))" in await slack.command("bea", "timeline hidden")

    await slack.command("bea", "entry T2 show")
    assert (await entry(slack, "T2")).merged_into is None


async def test_the_time_of_an_entry_becomes_a_time_of_the_incident(slack):
    await slack.declare()
    await notes(slack, "--at ~12:00-12:20 UTC errors begin", "--at 13:00 UTC rolled back")
    await slack.command("bea", "timeline")
    await choose(slack, "bea", await page(slack, "bea"), "T1", "Use its time as …")
    await slack.send("bea", {"which": "impact_started"})
    await slack.command("bea", "entry 2 use as mitigated")

    times = (await slack.incident()).times
    started = times[TimeName.IMPACT_STARTED]
    assert (started.utc, started.approx) == (utc("2026-11-18 12:00"), True)
    assert times[TimeName.MITIGATED].utc == utc("2026-11-18 13:00")


async def test_everything_can_be_typed_and_the_entry_tells_its_history(slack):
    await slack.declare()
    await notes(slack, "--at 12:00 UTC the pool", "--at 12:05 UTC the pool again")
    for who, line in (
        ("bea", "entry 1 at 11:50 UTC"),
        ("chen", "entry T1 --marker failure the pool is exhausted"),
        ("bea", "entry 1 key"),
        ("bea", "entry 1 unkey"),
        ("chen", "entry 1 merge 2"),
        ("chen", "entry 2 show"),
        ("bea", "entry 1 hide"),
    ):
        await slack.command(who, line)
    one = await entry(slack)
    assert (one.time.utc, one.details.text, one.hidden) == (
        utc("2026-11-18 11:50"),
        "the pool is exhausted",
        True,
    )
    said = await slack.command("ana", "entry 1")
    for words_ in (
        f"<@{PEOPLE['ana']}> added it at",
        f"<@{PEOPLE['bea']}> moved it from",
        "reworded “the pool” to “the pool is exhausted” (marker FAILURE)",
        "marked it key",
        "took the key mark away",
        "merged T2 into T1",
        "hid it",
    ):
        assert words_ in said, said
    assert "has no entry T9" in await slack.command("ana", "entry 9")
    kinds = [recorded.by for recorded in await slack.store.record(1)]
    assert kinds.count(PEOPLE["bea"]) == 4


async def test_the_menu_carries_what_it_was_drawn_from(slack):
    await slack.declare()
    await notes(slack, "--at 12:00 UTC the pool")
    await slack.command("bea", "timeline --marker degraded")
    assert shown(await page(slack, "bea")) == []
    await slack.command("bea", "timeline text pool")
    block, element = menu(await page(slack, "bea"), "T1")
    assert json.loads(block["block_id"].partition("|")[2]) == {
        "asked": "text pool",
        "first": 0,
        "incident": 1,
    }
    assert [option["value"] for option in element["options"]] == [
        "edit:T1:0",
        "hide:T1:0",
        "key:T1:0",
        "merge:T1:0",
        "use:T1:0",
    ]
