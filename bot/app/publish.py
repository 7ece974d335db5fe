"""Makes Slack show what is true: computes the missing steps, performs them, remembers what stands; until none is left.

Any number of workers and replicas may run this: an incident is taken under a lease, and before anything is created
whose answer was never seen, our own mark is looked for in Slack and adopted.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.app.directory import Directory
from bot.app.incidents import Incidents, Request
from bot.app.policy import Policy
from bot.app.ports import Chat, ChatError, Clock, OpenedChannel, Posted, Sent, Store, Work
from bot.app.postmortem import Postmortems
from bot.app.wanted import (
    CHANNEL_NAME_LIMIT,
    Bookmark,
    Invite,
    OpenChannel,
    Pin,
    Post,
    Receipt,
    SetTopic,
    Step,
    Upload,
    apart,
    next_steps,
)
from bot.domain import commands as c
from bot.domain.incident import Incident
from bot.domain.people import SYSTEM
from bot.views.notices import document_comment

LEASE_S = 60.0
ROUNDS = 12  # a declare needs four; more than this means two hands pull the same rope
RETRY_S = 5.0
#: Slack's clock is not ours: what we began may seem to stand there from a little before.
CLOCK_SKEW = timedelta(minutes=2)
NAME_ATTEMPTS = 20

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Publisher:
    """Publishes one incident at a time under a lease; `bot.app.worker` decides which and when."""

    store: Store
    chat: Chat
    directory: Directory
    postmortems: Postmortems
    clock: Clock
    policy: Policy
    incidents: Incidents
    owner: str

    async def publish(self, work: Work, calm: Callable[[], Awaitable[None]]) -> None:
        """Bring Slack up to the facts of one claimed incident, or leave it for later.

        What is new is shown at once. What only changes in place waits for ``calm`` first, so that many changes in a
        row cost one edit.
        """
        delay: float | None = None
        calmed = False
        for _ in range(ROUNDS):
            incident = await self.store.incident(work.incident)
            assert incident is not None, "work is only made for incidents that exist"
            posted = await self.store.posted(work.incident)
            steps = next_steps(incident, posted, self.policy, await self._names(incident))
            if not steps:
                await self.store.finish_work(work, owner=self.owner)
                return
            steps, edits = apart(steps, posted)
            if not steps and not calmed:
                await calm()
                calmed = True
                continue
            if not steps:
                steps, calmed = edits, False
            waits = await asyncio.gather(*(self._attempt(incident, step, posted) for step in steps))
            delays = [wait for wait in waits if wait is not None]
            if delays:
                delay = max(delays)
                if len(delays) == len(steps):
                    break
        until = self.clock.now() + timedelta(seconds=delay or RETRY_S)
        await self.store.delay_work(work, owner=self.owner, until=until)

    async def _names(self, incident: Incident) -> Mapping[str, str]:
        ids = [p.slack_id for p in incident.holders("commander") if p.slack_id]
        profiles = await self.directory.profiles(ids)
        return {user: profile.name for user, profile in profiles.items()}

    async def _attempt(self, incident: Incident, step: Step, posted: Mapping[str, Posted]) -> float | None:
        """Perform one step; returns seconds to wait when it must be tried again, None when it is settled."""
        try:
            await self._perform(incident, step, posted.get(step.key))
        except ChatError as error:
            if error.permanent:
                await self._refused(incident, step, error.word)
                return None
            log.info("slack.later", incident=incident.ref, step=step.key, word=error.word)
            if error.word == "ratelimited" and step.key not in posted:
                # Surely not done: there is no answer to look for next time.
                await self.store.forget_posted(incident.number, step.key)
            return error.retry_after or RETRY_S
        return None

    async def _refused(self, incident: Incident, step: Step, word: str) -> None:
        log.warning("slack.refused", incident=incident.ref, step=step.key, word=word)
        if isinstance(step, OpenChannel):
            await self._ask(incident, c.RefuseChannel(reason=f"Slack says {word}."))
            return
        known = Posted(key=step.key, digest=step.digest, begun_at=self.clock.now(), failed=word)
        await self.store.keep_posted(incident.number, known)

    async def _perform(self, incident: Incident, step: Step, known: Posted | None) -> None:
        match step:
            case OpenChannel():
                await self._open_channel(incident, step, known)
            case Invite():
                await self.chat.invite(_channel(incident), [step.user])
                await self._done(incident, step)
            case Post():
                await self._post(incident, step, known)
            case Pin():
                await self.chat.pin(step.message.channel, step.message.ts)
                await self._done(incident, step)
            case SetTopic():
                await self.chat.set_topic(_channel(incident), step.text)
                await self._done(incident, step)
            case Bookmark():
                link = await self.chat.permalink(step.message)
                bookmark = await self.chat.bookmark(
                    _channel(incident), title=step.title, link=link, bookmark=known.ts if known else None
                )
                await self._done(incident, step, ts=bookmark)
            case Receipt():
                await self.chat.react(step.message, step.name, present=step.present)
                await self._done(incident, step)
            case Upload():
                await self._upload(incident, step, known)
            case _:
                raise TypeError(f"no way to perform {type(step).__name__}")

    async def _open_channel(self, incident: Incident, step: OpenChannel, known: Posted | None) -> None:
        """Create it, or adopt the one that an earlier, unanswered call made."""
        if known is None:
            await self._begin(incident, step)
        since = (known.begun_at if known else self.clock.now()) - CLOCK_SKEW
        found = await self._create(step, since)
        await self._ask(incident, c.OpenChannel(channel=found.id, name=found.name))
        await self._done(incident, step, channel=found.id, ts=found.id)

    async def _create(self, step: OpenChannel, since: datetime) -> OpenedChannel:
        """Under the wanted name, or with a suffix where another channel, perhaps unseen by us, holds it."""
        for attempt in range(NAME_ATTEMPTS):
            suffix = f"-{attempt + 1}" if attempt else ""
            name = step.name[: CHANNEL_NAME_LIMIT - len(suffix)].rstrip("-") + suffix
            try:
                return await self.chat.open_channel(name, private=step.private)
            except ChatError as error:
                if error.word != "name_taken":
                    raise
                if ours := await self.chat.find_channel(name, since=since):
                    return ours
        raise ChatError("name_taken", permanent=True)

    async def _post(self, incident: Incident, step: Post, known: Posted | None) -> None:
        if known and known.ts and known.channel:
            await self._edit(incident, step, known.channel, known.ts)
            return
        sent: Sent | None = None
        if known is None or known.failed:
            await self._begin(incident, step)
        else:
            sent = await self.chat.find(
                step.to, f"{incident.ref}:{step.key}", since=known.begun_at - CLOCK_SKEW
            )
        if sent is None:
            sent = await self.chat.post(
                step.to, step.view, key=f"{incident.ref}:{step.key}", thread_ts=step.thread
            )
            await self._done(incident, step, channel=sent.channel, ts=sent.ts)
        else:
            # Found again, but perhaps with an older view: the next round edits it if so.
            await self._done(
                incident, replace(step, digest="" if not step.once else step.digest), sent.channel, sent.ts
            )

    async def _edit(self, incident: Incident, step: Post, channel: str, ts: str) -> None:
        try:
            await self.chat.edit(channel, ts, step.view, key=f"{incident.ref}:{step.key}")
        except ChatError as error:
            if error.word not in {"message_not_found", "cant_update_message"}:
                raise
            # A person deleted it: what should stand there is posted anew in the next round.
            await self.store.forget_posted(incident.number, step.key)
            return
        await self._done(incident, step, channel, ts)

    async def _upload(self, incident: Incident, step: Upload, known: Posted | None) -> None:
        document = await self.postmortems.render(incident, step.rendering, step.format)
        channel = _channel(incident)
        if known is None or known.failed:
            await self._begin(incident, step)
            file = None
        else:
            file = await self.chat.find_file(channel, document.name, since=known.begun_at - CLOCK_SKEW)
        file = file or await self.chat.upload(
            channel,
            name=document.name,
            title=document.title,
            content=document.content,
            comment=document_comment(incident, final=step.rendering.final)
            if step.format == "markdown"
            else "",
        )
        await self._done(incident, step, channel=channel, ts=file)

    async def _begin(self, incident: Incident, step: Step) -> None:
        intent = Posted(key=step.key, digest=step.digest, begun_at=self.clock.now())
        await self.store.keep_posted(incident.number, intent)

    async def _done(
        self, incident: Incident, step: Step, channel: str | None = None, ts: str | None = None
    ) -> None:
        now = self.clock.now()
        standing = Posted(key=step.key, channel=channel, ts=ts or "-", digest=step.digest, begun_at=now)
        await self.store.keep_posted(incident.number, standing)

    async def _ask(self, incident: Incident, command: c.Command) -> None:
        request = Request(command=command, by=SYSTEM, at=self.now(), incident=incident.number)
        await self.incidents.handle(request)

    def now(self) -> datetime:
        return self.clock.now()


def _channel(incident: Incident) -> str:
    assert incident.channel is not None, "steps that need the channel are only wanted when it is open"
    return incident.channel
