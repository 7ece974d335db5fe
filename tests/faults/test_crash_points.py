"""kill -9 at the calls and commits of each flow: Slack ends up as a run without faults leaves it.

Every twelfth point here; `make soak` tries each of them.
"""

import pytest

from tests.faults.crash import FLOWS, points, reference, struck

SHARES = 12

pytestmark = [pytest.mark.once, pytest.mark.timeout(300)]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
async def test_wherever_it_dies_nothing_is_lost_and_nothing_doubled(flow):
    expected, calls, commits = await reference(flow)
    assert calls, "the flow does something in Slack"
    assert commits, "the flow keeps something"
    tried = points(calls, commits)[FLOWS.index(flow) :: SHARES]
    for point in tried:
        died, seen = await struck(flow, point)
        assert died, f"{point} was never reached"
        assert seen == expected, point
