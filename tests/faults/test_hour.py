"""A large workspace stays within Slack's limits, and nothing of what was said is lost. `make soak` plays the whole hour."""

import pytest

from tests.faults.hour import busy_hour
from tests.scenarios import workspace as scene

pytestmark = pytest.mark.timeout(300)


async def test_two_minutes_of_thirty_thousand_events_an_hour(tmp_path, monkeypatch):
    monkeypatch.setattr(scene, "WAY", scene.Way())
    found = await busy_hour(tmp_path, events=1000, incidents=6, seconds=120)

    assert found.events == 1000
    assert (found.lost, found.doubled, found.refused) == (0, 0, 0)
    assert found.banners_true
