"""Tocsin as `tocsin run` starts it, but at the sandbox's address. See `bench.bots`."""

import asyncio
import cProfile
import signal
import sys
import time

from pydantic import SecretStr

from bot.starting import loading

# An operator's installation has no rich; this one has, for the tables, and structlog would load it.
sys.modules["rich"] = None

with loading():
    from bot.logs import configure
    from bot.service import serve
    from bot.settings import Settings


def main(api_url, bot_token, app_token, database, announce_in, profile=None):
    """``profile`` is a file for where the event loop's processor time went since the signal SIGUSR1."""
    configure("info")
    settings = Settings(
        _env_file=None,
        bot_token=SecretStr(bot_token),
        app_token=SecretStr(app_token),
        announce_in=announce_in,
    )
    profiler = cProfile.Profile(time.thread_time)
    signal.signal(signal.SIGUSR1, lambda *_: profiler.enable())
    asyncio.run(serve(settings, database, base_url=api_url))
    if profile:
        profiler.disable()
        profiler.dump_stats(profile)


if __name__ == "__main__":
    main(*sys.argv[1:])
