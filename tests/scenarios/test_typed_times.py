"""Times that people type: asked about where they can mean several things, and finished with a click."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from bot.domain.times import Precision
from bot.domain.vocabulary import TimeName
from sandbox.clock import VirtualClock
from tests.scenarios.workspace import PEOPLE, Refused, buttons, workspace

#: Ana types in Berlin.
NOVEMBER = "2026-11-03 13:00 UTC (14:00 your time)"


async def question(slack, who, channel=None):
    """The newest thing that only this person sees."""
    found = await slack.hands._get(f"messages/{channel or slack.channel}", user=PEOPLE[who])
    return found["ephemeral"][-1]


def offers(message):
    return [button["text"]["text"] for button in buttons(message)]


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def entries(slack):
    return list((await slack.incident()).entries.values())


@pytest.mark.postgresql
async def test_an_ambiguous_date_is_asked_about_and_a_click_finishes_the_very_command(slack):
    await slack.declare()
    line = "note --at 03/11/2026 14:00 --marker degraded --by @bea the queue grew"
    said = await slack.command("ana", line)

    assert "The note was not added yet" in said
    assert "`03/11/2026 14:00` can be read in more than one way." in said
    assert await entries(slack) == []
    message = await question(slack, "ana")
    assert offers(message) == [NOVEMBER, "2026-03-11 13:00 UTC (14:00 your time)"]

    await slack.click("ana", NOVEMBER, message)
    (entry,) = await entries(slack)
    assert entry.time.utc == utc("2026-11-03 13:00")
    assert entry.time.raw == "03/11/2026 14:00"
    assert (entry.details.text, entry.details.marker, entry.details.actor) == (
        "the queue grew",
        "degraded",
        PEOPLE["bea"],
    )
    after = await question(slack, "ana")
    assert after["ts"] == message["ts"], "the answer takes the question's place"
    assert offers(after) == []
    assert "T1 recorded at" in (await slack.whispers("ana"))[-1]


async def test_clicks_on_both_readings_at_once_add_one_entry(slack):
    await slack.declare()
    await slack.command("ana", "note --at 03/11/2026 14:00 the queue grew")
    message = await question(slack, "ana")
    clicks = [slack.click("ana", label, message) for label in (*offers(message), NOVEMBER)]
    await asyncio.gather(*clicks, return_exceptions=True)

    assert len(await entries(slack)) == 1


async def test_the_question_is_kept_in_the_database_and_not_in_memory(slack):
    await slack.declare()
    await slack.command("ana", "time impact_started 03/11/2026 14:00")
    message = await question(slack, "ana")
    value = json.loads(buttons(message)[0]["value"])

    kept = await slack.store.unfinished(value["question"])
    assert kept.body["line"] == "time impact_started 03/11/2026 14:00"
    await slack.click("ana", NOVEMBER, message)
    times = (await slack.incident()).times
    assert times[TimeName.IMPACT_STARTED].utc == utc("2026-11-03 13:00")


async def test_what_was_typed_is_read_as_of_when_it_was_typed(slack):
    await slack.declare()
    await slack.command("ana", "resolve 03/11/2026 14:00")
    message = await question(slack, "ana")
    await slack.pass_time(hours=30)
    await slack.click("ana", NOVEMBER, message)

    incident = await slack.incident()
    assert incident.status.value == "resolved"
    assert incident.times[TimeName.RESOLVED].utc == utc("2026-11-03 13:00")


async def test_an_hour_that_was_twice_is_offered_as_both_moments(tmp_path):
    clock = VirtualClock(utc("2026-10-25 09:00"))
    async with workspace(tmp_path, clock=clock) as slack:
        await slack.hands._post("change-user", user=PEOPLE["bea"], tz="Europe/Berlin")
        await slack.declare()
        said = await slack.command("bea", "note --at 02:30 the pool was exhausted")
        assert "was twice in Europe/Berlin: clocks were set back" in said
        message = await question(slack, "bea")
        assert offers(message) == ["00:30 UTC (02:30 your time)", "01:30 UTC (02:30 your time)"]

        await slack.click("bea", "01:30 UTC (02:30 your time)", message)
        assert (await entries(slack))[0].time.utc == utc("2026-10-25 01:30")


async def test_an_hour_that_never_was_is_offered_as_both_moments(tmp_path):
    clock = VirtualClock(utc("2026-03-29 09:00"))
    async with workspace(tmp_path, clock=clock) as slack:
        await slack.hands._post("change-user", user=PEOPLE["bea"], tz="Europe/Berlin")
        await slack.declare()
        said = await slack.command("bea", "note --at 02:30 the pool was exhausted")
        assert "never was in Europe/Berlin: clocks were set forward" in said
        assert offers(await question(slack, "bea")) == [
            "00:30 UTC (01:30 your time)",
            "01:30 UTC (03:30 your time)",
        ]


async def test_a_time_long_before_the_declaration_is_confirmed_by_a_click(slack):
    await slack.declare()
    said = await slack.command("ana", "note --at 2025-11-17 14:00 v40 was deployed")
    assert "is 366 days before the incident was declared (2026-11-18)." in said
    message = await question(slack, "ana")
    assert offers(message) == ["Yes, 2025-11-17 13:00 UTC (14:00 your time)"]

    await slack.click("ana", "Yes, 2025-11-17 13:00 UTC (14:00 your time)", message)
    assert (await entries(slack))[0].time.utc == utc("2025-11-17 13:00")


async def test_the_future_is_refused_and_nothing_is_asked(slack):
    await slack.declare()
    said = await slack.command("ana", "note --at 2026-11-19 14:00 it will break")
    assert "is in the future" in said
    assert buttons(await question(slack, "ana")) == []


async def test_a_form_offers_the_readings_under_its_field_and_takes_the_one_that_is_typed(slack):
    await slack.declare()
    await slack.command("ana", "note")
    form = await slack.form("ana")
    with pytest.raises(Refused, match="2026-11-03 13:00 UTC` or `2026-03-11 13:00 UTC"):
        await slack.hands.send(PEOPLE["ana"], form, {"text": "the queue grew", "at": "03/11/2026 14:00"})

    await slack.command("ana", "note")
    await slack.send("ana", {"text": "v40 was deployed", "at": "2025-11-17 14:00 UTC"})
    assert (await entries(slack))[0].time.utc == utc("2025-11-17 14:00")


async def test_every_typed_time_comes_back_in_utc_and_in_the_readers_zone_and_no_finer_than_said(slack):
    await slack.hands._post("change-user", user=PEOPLE["bea"], tz="Asia/Kolkata")
    await slack.declare()
    minute = await slack.command("bea", "note --at 14:05 the queue grew")
    hour = await slack.command("bea", "note --at 12 UTC the pager rang")
    about = await slack.command("bea", "note --at ~13:00-13:10 IST latency rose")

    at = int(utc("2026-11-18 08:35").timestamp())
    token = f"<!date^{at}^{{date_short_pretty}} {{time}}|2026-11-18 08:35 UTC>"
    assert f"T1 recorded at {token} (2026-11-18 08:35 UTC)." in minute
    assert "T2 recorded at 2026-11-18 17:30 for an hour, GMT+5:30 (2026-11-18 12h UTC)." in hour
    assert "T3 recorded at ~<!date" in about
    assert "(2026-11-18 07:30 UTC) to <!date" in about
    assert "(2026-11-18 07:40 UTC)." in about
    promised = await slack.command("bea", "update looking --next 20:30")
    assert "the next one is promised by <!date^" in promised
    assert "(2026-11-18 15:00 UTC)" in promised
    assert [e.time.precision for e in await entries(slack)] == [
        Precision.MINUTE,
        Precision.HOUR,
        Precision.MINUTE,
    ]
