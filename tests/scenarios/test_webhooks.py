"""A tracker follows every change of an action item, by signed webhooks, whatever goes wrong between."""

import json
import re
from base64 import b64decode
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.exports import exported_items
from bot.app.webhooks import Endpoint
from bot.documents.action_files import as_json
from bot.web.address import bind
from bot.web.server import WebServer
from tests.scenarios.workspace import PEOPLE, START, workspace

BEA = f"<@{PEOPLE['bea']}>"
SECRET = "whsec_" + "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0"
DOCS = (Path(__file__).parents[2] / "docs" / "integrations.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.once


def documented_verify():
    """The function that our documentation gives to those who receive."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    names = {}
    exec(code, names)
    return names["verify"]


class Tracker:
    """A program that takes webhooks; ``answers`` are given first, then 204. ``lose``: it takes and never answers."""

    def __init__(self):
        self.listener = bind("127.0.0.1:0")
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/hook"
        self.answers, self.heard = [], []

    async def take(self, request: Request) -> Response:
        self.heard.append((dict(request.headers), await request.body()))
        answer = self.answers.pop(0) if self.answers else 204
        if answer == "lose":
            raise ConnectionAbortedError
        return Response(status_code=answer)

    @property
    def told(self):
        return [json.loads(body) for _, body in self.heard]

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _ in self.heard]


@asynccontextmanager
async def followed(tmp_path, **more):
    tracker = Tracker()
    server = WebServer(tracker.listener, [Route("/hook", tracker.take, methods=["POST"])])
    key = b64decode(SECRET.removeprefix("whsec_"))
    endpoint = Endpoint(name="tracker", url=tracker.url, key=key, **more)
    await server.start()
    try:
        async with workspace(tmp_path, webhooks=[endpoint]) as slack:
            yield slack, tracker
    finally:
        await server.stop()


async def test_every_change_is_told_in_order_and_the_last_word_is_what_an_export_says(tmp_path):
    async with followed(tmp_path) as (slack, tracker):
        await slack.declare()
        await slack.command("ana", f"followup write the playbook {BEA} due friday P1")
        await slack.command("ana", "followup its second chapter --under A1")
        await slack.command("bea", "start A1")
        await slack.command("bea", "snooze A1 2h")
        await slack.command("bea", "reassign A1 <@U0CHEN>")
        await slack.command("bea", "done A1")
        await slack.command("ana", "followup a slip of the pen")
        await slack.command("ana", "delete A3")
        await slack.settle()

        told = [(each["type"].partition(".")[2], each["data"]["item"]["id"][6:]) for each in tracker.told]
        assert told == [
            ("created", "A1"),
            ("created", "A2"),
            *[("updated", "A1")] * 4,
            ("created", "A3"),
            ("deleted", "A3"),
        ]
        start, snooze, other, done = (each["data"] for each in tracker.told[2:6])
        assert start["previous"] == {"state": "open"}
        assert snooze["previous"] == {"snoozed_until": None}
        assert other["item"]["owner_ids"] == ["U0CHEN"]
        assert (done["item"]["state"], done["by"], done["by_name"]) == ("done", "U0BEA", "Bea")
        last = {each["data"]["item"]["id"]: each["data"]["item"] for each in tracker.told}
        del last["INC-1:A3"]
        items = await exported_items(slack.store, private=False)
        assert list(last.values()) == json.loads(as_json(items))["items"]


async def test_a_receiver_verifies_it_as_the_documentation_says(tmp_path):
    verify = documented_verify()
    async with followed(tmp_path) as (slack, tracker):
        await slack.declare()
        await slack.command("ana", "task roll back v41 → v40")
        await slack.settle()
        ((headers, body),) = tracker.heard
        now = START.timestamp()
        verify(headers, body, SECRET, now=now)
        for wrong in (body + b" ", body.replace(b"v40", b"v39")):
            with pytest.raises(ValueError, match="signature"):
                verify(headers, wrong, SECRET, now=now)
        with pytest.raises(ValueError, match="signature"):
            verify({**headers, "webhook-id": "INC-1-9-A1"}, body, SECRET, now=now)
        with pytest.raises(ValueError, match="old"):
            verify(headers, body, SECRET, now=now + 301)


@pytest.mark.parametrize("trouble", [500, 404, 302, "lose"])
async def test_what_was_not_taken_is_told_again_in_order_under_its_id(tmp_path, trouble):
    async with followed(tmp_path) as (slack, tracker):
        tracker.answers = [trouble, trouble]
        await slack.declare()
        await slack.command("ana", "task roll back v41")
        await slack.command("ana", "done A1")
        for _ in range(8):
            await slack.pass_time(seconds=10)
        assert [*dict.fromkeys(tracker.ids)] == [
            f"INC-1-{n}-A1" for n in sorted({int(name.split("-")[2]) for name in tracker.ids})
        ]
        assert len(tracker.ids) == 4
        assert tracker.ids[0] == tracker.ids[1] == tracker.ids[2]
        assert [each["type"] for each in tracker.told[2:]] == ["action_item.created", "action_item.updated"]


async def test_one_incident_that_is_refused_holds_up_no_other(tmp_path):
    async with followed(tmp_path) as (slack, tracker):
        await slack.declare()
        tracker.answers = [503]
        await slack.command("ana", "task of the first")
        await slack.settle()
        await slack.declare("ana", "search is slow")
        await slack.command("ana", "task of the second")
        await slack.settle()
        assert [each["data"]["item"]["incident"] for each in tracker.told] == ["INC-1", "INC-2"]
        await slack.pass_time(seconds=6)
        assert [each["data"]["item"]["incident"] for each in tracker.told][2:] == ["INC-1"]


async def test_after_three_days_of_refusals_the_next_change_is_told(tmp_path):
    async with followed(tmp_path) as (slack, tracker):
        await slack.declare()
        tracker.answers = [400] * 200
        await slack.command("ana", "task that the tracker cannot take")
        for _ in range(80):
            await slack.pass_time(hours=1)
        tracker.answers.clear()
        await slack.command("ana", "done A1")
        await slack.settle()
        assert tracker.told[-1]["data"]["previous"]["state"] == "open"
        heard = len(tracker.heard)
        await slack.pass_time(hours=2)
        assert len(tracker.heard) == heard


@pytest.mark.parametrize("asked", [False, True])
async def test_private_incidents_are_told_only_where_that_is_asked_for(tmp_path, asked):
    async with followed(tmp_path, private=asked) as (slack, tracker):
        await slack.declare("ana", "a leak --private")
        await slack.command("ana", "task close it")
        await slack.settle()
        assert len(tracker.heard) == asked


async def test_an_endpoint_that_comes_later_is_told_everything_or_what_came_since(tmp_path):
    async with workspace(tmp_path) as slack:
        await slack.declare()
        await slack.command("ana", "task roll back v41")
    since = datetime(2026, 11, 19, tzinfo=UTC)
    async with followed(tmp_path) as (slack, tracker):
        await slack.settle()
        assert [each["type"] for each in tracker.told] == ["action_item.created"]
    key = b64decode(SECRET.removeprefix("whsec_"))
    tracker = Tracker()
    later = Endpoint(name="later", url=tracker.url, key=key, since=since)
    server = WebServer(tracker.listener, [Route("/hook", tracker.take, methods=["POST"])])
    await server.start()
    async with workspace(tmp_path, webhooks=[later]) as slack:
        await slack.settle()
        assert tracker.told == []
        slack.clock.advance(timedelta(days=1).total_seconds())
        await slack.command("ana", "INC-1 done A1")
        await slack.settle()
        assert [each["type"] for each in tracker.told] == ["action_item.updated"]
    await server.stop()
