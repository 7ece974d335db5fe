"""One bot that only reminds, in a process of its own, on a clock that somebody else moves: see `bench.month`.

The clock is a small file shared in memory: the moment (seconds since the epoch), and which step of it this is. Our own
file says which step is done.
"""

import asyncio
import logging
import mmap
import struct
import sys
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot.app.policy import Policy
from bot.domain.nudges import NudgeRules
from bot.domain.rules import Rules
from bot.wiring import assemble
from sandbox.clock import VirtualClock
from storage.store import open_store

STEP = struct.Struct("<dq")
#: Nobody is nudged: a nudge would begin to show the incident in Slack, which is not what this is about.
UNNUDGED = NudgeRules(update_after={}, commander_after=None, quiet_after=None, impact_after=None)
POLICY = Policy(rules=Rules(nudges=UNNUDGED))


def shared(path):
    """A step that several processes see."""
    with Path(path).open("r+b") as file:
        return mmap.mmap(file.fileno(), STEP.size)


async def main(database, api_url, token, clock_file, done_file):
    told, done = shared(clock_file), shared(done_file)
    clock = VirtualClock(datetime.fromtimestamp(STEP.unpack(told[:])[0], UTC))
    async with open_store(database) as store:
        bot = assemble(
            store=store, clock=clock, policy=POLICY, bot_token=token, base_url=api_url, ticking=False
        )
        await store.recover()
        last = -1
        while True:
            _, step = STEP.unpack(told[:])
            if step == last:
                await asyncio.sleep(0.0005)
                continue
            seconds, _ = STEP.unpack(told[:])  # it is written before its step
            clock.set(datetime.fromtimestamp(seconds, UTC))
            await bot.reminding.tick(clock.now())
            last = step
            done[:] = STEP.pack(seconds, step)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main(*sys.argv[1:]))
