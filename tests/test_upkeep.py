"""Looking at open incidents' channels: one that cannot be looked at costs no other its turn."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.app.chat_port import ChatError, Standing
from bot.app.ports import Posted
from bot.app.upkeep import LIST_EVERY, Upkeep
from bot.domain import events as e
from storage.store import open_store

NOW = datetime(2026, 11, 18, 14, tzinfo=UTC)
CHANNELS = ("C0ONE", "C0TWO", "C0THREE")


class Slack:
    """Shows every channel as it should be, but those for which it is told what to raise."""

    def __init__(self, **failing):
        self.failing, self.asked = failing, []

    async def standing(self, channel):
        self.asked.append(channel)
        if channel in self.failing:
            raise self.failing[channel]
        return Standing(topic="", pins=frozenset(), bookmarks=frozenset({"Bk1"}))


@pytest.fixture
async def store(tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/tocsin.db") as made:
        for channel in CHANNELS:
            async with made.transaction() as transaction:
                number = await transaction.next_number()
                events = [e.Declared(title="down"), e.ChannelOpened(channel=channel, name=channel.lower())]
                await transaction.append(number, None, events, by="U0ANA", at=NOW - timedelta(days=1))
            posted = Posted(key="bookmark", channel=channel, ts="Bk1", digest="x", begun_at=NOW)
            await made.keep_posted(number, posted)
        yield made


def upkeep(store, chat):
    return Upkeep(store, chat, None, None, lambda _number: None, None)


async def test_a_channel_that_makes_us_stumble_does_not_stop_the_looks_at_others(store):
    chat = Slack(**dict.fromkeys(CHANNELS[:1], KeyError("topic")), C0TWO=KeyError("topic"))
    looking = upkeep(store, chat)
    for second in range(3):
        try:
            await looking.tick(NOW + timedelta(seconds=second))
        except KeyError:
            continue
    assert sorted(chat.asked) == sorted(CHANNELS)


async def test_whom_slack_limits_keeps_the_turn(store):
    chat = Slack(**{channel: ChatError("ratelimited", retry_after=1) for channel in CHANNELS})
    looking = upkeep(store, chat)
    await looking.tick(NOW)
    assert len(chat.asked) == 1
    chat.failing = {}
    await looking.tick(NOW + LIST_EVERY)
    assert sorted(chat.asked[1:]) == sorted(CHANNELS)
