"""A database as a busy year leaves it: open incidents with their channels, and a long transcript."""

import asyncio
from datetime import UTC, datetime, timedelta

from bench.slack import PEOPLE, WORDS
from bot.domain import events as e
from bot.domain.details import MessageRef, Severity
from bot.domain.transcript import Message
from sandbox.clock import micros, ts_of
from sandbox.state import Channel
from storage.store import open_store

CHANNEL = "C0FILLED{n}"
AT_ONCE = 1_000
_YEAR = timedelta(days=365)


async def fill(url, scale):
    """Incidents declared just now and with their nudges snoozed, of which Slack shows everything; messages of the last year."""
    now = datetime.now(UTC)
    async with open_store(url) as store:
        for n in range(scale.incidents):
            async with store.transaction() as transaction:
                number = await transaction.next_number()
                events = [
                    e.Declared(title=f"Incident {n}", severity=Severity(level=2, label="SEV2")),
                    e.ChannelOpened(channel=CHANNEL.format(n=n), name=f"inc-{number}-incident-{n}"),
                    e.NudgesSnoozed(until=now + _YEAR),
                ]
                await transaction.append(number, None, events, by=PEOPLE[n % len(PEOPLE)], at=now)
        while taken := await store.claim_work(now, owner="bench", lease_s=60, limit=200):
            for work in taken:
                await store.finish_work(work, owner="bench")
        for first in range(0, scale.recorded, AT_ONCE):
            some = range(first, min(first + AT_ONCE, scale.recorded))
            await asyncio.gather(*(store.record_message(_message(n, scale, now)) for n in some))


def _message(n, scale, now):
    """A tenth of all is said in one channel, the rest everywhere."""
    where = scale.incidents // 2 if n % 10 == 0 else n % scale.incidents
    at = ts_of(micros(now - _YEAR + n * _YEAR / (scale.recorded + 1)))
    ref = MessageRef(channel=CHANNEL.format(n=where), ts=at)
    return Message(ref=ref, user=PEOPLE[n % len(PEOPLE)], text=WORDS[n % len(WORDS)].format(n=n))


def furnish(sandbox, incidents):
    """The same channels in the sandbox, with the bot in them."""
    bot = sandbox.workspace.bot.id
    for n in range(incidents):
        channel = CHANNEL.format(n=n)
        sandbox.workspace.channels[channel] = Channel(
            id=channel, name=f"inc-{n + 1}-incident-{n}", creator=bot, created=0, members={bot}
        )
