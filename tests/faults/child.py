"""The whole bot in a process of its own that can end itself at a commit, as kill -9 would.

BOT in the environment is JSON: ``database``, ``base_url``, ``bot_token``, ``app_token`` (sockets) or ``signing_secret``
and ``listen`` (HTTP), ``call_timeout_s``; ``control``, a JSON file that is read at every look: ``ahead_s`` sets the
clock, ``kill`` is ``[phase, nth]`` of the commits counted while ``armed``; ``count``, a file for the number of commits.
"""

import asyncio
import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine.default import DefaultDialect

from bot.app.policy import Policy
from bot.logs import configure
from bot.slack import runtime
from bot.web.address import bind
from bot.wiring import assemble
from storage.store import open_store

BOT = json.loads(os.environ["BOT"])
CONTROL, COUNT = Path(BOT["control"]), Path(BOT["count"])


def control():
    return json.loads(CONTROL.read_text())


class ShiftedClock:
    def now(self):
        return datetime.now(UTC) + timedelta(seconds=control()["ahead_s"])


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
    runtime.CALL_TIMEOUT_S = BOT["call_timeout_s"]
    async with open_store(BOT["database"]) as store:
        bot = assemble(
            store=store,
            clock=ShiftedClock(),
            policy=Policy(announce_in="C0INCIDENTS", calm=timedelta(seconds=0.05)),
            bot_token=BOT["bot_token"],
            app_token=BOT.get("app_token"),
            signing_secret=BOT.get("signing_secret"),
            listener=bind(BOT["listen"]) if BOT.get("listen") else None,
            base_url=BOT["base_url"],
        )
        await bot.start()
        await over.wait()
        await bot.stop()


if __name__ == "__main__":
    configure("info")
    die_at_commits()
    asyncio.run(main())
