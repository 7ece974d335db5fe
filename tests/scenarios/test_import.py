"""Log lines pasted into a form: previewed, then added at once, and never twice."""

from datetime import UTC, datetime

import pytest

from bot.domain.vocabulary import EntryKind
from bot.replay.case import CaseStep
from bot.replay.steps_record import timeline_import
from tests.scenarios.workspace import PEOPLE, Refused, words

LOG = """[13:58:01] pool exhausted
13:59 users report errors
nothing to see here
2026-11-18T14:00:00Z deploy rolled back
"""


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def entries(slack):
    found = (await slack.incident()).entries.values()
    return [(entry.id, entry.time.utc, entry.details.text) for entry in found]


async def preview(slack, who, text, **more):
    await slack.command(who, "import")
    await slack.send(who, {"text": text, **more})
    return await slack.form(who)


async def test_what_was_understood_and_what_was_not_is_shown_before_anything_is_added(slack):
    await slack.declare()
    shown = await preview(slack, "ana", LOG, zone="UTC")
    text = words(shown["blocks"])

    assert await entries(slack) == []
    assert "*Understood: 3*" in text
    assert "(2026-11-18 13:58:01 UTC) pool exhausted" in text
    assert "*Left out: 1.*" in text
    assert "3: `nothing to see here`: it does not begin with a time." in text


async def test_the_preview_confirmed_adds_all_lines_in_one_step(slack):
    await slack.declare()
    before = len(await slack.store.record(1))
    await preview(slack, "ana", LOG, zone="UTC", kind="evidence")
    await slack.send("ana", {})

    assert await entries(slack) == [
        ("T1", utc("2026-11-18 13:58:01"), "pool exhausted"),
        ("T2", utc("2026-11-18 13:59"), "users report errors"),
        ("T3", utc("2026-11-18 14:00"), "deploy rolled back"),
    ]
    assert {e.details.kind for e in (await slack.incident()).entries.values()} == {EntryKind.EVIDENCE}
    record = await slack.store.record(1)
    assert len({recorded.at for recorded in record[before:]}) == 1, "one transaction"
    assert "3 lines are on the timeline now, as T1 to T3" in (await slack.whispers("ana"))[-1]


async def test_the_same_lines_again_add_only_what_is_new(slack):
    await slack.declare()
    await preview(slack, "ana", LOG, zone="UTC")
    await slack.send("ana", {})
    shown = await preview(slack, "bea", LOG + "14:00:30 UTC healthy again\n", zone="UTC")
    assert "3 of which stand there already" in words(shown["blocks"])
    await slack.send("bea", {})
    assert [text for _, _, text in await entries(slack)] == [
        "pool exhausted",
        "users report errors",
        "deploy rolled back",
        "healthy again",
    ]


async def test_a_preview_that_waits_adds_what_it_showed(slack):
    await slack.declare()
    await preview(slack, "ana", "10 min ago the pool was exhausted")
    await slack.pass_time(hours=3)
    await slack.send("ana", {})
    assert [at for _, at, _ in await entries(slack)] == [utc("2026-11-18 13:50")]


async def test_nothing_readable_a_wrong_zone_or_date_is_said_under_the_field_and_nothing_is_lost(slack):
    await slack.declare()
    await slack.command("ana", "import 13:58 pool exhausted")
    form = await slack.form("ana")
    assert next(b for b in form["blocks"] if b["block_id"] == "text")["element"]["initial_value"] == (
        "13:58 pool exhausted"
    )
    for typed, said in (
        ({"text": "no times here"}, "text: No line could be read"),
        ({"zone": "Mars"}, "zone: `Mars` is no zone"),
        ({"day": "18.11."}, "day: Type the date as 2026-01-31"),
    ):
        await slack.command("ana", "import 13:58 pool exhausted")
        with pytest.raises(Refused, match=said):
            await slack.send("ana", typed)
    assert await entries(slack) == []


async def test_a_written_case_imports_its_lines_through_the_form(slack):
    await slack.declare()

    class Driver:
        hands = slack.hands

        def user(self, key):
            return PEOPLE[key]

        async def fill(self, step, text, typed):
            await slack.command(step.by, text)
            await slack.send(step.by, {name: value for name, value in typed.items() if value})

    args = {
        "tz": "UTC",
        "kind": "evidence",
        "lines": [{"time": "13:58:01", "text": "pool exhausted\nat app.py"}],
    }
    step = CaseStep(
        number=1, at=utc("2026-11-18 14:00"), by="ana", place="x", do="timeline_import", args=args
    )
    await timeline_import(Driver(), step, args)
    await slack.settle()
    assert await entries(slack) == [("T1", utc("2026-11-18 13:58:01"), "pool exhausted\nat app.py")]
