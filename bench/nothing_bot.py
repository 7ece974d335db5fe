"""The smallest Bolt app there is: it acknowledges everything, as Bolt's own guide shows it. See `bench.bots`."""

import asyncio
import sys

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main(api_url, bot_token, app_token):
    app = AsyncApp(client=AsyncWebClient(token=bot_token, base_url=api_url))

    @app.event("message")
    async def on_message():
        return None

    @app.command("/incident")
    async def on_command(ack):
        await ack("nothing")

    await AsyncSocketModeHandler(app, app_token).start_async()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
