"""Makes Slack show what is true: computes the missing steps, performs them, remembers what stands; until none is left.

Any number of workers and replicas may run this: an incident is taken under a lease, and before anything is created
whose answer was never seen, our own mark is looked for in Slack and adopted.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.app.chat_port import ChatError
from bot.app.directory import Directory
from bot.app.outlets import OutletError
from bot.app.perform import Performer
from bot.app.policy import Policy
from bot.app.ports import Clock, Posted, Store, Work
from bot.app.steps import OpenChannel, Post, Step
from bot.app.user_groups import UserGroups
from bot.app.wanted import apart, next_steps
from bot.app.wordings import tagged_words
from bot.domain import commands as c
from bot.domain.incident import Incident
from bot.domain.vocabulary import HandoffOutcome

LEASE_S = 60.0
ROUNDS = 12  # a declare needs four; more than this means two hands pull the same rope
RETRY_S = 5.0
#: A folder or a working copy is mended by people.
OUTLET_RETRY_S = 60.0
#: Slack's words for a channel that was archived behind our back (docs: chat.postMessage, chat.update).
ARCHIVED = frozenset({"is_archived", "is_inactive"})

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Publisher:
    """Publishes one incident at a time under a lease; `bot.app.worker` decides which and when."""

    store: Store
    performer: Performer
    directory: Directory
    user_groups: UserGroups
    clock: Clock
    policy: Policy
    owner: str

    async def publish(self, work: Work, calm: Callable[[], Awaitable[None]]) -> None:
        """Bring Slack up to the facts of one claimed incident, or leave it for later.

        What is new is shown at once. What only changes in place waits for ``calm`` first, so that many changes in a
        row cost one edit.
        """
        #: Steps that Slack would not take yet, and the seconds to wait.
        waits: dict[str, float] = {}
        calmed = False
        for _ in range(ROUNDS):
            incident = await self.store.incident(work.incident)
            assert incident is not None, "work is only made for incidents that exist"
            posted = await self.store.posted(work.incident)
            names, words = await self._names(incident), await self._words(incident)
            guests = await self._guests(incident)
            wanted = next_steps(incident, posted, self.policy, names, words, guests)
            if not wanted:
                await self.store.finish_work(work, owner=self.owner)
                return
            steps, edits = apart(tuple(step for step in wanted if step.key not in waits), posted)
            if not steps and not edits:
                break
            if not steps and not calmed:
                await calm()
                calmed = True
                continue
            if not steps:
                steps, calmed = edits, False
            asked = await asyncio.gather(*(self._attempt(incident, step, posted) for step in steps))
            waits |= {step.key: wait for step, wait in zip(steps, asked, strict=True) if wait is not None}
        until = self.clock.now() + timedelta(seconds=max(waits.values(), default=RETRY_S))
        await self.store.delay_work(work, owner=self.owner, until=until)

    async def _guests(self, incident: Incident) -> tuple[str, ...]:
        """Whom the workspace's rules say to invite."""
        rules = self.policy.invitations_for(incident)
        named = [person for rule in rules for person in rule.people]
        members = await self.user_groups.members([group for rule in rules for group in rule.groups])
        return tuple(dict.fromkeys((*named, *members)))

    async def _names(self, incident: Incident) -> Mapping[str, str]:
        ids = [p.slack_id for p in incident.holders("commander") if p.slack_id]
        profiles = await self.directory.profiles(ids)
        return {user: profile.name for user, profile in profiles.items()}

    async def _words(self, incident: Incident) -> Mapping[str, str]:
        """The wordings of tagged messages, where somebody is about to read them in a brief."""
        asked = any(handoff.outcome is HandoffOutcome.WAITING for handoff in incident.handoffs)
        return await tagged_words(self.store, incident) if asked else {}

    async def _attempt(self, incident: Incident, step: Step, posted: Mapping[str, Posted]) -> float | None:
        """Perform one step; returns seconds to wait when it must be tried again, None when it is settled."""
        try:
            await self.performer.perform(incident, step, posted.get(step.key))
        except ChatError as error:
            if error.permanent:
                await self._refused(incident, step, error.word)
                return None
            log.info("slack.later", incident=incident.ref, step=step.key, word=error.word)
            if error.word == "ratelimited" and step.key not in posted:
                # Surely not done: there is no answer to look for next time.
                await self.store.forget_posted(incident.number, step.key)
            return error.retry_after or RETRY_S
        except OutletError as error:
            log.warning("outlet.failed", incident=incident.ref, step=step.key, reason=str(error))
            # Without a digest it is still wanted, and the reason is told.
            known = Posted(key=step.key, begun_at=self.clock.now(), failed=str(error))
            await self.store.keep_posted(incident.number, known)
            return OUTLET_RETRY_S
        return None

    async def _refused(self, incident: Incident, step: Step, word: str) -> None:
        log.warning("slack.refused", incident=incident.ref, step=step.key, word=word)
        if isinstance(step, OpenChannel):
            await self.performer.ask(incident.number, c.RefuseChannel(reason=word))
            return
        if word in ARCHIVED and _where(incident, step) == incident.channel:
            await self.performer.ask(incident.number, c.NoteArchived(archived=True))
            return
        known = Posted(key=step.key, digest=step.digest, begun_at=self.clock.now(), failed=word)
        await self.store.keep_posted(incident.number, known)


def _where(incident: Incident, step: Step) -> str | None:
    """The channel that a step is about."""
    return step.to if isinstance(step, Post) else incident.channel
