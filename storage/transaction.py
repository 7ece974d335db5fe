"""One atomic step: what is decided in it is folded in memory and written at its end, once for each incident.

People who ask at the same moment share a step (`bot.app.incidents`). What fifty of them ask of one incident then costs
the statements of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import Conflict
from bot.domain.details import MessageRef
from bot.domain.events import Event, Recorded
from bot.domain.evolve import fold
from bot.domain.incident import Incident
from bot.domain.times import aware
from bot.domain.transcript import Message, Reaction
from storage import events as journal
from storage import held, transcript
from storage.sql import Row, insert_new, is_postgres, table
from storage.tables import Delivery

deliveries = table(Delivery)

_SEEN = select(deliveries.c.key).where(deliveries.c.key == bindparam("delivery"))


@dataclass(slots=True)
class _Step:
    """An incident as the tables have it, and what has been decided about it since."""

    before: Incident | None
    after: Incident | None
    new: list[Recorded] = field(default_factory=list)


class SqlTransaction:
    """See `bot.app.ports.Transaction`."""

    def __init__(self, connection: AsyncConnection, folded: journal.Folded) -> None:
        self._connection = connection
        self._folded = folded
        self._steps: dict[int, _Step] = {}
        self._remembered: dict[str, Row] = {}

    async def seen(self, delivery: str) -> bool:
        if delivery in self._remembered:
            return True
        return (await self._connection.execute(_SEEN, {"delivery": delivery})).first() is not None

    async def remember(self, delivery: str, incident: int | None, at: datetime) -> None:
        self._remembered[delivery] = {"key": delivery, "incident": incident, "at": aware(at)}

    async def next_number(self) -> int:
        number = await journal.next_number(self._connection)
        self._steps[number] = _Step(before=None, after=None)
        return number

    async def load(self, number: int) -> Incident | None:
        return (await self._step(number)).after

    async def append(
        self, number: int, state: Incident | None, events: Sequence[Event], *, by: str, at: datetime
    ) -> Incident:
        step = await self._step(number)
        stands, decided_on = _version(step.after), _version(state)
        if stands != decided_on:
            raise Conflict(f"INC-{number} has moved on from event {decided_on}")
        recorded = [
            Recorded(incident=number, number=stands + nth, at=aware(at), by=by, event=event)
            for nth, event in enumerate(events, start=1)
        ]
        after = fold(recorded, step.after)
        if after is None:
            raise ValueError("an incident begins with an event")
        step.after = after
        step.new += recorded
        return after

    async def record_message(self, message: Message) -> bool:
        return await transcript.record(self._connection, message)

    async def record_reaction(self, reaction: Reaction) -> tuple[Reaction, ...]:
        return await transcript.record_reaction(self._connection, reaction)

    async def take_held(self, ref: MessageRef) -> Message | None:
        return await held.take(self._connection, ref)

    async def write(self) -> None:
        """Put down what was decided since it was last asked to. Raises `Conflict` when another replica was faster."""
        for step in self._steps.values():
            if step.new and step.after:
                await journal.write(self._connection, step.before, step.after, step.new)
                step.before, step.new = step.after, []
        if self._remembered:
            await self._keep_remembered()
            self._remembered.clear()

    def committed(self) -> None:
        """What was read and written here is true now."""
        for step in self._steps.values():
            if step.after:
                self._folded.keep(step.after)

    async def _step(self, number: int) -> _Step:
        """Read once: nobody else changes an incident before this transaction ends."""
        if number not in self._steps:
            await journal.lock(self._connection, number)
            state = await self._folded.load(self._connection, number)
            self._steps[number] = _Step(before=state, after=state)
        return self._steps[number]

    async def _keep_remembered(self) -> None:
        rows = list(self._remembered.values())
        statement = insert_new(deliveries, postgres=is_postgres(self._connection))
        kept = await self._connection.execute(statement, rows if len(rows) > 1 else rows[0])
        if len(kept.all()) < len(rows):
            raise Conflict("a delivery was kept meanwhile")


def _version(state: Incident | None) -> int:
    return state.version if state else 0
