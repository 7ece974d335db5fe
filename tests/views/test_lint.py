"""Advice on a postmortem: each rule fires where it should, and stays silent where it should."""

from dataclasses import replace

import pytest
from document_helpers import ANA, PROFILES, START, at, document, incident, message, note, typed

from bot.domain import events as e
from bot.domain.details import ActionDetails, Due, Severity
from bot.domain.people import Person
from bot.domain.times import Precision
from bot.domain.vocabulary import ActionState, DocumentStatus, Marker, Status, TagKind, TimeName
from bot.views.document import build_document
from bot.views.lint import RULES, Level, Profile, lint


def rules(*events, **more):
    return {finding.rule for finding in lint(document(*events, **more))}


def said(rule, *events, **more):
    return [finding.text for finding in lint(document(*events, **more)) if finding.rule == rule]


def time(which, minutes, **more):
    return e.TimeSet(which=which, time=typed(minutes, **more))


def field(path, value):
    return e.FieldSet(path=path, value=value)


def item(path, **values):
    return e.ItemAdded(path=path, item="1", values=values)


def action(ref="A1", text="Add an index to orders", **more):
    return e.ActionAdded(action=ref, details=ActionDetails(text=text, **more))


GOOD = (
    time(TimeName.IMPACT_STARTED, -10),
    time(TimeName.DETECTED, -4),
    time(TimeName.MITIGATED, 10),
    note("E1", typed(-4), "Alert", marker=Marker.DETECTED, evidence=("https://example.org/a",)),
    note("E2", typed(0), "Looked at the logs"),
    note("E3", typed(5), "Rolled back"),
    note("E4", typed(10), "Errors gone", marker=Marker.RESTORED),
    e.StatusChanged(status=Status.RESOLVED, time=typed(12)),
    field("impact.users.count", 120),
    field("cause.root", "The index was missing"),
    item("cause.contributing", text="Orders grew past what a scan can read"),
    item("lessons.went_well", text="The rollback took two minutes"),
    action(owners=(Person(slack_id=ANA),), due=Due(at=at(1440), day_only=True), priority="P1", tracker="T-1"),
    field("doc.authors", ("Ana Lima",)),
    field("doc.reviewers", ("Bea Novak",)),
    field("doc.followup.date", "2026-04-04"),
)
SEVERE = e.Declared(title="Checkout", severity=Severity(level=1, label="SEV1"))


def test_a_good_postmortem_has_no_errors_and_no_warnings():
    found = lint(document(*GOOD, declared=SEVERE))

    assert [f for f in found if f.level in {Level.ERROR, Level.WARN}] == []


@pytest.mark.parametrize(
    ("rule", "events"),
    [
        ("NO_DETECTION_TIME", ()),
        ("NO_IMPACT_START", ()),
        ("NO_RESOLVED_TIME", ()),
        ("TIME_ORDER", (time(TimeName.DETECTED, 5), time(TimeName.MITIGATED, 1))),
        ("TIMELINE_GAP", (note("E1", typed(0)), note("E2", typed(31)))),
        ("TIMELINE_EMPTY", ()),
        ("FEW_ENTRIES", (note("E1", typed(0)),)),
        ("NO_MARKER_FOR", (note("E1", typed(0)),)),
        ("APPROXIMATE_TIMES", (note("E1", typed(0, approx=True)),)),
        ("LOW_PRECISION_TIMES", (note("E1", typed(0, precision=Precision.HOUR)),)),
        ("AMBIGUOUS_DATE", (field("incident.stated_dates", "070223"),)),
        ("AMBIGUOUS_DATE", (field("incident.stated_dates", "03/04/2026"),)),
        ("MIXED_TIME_ZONES", (note("E1", typed(0, tz="+01:00")), note("E2", typed(1, tz="UTC")))),
        ("CROSSES_DST", (note("E1", typed(0, tz="America/New_York")), note("E2", typed(6000)))),
        ("CROSSES_MIDNIGHT", (note("E1", typed(0)), note("E2", typed(600)))),
        ("OVERLAPPING_ENTRIES", (note("E1", typed(0, end_utc=at(10))), note("E2", typed(5)))),
        ("MANY_ENTRIES", tuple(note(f"E{n}", typed(n)) for n in range(51))),
        (
            "HEADER_DATES_CONTRADICT_TIMELINE",
            (field("incident.stated_dates", "Feb 27 - 28"), note("E1", typed(0))),
        ),
        ("IMPACT_EMPTY", ()),
        ("IMPACT_NOT_QUANTIFIED", (field("impact.level", "bad"),)),
        ("SLA_UNKNOWN", (item("sla", name="Gold", kind="downtime_budget", budget="20 min"),)),
        ("NO_SEVERITY", ()),
        ("CAUSE_EMPTY", ()),
        ("CAUSE_UNCONFIRMED", (field("cause.preliminary", "the network"),)),
        (
            "HYPOTHESIS_DIFFERS_FROM_CONFIRMED",
            (field("cause.preliminary", "the network"), field("cause.confirmed", "the disk")),
        ),
        ("SINGLE_CAUSE", (field("cause.root", "the disk"),)),
        ("DETECTED_WITHOUT_MONITORING", (field("detection.method", "user_report"),)),
        ("LESSONS_EMPTY", ()),
        ("NOTHING_WENT_WELL", ()),
        ("NO_EVIDENCE_LINKS", (note("E1", typed(0)),)),
        ("LINK_WITHOUT_URL", (item("links", label="graph"),)),
        ("NO_AUTHOR", ()),
        ("NO_REVIEWERS", ()),
        ("SIGNOFF_PENDING", (item("doc.signoff", role="CTO", state="pending"),)),
        ("FOLLOWUP_NOT_SCHEDULED", ()),
        ("ACTION_NO_OWNER", (action(),)),
        ("ACTION_NO_DUE", (action(due=Due(raw="as early as possible")),)),
        ("ACTION_NO_PRIORITY", (action(),)),
        ("ACTION_NO_TRACKER", (action(),)),
        ("ACTION_VAGUE", (action(text="Be more careful with deployments"),)),
        ("ACTION_OVERDUE", (action(due=Due(at=at(1))),)),
        ("NO_ACTIONS", ()),
        ("ONLY_DETECT_ACTIONS", (action(type="detect"),)),
        ("FACTOR_WITHOUT_ACTION", (item("cause.contributing", text="Certificates expired"), action())),
        ("PLACEHOLDER_LEFT", (field("summary", "[Name of the author]"),)),
        ("SECRET_OR_PII", (field("summary", "the key is AKIA" + "ABCDEFGHIJKLMNOP"),)),
        ("ENCODING_SUSPECT", (field("summary", "it didn’t".encode().decode("cp1252")),)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_rule_fires(rule, events):
    assert rule in rules(*events)


def test_reopening_and_a_stated_duration_that_differs_are_remarked():
    told = rules(
        *GOOD,
        e.StatusChanged(status=Status.INVESTIGATING),
        e.StatusChanged(status=Status.RESOLVED),
        field("incident.stated_duration", "2 hours"),
    )

    assert {"REOPENED", "STATED_DURATION_DIFFERS"} <= told


def test_severity_and_impact_level_are_compared_as_words():
    high = e.Declared(title="x", severity=Severity(level=2, label="High", scheme="word"))

    assert "SEVERITY_IMPACT_MISMATCH" in rules(field("impact.level", "Moderate (API errors)"), declared=high)
    assert "SEVERITY_IMPACT_MISMATCH" not in rules(field("impact.level", "major"), declared=high)
    assert "SEVERITY_IMPACT_MISMATCH" not in rules(field("impact.level", "many angry users"), declared=high)


def test_a_breached_budget_is_remarked_with_its_window():
    sla = item("sla", name="Gold", kind="downtime_budget", budget="5 min", window="month")

    assert said("SLA_BREACHED", *GOOD, sla) == ["Gold was breached in 2026-03."]


def test_an_hour_is_no_contradiction_of_a_minute_within_it():
    told = (time(TimeName.MITIGATED, 20), time(TimeName.RESOLVED, 0, precision=Precision.HOUR))

    assert "TIME_ORDER" not in rules(*told)
    assert "TIME_ORDER" not in rules(time(TimeName.MITIGATED, 20), time(TimeName.RESOLVED, 0, approx=True))


def test_of_many_gaps_the_three_longest_are_told():
    told = said("TIMELINE_GAP", *(note(f"E{n}", typed(n * n * 40)) for n in range(6)))

    assert [line.split(",")[0] for line in told] == [
        "Nothing is told for 6 h",
        "Nothing is told for 4 h 40 min",
        "Nothing is told for 3 h 20 min",
    ]


def test_parts_of_an_item_inherit_owner_and_date():
    whole = action(owners=(Person(name="Naxa team"),), due=Due(at=at(999)))

    assert not rules(whole, action("A2", parent="A1")) & {"ACTION_NO_OWNER", "ACTION_NO_DUE"}


def test_what_is_done_needs_no_owner():
    done = e.ActionAdded(action="A1", details=ActionDetails(text="Roll back"), state=ActionState.DONE)

    assert "ACTION_NO_OWNER" not in rules(done)


def test_an_owner_who_left_is_named():
    gone = {**PROFILES, ANA: replace(PROFILES[ANA], deleted=True)}
    told = build_document(
        incident(action(owners=(Person(slack_id=ANA),))), messages={}, profiles=gone, now=START
    )

    assert [f.text for f in lint(told) if f.rule == "ACTION_OWNER_LEFT"] == [
        "Ana Lima, who owns A1, left Slack."
    ]


def test_notes_of_another_time_than_the_timeline_are_remarked():
    told = message(-600, "db down")
    events = (e.MessageTagged(entry="N1", message=told.ref, tag=TagKind.NOTE), note("E1", typed(0)))

    assert "NOTES_AND_TIMELINE_DISJOINT" in rules(*events, messages=(told,))


@pytest.mark.parametrize(
    "sentence",
    [
        "The outage was caused by human error.",
        "A careless change broke login.",
        "He should have known that the disk was full.",
        "It was the fault of the night shift.",
        "The developer forgot to add the index.",
        "Ana failed to check the dashboard.",
        "@Ana broke the build.",
        "The change was merged by a new hire.",
        "Junior Developers should not have access.",
        "Our on-call engineer ignored the page.",
        "Nobody reviewed his untested code.",
    ],
)
def test_blame_is_remarked_with_another_way_to_say_it(sentence):
    found = [
        f for f in lint(document(field("cause.what_happened", sentence))) if f.rule == "BLAMEFUL_WORDING"
    ]

    assert len(found) == 1
    assert found[0].hint
    assert found[0].where == "cause.what_happened"


@pytest.mark.parametrize(
    "sentence",
    [
        "The health check failed to detect the error.",
        "The deployment broke the login page.",
        "This review is blameless.",
        "The column should have been nullable first.",
        "A page fault in the kernel stopped the node.",
        "The engineer rolled back within two minutes.",
        "The default timeout caused the outage.",
        "Ana restarted the queue.",
        "Errors were ignored by the retry loop.",
        "International traffic was internally routed.",
        "The on-call engineer was not familiar with the rollback commands.",
    ],
)
def test_neutral_words_are_left_alone(sentence):
    assert "BLAMEFUL_WORDING" not in rules(field("cause.what_happened", sentence))


@pytest.mark.parametrize(
    "text", ["see [1]", "[x] done", "[docs](https://example.org)", "list[str]", "a [b", "arr[i]"]
)
def test_brackets_of_other_kinds_are_no_placeholders(text):
    assert "PLACEHOLDER_LEFT" not in rules(field("summary", text))


def test_a_secret_is_told_by_kind_and_place_only():
    key = "xoxb-" + "1234567890-abcdef"
    found = [f for f in lint(document(field("summary", f"token {key}"))) if f.rule == "SECRET_OR_PII"]

    assert [f.where for f in found] == ["summary"]
    assert key not in str(found)


def test_broken_letters_come_with_their_repair():
    found = [
        f
        for f in lint(document(field("summary", "Zürich".encode().decode("latin-1"))))
        if f.rule == "ENCODING_SUSPECT"
    ]

    assert found[0].hint == "Perhaps it should read: Zürich"


def test_a_pack_chooses_levels_and_numbers():
    settings = {"lint": {"NO_ACTIONS": "error", "CAUSE_EMPTY": False, "IMPACT_EMPTY": "loud"}}
    numbers = {"lint_settings": {"gap_minutes": 90, "many_entries": "few"}}
    profile = Profile.of(settings | numbers)
    found = {f.rule: f.level for f in lint(document(note("E1", typed(0)), note("E2", typed(60))), profile)}

    assert found["NO_ACTIONS"] is Level.ERROR
    assert "CAUSE_EMPTY" not in found
    assert found["IMPACT_EMPTY"] is Level.ERROR
    assert "TIMELINE_GAP" not in found


def test_what_a_review_asks_for_is_a_hint_while_it_is_a_draft():
    draft = {f.rule: f.level for f in lint(document())}
    review = {
        f.rule: f.level for f in lint(document(e.DocumentStatusChanged(status=DocumentStatus.IN_REVIEW)))
    }

    assert (draft["NO_AUTHOR"], review["NO_AUTHOR"]) == (Level.INFO, Level.WARN)


def test_the_same_document_gives_the_same_findings_gravest_first():
    told = lint(document())
    order = [Level.ERROR, Level.WARN, Level.INFO]

    assert told == lint(document())
    assert [f.level for f in told] == sorted((f.level for f in told), key=order.index)


def test_every_rule_of_the_documents_is_here():
    assert len(RULES) == 53
