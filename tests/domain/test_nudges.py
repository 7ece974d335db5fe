"""What a channel is reminded of, and when: the rules as promises."""

from datetime import timedelta

import pytest

from bot.domain import commands as c
from bot.domain.nudges import NudgeRules, next_nudge, still_lacking
from bot.domain.times import Time
from bot.domain.vocabulary import Kind, Status, TimeName
from tests.domain.story import ANA, AT, BEA, SEV1, SEV3, Story

RULES = NudgeRules()


def declared(severity=SEV1, **more):
    story = Story()
    story.ask(c.Declare(title="checkout is down", severity=severity, **more))
    return story


def commanded(severity=SEV1):
    story = declared(severity)
    story.ask(c.AssignRole(role="commander", person=ANA))
    return story


def upcoming(story, heard=None, rules=RULES):
    """(minutes after the beginning, about what)"""
    nudge = next_nudge(story.state, rules, heard=heard)
    return nudge and ((nudge.at - AT) / timedelta(minutes=1), tuple(kind.value for kind in nudge.about))


def play(story, until, rules=RULES):
    """Nudge whenever it is time; the minutes at which that was."""
    minutes = []
    while (following := upcoming(story, rules=rules)) and following[0] <= until:
        minutes.append(following[0])
        story.ask(c.Nudge(about=next_nudge(story.state, rules).about), following[0])
    return minutes


def test_an_incident_without_a_commander_asks_for_one_after_five_minutes():
    assert upcoming(declared()) == (5, ("commander",))


@pytest.mark.parametrize(("severity", "minutes"), [(SEV1, 15), (SEV3, 60)])
def test_updates_are_asked_for_as_often_as_the_severity_needs(severity, minutes):
    assert upcoming(commanded(severity)) == (minutes, ("update",))


def test_an_update_starts_the_time_anew():
    story = commanded()
    story.ask(c.PostUpdate(text="looking"), 12)
    assert upcoming(story) == (27, ("update",))


def test_a_severity_without_a_rule_needs_no_updates():
    assert upcoming(commanded(), rules=NudgeRules(update_after={})) == (240, ("quiet",))


def test_a_promised_update_is_asked_for_when_it_is_due_and_not_before():
    story = commanded()
    story.ask(c.PostUpdate(text="looking", next_at=AT + timedelta(minutes=50)), 10)
    assert upcoming(story) == (50, ("promise",))


def test_a_raised_severity_gives_its_own_time():
    story = commanded(SEV3)
    story.ask(c.ChangeSeverity(severity=SEV1), 40)
    assert upcoming(story) == (55, ("update",))


def test_a_nudge_that_nobody_heeds_comes_again_after_twice_the_time():
    rules = NudgeRules(most=99)
    assert play(commanded(), until=239, rules=rules) == [15, 45, 105, 225]


def test_nobody_hears_more_than_two_nudges_in_an_hour_and_the_held_back_one_says_all():
    story = declared()
    minutes = play(story, until=240)
    assert minutes[:3] == [5, 15, 65]
    assert all(later - earlier >= 60 for earlier, later in zip(minutes, minutes[2:], strict=False))
    assert {kind.value for kind in story.state.nudges[2].about} == {"commander", "update"}
    assert len(minutes) <= 8


def test_a_silent_incident_is_asked_about_after_four_hours():
    assert upcoming(commanded(None)) == (240, ("quiet",))


def test_what_people_say_in_the_channel_is_heard():
    assert upcoming(commanded(None), heard=AT + timedelta(minutes=30)) == (270, ("quiet",))


def test_a_snooze_holds_everything_back_and_then_all_is_said_at_once():
    story = declared()
    story.ask(c.SnoozeNudges(until=AT + timedelta(minutes=120)), 1)
    assert upcoming(story) == (120, ("commander", "update"))


def test_a_snooze_can_be_ended():
    story = declared()
    story.ask(c.SnoozeNudges(until=AT + timedelta(minutes=120)), 1)
    story.ask(c.SnoozeNudges(until=None), 2)
    assert upcoming(story) == (5, ("commander",))


def test_a_resolved_incident_is_asked_once_when_the_impact_started():
    story = commanded()
    story.ask(c.ChangeStatus(status=Status.RESOLVED), 30)
    assert play(story, until=10_000) == [35]


def test_with_the_start_of_the_impact_known_a_resolved_incident_is_left_in_peace():
    story = commanded()
    story.ask(c.SetTime(which=TimeName.IMPACT_STARTED, time=Time.at(AT)), 20)
    story.ask(c.ChangeStatus(status=Status.RESOLVED), 30)
    assert upcoming(story) is None


@pytest.mark.parametrize("status", [Status.CLOSED, Status.DECLINED, Status.MERGED])
def test_an_ended_incident_is_left_in_peace(status):
    story = declared()
    story.ask(c.ChangeStatus(status=status), 3)
    assert upcoming(story) is None


def test_an_incident_told_after_the_fact_is_left_in_peace():
    assert upcoming(declared(kind=Kind.RETROACTIVE)) is None


def test_a_reopened_incident_begins_anew():
    story = commanded()
    story.ask(c.ChangeStatus(status=Status.RESOLVED), 30)
    story.ask(c.ChangeStatus(status=Status.INVESTIGATING), 300)
    assert upcoming(story) == (315, ("update",))


def test_a_commander_who_gave_up_is_missed_from_then_on():
    story = commanded(None)
    story.ask(c.ReleaseRole(role="commander", person=ANA), 90)
    assert upcoming(story) == (95, ("commander",))


def test_a_nudge_is_over_when_what_lacked_is_there():
    story = declared()
    play(story, until=5)
    (nudge,) = story.state.nudges
    assert still_lacking(story.state, nudge)
    story.ask(c.AssignRole(role="commander", person=BEA), 6)
    assert not still_lacking(story.state, nudge)
