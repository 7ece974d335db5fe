"""What is logged: which incident and which delivery; never what people wrote, never a token."""

import asyncio
import errno
import json
import logging
import sqlite3
import sys

import pytest
import structlog
from pydantic import BaseModel

from bot.logs import configure
from tests.scenarios.workspace import Workspace, workspace

CANARY = "canary-7f3a"


@pytest.fixture
def lines(capfd):
    configure("debug")
    yield lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    configure("error")


async def write_everything(slack: Workspace):
    """A text wherever a person can put one."""
    await slack.declare("ana", f"{CANARY} is down --sev 2")
    ts = await slack.say("bea", f"{CANARY} said")
    await slack.react("bea", ts, "pushpin")
    for typed in (
        f"note {CANARY}",
        f"update {CANARY}",
        f"task {CANARY} @bea",
        f"sev {CANARY}",
        f"set symptom {CANARY}",
    ):
        await slack.command("ana", typed)
    await slack.command("ana", "resolve now")
    await slack.command("ana", "close now")


async def test_no_text_and_no_token_is_in_the_logs_at_any_level(tmp_path, lines):
    async with workspace(tmp_path) as slack:
        await write_everything(slack)
        tokens = (slack.sandbox.bot_token, slack.sandbox.app_token, slack.sandbox.signing_secret)
    logged = lines()

    assert len(logged) > 5
    for word in (CANARY, *tokens):
        assert not any(word in json.dumps(line) for line in logged), word


async def test_not_even_when_everything_fails(tmp_path, lines):
    async with workspace(tmp_path) as slack:
        await slack.declare()
        database = sqlite3.connect(slack.database.removeprefix("sqlite:///"), isolation_level=None)
        for name in ("events", "messages"):
            database.execute(f"ALTER TABLE {name} RENAME TO {name}_away")
        answer = await slack.hands.command("U0ANA", slack.channel, f"note {CANARY}")
        assert "reference" in answer
        await slack.hands.say("U0ANA", slack.channel, f"{CANARY} said")
        await asyncio.sleep(0.5)  # Slack's first tries
        for name in ("events", "messages"):
            database.execute(f"ALTER TABLE {name}_away RENAME TO {name}")
        database.close()
    logged = lines()

    failed = [line for line in logged if line["level"] == "error"]
    assert any("no such table: events" in line.get("exception", "") for line in failed)
    assert any("storage/events.py" in " ".join(line.get("passed", ())) for line in failed)
    assert not any(CANARY in json.dumps(line) for line in logged)


async def test_a_change_is_logged_with_its_incident_and_its_delivery(tmp_path, lines):
    async with workspace(tmp_path) as slack:
        await slack.declare()
    changed = [line for line in lines() if line["event"] == "incident.changed" and line["by"] == "U0ANA"]
    assert changed[0]["incident"] == "INC-1"
    assert changed[0]["events"][0] == "Declared"
    assert changed[0]["delivery"]
    assert changed[0]["timestamp"].endswith("Z")


def test_an_exception_is_told_by_kind_and_place_without_its_words(lines):
    class Asked(BaseModel):
        count: int

    try:
        Asked(count=CANARY)
    except ValueError:
        structlog.get_logger().exception("listener.failed", incident="INC-7")
    (line,) = lines()
    assert line["exception"] == "ValidationError"
    assert any("test_logs.py" in frame for frame in line["passed"])
    assert CANARY not in json.dumps(line)


def test_a_librarys_own_words_are_left_out_where_they_may_quote(lines):
    try:
        json.loads({}[CANARY])
    except KeyError:
        logging.getLogger("slack_bolt.AsyncApp").exception("Failed (error: %s)", CANARY)
    (line,) = lines()
    assert line["logger"] == "slack_bolt.AsyncApp"
    assert line["exception"] == "KeyError"
    assert CANARY not in json.dumps(line)


def test_a_log_that_cannot_be_written_stops_nothing(monkeypatch):
    class Full:
        def write(self, _text):
            raise OSError(errno.ENOSPC, "No space left on device")

        def flush(self):
            self.write("")

    configure("debug")
    with monkeypatch.context() as full:
        full.setattr(sys, "stderr", Full())
        structlog.get_logger().info("incident.changed", incident="INC-7")
        logging.getLogger("slack_bolt").error("told")
    configure("error")
