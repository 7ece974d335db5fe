"""The record: nothing is lost, nothing is kept twice, and of two people at once the loser is told."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta, timezone

import pytest
from store_helpers import ALICE, BOB, NOW, action, add, declare, later

from bot.app.incidents import Done, Incidents, Request
from bot.app.ports import Conflict
from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.details import EntryDetails
from bot.domain.evolve import fold
from bot.domain.times import Time
from storage.events import Folded


class Undone(Exception):  # noqa: N818 - it is meant to happen
    """Raised inside a transaction, which is then rolled back."""


async def test_what_was_appended_is_read_back(store):
    state = await declare(store, more=[e.Renamed(title="Checkout is slow")])
    assert state.version == 2
    assert await store.incident(state.number) == state
    record = await store.record(state.number)
    assert [(r.number, r.by, r.at) for r in record] == [(1, ALICE, NOW), (2, ALICE, NOW)]
    assert fold(record) == state


async def test_an_unknown_incident_is_none(store):
    assert await store.incident(7) is None
    assert await store.record(7) == []
    async with store.transaction() as transaction:
        assert await transaction.load(7) is None


async def test_moments_come_back_aware_and_in_utc(store):
    paris = NOW.astimezone(timezone(timedelta(hours=1)))
    state = await declare(store, at=paris)
    assert state.declared_at.utcoffset() == timedelta(0)
    recorded = (await store.record(state.number))[0]
    assert (recorded.at, recorded.at.utcoffset()) == (NOW, timedelta(0))
    assert (await store.summaries())[0].declared_at == NOW


async def test_a_naive_moment_is_refused(store):
    with pytest.raises(ValueError, match="time zone"):
        await declare(store, at=datetime(2026, 3, 5))
    assert await store.summaries() == []


async def test_two_people_at_once_the_loser_is_told(store):
    state = await declare(store)
    await add(store, state.number, e.Renamed(title="first"))
    with pytest.raises(Conflict):
        async with store.transaction() as transaction:
            await transaction.append(state.number, state, [e.Renamed(title="second")], by=BOB, at=NOW)
    assert (await store.incident(state.number)).title == "first"


async def test_a_conflict_that_is_swallowed_leaves_nothing_behind(store):
    state = await declare(store)
    await add(store, state.number, e.Renamed(title="first"))
    async with store.transaction() as transaction:
        with pytest.raises(Conflict):
            await transaction.append(state.number, state, [e.Renamed(title="second")], by=BOB, at=NOW)
    assert [summary.title for summary in await store.summaries()] == ["first"]
    assert (await store.incident(state.number)).version == 2


async def test_a_number_cannot_be_declared_twice(store):
    state = await declare(store)
    with pytest.raises(Conflict):
        async with store.transaction() as transaction:
            await transaction.append(state.number, None, [e.Declared(title="again")], by=BOB, at=NOW)


async def test_many_people_at_once_all_get_their_word_in(replicas):
    number = (await declare(replicas[0])).number

    async def rename(n):
        request = Request(command=c.Rename(title=f"title {n}"), by=ALICE, at=NOW, incident=number)
        return await Incidents(replicas[n % 2], lambda _: None).handle(request)

    outcomes = await asyncio.gather(*map(rename, range(20)))
    assert all(isinstance(outcome, Done) for outcome in outcomes)
    record = await replicas[0].record(number)
    assert [r.number for r in record] == list(range(1, 22))
    assert {r.event.title for r in record[1:]} == {f"title {n}" for n in range(20)}


async def test_numbers_are_unique_and_increasing_under_50_concurrent_declares(replicas):
    states = await asyncio.gather(*(declare(replicas[n % 2], f"outage {n}") for n in range(50)))
    assert sorted(state.number for state in states) == list(range(1, 51))
    assert (await declare(replicas[0])).number == 51


async def test_a_number_of_a_transaction_undone_is_not_an_incident(store):
    with suppress(Undone):
        async with store.transaction() as transaction:
            number = await transaction.next_number()
            await transaction.append(number, None, [e.Declared(title="x")], by=ALICE, at=NOW)
            raise Undone
    assert await store.incident(number) is None
    assert await store.summaries() == []
    assert await store.waiting_work(NOW) == []
    assert (await declare(store)).number >= number


async def test_a_delivery_is_kept_once(replicas):
    number = (await declare(replicas[0])).number

    async def deliver(store):
        try:
            async with store.transaction() as transaction:
                if await transaction.seen("view:V1"):
                    return "repeated"
                await asyncio.sleep(0.02)
                await transaction.remember("view:V1", number, NOW)
                return "kept"
        except Conflict:
            return "repeated"

    outcomes = await asyncio.gather(*(deliver(replicas[n % 2]) for n in range(6)))
    assert sorted(outcomes) == ["kept"] + ["repeated"] * 5
    async with replicas[1].transaction() as transaction:
        assert await transaction.seen("view:V1")
        assert not await transaction.seen("view:V2")


async def test_one_form_delivered_to_two_replicas_declares_one_incident(replicas):
    request = Request(command=c.Declare(title="Down"), by=ALICE, at=NOW, delivery="view:V1")
    outcomes = await asyncio.gather(*(Incidents(s, lambda _: None).handle(request) for s in replicas * 3))
    assert [outcome.repeated for outcome in outcomes].count(False) == 1
    assert len(await replicas[0].summaries()) == 1


async def test_a_replica_sees_what_another_appended(replicas):
    number = (await declare(replicas[0])).number
    for n in range(3):
        await add(replicas[n % 2], number, e.Renamed(title=f"{n}"))
        for store in replicas:
            assert (await store.incident(number)).title == f"{n}"


async def test_a_state_that_was_rolled_back_is_not_remembered(store):
    number = (await declare(store, "true")).number
    with suppress(Undone):
        async with store.transaction() as transaction:
            state = await transaction.load(number)
            await transaction.append(number, state, [e.Renamed(title="false")], by=ALICE, at=NOW)
            assert (await transaction.load(number)).title == "false"
            raise Undone
    assert (await store.incident(number)).title == "true"


async def test_only_newer_events_are_read(store, monkeypatch):
    from storage import events

    number = (await declare(store)).number
    asked = []
    read = events.read

    async def spy(connection, number, *, after=0):
        asked.append(after)
        return await read(connection, number, after=after)

    monkeypatch.setattr(events, "read", spy)
    await store.incident(number)
    await add(store, number, e.Renamed(title="x"))
    await store.incident(number)
    assert asked == [1, 1, 2]


async def test_the_cache_forgets_the_incident_that_was_least_used(store):
    states = [await declare(store, f"{n}") for n in range(3)]
    cache = Folded(size=2)
    for state in (*states[:2], states[0], states[2]):
        cache.keep(state)
    assert list(cache._states) == [states[0].number, states[2].number]


async def test_an_older_state_never_overwrites_a_newer_one_in_the_cache(store):
    old = await declare(store)
    new = await add(store, old.number, e.Renamed(title="new"))
    cache = Folded()
    cache.keep(new)
    cache.keep(old)
    assert cache._states[old.number] == new


async def test_appending_nothing_changes_nothing(store):
    state = await declare(store)
    assert await add(store, state.number) == state
    with pytest.raises(ValueError, match="begins with an event"):
        async with store.transaction() as transaction:
            await transaction.append(9, None, [], by=ALICE, at=NOW)


async def test_an_incident_can_only_begin_with_a_declaration(store):
    with pytest.raises(ValueError, match="begins with Declared"):
        async with store.transaction() as transaction:
            await transaction.append(1, None, [e.Renamed(title="x")], by=ALICE, at=NOW)


async def test_values_come_back_exactly(store):
    values = {"a": True, "b": 1, "c": 1.0, "d": 1e16, "e": "1", "f": ("x", "y"), "g": Time.at(later(hours=1))}
    added = e.ItemAdded(path="impact.metrics", item="1", values=values)
    number = (await declare(store, more=[added])).number
    found = (await store.record(number))[1].event.values
    assert {k: (type(v), v) for k, v in found.items()} == {k: (type(v), v) for k, v in values.items()}


async def test_what_json_does_not_know_is_refused_on_both_databases(store):
    with pytest.raises(Exception, match="JSON compliant"):
        await declare(store, more=[e.FieldSet(path="x", value=float("nan"))])
    assert await store.summaries() == []


async def test_characters_that_a_database_refuses_do_not_stop_an_incident(store):
    note = e.NoteAdded(entry="1", time=Time.at(NOW), details=EntryDetails(text="nul \0"))
    state = await declare(store, "a\0b", more=[note, action(text="nul \0", owners=("Ven\0dor",))])
    assert await store.incident(state.number) == state
    assert state.title == "a\0b"
    assert (await store.summaries())[0].title == "a\N{REPLACEMENT CHARACTER}b"
    assert len(await store.actions_of("Ven\0dor")) == 1
