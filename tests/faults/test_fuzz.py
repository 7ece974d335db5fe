"""Whatever arrives under a right signature: no 5xx, no traceback to a person, and what is malformed leaves no trace."""

import pytest

from tests.faults.fuzz import storm
from tests.scenarios import workspace as scene

#: `make soak` has twenty thousand refused.
COUNT = 600

pytestmark = pytest.mark.timeout(300)


async def test_malformed_deliveries_are_answered_and_nothing_breaks(tmp_path, monkeypatch):
    monkeypatch.setattr(scene, "WAY", scene.Way(transport="http"))
    async with scene.workspace(tmp_path) as slack:
        found = await storm(slack, COUNT, seed=20261121)

        assert found.kinds >= 12, "true payloads of many kinds were spoiled"
        assert found.bad == []
        assert found.written == []
        answer = await slack.command("ana", "status", slack.channel)
        assert "INC-1" in answer, "the bot goes on as if nothing had been"
