"""kill -9 at the calls and commits of each flow: people see afterwards what a run without faults shows.

A few points here; `make soak` tries each of them.
"""

import pytest

from tests.faults.crash import FLOWS, unlike

SHARES = 36

pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
async def test_wherever_it_dies_nothing_is_lost_and_nothing_doubled(flow):
    begin = 5 * FLOWS.index(flow)
    reference, tried, unreached, different = await unlike(flow, slice(begin, None, SHARES), at_once=2)

    assert reference.calls, "the flow does something in Slack"
    assert reference.commits, "the flow keeps something"
    assert len(unreached) < len(tried), "it really died"
    assert different == []
