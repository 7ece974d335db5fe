"""Many reminders that are due at once, said at Slack's pace: how long our own work takes beside the sending."""

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

from bench.databases import sqlite
from bench.row import Row
from bench.slack import Slack, slack
from bot.app.policy import Policy
from bot.domain import events as e
from bot.domain.details import ActionDetails, Due
from bot.domain.people import Person
from bot.domain.transcript import Profile
from bot.domain.vocabulary import ActionKind, Status
from bot.slack.pace import PER_MINUTE, RESERVE, Pace, Rank
from bot.wiring import assemble
from sandbox.config import UserConfig
from storage.store import open_store

LATENCY_S = 0.15
PER_INCIDENT = 25
PER_PERSON = 20
TICK_S = 1.0
#: The goal is "not later than the sending takes"; a tick is a second.
LATE = 1.1
#: A Wednesday morning, when everybody works.
MORNING = datetime(2026, 11, 18, 10, tzinfo=UTC)
#: What the store does for reminders; the rest of the time is Slack's.
CLAIMING = (
    "due_ladders",
    "incident",
    "climb",
    "claim_letters",
    "settle_letter",
    "reopen_letter",
    "delay_letter",
    "postpone_lines",
)


class MorningClock:
    """Real time, moved to a working hour."""

    def __init__(self):
        self._offset = MORNING - datetime.now(UTC)

    def now(self):
        return datetime.now(UTC) + self._offset


class Stopwatch:
    """The time that a store's methods take, one after the other or side by side, counted once."""

    def __init__(self, store):
        self.busy_s, self._running, self._since = 0.0, 0, 0.0
        for name in CLAIMING:
            setattr(store, name, self._timed(getattr(store, name)))

    def _timed(self, method):
        async def timed(*arguments, **named):
            if self._running == 0:
                self._since = time.perf_counter()
            self._running += 1
            try:
                return await method(*arguments, **named)
            finally:
                self._running -= 1
                if self._running == 0:
                    self.busy_s += time.perf_counter() - self._since

        return timed


async def rows(scale):
    owners = [f"U0OWNER{n}" for n in range(max(scale.reminders // PER_PERSON, 1))]
    async with AsyncExitStack() as stack:
        url = stack.enter_context(sqlite())
        store = await stack.enter_async_context(open_store(url))
        workspace = await stack.enter_async_context(slack(LATENCY_S))
        for owner in owners:
            workspace.sandbox.workspace.add_user(UserConfig(id=owner, name=owner.lower()))
        clock = MorningClock()
        await _fill(store, scale.reminders, owners, clock.now())
        bot = assemble(
            store=store,
            clock=clock,
            policy=Policy(),
            bot_token=workspace.sandbox.bot_token,
            base_url=workspace.sandbox.api_url,
            ticking=False,
            pace=Pace(),
        )
        watch = Stopwatch(store)
        began = time.perf_counter()
        while len(_letters(workspace)) < len(owners):
            turn = time.perf_counter()
            await bot.reminding.tick(clock.now())
            await asyncio.sleep(max(0.0, TICK_S - (time.perf_counter() - turn)))
        took = time.perf_counter() - began
    return [_row(scale, len(owners), _letters(workspace), took, watch.busy_s)]


def _row(scale, owners, letters, took, busy):
    if len(letters) != owners:
        raise AssertionError(f"{owners} letters were due and {len(letters)} came")
    limit = PER_MINUTE["chat.postMessage"] / 2
    at_once = limit * (1 - RESERVE[Rank.NEWS])  # the rest is kept for what people wait for
    sending = max(0.0, (owners - at_once) / limit * 60) + LATENCY_S
    said = (
        f"{owners:,} letters in {took:.0f} s, the limits alone take {sending:.0f} s (a tenth is kept for people); "
        f"our own work {busy:.1f} s, {busy / took:.0%}"
    )
    goal = "none later than the sending takes; claiming < 10 % of it"
    met = busy < 0.1 * took and took < LATE * sending
    return Row(f"{scale.reminders:,} reminders, all due", goal, said, met)


def _letters(workspace: Slack):
    return [call for call in workspace.calls if call.method == "chat.postMessage"]


async def _fill(store, reminders, owners, now):
    """Follow-ups of closed incidents, all due at this moment."""
    for owner in owners:
        await store.keep_profile(Profile(id=owner, name=owner, zone="UTC"), now)
    declared = now - timedelta(days=14)
    for first in range(0, reminders, PER_INCIDENT):
        some = range(first, min(first + PER_INCIDENT, reminders))
        events = [e.Declared(title=f"Incident {first}"), *(_item(n, owners, now) for n in some)]
        async with store.transaction() as transaction:
            number = await transaction.next_number()
            closed = e.StatusChanged(status=Status.CLOSED)
            await transaction.append(number, None, [*events, closed], by=owners[0], at=declared)


def _item(n, owners, due):
    owner = Person(slack_id=owners[n % len(owners)])
    details = ActionDetails(text=f"Job {n}", kind=ActionKind.FOLLOW_UP, owners=(owner,), due=Due(at=due))
    return e.ActionAdded(action=f"A{n % PER_INCIDENT + 1}", details=details)
