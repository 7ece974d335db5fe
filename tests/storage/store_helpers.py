"""Short ways to say what the tests of storage say often."""

from datetime import UTC, datetime, timedelta

from bot.app.ports import Climb
from bot.domain import events as e
from bot.domain.details import ActionDetails, Due, MessageRef
from bot.domain.people import Person
from bot.domain.transcript import Message, Reaction

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
ALICE, BOB = "U0ALICE", "U0BOB"


def later(**lengths):
    return NOW + timedelta(**lengths)


async def declare(store, title="Checkout is down", *, at=NOW, more=()):
    """A new incident with some more events; its state."""
    async with store.transaction() as transaction:
        number = await transaction.next_number()
        return await transaction.append(number, None, [e.Declared(title=title), *more], by=ALICE, at=at)


async def without_nudges(store):
    """What channels are nudged of has tests of its own."""
    ladders = await store.due_ladders(NOW, limit=9)
    await store.climb(
        [Climb(ladder=each, until=NOW, next_at=None) for each in ladders if each.subject.startswith("nudge:")]
    )


async def add(store, number, *events, at=NOW, by=ALICE):
    async with store.transaction() as transaction:
        state = await transaction.load(number)
        return await transaction.append(number, state, events, by=by, at=at)


def action(name="A1", *, due=None, text="Ring the vendor", owners=(ALICE,), **details):
    return e.ActionAdded(
        action=name,
        details=ActionDetails(
            text=text,
            owners=tuple(Person.of(owner) for owner in owners),
            due=Due(at=due) if due else None,
            **details,
        ),
    )


def ref(ts="1772701200.000100", channel="C0INC"):
    return MessageRef(channel=channel, ts=ts)


def message(text="hello", *, ts="1772701200.000100", channel="C0INC", **more):
    return Message(ref=ref(ts, channel), user=ALICE, text=text, **more)


def reaction(name="pushpin", *, user=ALICE, present=True, event_ts="1772701201.000000"):
    return Reaction(message=ref(), user=user, name=name, present=present, event_ts=event_ts)
