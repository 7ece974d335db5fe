"""The whole bot in a process of its own that can end itself at a commit, as kill -9 would.

Environment: BOT_TOKEN, APP_TOKEN, DATABASE, BASE_URL; CONTROL, a JSON file that is read at every look:
``shift_s`` sets the clock ahead, ``kill`` is ``[phase, nth]`` of the commits counted while ``armed``;
COUNT, a file into which the number of commits goes.
"""

import asyncio
import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine.default import DefaultDialect

from bot.app.policy import Policy
from bot.wiring import assemble
from storage.store import open_store

CONTROL, COUNT = Path(os.environ["CONTROL"]), Path(os.environ["COUNT"])


def control():
    return json.loads(CONTROL.read_text())


class ShiftedClock:
    def now(self):
        return datetime.now(UTC) + timedelta(seconds=control()["shift_s"])


def die_at_commits():
    commit, seen = DefaultDialect.do_commit, 0

    def do_commit(self, connection):
        nonlocal seen
        told = control()
        if not told["armed"]:
            return commit(self, connection)
        seen += 1
        COUNT.write_text(str(seen))
        if told["kill"] == ["before", seen]:
            os.kill(os.getpid(), signal.SIGKILL)
        commit(self, connection)
        if told["kill"] == ["after", seen]:
            os.kill(os.getpid(), signal.SIGKILL)
        return None

    DefaultDialect.do_commit = do_commit


async def main():
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with open_store(os.environ["DATABASE"]) as store:
        bot = assemble(
            store=store,
            clock=ShiftedClock(),
            policy=Policy(announce_in="C0INCIDENTS", calm=timedelta(seconds=0.05)),
            bot_token=os.environ["BOT_TOKEN"],
            app_token=os.environ["APP_TOKEN"],
            base_url=os.environ["BASE_URL"],
        )
        await bot.start()
        await over.wait()
        await bot.stop()


if __name__ == "__main__":
    die_at_commits()
    asyncio.run(main())
