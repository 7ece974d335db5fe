"""People who ask at the same moment share a transaction, and nobody notices."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from store_helpers import ALICE, BOB, NOW, action, add, declare

from bot.app.incidents import Done, Incidents, Request
from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.evolve import fold
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import Status


class Counting:
    """A store that counts its transactions."""

    def __init__(self, store):
        self._store = store
        self.transactions = 0

    @asynccontextmanager
    async def transaction(self):
        self.transactions += 1
        async with self._store.transaction() as transaction:
            yield transaction


def rename(number, title, **more):
    return Request(**{"command": c.Rename(title=title), "by": ALICE, "at": NOW, "incident": number, **more})


async def ask_at_once(store, *requests):
    incidents = Incidents(store, lambda _: None)
    return await asyncio.gather(*map(incidents.handle, requests), return_exceptions=True)


async def same_as_replayed(store, number):
    record = await store.record(number)
    assert [each.number for each in record] == list(range(1, len(record) + 1))
    state = await store.incident(number)
    assert state == fold(record)
    before = await store.projections()
    await store.rebuild()
    assert await store.projections() == before
    return state


async def test_thirty_who_ask_at_once_share_few_transactions(store):
    number = (await declare(store)).number
    counting = Counting(store)
    outcomes = await ask_at_once(counting, *(rename(number, f"title {n}") for n in range(30)))
    assert [type(outcome) for outcome in outcomes] == [Done] * 30
    assert counting.transactions <= 3
    assert (await same_as_replayed(store, number)).version == 31


async def test_each_is_decided_on_what_those_before_have_done(store):
    number = (await declare(store)).number
    close = Request(command=c.ChangeStatus(status=Status.RESOLVED), by=BOB, at=NOW, incident=number)
    outcomes = await ask_at_once(store, rename(number, "first"), close, close, close)
    assert [bool(outcome.events) for outcome in outcomes] == [True, True, False, False]
    assert outcomes[1].before == outcomes[0].incident
    await same_as_replayed(store, number)


async def test_one_whose_request_cannot_be_written_costs_nobody_else_theirs(store):
    number = (await declare(store)).number
    naive = NOW.replace(tzinfo=None)
    outcomes = await ask_at_once(
        store, rename(number, "a"), rename(number, "b", at=naive), rename(number, "c"), rename(number, "d")
    )
    assert [type(outcome) for outcome in outcomes] == [Done, ValueError, Done, Done]
    assert {r.event.title for r in (await store.record(number))[1:]} == {"a", "c", "d"}
    await same_as_replayed(store, number)


async def test_a_delivery_that_comes_twice_at_once_is_done_once(store):
    number = (await declare(store)).number
    outcomes = await ask_at_once(store, *[rename(number, "new", delivery="command:T1")] * 5)
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 4
    assert len(await store.record(number)) == 2


async def test_several_incidents_and_declarations_in_one_go(store):
    numbers = [(await declare(store, f"outage {n}")).number for n in range(3)]
    declares = [Request(command=c.Declare(title=f"new {n}"), by=BOB, at=NOW) for n in range(3)]
    renames = [rename(number, f"of {number}") for number in reversed(numbers)]
    unknown = rename(99, "nobody's")
    outcomes = await ask_at_once(store, *renames, *declares, unknown)
    assert [outcome.incident.title for outcome in outcomes[:6]] == [
        "of 3",
        "of 2",
        "of 1",
        "new 0",
        "new 1",
        "new 2",
    ]
    assert isinstance(outcomes[6], Refusal)
    assert len({outcome.incident.number for outcome in outcomes[3:6]}) == 3
    for number in range(1, 7):
        await same_as_replayed(store, number)


async def test_an_incident_that_another_replica_holds_holds_up_no_other(replicas, backend):
    if backend == "sqlite":
        pytest.skip("SQLite has one writer: every write waits for every other")
    held, free = (await declare(replicas[0])).number, (await declare(replicas[0])).number
    incidents = Incidents(replicas[0], lambda _: None)
    async with replicas[1].transaction() as transaction:
        await transaction.load(held)
        waits = asyncio.create_task(incidents.handle(rename(held, "later")))
        async with asyncio.timeout(10):
            assert isinstance(await incidents.handle(rename(free, "at once")), Done)
        assert not waits.done()
    assert (await waits).incident.title == "later"


async def test_an_item_that_is_made_and_dropped_in_one_go_leaves_no_row_and_no_reminder(store):
    number = (await declare(store)).number
    ladders = len(await store.due_ladders(NOW, limit=99))
    async with store.transaction() as transaction:
        state = await transaction.load(number)
        state = await transaction.append(number, state, [action(due=NOW)], by=ALICE, at=NOW)
        await transaction.append(number, state, [e.ActionRemoved(action="A1")], by=ALICE, at=NOW)
    assert await store.actions_of(ALICE) == []
    assert len(await store.due_ladders(NOW, limit=99)) == ladders
    await same_as_replayed(store, number)


@pytest.mark.parametrize("stale", [True, False])
async def test_a_row_that_was_just_read_saves_looking_for_newer_events(store, monkeypatch, stale):
    from storage import events

    number = (await declare(store)).number
    (row,) = await store.summaries()
    assert (await store.incident(number)).version == row.version
    if stale:
        await add(store, number, e.Renamed(title="newer"))
    asked = []
    read = events.read

    async def spy(*arguments, **more):
        asked.append(number)
        return await read(*arguments, **more)

    monkeypatch.setattr(events, "read", spy)
    assert (await store.incident(number, version=row.version)).title == (
        "newer" if stale else "Checkout is down"
    )
    assert len(asked) == stale
