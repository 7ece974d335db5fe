import pytest

from tests.scenarios.workspace import workspace


@pytest.fixture
async def slack(tmp_path):
    """A workspace with the bot in it."""
    async with workspace(tmp_path) as made:
        yield made
