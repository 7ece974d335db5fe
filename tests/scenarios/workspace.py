"""A Slack workspace with the bot in it, and people who talk to it as people do."""

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.app.policy import Policy
from bot.domain.evolve import fold
from bot.manifest import load_manifest
from bot.replay.hands import Hands, Refused, words
from bot.web.address import bind
from bot.web.slack import PATH
from bot.wiring import assemble
from sandbox.clock import VirtualClock
from sandbox.config import AppConfig, Timing, WorkspaceConfig
from sandbox.server import running
from storage.projections import rows_of
from storage.sql import storable, table
from storage.store import open_store

START = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)  # a Wednesday
ANNOUNCEMENTS = "C0INCIDENTS"
PEOPLE = {"ana": "U0ANA", "bea": "U0BEA", "chen": "U0CHEN", "dana": "U0DANA", "eli": "U0ELI", "fay": "U0FAY"}


@dataclass(slots=True)
class Way:
    """How Slack reaches the bot, and where the bot keeps its facts (None: an SQLite file of the test's own)."""

    transport: str = "socket"
    database: str | None = None


#: The way of the test that runs; its fixture sets it.
WAY = Way()
QUICK = Timing(ack_s=3.0, retries_s=(0.05, 0.2, 0.5), offline_s=30.0)


class Workspace:
    """``say``, ``command``, ``click`` … by people's first names; ``settle`` waits until everything is quiet."""

    def __init__(self, sandbox, bot, store, clock, session, database):
        self.sandbox, self.bot, self.store, self.clock, self.database = sandbox, bot, store, clock, database
        self.hands = Hands(sandbox.url, session)
        self.session = session
        self.channel = None

    # people -----------------------------------------------------------------------------------------------------------

    async def command(self, who, text, channel=None):
        answer = await self.hands.command(PEOPLE[who], channel or self.channel or "C0GENERAL", text)
        await self.settle()
        return answer

    async def declare(self, who="ana", text="checkout is down --sev 2"):
        """Declare by typing; afterwards everybody is in the incident's channel and talks there."""
        before = {c["id"] for c in (await self.hands.state())["channels"]}
        await self.command(who, text, "C0GENERAL")
        made = [c for c in await self.incident_channels() if c["id"] not in before]
        self.channel = made[0]["id"]
        if not made[0]["is_private"]:
            for user in (u for name, u in PEOPLE.items() if name != "eli"):  # a guest must be invited
                await self.hands.join(user, self.channel)
        await self.settle()
        return made[0]

    async def say(self, who, text, channel=None, **more):
        ts = await self.hands.say(PEOPLE.get(who, who), channel or self.channel, text, **more)
        await self.settle()
        return ts

    async def reply(self, who, ts, text):
        answer = await self.hands._post(
            "message", channel=self.channel, user=PEOPLE[who], text=text, thread_ts=ts
        )
        await self.settle()
        return answer["message"]["ts"]

    async def react(self, who, ts, name, *, present=True):
        await self.hands._post(
            "reaction", channel=self.channel, ts=ts, user=PEOPLE[who], name=name, present=present
        )
        await self.settle()

    async def edit(self, who, ts, text):
        await self.hands._post("edit-message", channel=self.channel, ts=ts, user=PEOPLE[who], text=text)
        await self.settle()

    async def delete(self, who, ts):
        await self.hands._post("delete-message", channel=self.channel, ts=ts, user=PEOPLE[who])
        await self.settle()

    async def click(self, who, button, message, channel=None):
        """Press a button by the words on it."""
        element = next(e for e in buttons(message) if e["text"]["text"] == button)
        action = {"action_id": element["action_id"], "value": element.get("value")}
        answer = await self.hands._post(
            "interact",
            channel=channel or self.channel,
            messageTs=message["ts"],
            user=PEOPLE[who],
            action=action,
        )
        await self.settle()
        return answer

    async def notes(self, who, channel=None):
        """What only this person sees in a channel: whispers and answers."""
        return (await self.hands._get(f"messages/{channel or self.channel}", user=PEOPLE[who]))["ephemeral"]

    async def click_note(self, who, button, channel=None):
        """Press a button under the newest thing that only this person sees."""
        note = next(n for n in reversed(await self.notes(who, channel)) if buttons(n))
        return await self.click(who, button, note, channel)

    async def choose(self, who, option, message, channel=None, *, menu="Snooze …"):
        """Choose from a menu in a message, by the words on both."""
        element = next(e for e in menus(message) if e["placeholder"]["text"] == menu)
        chosen = next(o for o in element["options"] if o["text"]["text"] == option)
        await self.hands._post(
            "interact",
            channel=channel or self.channel,
            messageTs=message["ts"],
            user=PEOPLE[who],
            action={"action_id": element["action_id"], "selected_option": chosen["value"]},
        )
        await self.settle()

    async def form(self, who):
        return await self.hands.form(PEOPLE[who])

    async def send(self, who, typed):
        """Fill in the form that is open, and send it."""
        await self.hands.send(PEOPLE[who], await self.form(who), typed)
        await self.settle()

    async def shortcut(self, who, callback, ts=None, channel=None):
        if ts is None:
            await self.hands._post("shortcut", user=PEOPLE[who], callback_id=callback)
        else:
            await self.hands.message_shortcut(PEOPLE[who], callback, channel or self.channel, ts)

    # what is seen -----------------------------------------------------------------------------------------------------

    async def incident_channels(self):
        known = {"C0GENERAL", "C0INCIDENTS", "C0ALERTS", "C0DEPLOYS"}
        channels = (await self.hands.state())["channels"]
        return [c for c in channels if not c["is_im"] and c["id"] not in known]

    async def messages(self, channel=None, *, by_bot=None):
        found = (await self.hands._get(f"messages/{channel or self.channel}"))["messages"]
        if by_bot is None:
            return found
        mine = self.sandbox.config.app.bot_id
        return [m for m in found if (m.get("bot_id") == mine) == by_bot]

    async def whispers(self, who, channel=None):
        found = await self.hands._get(f"messages/{channel or self.channel}", user=PEOPLE[who])
        return [words(note) for note in found["ephemeral"]]

    async def dms(self, who):
        """The bot's direct messages to somebody."""
        channel = (await self.hands._post("dm", user=PEOPLE[who]))["channel"]["id"]
        return channel, await self.messages(channel)

    async def banner(self):
        """The pinned message."""
        channel = next(c for c in (await self.hands.state())["channels"] if c["id"] == self.channel)
        assert len(channel["pins"]) == 1, "one banner is pinned"
        return next(m for m in await self.messages() if m["ts"] == channel["pins"][0])

    async def topic(self):
        return next(c["topic"] for c in (await self.hands.state())["channels"] if c["id"] == self.channel)

    async def files(self):
        """The files that were shared in the channel: name -> text (bytes that are no text: as Latin-1)."""
        found = {}
        for message in await self.messages():
            for file in message.get("files", ()):
                async with self.session.get(f"{self.sandbox.url}/_control/files/{file['id']}") as answer:
                    content = await answer.read()
                try:
                    found[file["name"]] = content.decode()
                except UnicodeDecodeError:
                    found[file["name"]] = content.decode("latin-1")
        return found

    async def canvases(self):
        """The canvases of the workspace, as Slack keeps them."""
        return (await self.hands._get("canvases"))["canvases"]

    async def calls(self, *methods):
        """Web API calls of the bot, in order."""
        log = (await self.hands._get("log"))["log"]
        return [line for line in log if line["kind"] == "api" and (not methods or line["method"] in methods)]

    async def incident(self, number=1):
        return await self.store.incident(number)

    # time -------------------------------------------------------------------------------------------------------------

    async def pass_time(self, **length):
        self.clock.advance(timedelta(**length).total_seconds())
        await self.settle()

    async def settle(self):
        """Until nothing is on its way to the bot or from it."""
        await self.bot.tick()
        for _ in range(2000):
            await self.bot.quiet()
            if self.sandbox.delivery.pending == 0:
                await self.bot.quiet()
                return
            await asyncio.sleep(0.005)
        raise AssertionError("the bot did not come to rest")

    # the promise behind every scenario ----------------------------------------------------------------------------------

    async def check_projections(self):
        """The query tables are what a replay of the events gives."""
        found = await self.store.projections()
        expected = {name: [] for name in found}
        for summary in await self.store.summaries():
            state = fold(await self.store.record(summary.number))
            for model, rows in rows_of(state).items():
                columns = [column.name for column in table(model).columns]
                kept = [storable(row) for row in rows]  # as a rebuild keeps them
                expected[table(model).name] += [tuple(row[name] for name in columns) for row in kept]
        assert {k: in_order(v) for k, v in found.items()} == {k: in_order(v) for k, v in expected.items()}


def in_order(rows):
    """Rows in an order that depends on what they say alone: equal moments may be written in different ways."""

    def plain(value):
        return value.astimezone(UTC) if isinstance(value, datetime) else value

    return sorted((tuple(map(plain, row)) for row in rows), key=repr)


def buttons(message):
    """All buttons of a message, in order."""
    return [
        element
        for block in message.get("blocks") or ()
        for element in (*(block.get("elements") or ()), block.get("accessory") or {})
        if element.get("type") == "button"
    ]


def menus(message):
    return [
        element
        for block in message.get("blocks") or ()
        for element in block.get("elements") or ()
        if element.get("type") == "static_select"
    ]


def text_of(message):
    """What a person reads in a message, without Slack's date tokens' inner parts."""
    return re.sub(r"<!date\^\d+\^[^|>]*\|([^>]*)>", r"\1", words(message))


def live_texts(value):
    """Texts in which Slack makes mentions live: everything but plain_text."""
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            return []
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for inner in value.values() for text in live_texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in live_texts(inner)]
    return []


def config_of(**more):
    return WorkspaceConfig(app=AppConfig.from_manifest(load_manifest()), timing=QUICK, **more)


@asynccontextmanager
async def workspace(folder, *, policy=None, config=None, clock=None, calm=timedelta(0), pace=None, **more):
    """A running workspace, reached the way of the test, on a database in ``folder``; checks the projections at the end.

    ``more`` goes to `assemble` as it is.
    """
    clock, config = clock or VirtualClock(START), config or config_of()
    database = WAY.database or f"sqlite:///{folder}/tocsin.db"
    if WAY.transport == "http":
        listener = bind("127.0.0.1:0")
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{PATH}"
        config = config.with_app(replace(config.app, request_url=url))
        reached = {"listener": listener, "signing_secret": config.app.signing_secret}
    else:
        reached = {"app_token": config.app.app_token}
    async with open_store(database) as store, running(config, clock) as sandbox:
        bot = assemble(
            store=store,
            clock=clock,
            policy=replace(policy or Policy(announce_in=ANNOUNCEMENTS), calm=calm),
            bot_token=sandbox.bot_token,
            base_url=sandbox.api_url,
            ticking=False,
            **reached,
            pace=pace,
            **more,
        )
        try:
            async with aiohttp.ClientSession() as session:
                await bot.start()
                made = Workspace(sandbox, bot, store, clock, session, database)
                yield made
                await made.settle()
                await made.check_projections()
        finally:
            await bot.stop()


__all__ = [
    "PEOPLE",
    "START",
    "Refused",
    "Workspace",
    "buttons",
    "live_texts",
    "text_of",
    "words",
    "workspace",
]
