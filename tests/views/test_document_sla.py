"""Service levels: budgets, windows, verdicts."""

from datetime import UTC, datetime

import pytest
from document_helpers import document, typed

from bot.domain import events as e
from bot.domain.times import Time
from bot.domain.vocabulary import Status, TimeName


def sla(*, start=None, end=None, zone="UTC", **values):
    begun = e.TimeSet(which=TimeName.IMPACT_STARTED, time=start or typed(0))
    over = e.StatusChanged(status=Status.RESOLVED, time=end or typed(47))
    item = e.ItemAdded(path="sla", item="1", values={"name": "Uptime", **values})
    return document(begun, over, item, workspace_zone=zone)["sla"]


def test_a_downtime_budget_is_read_as_typed():
    (row,) = sla(kind="downtime_budget", budget="20 min", window="year", used_before="5 min")

    assert (row["budget_s"], row["used_before_s"], row["this_s"], row["actual_s"]) == (1200, 300, 2820, 3120)
    assert (row["verdict"], row["overage_s"]) == ("breached", 1920)


@pytest.mark.parametrize(
    ("window", "ref", "days"),
    [
        ("month", "2025-11", 30),
        ("month", "2024-02", 29),
        ("quarter", "2025-Q4", 92),
        ("year", "2024", 366),
        ("year", "2025", 365),
        ("month", None, 31),
    ],
)
def test_availability_leaves_its_part_of_the_calendar(window, ref, days):
    (row,) = sla(kind="availability", target_pct=99.9, window=window, **({"window_ref": ref} if ref else {}))

    assert row["budget_s"] == round(days * 86400 * 0.001)


def test_what_is_left_is_said_within_the_budget():
    (row,) = sla(kind="downtime_budget", budget="1 h")

    assert (row["verdict"], row["left_s"]) == ("within", 780)


def test_an_incident_over_the_turn_of_the_month_is_split():
    start, end = datetime(2026, 3, 31, 23, 40, tzinfo=UTC), datetime(2026, 4, 1, 0, 30, tzinfo=UTC)
    march, april = sla(
        start=Time(utc=start), end=Time(utc=end), target_pct=99.9, window="month", used_before="40 min"
    )

    assert (march["window_ref"], march["this_s"], march["actual_s"]) == ("2026-03", 1200, 3600)
    assert (april["window_ref"], april["this_s"], april["used_before_s"]) == ("2026-04", 1800, 0)
    assert (march["verdict"], april["verdict"]) == ("breached", "within")


def test_months_begin_where_the_workspace_is():
    start, end = datetime(2026, 3, 31, 23, 40, tzinfo=UTC), datetime(2026, 4, 1, 0, 30, tzinfo=UTC)
    rows = sla(
        start=Time(utc=start), end=Time(utc=end), target_pct=99.9, window="month", zone="Europe/Berlin"
    )

    assert [row["window_ref"] for row in rows] == ["2026-04"]


def test_without_numbers_the_stated_verdict_counts():
    (row,) = sla(kind="error_budget", verdict="within")

    assert row["verdict"] == "within"


def test_while_the_impact_is_not_known_the_verdict_is_not_either():
    item = e.ItemAdded(path="sla", item="1", values={"name": "Uptime", "budget": "20 min"})
    (row,) = document(item)["sla"]

    assert (row["verdict"], row["this_s"]) == ("unknown", None)
