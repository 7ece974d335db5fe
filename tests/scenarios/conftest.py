"""Every scenario is told twice: once Slack reaches the bot by Socket Mode, once by signed HTTP.

``@pytest.mark.once``: only by Socket Mode (what does not depend on the way). ``@pytest.mark.postgresql``: over HTTP on
PostgreSQL too, as the largest teams run it.
"""

import pytest

from tests.databases import new_database
from tests.scenarios import workspace as scene
from tests.scenarios.workspace import workspace


def pytest_generate_tests(metafunc):
    marked = {mark.name for mark in metafunc.definition.iter_markers()}
    ways = ["socket"] if "once" in marked else ["socket", "http"]
    ways += ["postgresql"] if "postgresql" in marked else []
    metafunc.parametrize("way", ways, indirect=True)


@pytest.fixture(autouse=True)
def way(request, monkeypatch):
    """How the workspaces of this test are reached, and on which database."""
    if request.param != "postgresql":
        monkeypatch.setattr(scene, "WAY", scene.Way(transport=request.param))
        yield
        return
    with new_database(request.getfixturevalue("server")) as url:
        monkeypatch.setattr(scene, "WAY", scene.Way(transport="http", database=url))
        yield


@pytest.fixture
async def slack(tmp_path):
    """A workspace with the bot in it."""
    async with workspace(tmp_path) as made:
        yield made
