"""Slack's requests over HTTP: what is taken, what is refused before it is read, and what happens when we fail."""

import asyncio
import hashlib
import hmac
import io
import json
import sqlite3
import time
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.scenarios import workspace as scene
from tests.scenarios.workspace import PEOPLE, workspace

SECRET = "sandbox-signing-secret"
COMMAND = {
    "command": "/incident",
    "text": "checkout is down --sev 2",
    "user_id": PEOPLE["ana"],
    "channel_id": "C0GENERAL",
    "team_id": "T0SANDBOX",
    "trigger_id": "1.2.overheard",
    "response_url": "http://127.0.0.1:9/nowhere",
}


def signed(body, *, age_s=0, secret=SECRET):
    stamp = str(int(time.time()) - age_s)
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


class Door:
    """The bot's address, at which anybody may knock."""

    def __init__(self, slack):
        self._slack = slack
        self._url = slack.sandbox.config.app.request_url

    async def knock(self, body, headers, *, method="POST", kind="application/x-www-form-urlencoded"):
        async with self._slack.session.request(
            method, self._url, data=body, headers={"Content-Type": kind, **headers}
        ) as answer:
            return answer.status, await answer.text()

    async def incidents(self):
        await self._slack.settle()
        return await self._slack.store.summaries()


@pytest.fixture
async def slack(tmp_path, monkeypatch):
    monkeypatch.setattr(scene, "WAY", scene.Way(transport="http"))
    async with workspace(tmp_path) as made:
        yield made


@pytest.fixture
def door(slack):
    return Door(slack)


async def test_a_signed_command_is_done_and_answered(door):
    body = urlencode(COMMAND)
    status, text = await door.knock(body, signed(body))

    assert (status, "INC-1" in text) == (200, True)
    assert len(await door.incidents()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        lambda body: {},
        lambda body: signed(body, secret="another"),
        lambda body: signed(body + "&text=other"),
        lambda body: signed(body, age_s=301),
        lambda body: signed(body, age_s=-301),
        lambda body: signed(body) | {"X-Slack-Request-Timestamp": "yesterday"},
        lambda body: signed(body) | {"X-Slack-Signature": "v0=f\u00fc"},
    ],
    ids=["none", "another secret", "another body", "old", "early", "no number", "no hash"],
)
async def test_without_a_good_and_fresh_signature_nothing_is_read(door, headers):
    body = urlencode(COMMAND)
    status, text = await door.knock(body, headers(body))

    assert (status, text) == (401, "The signature is missing, wrong or too old.")
    assert await door.incidents() == []


async def test_a_request_that_was_overheard_and_played_again_does_nothing_twice(door):
    body = urlencode(COMMAND)
    headers = signed(body)
    answers = await asyncio.gather(*(door.knock(body, headers) for _ in range(5)))

    assert {status for status, _ in answers} == {200}
    assert len(await door.incidents()) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("[1, 2]", "application/json"),
        ("{", "application/json"),
        ("null", "application/json"),
        ('"text"', "application/json"),
        ("payload=%7B", "application/x-www-form-urlencoded"),
        ("payload=[]", "application/x-www-form-urlencoded"),
    ],
)
async def test_what_is_signed_but_no_payload_is_refused_plainly(door, body, kind):
    status, text = await door.knock(body, signed(body), kind=kind)
    assert (status, text) == (400, "This is no payload of Slack's.")


async def test_what_is_signed_but_no_text_is_refused_plainly(door):
    status, _ = await door.knock(b"\xff\xfe", signed("anything"))
    assert status == 401


async def test_a_body_larger_than_slack_ever_sends_is_not_read(door):
    status, text = await door.knock(io.BytesIO(b"x" * 1_100_000), signed("x"))
    assert (status, text) == (413, "Larger than 1048576 bytes.")


async def test_slack_may_ask_whether_the_address_is_ours(door):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"})
    status, text = await door.knock(body, signed(body), kind="application/json")
    assert (status, "3eZbrw1a" in text) == (200, True)


async def test_nothing_else_stands_at_the_address(door):
    assert (await door.knock("", {}, method="GET"))[0] == 405


async def test_an_event_that_could_not_be_kept_is_not_acknowledged_and_is_kept_when_it_comes_again(slack):
    await slack.declare()
    said = {
        "type": "message",
        "channel": slack.channel,
        "user": PEOPLE["ana"],
        "text": "kept",
        "ts": "1.000001",
    }
    event = json.dumps({"type": "event_callback", "team_id": "T0SANDBOX", "event_id": "Ev1", "event": said})
    database = sqlite3.connect(slack.database.removeprefix("sqlite:///"), isolation_level=None)

    database.execute("ALTER TABLE messages RENAME TO elsewhere")
    assert (await Door(slack).knock(event, signed(event), kind="application/json"))[0] == 500
    database.execute("ALTER TABLE elsewhere RENAME TO messages")
    database.close()

    assert (await Door(slack).knock(event, signed(event), kind="application/json"))[0] == 200
    assert "kept" in [m.text for m in await slack.store.messages(slack.channel)]


async def test_what_was_taken_is_answered_before_the_bot_stops(slack):
    stopping = []

    async def stop_the_bot(method, args, moment):
        if (method, moment) == ("views.open", "before"):
            stopping.append(asyncio.create_task(slack.bot.stop()))
            await asyncio.sleep(0.3)  # longer than uvicorn takes to see that it shall stop

    slack.sandbox.on_call = stop_the_bot
    await slack.hands.command(PEOPLE["ana"], "C0GENERAL", "")
    await stopping[0]

    assert await slack.form("ana")
    with pytest.raises(aiohttp.ClientConnectorError):
        await Door(slack).knock("", {})
