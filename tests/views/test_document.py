"""The document as plain data: what it promises to templates."""

import json
from datetime import UTC, datetime

import pytest
from document_helpers import ANA, BEA, at, document, exact, message, note, people_lines, tagged, typed

from bot.domain import events as e
from bot.domain.details import ActionDetails, Due, EntryDetails, Severity
from bot.domain.people import Person
from bot.domain.times import Precision, Time
from bot.domain.transcript import File
from bot.domain.vocabulary import ActionKind, ActionState, Horizon, Marker, Status, TagKind, TimeName


def set_time(which, time):
    return e.TimeSet(which=which, time=time)


RESOLVED = e.StatusChanged(status=Status.RESOLVED, time=typed(47))
STARTED = set_time(TimeName.IMPACT_STARTED, typed(0))


def test_it_is_plain_data():
    told = document(STARTED, RESOLVED, note("E1", typed(3)))

    assert json.loads(json.dumps(told)) == told


def test_fields_stand_at_their_paths_with_their_values():
    told = document(
        e.FieldSet(path="impact.users.count", value=15000),
        e.FieldSet(path="doc.conclusion.text", value="It ended."),
        e.FieldSet(path="incident.services", value=("api", "web")),
    )

    assert told["impact"]["users"] == {"count": 15000}
    assert told["doc"]["conclusion"]["text"] == "It ended."
    assert told["incident"]["services"] == ["api", "web"]


def test_every_list_is_there_and_holds_its_items():
    told = document(
        e.ItemAdded(path="lessons.lucky", item="1", values={"text": "it was noon", "details": ("a", "b")})
    )

    assert told["lessons"]["lucky"] == [{"id": "1", "text": "it was noon", "details": ["a", "b"]}]
    assert told["lessons"]["went_well"] == []


def test_an_unknown_length_is_none_and_never_nothing():
    told = document(STARTED)

    assert told["durations"]["impact"] is None
    assert told["durations"]["time_to_detect"] is None
    assert told["durations"]["measured_from"] == "impact started"


def test_lengths_are_measured_from_the_declaration_where_the_start_is_not_known():
    told = document(RESOLVED)

    assert told["durations"]["measured_from"] == "declared"
    assert told["durations"]["impact"] == {"seconds": 47 * 60, "approx": False}
    assert told["durations"]["time_to_declare"] is None


def test_one_approximate_end_makes_the_length_approximate():
    told = document(set_time(TimeName.IMPACT_STARTED, typed(0, approx=True)), RESOLVED)

    assert told["durations"]["impact"]["approx"]


def test_an_hour_is_not_claimed_to_the_minute():
    start = Time(utc=datetime(2026, 3, 4, 14, tzinfo=UTC), precision=Precision.HOUR)
    told = document(set_time(TimeName.IMPACT_STARTED, start), RESOLVED)

    assert told["durations"]["impact"]["approx"]


def test_a_length_is_no_more_exact_than_its_ends():
    told = document(STARTED, e.StatusChanged(status=Status.RESOLVED, time=exact(27.3)))

    assert told["durations"]["impact"]["seconds"] == 27 * 60


def test_impact_is_the_union_of_the_windows_of_a_reopened_incident():
    told = document(
        STARTED,
        e.StatusChanged(status=Status.RESOLVED, time=typed(30)),
        e.StatusChanged(status=Status.INVESTIGATING, time=typed(60)),
        e.StatusChanged(status=Status.RESOLVED, time=typed(75)),
    )

    assert told["durations"]["impact"]["seconds"] == 45 * 60
    assert len(told["times"]["impact_windows"]) == 2


def test_times_that_nobody_stated_are_read_from_markers_and_say_so():
    told = document(
        note("E1", exact(-10), marker=Marker.FAILURE),
        note("E2", exact(-2), marker=Marker.DETECTED),
        e.StatusChanged(status=Status.RESOLVED, time=exact(5)),
    )

    assert told["times"]["impact_start"]["basis"] == "first entry marked FAILURE"
    assert told["durations"]["time_to_detect"]["seconds"] == 8 * 60
    assert told["durations"]["impact"]["seconds"] == 15 * 60


@pytest.mark.parametrize(
    ("stated", "differs"),
    [("~47 min", False), ("about 46 minutes", False), ("46 min", True), ("2 h", True), ("long", False)],
)
def test_a_stated_duration_is_compared(stated, differs):
    told = document(STARTED, RESOLVED, e.FieldSet(path="incident.stated_duration", value=stated))

    assert told["durations"]["stated"] == stated
    assert told["durations"]["stated_differs"] is differs


# --- timeline


def test_entries_stand_in_order_coarser_first_and_unknown_last():
    noon = datetime(2026, 3, 4, 15, tzinfo=UTC)
    told = document(
        note("E1", Time(utc=None, precision=Precision.NONE)),
        note("E2", Time(utc=noon, precision=Precision.MINUTE)),
        note("E3", Time(utc=noon, precision=Precision.HOUR)),
        note("E4", typed(-30)),
    )

    assert [line["id"] for line in people_lines(told)] == ["E4", "E3", "E2", "E1"]


def test_a_message_speaks_as_people_read_it():
    told_by = message(1, f"<@{BEA}> see <https://ex.org/a|the graph> &lt;str&gt; :fire: in <#C01|ops>")
    told = document(tagged("E1", told_by), messages=(told_by,))

    assert people_lines(told)[0]["text"] == "@Bea Novak see the graph (https://ex.org/a) <str> 🔥 in #ops"
    assert people_lines(told)[0]["actor"] == "Ana Lima"


def test_typed_words_stay_literal_but_for_mentions():
    told = document(note("E1", typed(1), f"<str> &lt; <@{BEA}> did it"))

    assert people_lines(told)[0]["text"] == "<str> &lt; @Bea Novak did it"


def test_a_deleted_message_keeps_its_place_but_not_its_words():
    gone = message(1, "secret", deleted=True)
    kept = message(2, "secret", deleted=True)
    own = EntryDetails(text="we rolled back")
    told = document(tagged("E1", gone), tagged("E2", kept, details=own), messages=(gone, kept))

    assert [line["text"] for line in people_lines(told)] == ["(deleted in Slack)", "we rolled back"]
    assert "secret" not in json.dumps(told)


def test_a_message_of_only_a_file_is_named_by_it():
    graph = message(
        1, "", files=(File(id="F1", name="graph.png", mimetype="image/png", permalink="https://f/1"),)
    )
    told = document(tagged("E1", graph), messages=(graph,))

    assert people_lines(told)[0]["text"] == "graph.png"
    assert people_lines(told)[0]["files"] == [{"name": "graph.png", "url": "https://f/1"}]


def test_a_bot_is_called_by_its_own_name():
    alarm = message(1, "5xx", user=None, bot_name="Alarm")
    told = document(tagged("E1", alarm), messages=(alarm,))

    assert people_lines(told)[0]["actor"] == "Alarm"


def test_notes_are_kept_apart_and_hidden_entries_are_left_out():
    raw, shown = message(1, "hm"), message(2, "so")
    told = document(
        tagged("E1", raw, tag=TagKind.NOTE),
        tagged("E2", shown),
        note("E3", typed(3)),
        e.EntryHidden(entry="E3"),
        messages=(raw, shown),
    )

    assert [line["text"] for line in told["notes"]] == ["hm"]
    assert [line["id"] for line in people_lines(told)] == ["E2"]


def test_the_lifecycle_stands_on_the_timeline_flagged():
    told = document(
        e.RoleAssigned(role="commander", person=Person(slack_id=BEA)),
        e.SeverityChanged(severity=Severity(level=1, label="SEV1"), reason="payments too"),
        e.StatusChanged(status=Status.RESOLVED, time=typed(47)),
    )
    system = [line for line in told["timeline"] if line["system"]]

    assert [line["text"] for line in system] == [
        "Incident declared by Ana Lima",
        "Bea Novak became Incident Commander",
        "Severity set to SEV1: payments too",
        "Status changed to resolved",
    ]
    assert system[-1]["time"]["utc"] == "2026-03-04T14:52:00Z"


def test_slacks_seconds_are_shown_only_where_minutes_would_hide_the_order():
    near, later = message(1, "a"), message(1.5, "b")
    alone = message(90, "c")
    told = document(
        STARTED,
        e.StatusChanged(status=Status.RESOLVED, time=typed(200)),
        *(tagged(f"E{n}", m) for n, m in enumerate((near, later, alone))),
        messages=(near, later, alone),
    )

    assert [line["seconds"] for line in people_lines(told)] == [True, True, False]


def test_what_is_over_within_minutes_is_told_to_the_second():
    one, soon = message(1, "a"), e.StatusChanged(status=Status.RESOLVED, time=typed(9))
    told = document(STARTED, soon, tagged("E1", one), note("E2", typed(5)), messages=(one,))

    assert [line["seconds"] for line in people_lines(told)] == [True, False]


def test_steps_are_the_entries_with_an_order():
    told = document(note("E1", typed(1), order=2), note("E2", typed(2), order=1), note("E3", typed(3)))

    assert [line["id"] for line in told["steps"]] == ["E2", "E1"]


# --- people, actions, checklists


def test_roles_tell_who_holds_them_and_who_did():
    told = document(
        e.RoleAssigned(role="commander", person=Person(slack_id=ANA)),
        e.RoleAssigned(role="commander", person=Person(slack_id=BEA)),
    )

    assert told["roles"] == [
        {"role": "commander", "label": "Incident Commander", "people": ["Bea Novak"], "earlier": ["Ana Lima"]}
    ]
    assert [person["name"] for person in told["people"]] == ["Ana Lima", "Bea Novak"]


def action(ref, text="do it", **details):
    return e.ActionAdded(action=ref, details=ActionDetails(text=text, **details))


def test_actions_are_a_tree_with_depth_and_number():
    told = document(
        action("A1"),
        action("A2", parent="A1"),
        action("A3", parent="A2"),
        action("A4", kind=ActionKind.RECOMMENDATION),
    )
    first, second = told["actions"]

    assert (first["number"], first["depth"]) == ("1", 1)
    assert first["children"][0]["children"][0]["number"] == "1.1.1"
    assert (second["number"], second["kind"]) == ("1", "recommendation")


def test_no_action_is_lost_in_a_circle_or_under_a_parent_that_is_gone():
    told = document(
        action("A1"),
        action("A2", parent="A1"),
        e.ActionEdited(action="A1", details=ActionDetails(text="do it", parent="A2")),
        action("A3", parent="A9"),
    )

    assert [item["ref"] for item in told["actions"]] == ["A1", "A2", "A3"]


def test_a_due_day_is_a_day_where_its_owner_lives():
    five_in_california = datetime(2026, 3, 11, 1, tzinfo=UTC)
    due = Due(at=five_in_california, raw="tuesday", day_only=True)
    told = document(action("A1", owners=(Person(slack_id=BEA),), due=due))

    assert told["actions"][0]["due"] == {"raw": "tuesday", "worded": True, "date": "2026-03-10"}


def test_totals_count_what_is_owed():
    told = document(
        action("A1", owners=(Person(name="Naxa team"),), due=Due(raw="soon")),
        action("A2", parent="A1"),
        action("A3"),
        action("A4"),
        e.ActionStateChanged(action="A3", state=ActionState.DONE),
        e.ActionStateChanged(action="A4", state=ActionState.CANCELLED, reason="moot"),
        action("A5", kind=ActionKind.PREVENTIVE_MEASURE, horizon=Horizon.LONG),
    )

    assert told["action_totals"]["work"] == {"total": 3, "done": 1, "unowned": 0, "undated": 0}
    assert told["action_totals"]["total"] == 4
    assert told["action_totals"]["unowned"] == 1


def test_an_action_past_its_due_is_overdue_until_it_is_finished():
    due = Due(at=at(60))
    told = document(
        action("A1", due=due),
        action("A2", due=due),
        e.ActionStateChanged(action="A2", state=ActionState.DONE),
    )

    assert [item.get("overdue") for item in told["actions"]] == [True, None]


def test_checklists_are_read_from_their_lines():
    lines = "first\n# Before\n[ ] tell the team\n- [x] test it\n\n# After\n[X] watch"
    told = document(e.ItemAdded(path="checklists", item="1", values={"name": "Deploy", "items": lines}))

    assert told["checklists"] == [
        {
            "name": "Deploy",
            "sections": [
                {"title": None, "items": [{"text": "first", "done": False}]},
                {
                    "title": "Before",
                    "items": [{"text": "tell the team", "done": False}, {"text": "test it", "done": True}],
                },
                {"title": "After", "items": [{"text": "watch", "done": True}]},
            ],
        }
    ]
