"""Due dates in people's own calendars, by an address that only they know."""

import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import icalendar
import pytest

from bot.web.address import bind
from tests.scenarios.workspace import PEOPLE, config_of, workspace

BEA = f"<@{PEOPLE['bea']}>"
GROUP = "<!subteam^S0PLATFORM|@platform>"

pytestmark = pytest.mark.once


@asynccontextmanager
async def opened(tmp_path):
    """A workspace whose operator opened calendars."""
    listener = bind("127.0.0.1:0")
    base = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    async with workspace(tmp_path, config=config_of(), listener=listener, public_url=base) as slack:
        await slack.hands._post("change-user", user=PEOPLE["bea"], tz="UTC")
        await slack.declare()
        yield slack


async def address(slack, who, typed="calendar"):
    (found,) = re.findall(r"http://\S+?\.ics", await slack.command(who, typed))
    return found


async def summaries(slack, url):
    """What a calendar program shows: summary -> when."""
    async with slack.session.get(url) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/calendar")
        calendar = icalendar.Calendar.from_ical(await answer.read())
    return {str(event["SUMMARY"]): event.decoded("DTSTART") for event in calendar.walk("VEVENT")}


async def test_a_calendar_holds_what_is_due_and_follows_it(tmp_path):
    async with opened(tmp_path) as slack:
        await slack.command("ana", f"followup write the playbook {BEA} due 2026-12-01 10:00")
        await slack.command("ana", "followup not hers <@U0CHEN> due 2026-12-01 10:00")
        await slack.command("ana", f"followup undated {BEA}")
        url = await address(slack, "bea")
        assert await summaries(slack, url) == {
            "INC-1:A1 write the playbook": datetime(2026, 12, 1, 10, tzinfo=UTC)
        }
        await slack.command("bea", "reschedule A1 2026-12-03 12:00")
        assert (await summaries(slack, url)).popitem()[1].day == 3
        await slack.command("bea", "done A1")
        assert await summaries(slack, url) == {}


async def test_teams_groups_and_everything_have_calendars_too(tmp_path):
    async with opened(tmp_path) as slack:
        await slack.command("ana", 'task ring them owner "Naxa team" due 2h')
        await slack.command("ana", f"task roll back {GROUP} due 2h")
        assert [*await summaries(slack, await address(slack, "bea", 'calendar "Naxa team"'))] == [
            "INC-1:A1 ring them"
        ]
        assert [*await summaries(slack, await address(slack, "bea", f"calendar {GROUP}"))] == [
            "INC-1:A2 roll back"
        ]
        assert len(await summaries(slack, await address(slack, "bea", "calendar all"))) == 2


async def test_private_declined_and_merged_incidents_are_left_out(tmp_path):
    async with opened(tmp_path) as slack:
        await slack.command("ana", f"task of an incident that is declined {BEA} due 2h")
        await slack.command("ana", "decline false alarm")
        await slack.declare("ana", "a leak --private")
        await slack.command("ana", f"task secret {BEA} due 2h")
        assert await summaries(slack, await address(slack, "bea")) == {}
        assert await summaries(slack, await address(slack, "bea", "calendar all")) == {}


async def test_an_address_stays_until_it_is_renewed(tmp_path):
    async with opened(tmp_path) as slack:
        first = await address(slack, "bea")
        assert await address(slack, "bea") == first
        assert await address(slack, "chen") != first
        second = await address(slack, "bea", "calendar new")
        assert second != first
        async with slack.session.get(first) as answer:
            assert answer.status == 404
        assert await summaries(slack, second) == {}


async def test_another_person_has_no_calendar_for_me(tmp_path):
    async with opened(tmp_path) as slack:
        assert "no calendar to subscribe to" in await slack.command("ana", f"calendar {BEA}")


async def test_calendars_are_closed_until_an_operator_opens_them(tmp_path):
    async with workspace(tmp_path) as slack:
        await slack.declare()
        assert "TOCSIN_PUBLIC_URL" in await slack.command("bea", "calendar")
    listener = bind("127.0.0.1:0")
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    guess = f"{base}/calendar/guess.ics"
    async with workspace(tmp_path, listener=listener) as slack, slack.session.get(guess) as answer:
        assert answer.status == 404
