"""What time brings by itself: due reminders. Each tick is a function of the moment it is given."""

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.app.ports import Chat, ChatError, DueReminder, Store
from bot.domain.incident import ActionItem, Incident
from bot.domain.reminders import Reminder, next_reminder
from bot.views import notices

LEASE_S = 60.0
#: A send must be over well before the lease ends, or a second worker may send it too.
SEND_TIMEOUT_S = 20.0
RETRY_S = 15.0
BATCH = 50

log = structlog.get_logger(__name__)


class Reminding:
    """Sends what is due. Rows are claimed under a lease, sent with a mark, and settled."""

    def __init__(self, store: Store, chat: Chat, owner: str) -> None:
        self._store = store
        self._chat = chat
        self._owner = owner

    async def tick(self, now: datetime) -> int:
        """Send every reminder due at ``now``; returns how many were taken. After downtime an item speaks once."""
        taken = 0
        while True:
            due = await self._store.claim_reminders(now, owner=self._owner, lease_s=LEASE_S, limit=BATCH)
            await asyncio.gather(*(self._one(reminder, now) for reminder in due))
            taken += len(due)
            if len(due) < BATCH:
                return taken

    async def _one(self, due: DueReminder, now: datetime) -> None:
        incident = await self._store.incident(due.incident)
        item = incident.actions.get(due.action) if incident else None
        if incident is None or item is None or item.state.is_finished:
            await self._store.settle_reminder(due, None)
            return
        following = next_reminder(item, after=max(now, due.at))
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self._send(incident, item, due, now)
        except (ChatError, TimeoutError) as error:
            if isinstance(error, ChatError) and error.permanent:
                log.warning("reminder.refused", incident=incident.ref, action=item.id, word=error.word)
                await self._store.settle_reminder(due, following)
                return
            wait = (error.retry_after if isinstance(error, ChatError) else None) or RETRY_S
            await self._store.delay_reminder(due, now + timedelta(seconds=wait))
            return
        await self._store.settle_reminder(due, following)

    async def _send(self, incident: Incident, item: ActionItem, due: DueReminder, now: datetime) -> None:
        view = notices.reminder(incident, item, _rung(due), now)
        for person in _audience(incident, item, due.to):
            key = f"{incident.ref}:reminder:{item.id}:{due.rung}:{due.at:%Y%m%dT%H%M%S}:{person}"
            if due.attempts > 1 and await self._chat.find(person, key, since=due.at - timedelta(minutes=5)):
                continue
            await self._chat.post(person, view, key=key)


def _rung(due: DueReminder) -> Reminder:
    return Reminder(rung=due.rung, at=due.at)


def _audience(incident: Incident, item: ActionItem, to: tuple[str, ...]) -> tuple[str, ...]:
    """Slack ids of the owners; the commander too where the rung says so, or when nobody in Slack owns it."""
    owners = [p.slack_id for p in item.details.owners if p.slack_id]
    commander = [p.slack_id for p in incident.holders("commander") if p.slack_id]
    people = owners + commander if not owners or "commander" in to else owners
    return tuple(dict.fromkeys(people))
