"""The one door: a request becomes events in one transaction, or a refusal. People and clocks enter here alike."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.app.gate import Gate, Judge
from bot.app.group import GroupWriter
from bot.app.masking import TellMasked, without_secrets
from bot.app.ports import Conflict, Store, Transaction
from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.refusals import Refusal
from bot.meters import EVENTS
from bot.views.notices import unknown_incident

log = structlog.get_logger(__name__)

ATTEMPTS = 5  # people who press at the same instant; each loser is decided again on the new state


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asked for what, when (aware), of which incident (None only to declare).

    ``delivery`` names the Slack delivery it came by, so that a repeated one is kept once.
    """

    command: c.Command
    by: str
    at: datetime
    incident: int | None = None
    delivery: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of it. ``repeated`` says that this very delivery was kept before and nothing was done again."""

    incident: Incident | None
    events: tuple[Event, ...] = ()
    before: Incident | None = None
    repeated: bool = False
    #: Kinds of secrets that were masked in what was asked.
    masked: tuple[str, ...] = ()


Outcome = Done | Refusal


@dataclass(frozen=True, slots=True)
class _Asked:
    request: Request
    judge: Judge | None


class Incidents:
    """Handles requests on a store; ``wake`` is told the number of each incident that changed."""

    def __init__(
        self,
        store: Store,
        wake: Callable[[int], None],
        tell_masked: TellMasked | None = None,
        gate: Gate | None = None,
    ) -> None:
        """Without ``gate`` everything is everybody's."""
        self._store = store
        self.wake = wake
        self._tell_masked = tell_masked
        self._gate = gate
        #: One for each incident, and one for what is declared: whoever waits for an incident holds up no other.
        self._doors: dict[int | None, GroupWriter[_Asked, Outcome | Exception]] = {}

    async def handle(self, request: Request) -> Outcome:
        """Load, decide, append: one transaction. Raises only when the store fails, and then nothing was kept."""
        judge = await self._gate.judge(request.command, request.by) if self._gate else None
        door = self._doors.setdefault(request.incident, GroupWriter(self._together))
        outcome = await door.write(_Asked(request, judge))
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Done) and outcome.incident and outcome.events:
            log.info(
                "incident.changed",
                incident=outcome.incident.ref,
                events=[type(event).__name__ for event in outcome.events],
                by=request.by,
            )
            for event in outcome.events:
                EVENTS.labels(type(event).__name__).inc()
            self.wake(outcome.incident.number)
            if outcome.masked and self._tell_masked:
                self._tell_masked(request.by, outcome.incident.channel, outcome.masked)
        return outcome

    async def _together(self, group: Sequence[_Asked]) -> Sequence[Outcome | Exception]:
        """Those who ask of one incident at the same moment share a transaction; when it fails, each has their own: nobody pays for another."""
        if len(group) > 1:
            try:
                return await self._in_one(group)
            except Exception as error:  # noqa: BLE001 - whatever it was, it comes again for the one whose it is
                log.info("requests.apart", requests=len(group), error=repr(error))
        return await asyncio.gather(*map(self._alone, group))

    async def _in_one(self, group: Sequence[_Asked]) -> list[Outcome]:
        async with self._store.transaction() as transaction:
            return [await handle_in(transaction, asked.request, asked.judge) for asked in group]

    async def _alone(self, asked: _Asked) -> Outcome | Exception:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return (await self._in_one([asked]))[0]
            except Conflict as error:
                if attempt == ATTEMPTS:
                    return error
            except Exception as error:  # noqa: BLE001 - raised where it was asked for
                return error
        raise AssertionError("the last attempt returns")


async def handle_in(transaction: Transaction, request: Request, judge: Judge | None = None) -> Outcome:
    """One request inside a transaction that somebody else opened."""
    if request.delivery and await transaction.seen(request.delivery):
        state = await transaction.load(request.incident) if request.incident else None
        return Done(incident=state, repeated=True)
    command, masked = without_secrets(request.command)
    declaring = isinstance(command, c.Declare)
    before: Incident | None = None
    if not declaring:
        assert request.incident is not None, "only a declaration has no incident"
        before = await transaction.load(request.incident)
        if before is None:
            return unknown_incident(request.incident)
    if judge and (refused := judge(before)):
        return refused
    decided = decide(before, command, at=request.at)
    if isinstance(decided, Refusal):
        return decided
    number = await transaction.next_number() if before is None else before.number
    after = before
    if decided:
        after = await transaction.append(number, before, decided, by=request.by, at=request.at)
    if request.delivery:
        await transaction.remember(request.delivery, number, request.at)
    return Done(incident=after, events=decided, before=before, masked=masked)
