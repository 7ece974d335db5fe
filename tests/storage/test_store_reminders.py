"""Each item holds one next rung; it is sent by one worker, and a change of the item always has the last word."""

import asyncio
from dataclasses import replace

from store_helpers import NOW, action, add, declare, later

from bot.domain import events as e
from bot.domain.reminders import Reminder, next_reminder
from bot.domain.vocabulary import ActionKind, ActionState

DUE = later(hours=2)
TASK = {"due": DUE, "kind": ActionKind.TASK}


def claim(store, now, owner="w1", **more):
    return store.claim_reminders(now, owner=owner, lease_s=60, **more)


async def armed(store, **more):
    """An incident with one task due in two hours; its number and its only reminder, claimed."""
    number = (await declare(store, more=[action(**TASK | more)])).number
    (due,) = await claim(store, later(hours=1, minutes=30))
    return number, due


async def following(store, due):
    item = (await store.incident(due.incident)).actions[due.action]
    return next_reminder(item, after=due.at)


async def test_the_first_rung_is_armed_with_the_item(store):
    await declare(store, more=[action(**TASK)])
    assert await store.next_wake() == later(hours=1, minutes=30)
    assert await claim(store, later(hours=1, minutes=29)) == []
    (due,) = await claim(store, later(hours=1, minutes=30))
    assert (due.rung, due.at, due.attempts, due.to) == (
        "before-30m",
        later(hours=1, minutes=30),
        1,
        ("owner",),
    )


async def test_the_ladder_is_climbed_rung_by_rung(store):
    _, due = await armed(store)
    rungs = []
    for _ in range(4):
        rungs.append((due.rung, due.to))
        await store.settle_reminder(due, await following(store, due))
        (due,) = await claim(store, later(hours=9))
    both = ("owner", "commander")
    assert rungs == [
        ("before-30m", ("owner",)),
        ("before-10m", ("owner",)),
        ("due", ("owner",)),
        ("overdue-1", both),
    ]


async def test_an_item_without_a_due_date_has_no_reminder(store):
    await declare(store, more=[action()])
    assert await store.next_wake() is None


async def test_a_finished_item_has_no_reminder_and_a_reopened_one_has(store):
    number = (await declare(store, more=[action(**TASK)])).number
    await add(store, number, e.ActionStateChanged(action="A1", state=ActionState.DONE))
    assert await store.next_wake() is None
    await add(store, number, e.ActionStateChanged(action="A1", state=ActionState.OPEN))
    assert await store.next_wake() == later(hours=1, minutes=30)


async def test_claims_are_exclusive_among_workers(replicas):
    await declare(replicas[0], more=[action(f"A{n}", **TASK) for n in range(40)])
    claims = await asyncio.gather(*(claim(replicas[n % 2], DUE, f"w{n}", limit=5) for n in range(16)))
    taken = [due.action for dues in claims for due in dues]
    assert len(taken) == len(set(taken))
    while dues := await claim(replicas[0], DUE):
        taken += [due.action for due in dues]
    assert len(taken) == 40


async def test_the_oldest_is_taken_first(store):
    await declare(store, more=[action(f"A{n}", due=later(days=3, hours=n)) for n in (3, 1, 2)])
    dues = await claim(store, later(days=9), limit=2)
    assert [due.action for due in dues] == ["A1", "A2"]


async def test_an_expired_lease_is_taken_by_another_who_knows_that_it_may_have_been_sent(store):
    await armed(store)
    assert await claim(store, later(hours=1, minutes=31), "w2") == []
    (due,) = await claim(store, later(hours=1, minutes=32), "w2")
    assert due.attempts == 2


async def test_a_reminder_settled_twice_moves_on_once(store):
    _, due = await armed(store)
    (again,) = await claim(store, later(hours=1, minutes=32), "w2")
    await store.settle_reminder(due, await following(store, due))
    await store.settle_reminder(again, None)
    assert await store.next_wake() == later(hours=1, minutes=50)


async def test_an_item_changed_while_its_reminder_was_sent_keeps_its_new_ladder(store):
    number, due = await armed(store)
    moved = e.ActionDetails(text="x", kind=ActionKind.TASK, due=e.Due(at=later(hours=5)))
    await add(store, number, e.ActionEdited(action="A1", details=moved), at=later(hours=1, minutes=30))
    await store.settle_reminder(due, Reminder(rung="before-10m", at=later(hours=1, minutes=50)))
    assert await store.next_wake() == later(hours=4, minutes=30)


async def test_an_item_finished_while_its_reminder_was_sent_stays_silent(store):
    number, due = await armed(store)
    coming = await following(store, due)
    await add(store, number, e.ActionStateChanged(action="A1", state=ActionState.DONE))
    await store.settle_reminder(due, coming)
    assert await store.next_wake() is None


async def test_a_rung_that_is_due_and_unsent_survives_an_edit_of_the_words(store):
    number = (await declare(store, more=[action(**TASK)])).number
    item = (await store.incident(number)).actions["A1"]
    edited = replace(item.details, text="Ring the vendor again")
    await add(store, number, e.ActionEdited(action="A1", details=edited), at=later(hours=1, minutes=31))
    (due,) = await claim(store, later(hours=1, minutes=31))
    assert due.rung == "before-30m"


async def test_a_snoozed_item_speaks_once_when_its_snooze_ends(store):
    number, _ = await armed(store)
    await add(
        store, number, e.ActionSnoozed(action="A1", until=later(hours=7)), at=later(hours=1, minutes=30)
    )
    assert await store.next_wake() == later(hours=7)
    (due,) = await claim(store, later(hours=7))
    assert (due.rung, due.attempts) == ("snoozed", 1)


async def test_a_delayed_reminder_waits_and_keeps_its_own_moment(store):
    _, due = await armed(store)
    until = later(hours=1, minutes=31)
    await store.delay_reminder(due, until)
    assert await store.next_wake() == until
    assert await claim(store, later(hours=1, minutes=30, seconds=59)) == []
    (again,) = await claim(store, until)
    assert (again.rung, again.at, again.attempts) == (due.rung, due.at, 2)


async def test_a_worker_that_lost_its_lease_cannot_delay_the_next(store):
    _, lost = await armed(store)
    await claim(store, later(hours=1, minutes=32), "w2")
    await store.delay_reminder(lost, NOW)
    assert await claim(store, later(hours=1, minutes=32), "w3") == []


async def test_the_earliest_of_all_moments_wakes(store):
    await declare(store, more=[action(**TASK)])
    (work,) = await store.claim_work(NOW, owner="w1", lease_s=60)
    await store.delay_work(work, owner="w1", until=later(minutes=5))
    assert await store.next_wake() == later(minutes=5)
    await store.claim_reminders(later(hours=3), owner="w1", lease_s=60)
    assert await store.next_wake() == later(minutes=5)
