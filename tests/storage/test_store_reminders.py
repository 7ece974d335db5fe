"""A ladder is moved on once, its lines go out in one letter at a time, and a change of the item has the last word."""

import asyncio
from dataclasses import replace

from store_helpers import ALICE, BOB, NOW, action, add, declare, later, without_nudges

from bot.app.ports import Climb, Ladder, Line
from bot.domain import events as e
from bot.domain.details import ActionDetails, Due
from bot.domain.reminders import Manner
from bot.domain.vocabulary import ActionKind, ActionState, Status
from storage.letters import LOOKED_AT

DUE = later(hours=2)
TASK = {"due": DUE, "kind": ActionKind.TASK}


async def armed(store, **more):
    """An incident with one task; its number and the place on its ladder."""
    number = (await declare(store, more=[action(**TASK | more)])).number
    await without_nudges(store)
    (ladder,) = await store.due_ladders(NOW, limit=9)
    return number, ladder


def line(number, *, to=ALICE, subject="action:A1", rung="due", at=DUE, **more):
    return Line(
        recipient=to, incident=number, subject=subject, rung=rung, at=at,
        manner=Manner.AT_ONCE, **{"next_at": at, **more},
    )  # fmt: skip


async def queued(store, **more):
    """A line for Alice that is due; the number of its incident."""
    number, ladder = await armed(store)
    step = Climb(ladder=ladder, until=DUE, next_at=later(hours=3), lines=(line(number, **more),))
    await store.climb([step])
    return number


async def more_lines(store, *lines):
    """Queue lines by climbing whatever ladders stand."""
    (ladder, *_) = await store.due_ladders(later(days=999), limit=9)
    await store.climb([Climb(ladder=ladder, until=ladder.said_until, next_at=later(hours=3), lines=lines)])


def claim(store, now=DUE, owner="w1"):
    return store.claim_letters(now, owner=owner, lease_s=60, limit=9)


# --- ladders ---------------------------------------------------------------------------------------------------------


async def test_a_new_item_is_looked_at_at_once(store):
    number, ladder = await armed(store)
    assert ladder == Ladder(incident=number, subject="action:A1", said_until=NOW)


async def test_a_ladder_waits_for_its_next_rung(store):
    _, ladder = await armed(store)
    await store.climb([Climb(ladder=ladder, until=NOW, next_at=later(hours=1))])
    assert await store.due_ladders(later(minutes=59), limit=9) == []
    assert len(await store.due_ladders(later(hours=1), limit=9)) == 1
    assert await store.next_wake() == later(hours=1)


async def test_a_ladder_that_has_ended_leaves_nothing(store):
    _, ladder = await armed(store)
    await store.climb([Climb(ladder=ladder, until=NOW, next_at=None)])
    assert await store.next_wake() is None


async def test_two_replicas_at_one_rung_say_it_once(replicas):
    first, second = replicas
    number, ladder = await armed(first)
    step = Climb(ladder=ladder, until=DUE, next_at=later(hours=3), lines=(line(number),))
    await asyncio.gather(first.climb([step]), second.climb([step]))
    (letter,) = await claim(first)
    assert len(letter.lines) == 1


async def test_a_change_meanwhile_wins_over_a_rung_that_was_being_said(store):
    number, ladder = await armed(store)
    moved = ActionDetails(text="x", kind=ActionKind.TASK, due=Due(at=later(hours=5)))
    await add(store, number, e.ActionEdited(action="A1", details=moved), at=later(minutes=1))
    await store.climb([Climb(ladder=ladder, until=DUE, next_at=later(hours=3), lines=(line(number),))])
    assert await claim(store) == []
    (again,) = await store.due_ladders(later(minutes=1), limit=9)
    assert again.said_until == later(minutes=1)


async def test_an_edit_of_the_words_leaves_the_ladder_alone(store):
    number, ladder = await armed(store)
    await store.climb([Climb(ladder=ladder, until=NOW, next_at=later(hours=1))])
    item = (await store.incident(number)).actions["A1"]
    edited = replace(item.details, text="Ring the vendor again")
    await add(store, number, e.ActionEdited(action="A1", details=edited), at=later(minutes=30))
    assert await store.next_wake() == later(hours=1)


async def test_done_withdraws_what_was_not_said_yet(store):
    number = await queued(store)
    await add(store, number, e.ActionStateChanged(action="A1", state=ActionState.DONE))
    assert await claim(store) == []
    assert await store.next_wake() is None


async def test_declining_the_incident_ends_every_ladder_and_reopening_begins_them(store):
    number, _ = await armed(store)
    await add(store, number, e.StatusChanged(status=Status.DECLINED))
    assert await store.due_ladders(later(days=9), limit=9) == []
    await add(store, number, e.StatusChanged(status=Status.INVESTIGATING), at=later(days=1))
    (ladder, *_) = sorted(await store.due_ladders(later(days=9), limit=9), key=lambda each: each.subject)
    assert ladder.said_until == later(days=1)


async def test_closing_the_incident_ends_nothing(store):
    number, _ = await armed(store)
    await add(store, number, e.StatusChanged(status=Status.CLOSED))
    assert len(await store.due_ladders(later(days=9), limit=9)) == 1


# --- letters ---------------------------------------------------------------------------------------------------------


async def test_all_that_is_due_for_one_person_is_one_letter(store):
    number = await queued(store)
    await more_lines(
        store,
        line(number, subject="action:A2"),
        line(number, subject="action:A3", next_at=later(hours=9)),
        line(number, to=BOB),
    )
    letters = {letter.recipient: letter for letter in await claim(store)}
    assert {line.subject for line in letters[ALICE].lines} == {"action:A1", "action:A2"}
    assert len(letters[BOB].lines) == 1


async def test_a_later_rung_takes_the_place_of_one_that_waits(store):
    number = await queued(store, rung="before")
    await more_lines(store, line(number, rung="due"))
    (letter,) = await claim(store)
    assert [line.rung for line in letter.lines] == ["due"]


async def test_one_worker_has_a_letter_until_its_lease_ends(replicas):
    first, second = replicas
    await queued(first)
    (letter,) = await claim(first)
    assert await claim(second, later(hours=2, seconds=59), "w2") == []
    (again,) = await claim(second, later(hours=2, seconds=60), "w2")
    assert (again.key, again.attempts, again.lines) == (letter.key, 2, letter.lines)


async def test_two_workers_that_claim_at_once_share_the_recipients(replicas):
    first, _ = replicas
    number = await queued(first)
    await more_lines(first, *(line(number, to=f"U0{n:03}") for n in range(30)))
    taken = [
        letter.recipient
        for group in await asyncio.gather(*(claim(s) for s in replicas * 3))
        for letter in group
    ]
    assert len(taken) == len(set(taken)) == 31


async def test_what_comes_while_a_letter_is_on_its_way_waits_for_the_next(store):
    number = await queued(store)
    (letter,) = await claim(store)
    await more_lines(store, line(number, rung="overdue"))
    await store.settle_letter(letter)
    (following,) = await claim(store)
    assert [line.rung for line in following.lines] == ["overdue"]
    assert following.key != letter.key


async def test_a_settled_letter_is_not_sent_again(store):
    await queued(store)
    (letter,) = await claim(store)
    await store.settle_letter(letter)
    assert await claim(store, later(days=9)) == []


async def test_a_delayed_letter_stays_the_same_letter(store):
    await queued(store)
    (letter,) = await claim(store)
    await store.delay_letter(letter, later(hours=2, minutes=1))
    assert await claim(store) == []
    assert await store.next_wake() == later(hours=2, minutes=1)
    (again,) = await claim(store, later(hours=2, minutes=1))
    assert (again.key, again.attempts, again.begun_at) == (letter.key, 2, DUE)


async def test_a_letter_that_was_surely_not_sent_takes_in_what_came_meanwhile(store):
    number = await queued(store)
    (letter,) = await claim(store)
    await more_lines(store, line(number, rung="overdue"), line(number, subject="action:A2"))
    await store.reopen_letter(letter, later(hours=2, minutes=1))
    assert await claim(store) == []
    (again,) = await claim(store, later(hours=2, minutes=1))
    assert sorted((line.subject, line.rung) for line in again.lines) == [
        ("action:A1", "overdue"),
        ("action:A2", "due"),
    ]
    assert again.attempts == 1


async def test_a_worker_that_lost_its_lease_ends_nobody_elses(store):
    await queued(store)
    (lost,) = await claim(store)
    await claim(store, later(hours=2, minutes=1), "w2")
    await store.delay_letter(lost, NOW)
    await store.reopen_letter(lost, NOW)
    assert await store.postpone_lines(lost, lost.lines, NOW) is None
    assert await claim(store, later(hours=2, minutes=1, seconds=30), "w3") == []


async def test_lines_can_wait_without_the_rest(store):
    number = await queued(store)
    await more_lines(store, line(number, subject="action:A2"))
    (letter,) = await claim(store)
    early, late = letter.lines
    left = await store.postpone_lines(letter, [late], later(hours=9))
    assert left.lines == (early,)
    await store.settle_letter(left)
    assert await claim(store, later(hours=8)) == []
    (again,) = await claim(store, later(hours=9))
    assert [line.subject for line in again.lines] == [late.subject]


async def test_a_letter_whose_lines_all_wait_is_given_up(store):
    await queued(store)
    (letter,) = await claim(store)
    assert await store.postpone_lines(letter, letter.lines, later(hours=9)) is None
    (again,) = await claim(store, later(hours=9))
    assert again.attempts == 1


async def test_what_one_cannot_be_told_is_told_to_another_in_the_same_step(store):
    await queued(store)
    (letter,) = await claim(store)
    passed = replace(letter.lines[0], recipient=BOB, tried=(ALICE,))
    await store.settle_letter(letter, [passed])
    (again,) = await claim(store)
    assert (again.recipient, again.lines[0].tried) == (BOB, (ALICE,))


async def test_a_lease_from_a_clock_that_was_ahead_does_not_hold_for_ever(store):
    await queued(store)
    await claim(store, later(days=3))
    (again,) = await claim(store, later(hours=2))
    assert again.attempts == 2


async def test_the_earliest_of_all_moments_wakes(store):
    await queued(store)
    assert await store.next_wake() == DUE
    (letter,) = await claim(store)
    assert await store.next_wake() == later(hours=2, minutes=1), "when its lease ends"
    await store.settle_letter(letter)
    assert await store.next_wake() == later(hours=3)


# --- whose turn it is --------------------------------------------------------------------------------------------------


async def test_who_has_waited_longest_is_written_to_first(store):
    number, _ = await armed(store)
    people = [f"U0PERSON{n}" for n in range(20)]
    waits = [line(number, to=name, at=later(minutes=-n)) for n, name in enumerate(people)]
    await more_lines(store, *waits)
    claimed = await store.claim_letters(DUE, owner="w1", lease_s=60, limit=5)
    assert len(claimed) == 5
    await asyncio.gather(*map(store.settle_letter, claimed))
    rest = await store.claim_letters(DUE, owner="w1", lease_s=60, limit=99)
    assert {letter.recipient for letter in (*claimed, *rest)} == set(people)


async def test_one_who_is_owed_very_much_holds_up_nobody_for_long(store):
    number, _ = await armed(store)
    much = [line(number, subject=f"action:A{n}", at=NOW) for n in range(2, 2 + 2 * LOOKED_AT)]
    await more_lines(store, *much, line(number, to=BOB, at=later(hours=1)))
    (first,) = await claim(store)
    assert (first.recipient, len(first.lines)) == (ALICE, 2 * LOOKED_AT)
    (second,) = await claim(store)
    assert second.recipient == BOB
    assert await claim(store) == []


async def test_lines_of_those_who_must_wait_hide_nobody_behind_them(store):
    number, _ = await armed(store)
    much = [line(number, subject=f"action:A{n}", at=NOW) for n in range(2, 2 + 2 * LOOKED_AT)]
    await more_lines(store, *much, line(number, to=BOB, at=later(hours=1)))
    (first,) = await claim(store)
    await store.reopen_letter(first, later(hours=2, minutes=30))
    (second,) = await claim(store)
    assert second.recipient == BOB
