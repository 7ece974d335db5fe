"""An incident that differs from Slack is one worker's at a time, and is never forgotten."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError
from store_helpers import NOW, add, declare, later, without_nudges

from bot.app.ports import Posted
from bot.domain import events as e


def claim(store, owner="w1", now=NOW, **more):
    return store.claim_work(now, owner=owner, lease_s=60, **more)


async def test_a_new_incident_waits_for_work_until_it_is_finished(store):
    number = (await declare(store)).number
    assert await store.waiting_work(NOW) == [number]
    (work,) = await claim(store)
    assert (work.incident, work.attempts) == (number, 1)
    assert await store.waiting_work(NOW) == []
    assert await store.finish_work(work, owner="w1")
    assert await claim(store, now=later(days=1)) == []


async def test_claims_are_exclusive_among_workers(replicas):
    numbers = {(await declare(replicas[0], f"{n}")).number for n in range(30)}
    claims = await asyncio.gather(*(claim(replicas[n % 2], f"w{n}", limit=4) for n in range(16)))
    taken = [work.incident for works in claims for work in works]
    assert len(taken) == len(set(taken))
    while works := await claim(replicas[0]):
        taken += [work.incident for work in works]
    assert sorted(taken) == sorted(numbers)


async def test_claims_do_not_wait_for_an_incident_that_is_being_written(replicas, backend):
    if backend == "sqlite":
        pytest.skip("SQLite has one writer: every write waits for every other")
    first, second = (await declare(replicas[0])).number, (await declare(replicas[0])).number
    async with replicas[0].transaction() as transaction:
        state = await transaction.load(first)
        await transaction.append(first, state, [e.Renamed(title="x")], by="U1", at=NOW)
        await transaction.write()
        async with asyncio.timeout(2):
            assert [work.incident for work in await claim(replicas[1])] == [second]
            await replicas[1].keep_posted(first, Posted(key="banner", begun_at=NOW))


async def test_one_incident_can_be_asked_for(store):
    await declare(store)
    number = (await declare(store)).number
    assert [work.incident for work in await claim(store, incident=number)] == [number]
    assert await claim(store, incident=number) == []


async def test_no_more_is_taken_than_asked_for(store):
    for _ in range(3):
        await declare(store)
    assert len(await claim(store, limit=2)) == 2
    assert await store.waiting_work(NOW, limit=5) == [3]


async def test_an_expired_lease_is_taken_by_another(store):
    await declare(store)
    (lost,) = await claim(store)
    assert await claim(store, "w2", later(seconds=60)) == []
    (work,) = await claim(store, "w2", later(seconds=61))
    assert work.attempts == 2
    assert not await store.finish_work(lost, owner="w1")
    assert await store.finish_work(work, owner="w2")


async def test_a_worker_that_slept_past_its_lease_cannot_end_the_next_claim_of_its_own_process(store):
    number = (await declare(store)).number
    (lost,) = await claim(store)
    (again,) = await claim(store, now=later(seconds=61))
    assert not await store.finish_work(lost, owner="w1")
    await store.delay_work(lost, owner="w1", until=NOW)
    assert await claim(store, "w2", later(seconds=62)) == []
    assert await store.finish_work(again, owner="w1")
    await add(store, number, e.Renamed(title="x"))
    (newer,) = await claim(store, now=later(seconds=200))
    assert not await store.finish_work(lost, owner="w1")
    assert await store.finish_work(newer, owner="w1")


async def test_finished_work_with_newer_facts_stays_dirty(store):
    number = (await declare(store)).number
    (work,) = await claim(store)
    await add(store, number, e.Renamed(title="x"))
    assert not await store.finish_work(work, owner="w1")
    (newer,) = await claim(store)
    assert (newer.incident, newer.attempts) == (number, 1)
    assert newer.revision > work.revision
    assert await store.finish_work(newer, owner="w1")


async def test_delayed_work_waits_until_then(store):
    number = (await declare(store)).number
    await without_nudges(store)
    (work,) = await claim(store)
    await store.delay_work(work, owner="w1", until=later(seconds=30))
    assert await store.next_wake() == later(seconds=30)
    assert await claim(store, now=later(seconds=29)) == []
    (again,) = await claim(store, now=later(seconds=30))
    assert (again.incident, again.attempts) == (number, 2)


async def test_newer_facts_end_a_delay(store):
    number = (await declare(store)).number
    (work,) = await claim(store)
    await store.delay_work(work, owner="w1", until=later(hours=1))
    await add(store, number, e.Renamed(title="x"))
    assert await store.waiting_work(NOW) == [number]


async def test_an_incident_can_be_marked_by_hand(store):
    number = (await declare(store)).number
    (work,) = await claim(store)
    await store.finish_work(work, owner="w1")
    await store.mark_dirty(number)
    assert await store.waiting_work(NOW) == [number]
    with pytest.raises(IntegrityError):
        await store.mark_dirty(99)


async def test_the_end_of_a_lease_is_a_moment_to_wake(store):
    await declare(store)
    await without_nudges(store)
    assert await store.next_wake() is None
    await claim(store)
    assert await store.next_wake() == later(seconds=60)


async def test_what_stands_in_slack_is_kept_overwritten_and_forgotten(store):
    number = (await declare(store)).number
    intent = Posted(key="banner", begun_at=NOW)
    standing = Posted(key="banner", channel="C1", ts="1.2", digest="d", begun_at=later(seconds=1))
    refused = Posted(key="pin", begun_at=NOW, failed="restricted_action")
    await store.keep_posted(number, intent)
    assert await store.posted(number) == {"banner": intent}
    await store.keep_posted(number, standing)
    await store.keep_posted(number, refused)
    assert await store.posted(number) == {"banner": standing, "pin": refused}
    await store.forget_posted(number, "banner")
    assert await store.posted(number) == {"pin": refused}
    assert await store.posted(number + 1) == {}
