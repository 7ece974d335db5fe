"""The sandbox's own workspace and Web API without a network, and the bot's recorder on a real database beside it."""

import asyncio
import itertools
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.app.gaps import Gaps
from bot.app.policy import Policy
from bot.app.recorder import Recorder
from bot.domain import events as e
from bot.slack import inbound
from bot.slack.gateway import SlackGateway
from bot.slack.history import SlackHistory
from sandbox.api import chat, conversations, files, people  # noqa: F401 - importing registers their methods
from sandbox.api.registry import METHODS, Call
from sandbox.clock import VirtualClock
from sandbox.config import WorkspaceConfig
from sandbox.errors import SlackError
from sandbox.forms import Forms
from sandbox.state import Channel
from sandbox.workspace import Workspace
from storage.engine import Db
from storage.store import SqlStore

START = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


class Client:
    """The part of Slack's client that the gateway uses, on the sandbox's methods. ``refuse`` limits the next calls."""

    token = "xoxb-in-process"

    def __init__(self, workspace):
        self.workspace = workspace
        self.forms = Forms(workspace, 3.0)
        self.refuse = None
        self.calls = 0

    async def api_call(self, method, *, data):
        self.calls += 1
        if self.refuse is not None:
            self.refuse -= 1
            if self.refuse < 0:
                self.refuse = None
                self._fail(method, "ratelimited", 429, {"Retry-After": "30"})
        call = Call(
            args=data,
            workspace=self.workspace,
            forms=self.forms,
            socket=None,
            base="http://sandbox",
            per=METHODS[method].per,
        )
        try:
            answer = {"ok": True, **METHODS[method].run(call)}
        except SlackError as error:
            self._fail(method, error.word, 200, {})
        return self._response(method, answer, 200, {})

    def _fail(self, method, word, status, headers):
        answer = self._response(method, {"ok": False, "error": word}, status, headers)
        raise SlackApiError(word, answer)

    def _response(self, method, data, status, headers):
        return AsyncSlackResponse(
            client=None,
            http_verb="POST",
            api_url=method,
            req_args={},
            data=data,
            headers=headers,
            status_code=status,
        )


@dataclass
class Bench:
    """One database for many examples: each has a workspace, a channel and an incident of its own."""

    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self):
        memory = Path("/dev/shm")
        self.folder = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)
        self.store = SqlStore(Db(f"sqlite:///{self.folder.name}/record.db"))
        self.run(self.store.start())

    def run(self, awaitable):
        return self.loop.run_until_complete(awaitable)

    def close(self):
        self.run(self.store.stop())
        self.run(self.loop.shutdown_default_executor())
        self.loop.close()
        self.folder.cleanup()


class Talk:
    """A channel with people in it. What happens is on its way (``way``) until it is delivered or lost."""

    def __init__(self, bench):
        self.bench, self.store = bench, bench.store
        self.clock = VirtualClock(START)
        self.way, self.delivered = [], []
        self.workspace = Workspace(
            WorkspaceConfig(), self.clock, lambda event, _place: self.way.append(event), "http://sandbox"
        )
        self.people = [user for user in self.workspace.users.values() if not user.is_bot][:3]
        self.channel = Channel(
            id=f"C{next(bench.numbers):08}",
            name="inc-1",
            creator=self.workspace.bot.id,
            created=0,
            members={user.id for user in self.people} | {self.workspace.bot.id},
        )
        self.workspace.channels = {self.channel.id: self.channel}
        self.client = Client(self.workspace)
        self.number = bench.run(self._declare())
        self.restart()

    async def _declare(self):
        async with self.store.transaction() as transaction:
            number = await transaction.next_number()
            opened = e.ChannelOpened(channel=self.channel.id, name="inc-1")
            await transaction.append(
                number, None, [e.Declared(title="x"), opened], by="U0ANA", at=self.clock.now()
            )
        return number

    def restart(self):
        """Nothing but the database is left."""
        self.store._folded.clear()
        gateway = SlackGateway(self.client, self.clock)
        self.recorder = Recorder(
            self.store, self.clock, Policy(), lambda _number: None, lambda *_told: None, gateway.permalink
        )
        self.gaps = Gaps(
            store=self.store,
            history=SlackHistory(gateway),
            recorder=self.recorder,
            clock=self.clock,
            owner="test",
        )

    async def deliver(self, event):
        """As the listeners do."""
        own_bot, own_user = self.workspace.bot.bot_id, self.workspace.bot.id
        match event["type"]:
            case "message":
                for message in inbound.messages(event, own_bot=own_bot):
                    await self.recorder.message(message)
            case "reaction_added" | "reaction_removed":
                reaction = inbound.reaction(event)
                if reaction.user != own_user:
                    await self.recorder.reaction(reaction)
            case "pin_added" | "pin_removed":
                if pinned := inbound.pin(event, own_bot=own_bot):
                    await self.recorder.reaction(pinned[0], by=pinned[1])

    async def repair(self):
        await self.gaps.in_channel(self.channel.id)
        await self.gaps.tick()
        while await self.store.gap(self.channel.id):
            self.clock.advance(31)
            await self.gaps.tick()

    async def recorded(self):
        """Present wordings by ts, and the tags that stand: ts -> (kind, marker)."""
        messages, after = {}, ""
        while page := await self.store.messages(self.channel.id, after=after):
            messages |= {message.ref.ts: message for message in page}
            after = page[-1].ref.ts
        incident = await self.store.incident(self.number)
        tags = {}
        for entry_id in incident.tagged.values():
            entry = incident.entries[entry_id]
            tags[entry.message.ts] = (entry.tag, entry.details.marker)
        return messages, tags
