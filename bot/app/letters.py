"""Lines that are due for one recipient, as one message: claimed under a lease, sent with a mark, settled.

Three parts keep it from being sent twice: the lease, a look for our own mark when this is not the first try, and no
sending when our own time (not the wall clock's) for it is nearly over.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.app.chat_port import Chat, ChatError
from bot.app.climbing import Climbing, others
from bot.app.ports import Letter, Line, Store
from bot.app.quiet import Quiet
from bot.domain.incident import Incident
from bot.domain.reminder_kinds import stands
from bot.domain.reminders import Manner
from bot.views.reminders import ReminderLetter, Saying, letter_view

LEASE_S = 45.0
#: A send must be over well before the lease ends, or a second worker may send it too.
SEND_TIMEOUT_S = 20.0
RETRY_S = 15.0
BATCH = 20
#: Slack's clock is not ours.
CLOCK_SKEW = timedelta(minutes=2)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Letters:
    store: Store
    chat: Chat
    climbing: Climbing
    quiet: Quiet
    owner: str

    async def tick(self, now: datetime) -> int:
        """Send every letter due at ``now``, until Slack wants to be spared; returns how many were taken."""
        taken = 0
        # What is claimed above that would only be put back.
        while limit := int(min(BATCH, self.chat.posts_free())):
            deadline = time.monotonic() + LEASE_S - SEND_TIMEOUT_S
            claimed = await self.store.claim_letters(now, owner=self.owner, lease_s=LEASE_S, limit=limit)
            through = await asyncio.gather(*(self._one(letter, now, deadline) for letter in claimed))
            taken += len(claimed)
            if not claimed or not all(through):
                break
        return taken

    async def _one(self, letter: Letter, now: datetime, deadline: float) -> bool:
        """False when Slack limits us: those behind would only be claimed and put back."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self._deliver(letter, now, deadline)
        except TimeoutError:
            await self.store.delay_letter(letter, now + timedelta(seconds=RETRY_S))
        except ChatError as error:
            await self._failed(letter, error, now)
            return error.word != "ratelimited"
        return True

    async def _deliver(self, letter: Letter, now: datetime, deadline: float) -> None:
        since = letter.begun_at - CLOCK_SKEW
        if letter.attempts > 1:
            if await self.chat.find(letter.recipient, letter.key, since=since):
                await self.store.settle_letter(letter)
            else:
                # What was to be said then may have become more, or nothing.
                await self.store.reopen_letter(letter, now)
            return
        written = await self._timely(letter, now)
        if written is None:
            return
        view = await self._view(written, now)
        if view is None:
            await self.store.settle_letter(written)
            return
        if time.monotonic() > deadline:
            await self.store.reopen_letter(letter, now)
            return
        await self.chat.post(letter.recipient, view, key=letter.key)
        await self.store.settle_letter(letter)

    async def _timely(self, letter: Letter, now: datetime) -> Letter | None:
        """The letter without what must wait; None when nothing is left."""
        zone = await self.climbing.zone(letter.recipient)
        opens = self.climbing.policy.hours.next_moment(now, zone)
        rest = await self._without(letter, {Manner.WORKING, Manner.DAILY}, opens, now)
        if rest is None or all(line.manner is Manner.URGENT for line in rest.lines):
            return rest
        quiet = await self.quiet.until(letter.recipient, now)
        return await self._without(rest, set(Manner) - {Manner.URGENT}, quiet, now) if quiet else rest

    async def _without(
        self, letter: Letter, manners: set[Manner], until: datetime, now: datetime
    ) -> Letter | None:
        waiting = [line for line in letter.lines if line.manner in manners]
        return await self.store.postpone_lines(letter, waiting, until) if waiting and until > now else letter

    async def _view(self, letter: Letter, now: datetime) -> ReminderLetter | None:
        """What is still true of it. None: nothing needs to be said any more."""
        sayings: list[Saying] = []
        for line in letter.lines:
            incident = await self.store.incident(line.incident)
            if incident and stands(incident, line.subject):
                sayings.append(_saying(incident, line))
        return letter_view(sayings, now) if sayings else None

    async def _failed(self, letter: Letter, error: ChatError, now: datetime) -> None:
        if error.permanent:
            log.warning("reminder.refused", recipient=letter.recipient, word=error.word)
            await self.store.settle_letter(letter, await self._passed_on(letter.lines, now))
            return
        until = now + timedelta(seconds=error.retry_after or RETRY_S)
        if error.word == "ratelimited" and letter.attempts == 1:
            await self.store.reopen_letter(letter, until)
        else:
            await self.store.delay_letter(letter, until)

    async def _passed_on(self, lines: Sequence[Line], now: datetime) -> list[Line]:
        """The same words to whoever can still be told."""
        made: list[Line] = []
        for line in lines:
            incident = await self.store.incident(line.incident)
            tried = (*line.tried, line.recipient)
            instead = others(incident, tried) if incident else ()
            if not instead:
                log.error("reminder.nobody", incident=line.incident, subject=line.subject, tried=tried)
            made += [replace(line, recipient=each, tried=tried, next_at=now) for each in instead]
        return made


def _saying(incident: Incident, line: Line) -> Saying:
    return Saying(
        incident=incident,
        id=line.subject.partition(":")[2],
        kind=line.subject.partition(":")[0],
        rung=line.rung,
        recipient=line.recipient,
        tried=line.tried,
    )
