"""Malformed deliveries: true payloads with parts taken away, changed or blown up, and whole nonsense, all rightly signed."""

import copy
import hmac
import json
import random
import sqlite3
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from tests.scenarios.workspace import buttons, text_of

ODD = (
    None, True, 0, -1, 10**30, 1.5, "", " ", "\x00", "x" * 5000, "💥", "<!channel>", "' or 1=1 --", "{{ 7*7 }}", "../../etc",
    "1795010400.000003", "U0ANA", "C0GENERAL", [], {}, [[]], {"type": "message"}, [None], "{", "INC-1", "\ud83d",
)  # fmt: skip


async def gathered(slack):
    """One true delivery of every kind, as the sandbox sent them."""
    await slack.declare("ana")
    ts = await slack.say("ana", "error rate at 40 %")
    await slack.react("bea", ts, "pushpin")
    await slack.edit("ana", ts, "error rate at 41 %")
    await slack.delete("ana", await slack.say("ana", "oops"))
    await slack.command("ana", "task roll back <@U0BEA> due 1h")
    await slack.click("ana", "Update", await slack.banner())
    await slack.send("ana", {"text": "still looking", "next": "1h"})
    channel, (card, *_) = await slack.dms("bea")
    if buttons(card):
        await slack.click("bea", "Start", card, channel)
    await slack.shortcut("ana", "add_to_timeline", ts)
    await slack.send("ana", {"marker": "failure"})
    await slack.shortcut("ana", "declare_incident")
    await slack.hands._post("open-home", user="U0ANA")
    await slack.settle()
    log = (await slack.hands._get("log"))["log"]
    found = {}
    for line in log:
        if line["direction"] == "to_bot" and isinstance(line.get("args"), dict):
            args = line["args"]
            inner = args.get("event") or {}
            found[line["kind"], args.get("type"), inner.get("type"), inner.get("subtype")] = args
    return list(found.values())


def spoiled(payload, rng):
    """The payload with one to four of its parts, at any depth, taken away, replaced or doubled."""
    made = copy.deepcopy(payload)
    for _ in range(rng.randint(1, 4)):
        places = list(_places(made))
        if not places:
            break
        holder, key = rng.choice(places)
        match rng.randrange(4):
            case 0:
                del holder[key]
            case 1:
                holder[key] = rng.choice(ODD)
            case 2:
                holder[key] = [holder[key], holder[key]]
            case _:
                holder[key] = {str(rng.choice(ODD))[:50]: holder[key]}
    return made


def nonsense(rng):
    """Bytes that are no payload at all."""
    match rng.randrange(4):
        case 0:
            return rng.randbytes(rng.randint(0, 200))
        case 1:
            return json.dumps(rng.choice(ODD)).encode()
        case 2:
            return urlencode({"payload": "{" * rng.randint(1, 2000)}).encode()
        case _:
            return urlencode(
                {str(rng.choice(ODD))[:20]: str(rng.choice(ODD))[:50]}, errors="replace"
            ).encode()


def body_of(payload):
    """As Slack sends it: events as JSON, commands as a form, everything else as JSON inside a form."""
    if isinstance(payload, bytes):
        return payload, "application/x-www-form-urlencoded"
    if "event" in payload or payload.get("type") == "event_callback":
        return json.dumps(payload).encode(), "application/json"
    if "command" in payload:
        flat = {k: v if isinstance(v, str) else json.dumps(v) for k, v in payload.items()}
        return urlencode(flat, errors="replace").encode(), "application/x-www-form-urlencoded"
    return urlencode(
        {"payload": json.dumps(payload)}, errors="replace"
    ).encode(), "application/x-www-form-urlencoded"


class Sender:
    """Sends to the bot's own address with a right signature."""

    def __init__(self, url, secret):
        self._url, self._secret = url, secret.encode()

    async def send(self, session, payload):
        """(status, what was answered)."""
        body, kind = body_of(payload)
        stamp = str(int(time.time()))
        # Slack's own helper takes only text; a stranger with the secret could sign any bytes.
        signed = hmac.new(self._secret, f"v0:{stamp}:".encode() + body, "sha256").hexdigest()
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed}",
        }
        async with session.post(self._url, data=body, headers=headers) as answer:
            return answer.status, await answer.text(errors="replace")


@dataclass
class Storm:
    """``bad``: answers that blame the bot. ``written``: what was refused and yet changed the database."""

    kinds: int
    sent: int = 0
    refused: int = 0
    bad: list = field(default_factory=list)
    written: list = field(default_factory=list)


async def storm(slack, count, seed):
    """Sends spoiled deliveries until ``count`` of them were refused as malformed; what is still well-formed is taken."""
    rng = random.Random(seed)
    true = await gathered(slack)
    app = slack.sandbox.config.app
    sender = Sender(app.request_url, app.signing_secret)
    found = Storm(kinds=len(true))
    watch = sqlite3.connect(slack.database.removeprefix("sqlite:///"))
    async with aiohttp.ClientSession() as session:
        while found.refused < count:
            payload = nonsense(rng) if rng.random() < 0.15 else spoiled(rng.choice(true), rng)
            before = _version(watch)
            status, said = await sender.send(session, payload)
            found.sent += 1
            if status >= 500 or "Traceback" in said:
                found.bad.append((status, said[:200], payload))
            if status < 400:
                await slack.bot.quiet()
                continue
            found.refused += 1
            if _version(watch) != before:
                found.written.append((status, payload))
    watch.close()
    await slack.settle()
    found.bad += await _tracebacks(slack)
    return found


def _version(watch):
    """Another one when somebody else committed (https://sqlite.org/pragma.html#pragma_data_version)."""
    return watch.execute("PRAGMA data_version").fetchone()


async def _tracebacks(slack):
    """What the bot said to anybody that speaks of its own code."""
    channels = [channel["id"] for channel in (await slack.hands.state())["channels"]]
    pages = [await slack.hands._get(f"messages/{channel}") for channel in channels]
    said = [text_of(each) for page in pages for each in (*page["messages"], *page["ephemeral"])]
    return [text for text in said if "Traceback" in text or ".py" in text]


def _places(value):
    if isinstance(value, dict):
        for key in value:
            yield value, key
        for inner in value.values():
            yield from _places(inner)
    elif isinstance(value, list):
        for index in range(len(value)):
            yield value, index
        for inner in value:
            yield from _places(inner)
