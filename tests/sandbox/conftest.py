"""A sandbox, people in it, and a real Bolt app on it."""

from collections.abc import AsyncIterator

import pytest
from sandbox_kit import APP, QUICK, Bot
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.config import WorkspaceConfig
from sandbox.people import People
from sandbox.server import Sandbox


@pytest.fixture
def config() -> WorkspaceConfig:
    return WorkspaceConfig(app=APP, timing=QUICK)


@pytest.fixture
async def sandbox(config: WorkspaceConfig) -> AsyncIterator[Sandbox]:
    made = Sandbox(config)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def people(sandbox: Sandbox) -> AsyncIterator[People]:
    async with People(sandbox.url) as made:
        yield made


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    made = Bot(sandbox)
    await made.connect()
    yield made
    await made.close()


@pytest.fixture
async def room(client: AsyncWebClient) -> str:
    """A channel of the bot's, with Ana and Bea in it."""
    made = await client.conversations_create(name="inc-1")
    channel = str(made["channel"]["id"])
    await client.conversations_invite(channel=channel, users=["U0ANA", "U0BEA"])
    return channel
