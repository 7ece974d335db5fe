"""Decisions: events or a refusal, without a database, a clock or Slack."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.decide import decide
from bot.domain.details import ActionDetails, EntryDetails, MessageRef, Severity
from bot.domain.evolve import fold
from bot.domain.people import Person
from bot.domain.refusals import Refusal
from bot.domain.times import Precision, Time
from bot.domain.vocabulary import ActionState, Marker, Status, TimeName

AT = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
SEV1 = Severity(level=1, label="SEV1")


class Story:
    """An incident told by commands, a minute apart."""

    def __init__(self):
        self.record, self.state, self.at = [], None, AT

    def ask(self, command, by="U0ANA"):
        self.at += timedelta(minutes=1)
        answer = decide(self.state, command, at=self.at)
        if not isinstance(answer, Refusal):
            for event in answer:
                number = len(self.record) + 1
                self.record.append(e.Recorded(incident=1, number=number, at=self.at, by=by, event=event))
            self.state = fold(self.record)
        return answer


@pytest.fixture
def story():
    made = Story()
    made.ask(c.Declare(title="checkout is down", severity=SEV1))
    return made


def test_saying_the_same_again_changes_nothing(story):
    assert story.ask(c.ChangeSeverity(severity=SEV1)) == ()
    assert story.ask(c.Rename(title="checkout  is down")) == ()


def test_entering_monitoring_sets_mitigated(story):
    story.ask(c.ChangeStatus(status=Status.MONITORING))
    assert TimeName.MITIGATED in story.state.times


def test_mitigated_equals_resolved_when_that_step_was_skipped(story):
    story.ask(c.ChangeStatus(status=Status.RESOLVED))
    times = story.state.times
    assert times[TimeName.MITIGATED].utc == times[TimeName.RESOLVED].utc


def test_a_time_set_by_hand_is_kept_when_the_status_comes(story):
    early = Time(utc=AT, precision=Precision.MINUTE)
    story.ask(c.SetTime(which=TimeName.MITIGATED, time=early))
    story.ask(c.ChangeStatus(status=Status.MONITORING))
    assert story.state.times[TimeName.MITIGATED] == early


def test_closing_an_open_incident_resolves_it_on_the_way(story):
    events = story.ask(c.ChangeStatus(status=Status.CLOSED))
    assert [type(event).__name__ for event in events] == [
        "StatusChanged",
        "StatusChanged",
        "DocumentRequested",
    ]
    assert TimeName.RESOLVED in story.state.times


def test_closing_twice_says_who_closed_it_first(story):
    story.ask(c.ChangeStatus(status=Status.CLOSED), by="U0BEA")
    refused = story.ask(c.ChangeStatus(status=Status.CLOSED))
    assert refused.by == "U0BEA"


def test_a_reopen_keeps_the_first_window(story):
    story.ask(c.ChangeStatus(status=Status.RESOLVED))
    story.ask(c.ChangeStatus(status=Status.INVESTIGATING))
    assert len(story.state.windows) == 1
    assert TimeName.RESOLVED not in story.state.times


def test_a_second_tag_on_a_message_is_one_entry(story):
    message = MessageRef(channel="C1", ts="1763470000.000100")
    story.ask(c.TagMessage(message=message))
    assert story.ask(c.TagMessage(message=message)) == ()
    story.ask(c.TagMessage(message=message, details=EntryDetails(marker=Marker.FAILURE)))
    assert len(story.state.entries) == 1
    assert story.state.entries["T1"].details.marker is Marker.FAILURE


def test_a_tag_taken_off_and_put_on_again_is_the_same_entry(story):
    message = MessageRef(channel="C1", ts="1763470000.000100")
    story.ask(c.TagMessage(message=message))
    story.ask(c.UntagMessage(message=message))
    assert story.state.entries["T1"].hidden
    story.ask(c.TagMessage(message=message))
    assert list(story.state.entries) == ["T1"]
    assert not story.state.entries["T1"].hidden


def test_items_nest_four_deep_and_no_deeper(story):
    parent = None
    for depth in range(4):
        story.ask(c.AddAction(details=ActionDetails(text=f"level {depth}", parent=parent)))
        parent = f"A{depth + 1}"
    refused = story.ask(c.AddAction(details=ActionDetails(text="too deep", parent=parent)))
    assert isinstance(refused, Refusal)
    assert "4 deep" in refused.why


def test_an_unknown_field_is_refused_and_nothing_is_set(story):
    refused = story.ask(c.SetFields(values={"summary": "fine", "impact.mood": "bad"}))
    assert isinstance(refused, Refusal)
    assert "summary" not in story.state.fields


def test_a_choice_that_is_none_is_refused(story):
    assert isinstance(story.ask(c.SetFields(values={"impact.data.loss": "perhaps"})), Refusal)


@pytest.mark.parametrize(
    "command",
    [
        c.Rename(title=" "),
        c.Rename(title="x" * 201),
        c.AddNote(time=Time.at(AT), details=EntryDetails(text=" ")),
        c.HideEntry(entry="T9"),
        c.ChangeEntry(entry="T9"),
        c.AddAction(details=ActionDetails(text="")),
        c.AddAction(details=ActionDetails(text="x", parent="A9")),
        c.ChangeActionState(action="A9", state=ActionState.DONE),
        c.SnoozeAction(action="A9", until=AT),
        c.ReleaseRole(role="commander", person=Person(slack_id="U0BEA")),
        c.SetTime(which=TimeName.DECLARED, time=None),
        c.PostUpdate(text=""),
        c.PostUpdate(text="x", next_at=AT - timedelta(hours=1)),
        c.AddItem(path="lessons.mood", values={"text": "x"}),
        c.AddItem(path="lessons.went_well", values={"text": ""}),
    ],
    ids=repr,
)
def test_a_refusal_says_what_why_and_what_to_try(story, command):
    refused = story.ask(command)
    assert isinstance(refused, Refusal)
    assert refused.what
    assert refused.why.endswith(".")
    assert refused.hint


STATUSES = st.sampled_from([status for status in Status if status is not Status.MERGED])


@settings(max_examples=200, deadline=None)
@given(st.lists(STATUSES, max_size=12))
def test_whatever_the_order_of_statuses_the_fold_holds(statuses):
    story = Story()
    story.ask(c.Declare(title="x"))
    for status in statuses:
        story.ask(c.ChangeStatus(status=status))
    state = story.state
    assert state.version == len(story.record)
    assert (TimeName.RESOLVED in state.times) <= (not state.status.is_open)
    assert fold(story.record) == state
