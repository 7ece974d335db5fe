"""The default pack: a place for everything that people filled in, and honest words for what they did not."""

import os
import re
from pathlib import Path

import pytest
from document_helpers import ANA, BEA, document, exact, message, note, tagged, typed

from bot.documents.renderer import PackRenderer
from bot.domain import events as e
from bot.domain.details import ActionDetails, Due, EntryDetails, Severity
from bot.domain.fields import FIELDS, LISTS, FieldType
from bot.domain.people import Person
from bot.domain.times import Precision, Time
from bot.domain.transcript import File
from bot.domain.vocabulary import (
    ActionKind,
    ActionState,
    DocumentStatus,
    EntryKind,
    Horizon,
    Kind,
    Marker,
    Status,
    TagKind,
    TimeName,
)

SNAPSHOT = Path(__file__).parent / "snapshots" / "full.md"
PUBLISHED = e.DocumentStatusChanged(status=DocumentStatus.PUBLISHED)


def rendered(*events, **more):
    return PackRenderer().markdown(document(*events, **more), "default")


def sample(path, kind, choices=()):
    """A value that can be found again."""
    word = path.replace(".", "-").replace("_", "-")
    match kind:
        case FieldType.LINES:
            return (f"{word}-1", f"{word}-2")
        case FieldType.NUMBER:
            return 1000 + sum(map(ord, path))
        case FieldType.BOOL:
            return True
        case FieldType.CHOICE:
            return choices[0]
        case FieldType.DATE:
            return "2031-05-06"
        case FieldType.TIME:
            return typed(7)
        case _:
            return word


@pytest.mark.parametrize("path", FIELDS)
def test_every_field_has_a_place(path):
    field = FIELDS[path]
    # A number that is approximate, or of a currency, needs the number.
    beside = {"impact.users.approx": "impact.users.count", "impact.revenue.approx": "impact.revenue.amount"}
    events = [e.FieldSet(path=other, value=500) for other in filter(None, [beside.get(path)])]
    before = rendered(*events, note("E1", typed(1)))
    after = rendered(
        *events, note("E1", typed(1)), e.FieldSet(path=path, value=sample(path, field.type, field.choices))
    )

    added = (
        after if field.type is FieldType.BOOL else "\n".join(set(after.split("\n")) - set(before.split("\n")))
    )
    assert after != before
    if field.type in {FieldType.LINE, FieldType.TEXT, FieldType.LINES}:
        value = sample(path, field.type)
        assert all(word in added for word in ([value] if isinstance(value, str) else value))


@pytest.mark.parametrize("path", LISTS)
def test_every_column_of_every_list_has_a_place(path):
    columns = LISTS[path].columns
    values = {c.name: sample(f"{path}.{c.name}", c.type, c.choices) for c in columns}
    if path == "sla":
        values |= {"budget": "20 min", "used_before": "5 min", "target_pct": 99.9}
    if path == "checklists":
        values |= {"items": "# checklists-section\n[ ] checklists-item"}
    told = rendered(e.ItemAdded(path=path, item="1", values=values))

    for column in columns:
        if column.type in {FieldType.LINE, FieldType.TEXT} and path not in {"sla", "checklists"}:
            assert str(values[column.name]) in told, column.name
    if path == "sla":
        assert all(
            word in told for word in ("sla-name", "sla-counterparty", "20 min", "5 min", "99.9%", "per month")
        )
    if path == "checklists":
        assert "**checklists-section**\n\n- [ ] checklists-item" in told


def test_a_draft_says_what_is_not_filled_in_yet():
    told = rendered()

    assert "> **Draft.**" in told
    assert "## Summary\n\n_Not filled in yet_" in told
    assert "## Action items\n\n_Not filled in yet_" in told
    assert "## Communication" not in told


def test_a_published_document_has_no_drafts_words():
    told = rendered(PUBLISHED)

    assert "## Summary\n\nNot recorded" in told
    assert "filled in" not in told
    assert "Draft" not in told


@pytest.mark.parametrize("kind", ["markdown", "html"])
def test_a_bare_incident_prints_no_word_of_the_machine(kind):
    told = PackRenderer().render(document(), pack="default", format=kind).decode()

    assert not re.search(r"\b(None|null|nan|NaN|Undefined|True|False)\b", told)
    assert not re.search(r"(?<!\d)0 (s|min|h)\b", told)


def test_an_unknown_length_is_said_and_an_incident_goes_on():
    assert "| Impact lasted | ongoing |" in rendered()
    assert "| Impact lasted | unknown |" in rendered(e.StatusChanged(status=Status.DECLINED))


def test_a_local_reading_stands_beside_utc():
    typed_there = typed(55, raw="16:00 CET", tz="+01:00")
    late = Time(utc=typed(600).utc, tz="Asia/Tokyo")

    told = rendered(note("E1", typed_there), note("E2", late))
    assert "| 2026-03-04 15:00 (16:00 GMT+1) |" in told
    assert "| 2026-03-05 00:05 (09:05 GMT+9) |" in told


def test_the_readers_zone_stands_in_every_row():
    told = rendered(note("E1", typed(600)), display_zone="America/New_York")

    assert "| 2026-03-05 00:05 (2026-03-04 19:05 GMT-5) |" in told


def test_ranges_hours_days_and_unknown_times_keep_their_precision():
    noon = typed(-125).utc
    told = rendered(
        note("E1", Time(utc=noon, end_utc=typed(0).utc), "range"),
        note("E2", Time(utc=noon, precision=Precision.HOUR), "hour"),
        note("E3", Time(utc=noon, precision=Precision.DAY), "day"),
        note("E4", Time(utc=None, precision=Precision.NONE), "unknown"),
        note("E5", Time(utc=noon, open_ended=True, approx=True), "open"),
        note("E6", Time(utc=noon, end_utc=typed(1440).utc), "overnight"),
    )

    for row in (
        "| 2026-03-04 12:00–14:05 | range |",
        "| 2026-03-04 12 UTC | hour |",
        "| 2026-03-04 | day |",
        "| — | unknown |",
        "| 2026-03-04 ~12:00 onward | open |",
        "| 2026-03-04 12:00–2026-03-05 14:05 | overnight |",
    ):
        assert row in told


def test_hidden_clock_times_are_hidden_everywhere():
    asked = message(3, "we look")
    told = rendered(
        e.FieldSet(path="doc.hide_clock_times", value=True),
        e.FieldSet(path="impact.window.from", value=typed(0)),
        tagged("E1", asked),
        note("E2", typed(4), label="Rollback", order=1),
        e.ItemAdded(path="comms", item="1", values={"text": "we told them", "at": typed(5)}),
        e.UpdatePosted(text="on it"),
        e.ActionAdded(action="A1", details=ActionDetails(text="x", due=Due(at=typed(90).utc))),
        e.StatusChanged(status=Status.RESOLVED, time=typed(47)),
        messages=(asked,),
    )

    assert not re.search(r"\d\d:\d\d", told)
    assert "47 min" in told


def test_a_window_of_another_months_turn_and_a_reopening_are_told():
    told = rendered(
        e.StatusChanged(status=Status.RESOLVED, time=typed(30)),
        e.StatusChanged(status=Status.INVESTIGATING, time=typed(60)),
        e.StatusChanged(status=Status.RESOLVED, time=typed(75)),
    )

    assert "The incident was reopened." in told
    assert "2. 2026-03-04 15:05 – 2026-03-04 15:20" in told
    assert "**45 min**" in told


def test_a_drill_says_that_it_is_one():
    assert "> **This was a drill.**" in rendered(declared=e.Declared(title="x", kind=Kind.DRILL))


def full_story():
    """One incident in which everything happens."""
    first = message(
        -4,
        "Deploy of *v41* done &lt;str&gt;",
        user=None,
        bot_name="Deploy bot",
        permalink="https://s.example/1",
    )
    seen = message(
        2,
        "checkout gives 500s, see <https://graphs.example/a_b|graph>",
        user=BEA,
        permalink="https://s.example/2",
    )
    raw = message(3, "looks like | pipes\nand lines", permalink="https://s.example/3")
    shot = message(
        20,
        "",
        files=(File(id="F1", name="errors.png", mimetype="image/png", permalink="https://f.example/1"),),
    )
    owned = {"owners": (Person(slack_id=BEA), Person(name="Naxa team")), "priority": "P1", "type": "prevent"}
    due = Due(at=typed(10000).utc, raw="next week", day_only=True)
    fields = {
        "summary": "A deploy broke checkout.\n\nIt was rolled back.",
        "impact.users.count": 15000,
        "impact.users.approx": True,
        "impact.users.qualifier": "active users",
        "impact.users.percent": 12.5,
        "impact.revenue.amount": 2400,
        "impact.revenue.currency": "USD",
        "impact.data.loss": "no",
        "incident.stated_duration": "about an hour",
        "cause.trigger": "The deploy of `v41`",
        "doc.authors": ("Ana Lima",),
        "doc.followup.date": "2026-04-03",
    }
    items = [
        ("cause.contributing", {"text": "No canary", "polarity": "negative"}),
        ("cause.contributing", {"text": "The alert was quick", "polarity": "positive"}),
        ("cause.five_whys", {"question": "Why did it break?", "text": "A `<T>` was missing"}),
        ("lessons.went_well", {"text": "Rollback worked", "details": ("in one step", "at once")}),
        ("sla", {"name": "Uptime SLA", "kind": "availability", "target_pct": 99.9, "window": "month"}),
        ("comms", {"text": "We know", "audience": "customers", "channel": "status page", "at": typed(10)}),
        (
            "related",
            {"title": "Same in May", "ref": "INC-3", "date": "2025-05-02", "url": "https://e.example/3"},
        ),
        ("links", {"label": "Dashboard", "kind": "evidence", "url": "https://graphs.example/"}),
        ("checklists", {"name": "Deploy", "items": "# Before\n[x] test\n[ ] tell"}),
        ("doc.signoff", {"role": "CTO", "name": "Kim", "state": "pending"}),
        ("doc.updates", {"text": "Canary is live", "date": "2026-03-20"}),
    ]
    events = [
        e.ChannelOpened(channel="C0INC", name="inc-7-checkout"),
        e.RoleAssigned(role="commander", person=Person(slack_id=ANA)),
        e.TimeSet(which=TimeName.IMPACT_STARTED, time=typed(-4)),
        tagged("E1", first, details=EntryDetails(marker=Marker.FAILURE, kind=EntryKind.CHANGE)),
        tagged("E2", seen, details=EntryDetails(marker=Marker.DETECTED, action="Alert raised", key=True)),
        tagged("E3", raw, tag=TagKind.NOTE),
        note("E4", exact(8), "Decided to roll back", label="Rollback", kind=EntryKind.DECISION, order=1),
        tagged("E5", shot),
        e.UpdatePosted(text="We found it"),
        e.SeverityChanged(severity=Severity(level=2, label="SEV2"), reason="only checkout"),
        e.StatusChanged(status=Status.MONITORING, time=typed(30)),
        e.StatusChanged(status=Status.RESOLVED, time=typed(47, approx=True)),
        *(e.FieldSet(path=path, value=value) for path, value in fields.items()),
        *(e.ItemAdded(path=path, item=str(n), values=values) for n, (path, values) in enumerate(items)),
        e.ActionAdded(action="A1", details=ActionDetails(text="Add a canary", due=due, **owned)),
        e.ActionAdded(
            action="A2", details=ActionDetails(text="for the API", parent="A1"), state=ActionState.DONE
        ),
        e.ActionAdded(
            action="A3",
            details=ActionDetails(
                text="Buy time", kind=ActionKind.RECOMMENDATION, horizon=Horizon.SHORT, tracker="OPS-1"
            ),
        ),
        e.DocumentStatusChanged(status=DocumentStatus.IN_REVIEW),
        e.DocumentRequested(revision=2, formats=("markdown",)),
    ]
    return document(*events, messages=(first, seen, raw, shot), declared=e.Declared(title="Checkout is down"))


def test_a_full_document_reads_like_this():
    told = PackRenderer().markdown(full_story(), "default")
    if os.environ.get("WRITE_SNAPSHOT"):
        SNAPSHOT.write_text(told, encoding="utf-8")

    assert told == SNAPSHOT.read_text(encoding="utf-8")
