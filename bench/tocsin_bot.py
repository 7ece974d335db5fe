"""Tocsin as `tocsin run` starts it, but at the sandbox's address. See `bench.bots`."""

import asyncio
import sys

from pydantic import SecretStr

from bot.logs import configure
from bot.service import serve
from bot.settings import Settings


def main(api_url, bot_token, app_token, database, announce_in):
    configure("info")
    settings = Settings(
        _env_file=None,
        bot_token=SecretStr(bot_token),
        app_token=SecretStr(app_token),
        announce_in=announce_in,
    )
    asyncio.run(serve(settings, database, base_url=api_url))


if __name__ == "__main__":
    main(*sys.argv[1:])
