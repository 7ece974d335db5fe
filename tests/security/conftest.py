"""Attacks arrive by signed HTTP, where everything that Slack sends can be looked at."""

import pytest

from tests.scenarios import workspace as scene
from tests.scenarios.workspace import workspace


@pytest.fixture
async def slack(tmp_path, monkeypatch):
    monkeypatch.setattr(scene, "WAY", scene.Way(transport="http"))
    async with workspace(tmp_path) as made:
        yield made
