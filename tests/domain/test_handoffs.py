"""Roles: given, given up, and handed over only when the other accepts."""

import pytest

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.people import Person
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import HandoffOutcome
from tests.domain.story import ANA, BEA, CHEN, Story


@pytest.fixture
def story():
    made = Story()
    made.ask(c.Declare(title="checkout is down"))
    made.ask(c.AssignRole(role="commander", person=ANA))
    return made


def offer(story, to=BEA, by=ANA, role=None, minute=1):
    return story.ask(c.OfferHandoff(to=to, by=by, role=role), minute)


def answer(story, accept=True, by=BEA, minute=2, handoff=1):
    return story.ask(c.AnswerHandoff(handoff=handoff, by=by, accept=accept), minute)


def outcome(story, number=1):
    return story.state.handoff(number).outcome


def test_nothing_changes_hands_before_it_is_accepted(story):
    offer(story)
    assert story.state.holders("commander") == (ANA,)
    answer(story)
    assert story.state.holders("commander") == (BEA,)
    assert outcome(story) is HandoffOutcome.ACCEPTED


def test_a_declined_role_stays_where_it_was(story):
    offer(story)
    answer(story, accept=False)
    assert story.state.holders("commander") == (ANA,)


@pytest.mark.parametrize("accept", [True, False])
def test_a_second_answer_changes_nothing_and_is_told_why(story, accept):
    offer(story)
    answer(story)
    again = answer(story, accept=accept, minute=3)
    assert isinstance(again, Refusal)
    assert "accepted already" in again.why


def test_only_the_one_who_was_asked_may_answer(story):
    offer(story)
    assert isinstance(answer(story, by=CHEN), Refusal)
    assert story.state.holders("commander") == (ANA,)


def test_an_offer_ends_after_a_quarter_of_an_hour(story):
    offer(story, minute=1)
    assert story.ask(c.ExpireHandoff(handoff=1), 15) == ()
    refusal = answer(story, minute=16)
    assert "time to answer is over" in refusal.why
    story.ask(c.ExpireHandoff(handoff=1), 16)
    assert outcome(story) is HandoffOutcome.EXPIRED


def test_a_role_given_to_another_is_no_longer_on_offer(story):
    offer(story)
    story.ask(c.AssignRole(role="commander", person=CHEN), 2)
    assert "another way" in answer(story, minute=3).why


def test_a_role_given_up_is_no_longer_on_offer(story):
    offer(story)
    story.ask(c.ReleaseRole(role="commander", person=ANA), 2)
    assert outcome(story) is HandoffOutcome.WITHDRAWN


def test_asking_somebody_else_withdraws_the_first_question(story):
    offer(story)
    offer(story, to=CHEN, minute=2)
    assert outcome(story) is HandoffOutcome.WITHDRAWN
    answer(story, by=CHEN, handoff=2, minute=3)
    assert story.state.holders("commander") == (CHEN,)


def test_the_role_that_is_meant_is_the_only_one_or_the_command(story):
    story.ask(c.AssignRole(role="scribe", person=ANA))
    story.ask(c.AssignRole(role="ops", person=CHEN))
    assert offer(story)[-1].role == "commander"
    assert offer(story, by=CHEN)[-1].role == "ops"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"by": CHEN}, "you hold no role"),
        ({"role": "comms"}, "nobody holds the role comms"),
        ({"to": ANA}, "holds the role commander already"),
        ({"to": Person(name="the vendor")}, "is not in this Slack"),
    ],
)
def test_what_cannot_be_handed_over_is_refused_with_what_to_do(story, asked, why):
    refusal = offer(story, **asked)
    assert why in refusal.why
    assert refusal.hint


def test_who_was_asked_is_not_asked_twice(story):
    offer(story)
    assert "asked already" in offer(story, minute=2).why


def test_a_role_that_may_be_shared_keeps_its_other_holders(story):
    story.ask(c.AssignRole(role="ops", person=ANA, beside=True))
    story.ask(c.AssignRole(role="ops", person=CHEN, beside=True))
    assert story.state.holders("ops") == (ANA, CHEN)
    offer(story, role="ops", by=CHEN)
    answer(story)
    assert story.state.holders("ops") == (ANA, BEA)


def test_giving_a_role_again_to_its_only_holder_changes_nothing(story):
    assert story.ask(c.AssignRole(role="commander", person=ANA)) == ()


def test_one_holder_takes_the_place_of_several(story):
    story.ask(c.AssignRole(role="ops", person=ANA, beside=True))
    story.ask(c.AssignRole(role="ops", person=CHEN, beside=True))
    given = story.ask(c.AssignRole(role="ops", person=CHEN))
    assert [type(event) for event in given] == [e.RoleAssigned]
    assert story.state.holders("ops") == (CHEN,)
