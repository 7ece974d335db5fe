"""Days of reminders with kills, deploys, rate limits, lost answers, wrong clocks and a night of downtime; the month is `bench.month`."""

import pytest

from bench.month import run
from bench.month.plan import Plan


@pytest.mark.timeout(240)
async def test_each_reminder_is_said_once_and_in_time_whatever_goes_wrong(backend, empty, tmp_path):
    replicas = 2 if backend == "postgresql" else 1
    plan = Plan(items=60, owners=4, days=9, replicas=replicas, faults=1)
    report = await run(plan, empty, tmp_path)

    assert set(report.struck) == {"kill", "limit", "lose", "deploy", "back", "ahead", "down"}
    assert report.expected > 200
    assert report.missing == []
    assert report.repeated == []
    assert report.marks_twice == []
    assert report.burst == 1, "one message for each person when everything runs again"
    assert report.late_of_ours(0.99) < 60
    assert report.late(0.99) <= 60, "Slack said three times to wait 20 s"
