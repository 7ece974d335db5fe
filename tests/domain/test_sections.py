"""The sections of the review: every field has its place, and what is missing is said in a person's words."""

from collections import Counter
from datetime import UTC, datetime

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.decide import decide
from bot.domain.details import ActionDetails
from bot.domain.evolve import fold
from bot.domain.fields import FIELDS, LISTS
from bot.domain.people import Person
from bot.domain.sections import SECTIONS, TIMES, missing, section_of
from bot.domain.vocabulary import DocumentStatus

AT = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
BEA = Person(slack_id="U0BEA")
#: The document model's paths that people fill, beside the fields and lists of the same names.
MODEL = [
    "incident.type",
    "incident.category",
    "incident.services",
    "incident.environments",
    "incident.customers",
    "incident.reporter",
    "incident.releases.faulty",
    "incident.releases.stable",
    "incident.releases.trigger",
    "incident.stated_dates",
    "incident.stated_time",
    "incident.stated_duration",
    "summary",
    "background",
    "introduction",
    "response.narrative",
    "detection.method",
    "detection.by",
    "detection.text",
    "impact.level",
    "impact.users.count",
    "impact.users.percent",
    "impact.users.approx",
    "impact.users.qualifier",
    "impact.users.basis",
    "impact.services",
    "impact.windows",
    "impact.experience",
    "impact.customers",
    "impact.revenue.amount",
    "impact.revenue.currency",
    "impact.revenue.approx",
    "impact.revenue.basis",
    "impact.revenue.note",
    "impact.reputation.support_tickets",
    "impact.reputation.negative_posts",
    "impact.reputation.network",
    "impact.reputation.text",
    "impact.data.loss",
    "impact.data.corruption",
    "impact.data.recovery",
    "impact.data.text",
    "sla",
    "cause.problem_statement",
    "cause.trigger",
    "cause.what_happened",
    "cause.defects",
    "cause.hypotheses",
    "cause.preliminary",
    "cause.confirmed",
    "cause.confirmed_state",
    "cause.root",
    "cause.five_whys",
    "cause.why_not_caught",
    "cause.contributing",
    "cause.contributing_none",
    "resolution.summary",
    "resolution.steps",
    "resolution.immediate",
    "resolution.long_term",
    "resolution.outcome",
    "lessons.went_well",
    "lessons.went_wrong",
    "lessons.lucky",
    "lessons.insights",
    "lessons.technical",
    "lessons.process",
    "lessons.people",
    "lessons.general",
    "lessons.systems_worked",
    "checklists",
    "comms",
    "related",
    "links",
    "doc.template",
    "doc.template_version",
    "doc.authors",
    "doc.reviewers",
    "doc.owner",
    "doc.attendees",
    "doc.report_date",
    "doc.publication_date",
    "doc.last_updated",
    "doc.next_review",
    "doc.distribution",
    "doc.description",
    "doc.conclusion.text",
    "doc.conclusion.severity",
    "doc.conclusion.outcome",
    "doc.conclusion.learning_value",
    "doc.action_plan",
    "doc.hide_clock_times",
    "doc.signoff",
    "doc.followup.date",
    "doc.followup.days",
    "doc.followup.agenda",
    "doc.followup.result",
    "doc.updates",
]


def incident(*events):
    record = [e.Declared(title="checkout is down"), *events]
    return fold(
        e.Recorded(incident=1, number=n, at=AT, by="U0ANA", event=event) for n, event in enumerate(record, 1)
    )


def test_every_field_of_the_document_can_be_filled_in_exactly_one_section():
    places = Counter(path for section in SECTIONS.values() for path in section.paths)

    assert {path: count for path, count in places.items() if count > 1} == {}
    assert set(places) - {path for path in places if path.startswith(TIMES)} == {*FIELDS, *LISTS}
    assert [path for path in MODEL if section_of(path) is None] == []


def test_one_of_two_ways_to_say_it_is_enough():
    impact = SECTIONS["impact"]

    assert missing(incident(), impact) == ("Impact level", "Users affected (number)", "What users see")
    percent = e.FieldSet(path="impact.users.percent", value=12)
    assert missing(incident(percent), impact) == ("Impact level", "What users see")


def test_an_item_without_owner_and_date_is_said_to_lack_both():
    added = e.ActionAdded(action="A1", details=ActionDetails(text="roll back"))

    assert missing(incident(added), SECTIONS["actions"]) == ("A1: owner and due date",)


def test_what_is_published_goes_back_to_no_draft():
    published = incident(e.DocumentStatusChanged(status=DocumentStatus.PUBLISHED))
    refusal = decide(published, c.ChangeDocumentStatus(status=DocumentStatus.DRAFT), at=AT)

    assert "new revision" in refusal.hint


def test_a_rendering_after_publication_says_what_changed_and_without_change_says_nothing():
    events = [
        e.DocumentStatusChanged(status=DocumentStatus.PUBLISHED),
        e.DocumentRequested(revision=1, formats=("markdown",), final=True),
    ]
    assert len(decide(incident(*events), c.RequestDocument(), at=AT)) == 1

    changed = incident(*events, e.FieldSet(path="summary", value="The index was missing."))
    told, asked = decide(changed, c.RequestDocument(), at=AT)
    assert told.values["text"] == "Revision 2: Summary changed."
    assert asked.revision == 2


def test_only_the_named_person_signs_and_only_once():
    line = e.ItemAdded(path="doc.signoff", item="1", values={"role": "Commander", "name": "<@U0BEA>"})
    other = decide(incident(line), c.SignOff(item="1", person=Person(slack_id="U0ELI")), at=AT)
    assert (other.by, other.why) == ("U0BEA", "is the one who signs as Commander.")

    (signed,) = decide(incident(line), c.SignOff(item="1", person=BEA), at=AT)
    after = incident(line, signed)
    assert after.lists["doc.signoff"][0].values["state"] == "signed"
    assert "signed already" in decide(after, c.SignOff(item="1", person=BEA), at=AT).why


def test_a_name_typed_by_hand_is_signed_by_whoever_is_called_so():
    line = e.ItemAdded(path="doc.signoff", item="1", values={"role": "Owner", "name": "Bea Bell"})

    assert decide(incident(line), c.SignOff(item="1", person=BEA, called="bea bell"), at=AT)
    assert decide(incident(line), c.SignOff(item="1", person=BEA, called="Eli"), at=AT).what


def test_waiving_needs_a_reason():
    line = e.ItemAdded(path="doc.signoff", item="1", values={"role": "CTO"})

    assert decide(incident(line), c.SignOff(item="1", person=BEA, waived=" "), at=AT).field == "reason"
    (waived,) = decide(incident(line), c.SignOff(item="1", person=BEA, waived="on leave"), at=AT)
    assert (waived.state, waived.reason) == ("waived", "on leave")
