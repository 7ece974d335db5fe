"""A large workspace's hour: many incidents, thousands of messages, on a Slack that enforces its limits."""

import random
from collections import Counter
from dataclasses import dataclass, field

from bot.slack.pace import Pace
from sandbox.clock import VirtualClock
from tests.scenarios.workspace import START, config_of, text_of, workspace

#: Of a thousand events so many are of a kind; the rest are messages.
SHARES = {"edit": 60, "tag": 40, "reply": 40, "delete": 10, "update": 6, "severity": 4, "task": 4}
ALL_AT_LEAST_S = 3600


@dataclass
class Hour:
    events: int = 0
    recorded: int = 0
    lost: int = 0
    doubled: int = 0
    calls: int = 0
    refused: int = 0
    banners_true: bool = True
    #: What the busiest minute cost, by method.
    busiest: Counter = field(default_factory=Counter)


class Crowd:
    """People who talk in the channels of several incidents at once."""

    def __init__(self, slack, channels, rng):
        self._slack, self._channels, self._rng = slack, channels, rng
        self._said = {channel: [] for channel in channels}
        self._tagged = set()
        #: channel -> ts -> present words (None: deleted).
        self.expected = {channel: {} for channel in channels}

    async def act(self, number):
        channel = self._rng.choice(self._channels)
        said, point = self._said[channel], self._rng.randrange(1000)
        for kind, share in SHARES.items():
            if point < share and (said or kind in {"update", "severity", "task"}):
                return await getattr(self, f"_{kind}")(channel, number)
            point -= share
        return await self._message(channel, number)

    async def _message(self, channel, number, **more):
        text = f"line {number}"
        ts = (await self._slack.hands._post("message", channel=channel, user="U0BEA", text=text, **more))[
            "message"
        ]["ts"]
        self.expected[channel][ts] = text
        if not more:
            self._said[channel].append(ts)

    async def _reply(self, channel, number):
        await self._message(channel, number, thread_ts=self._rng.choice(self._said[channel]))

    async def _edit(self, channel, number):
        ts = self._rng.choice(self._said[channel])
        await self._slack.hands._post(
            "edit-message", channel=channel, ts=ts, user="U0BEA", text=f"better {number}"
        )
        self.expected[channel][ts] = f"better {number}"

    async def _delete(self, channel, number):
        ts = self._said[channel].pop(self._rng.randrange(len(self._said[channel])))
        await self._slack.hands._post("delete-message", channel=channel, ts=ts, user="U0BEA")
        self.expected[channel][ts] = None

    async def _tag(self, channel, number):
        ts = self._said[channel][-1]
        if (channel, ts) not in self._tagged:
            self._tagged.add((channel, ts))
            await self._slack.hands.react("U0ANA", channel, ts, "pushpin")

    async def _update(self, channel, number):
        await self._typed(channel, f"update step {number}")

    async def _severity(self, channel, number):
        await self._typed(channel, f"sev {1 + number % 3}")

    async def _task(self, channel, number):
        await self._typed(channel, f"task look at {number} <@U0BEA> due 2h")

    async def _typed(self, channel, text):
        answer = await self._slack.hands.command("U0ANA", channel, text)
        assert "went wrong" not in answer, answer


async def busy_hour(folder, *, events, incidents=40, seconds=ALL_AT_LEAST_S, seed=5):
    """``events`` spread over so many seconds of the workspace's clock; then an hour in which nothing new happens."""
    clock, rng, found = VirtualClock(START), random.Random(seed), Hour()

    def passed():
        return (clock.now() - START).total_seconds()

    pace = Pace(passed)
    async with workspace(folder, clock=clock, config=config_of(rate_limits=True), pace=pace) as slack:
        for number in range(incidents):
            await slack.command("ana", f"declare fault {number} --sev 2", "C0GENERAL")
            await _pass(slack, found, 4)
        await _pass(slack, found, 120)
        channels = [each["id"] for each in await slack.incident_channels()]
        assert len(channels) == incidents
        for channel in channels:
            await slack.hands.join("U0BEA", channel)
        crowd, done = Crowd(slack, channels, rng), 0
        for second in range(1, seconds + 1):
            while done < events * second // seconds:
                done += 1
                await crowd.act(done)
            await slack.pass_time(seconds=1)
            if second % 60 == 0:
                _tally(slack, found)
        found.events = done
        for _ in range(60):
            await _pass(slack, found, 60, step=20)
        await _compare(slack, crowd, found)
        return found


async def _pass(slack, found, seconds, step=2):
    for _ in range(0, seconds, step):
        await slack.pass_time(seconds=step)
    _tally(slack, found)


def _tally(slack, found):
    """The log is bounded, so it is counted and cleared every minute."""
    calls = [line for line in slack.sandbox.log.shown() if line["kind"] == "api"]
    found.calls += len(calls)
    found.refused += sum(1 for line in calls if line.get("error") == "ratelimited")
    found.busiest |= Counter(line["method"] for line in calls)
    slack.sandbox.log.clear()


async def _compare(slack, crowd, found):
    """Each message once and with its last words; each banner and topic as the record has it."""
    for channel, expected in crowd.expected.items():
        recorded, after = [], ""
        while page := await slack.store.messages(channel, after=after):
            recorded += [(m.ref.ts, None if m.deleted else m.text) for m in page]
            after = page[-1].ref.ts
        found.recorded += len(recorded)
        found.doubled += len(recorded) - len(dict(recorded))
        kept = dict(recorded)
        found.lost += sum(1 for ts, text in expected.items() if ts not in kept or (text and kept[ts] != text))
        slack.channel = channel
        (summary,) = await slack.store.in_channel(channel)
        incident = await slack.store.incident(summary.number)
        banner, topic = text_of(await slack.banner()), await slack.topic()
        level = incident.severity.label
        tasks = f"Open action items*\n{len(incident.actions)}"
        said = [text_of(m) for m in await slack.messages(by_bot=True)]
        updates = sum(text.startswith("*Update") for text in said)
        found.banners_true &= level in topic and f"*{level}*" in banner and tasks in banner
        found.lost += len(incident.updates) - updates
