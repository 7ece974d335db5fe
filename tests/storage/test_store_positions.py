"""How far a webhook was told of an incident: one worker's at a time, and never behind what was kept."""

import asyncio
from dataclasses import replace

from store_helpers import NOW, action, add, declare, later

HOLD = {"lease_s": 60, "limit": 20}


def claim(store, owner="w1", now=NOW, endpoint="tracker"):
    return store.claim_positions(endpoint, now, owner=owner, **HOLD)


async def test_an_incident_is_taken_until_its_events_were_told(store):
    incident = await declare(store)
    (position,) = await claim(store)
    assert (position.incident, position.told) == (incident.number, 0)
    assert await claim(store, "w2") == (), "somebody is at it"
    await store.release_position(replace(position, told=incident.version), owner="w1")
    assert await claim(store, "w2") == ()
    await add(store, incident.number, action())
    (position,) = await claim(store, "w2")
    assert position.told == incident.version


async def test_endpoints_do_not_share_their_places(store):
    await declare(store)
    assert len(await claim(store)) == len(await claim(store, endpoint="other")) == 1


async def test_claims_are_exclusive_among_replicas(replicas):
    numbers = {(await declare(replicas[0], f"{n}")).number for n in range(12)}
    claims = await asyncio.gather(*(claim(replicas[n % 2], f"w{n}") for n in range(8)))
    taken = [position.incident for positions in claims for position in positions]
    assert sorted(taken) == sorted(numbers)


async def test_a_lease_ends_and_its_holder_can_move_nothing_any_more(store):
    await declare(store)
    (lost,) = await claim(store)
    (taken,) = await claim(store, "w2", later(seconds=61))
    assert not await store.move_position(replace(lost, told=1), owner="w1")
    await store.release_position(replace(lost, told=1), owner="w1")
    assert await store.move_position(taken, owner="w2")


async def test_a_delay_is_kept_and_one_of_a_clock_that_was_ahead_is_not(store):
    await declare(store)
    (position,) = await claim(store)
    failed = replace(position, failures=1, failing_since=NOW)
    await store.release_position(failed, owner="w1", until=later(seconds=30))
    assert await claim(store, now=later(seconds=29)) == ()
    (again,) = await claim(store, now=later(seconds=31))
    assert again == failed
    await store.release_position(again, owner="w1", until=later(days=2))
    assert len(await claim(store, now=later(seconds=32))) == 1
