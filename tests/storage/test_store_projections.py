"""The query tables always say what the events say, however little of them is written each time."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from store_helpers import ALICE, BOB, NOW, action, add, declare, later, ref

from bot.domain import events as e
from bot.domain.details import ActionDetails, Due, EntryDetails, Severity
from bot.domain.people import Person
from bot.domain.times import Time
from bot.domain.vocabulary import ActionState, Kind, Marker, Status
from storage import projections
from storage.sql import table

ids = st.sampled_from(["1", "2", "3"])
owners = st.lists(st.sampled_from([ALICE, BOB, "Vendor"]), max_size=3)


@st.composite
def histories(draw):
    """Groups of events that can follow a declaration: entries and items are added before they change."""
    groups, entries, items = [], set(), set()
    for _ in range(draw(st.integers(1, 5))):
        group = []
        for _ in range(draw(st.integers(1, 4))):
            name = draw(ids)
            details = ActionDetails(
                text=draw(st.sampled_from(["x", "y"])),
                owners=tuple(map(Person.of, draw(owners))),
                due=draw(st.none() | st.just(Due(at=later(hours=3)))),
            )
            text = EntryDetails(
                text=draw(st.none() | st.just("words")), marker=draw(st.none() | st.just(Marker.FAILURE))
            )
            choices = [
                e.RoleAssigned(role="commander", person=Person.of(draw(st.sampled_from([ALICE, BOB])))),
                e.RoleReleased(role="commander", person=Person.of(ALICE)),
                e.StatusChanged(status=draw(st.sampled_from(Status))),
                e.MessageTagged(entry=name, message=ref(f"177270120{name}.000000"), details=text),
                e.NoteAdded(entry=f"n{name}", time=Time.at(NOW), details=text),
                e.ActionEdited(action=name, details=details)
                if name in items
                else e.ActionAdded(action=name, details=details),
            ]
            if name in entries:
                choices.append(e.EntryHidden(entry=name, hidden=draw(st.booleans())))
            if name in items:
                choices.append(e.ActionStateChanged(action=name, state=draw(st.sampled_from(ActionState))))
            chosen = draw(st.sampled_from(choices))
            entries |= {name} if isinstance(chosen, e.MessageTagged) else set()
            items |= {name} if isinstance(chosen, e.ActionAdded) else set()
            group.append(chosen)
        groups.append(group)
    return groups


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories())
async def test_the_query_tables_equal_a_replay_after_any_history(store, history):
    state = await declare(store)
    for group in history:
        state = await add(store, state.number, *group)
    written = await store.projections()
    replayed = projections.rows_of(await store.incident(state.number))
    for model, rows in replayed.items():
        names = [column.name for column in table(model).columns]
        key = [column.name for column in table(model).primary_key]
        wanted = [
            tuple(row[name] for name in names)
            for row in sorted(rows, key=lambda row: tuple(row[k] for k in key))
        ]
        assert [row for row in written[table(model).name] if row[0] == state.number] == wanted


async def test_a_rebuild_repairs_tables_that_were_tampered_with(store):
    for n in range(3):
        details = EntryDetails(text="note")
        more = [action(due=later(hours=1)), e.NoteAdded(entry="1", time=Time.at(NOW), details=details)]
        await declare(
            store, f"outage {n}", more=[*more, e.RoleAssigned(role="scribe", person=Person.of(BOB))]
        )
    true = await store.projections()
    async with store._db.writer.begin() as connection:
        for model in (projections.RoleRow, projections.ActionOwnerRow):
            await connection.execute(table(model).delete())
        await connection.execute(table(projections.IncidentRow).update().values(title="lies", version=99))
        await connection.execute(table(projections.EntryRow).update().values(hidden=True))
        await connection.execute(table(projections.EntryRow).insert().values(
            incident=1, entry="ghost", precision="minute", tag="note", hidden=False))  # fmt: skip
    assert await store.projections() != true
    assert await store.rebuild() == 3
    assert await store.projections() == true
    assert (await store.incident(1)).title == "outage 0"


async def test_a_rebuild_leaves_work_and_reminders_alone(store):
    await declare(store, more=[action(due=later(hours=1))])
    wake = await store.next_wake()
    await store.rebuild()
    assert await store.next_wake() == wake
    assert await store.waiting_work(NOW) == [1]


async def test_people_may_go_on_while_the_tables_are_rebuilt(replicas):
    numbers = [(await declare(replicas[0], f"{n}", more=[action()])).number for n in range(5)]

    async def work(number):
        for n in range(5):
            await add(replicas[0], number, action(f"B{n}"), e.Renamed(title=f"{n}"))

    await asyncio.gather(*map(work, numbers), replicas[1].rebuild(), replicas[1].rebuild())
    found = await replicas[0].projections()
    await replicas[1].rebuild()
    assert await replicas[0].projections() == found


async def test_one_more_entry_in_a_large_incident_writes_one_row(store):
    notes = [e.NoteAdded(entry=f"{n}", time=Time.at(NOW), details=EntryDetails(text="x")) for n in range(500)]
    number = (await declare(store, more=notes)).number
    written = []

    @event.listens_for(store._db.writer.sync_engine, "before_cursor_execute")
    def spy(connection, cursor, statement, parameters, context, many):
        if "INTO timeline_entries" in statement:
            written.extend(parameters if many else [parameters])

    await add(store, number, e.NoteAdded(entry="500", time=Time.at(NOW), details=EntryDetails(text="y")))
    assert len(written) == 1


async def test_summaries_come_newest_first_and_open_ones_alone_on_demand(store):
    first = (await declare(store, "old")).number
    second = (
        await declare(store, "new", more=[e.SeverityChanged(severity=Severity(level=1, label="SEV1"))])
    ).number
    await add(store, first, e.StatusChanged(status=Status.RESOLVED))
    assert [(s.number, s.status, s.severity) for s in await store.summaries()] == [
        (second, Status.TRIAGE, "SEV1"),
        (first, Status.RESOLVED, None),
    ]
    assert [s.number for s in await store.summaries(open_only=True)] == [second]
    assert (await store.summaries())[0].kind is Kind.NORMAL


async def test_an_incident_is_found_by_its_channel(store):
    number = (await declare(store, more=[e.ChannelOpened(channel="C0INC", name="inc-1-down")])).number
    assert [(s.number, s.channel_name) for s in await store.in_channel("C0INC")] == [(number, "inc-1-down")]
    assert await store.in_channel("C0RANDOM") == []


async def test_items_are_found_by_owner_soonest_first(store):
    number = (
        await declare(
            store,
            more=[action("A1"), action("A2", due=later(hours=2)), action("A3", due=later(hours=1), owners=(ALICE, BOB)),
                  action("A4", owners=(BOB,))],
        )
    ).number  # fmt: skip
    assert [row.action for row in await store.actions_of(ALICE)] == ["A3", "A2", "A1"]
    await add(store, number, e.ActionStateChanged(action="A3", state=ActionState.DONE))
    assert [row.action for row in await store.actions_of(ALICE)] == ["A2", "A1"]
    assert [row.state for row in await store.actions_of(BOB, open_only=False)] == ["done", "open"]
    assert (await store.actions_of(ALICE))[0].due_at == later(hours=2)


async def test_an_item_handed_over_leaves_its_old_owner(store):
    number = (await declare(store, more=[action(owners=(ALICE,))])).number
    handed = ActionDetails(text="Ring the vendor", owners=(Person.of(BOB),))
    await add(store, number, e.ActionEdited(action="A1", details=handed))
    assert await store.actions_of(ALICE) == []
    assert [row.action for row in await store.actions_of(BOB)] == ["A1"]


async def test_an_owner_may_have_a_very_long_name(store):
    name = "".join(chr(0x4E00 + n) for n in range(10_000))
    await declare(store, more=[action(owners=(name,)), e.RoleAssigned(role=name, person=Person.of(name))])
    assert [row.owner for row in await store.actions_of(name)] == [name]
