"""Puts right what people changed in Slack (a deleted banner, another topic, a lost pin), and learns of what is theirs to change."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.app.chat_port import Chat, ChatError, Standing
from bot.app.digests import digest
from bot.app.incidents import Incidents, Request
from bot.app.ports import Clock, Posted, Store, Summary
from bot.domain import commands as c
from bot.domain.details import MessageRef
from bot.domain.people import SYSTEM

#: Slack tells nobody that a bookmark was removed, and not what happened while we were away; so we look.
LOOK_EVERY = timedelta(minutes=10)
#: How often the open incidents are listed for that.
LIST_EVERY = timedelta(minutes=1)
#: Slack tells of our entry within seconds.
JUST_NOW = timedelta(minutes=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A person deleted a message of ours."""

    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpinned:
    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSet:
    channel: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNamed:
    channel: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedOrBack:
    channel: str
    archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """We are in a channel now: what Slack refused because we were not is worth another try."""

    channel: str


Tampering = Deleted | Unpinned | TopicSet | ChannelNamed | ArchivedOrBack | Entered


@dataclass(slots=True)
class Upkeep:
    store: Store
    chat: Chat
    incidents: Incidents
    clock: Clock
    wake: Callable[[int], None]
    #: Awaited with a channel that we may read from now on.
    readable: Callable[[str], Awaitable[None]]
    _looked: dict[int, datetime] = field(default_factory=dict)
    _waiting: list[Summary] = field(default_factory=list)
    _listed: datetime | None = None
    _started: datetime | None = None

    async def happened(self, what: Tampering) -> None:
        """What a person did in Slack's own menus. Ours is put back; a channel's name and archiving are theirs."""
        match what:
            case Deleted(message=message):
                await self._deleted(message)
            case Unpinned(message=message):
                for row in await self.store.in_channel(message.channel):
                    await self._forget(row.number, f"pin:{message.ts}")
            case TopicSet(channel=channel, topic=topic):
                for row in await self.store.in_channel(channel):
                    await self._topic(row.number, await self._posted(row.number, "topic"), topic)
            case ChannelNamed(channel=channel, name=name):
                await self._ask(channel, c.NoteChannelName(name=name))
            case ArchivedOrBack(channel=channel, archived=archived):
                await self._ask(channel, c.NoteArchived(archived=archived))
            case Entered(channel=channel):
                await self._try_again(channel)
                if not await self._opened_just_now(channel):
                    await self.readable(channel)

    async def tick(self, now: datetime) -> None:
        """Look at each open incident's channel once in `LOOK_EVERY`, and at those from before a start soon after it."""
        self._started = self._started or now
        if self._listed is None or abs(now - self._listed) >= LIST_EVERY:
            self._listed = now
            await self._list(now, self._started)
        while self._waiting:
            row = self._waiting.pop()
            self._looked[row.number] = now  # before the look, so that one that fails stops no other
            if not await self._look(row):
                del self._looked[row.number]
                self._waiting.append(row)
                return

    async def _list(self, now: datetime, started: datetime) -> None:
        """Whose turn it is, the last first."""
        rows = {row.number: row for row in await self.store.summaries(open_only=True) if row.channel}
        fresh = {number: row.declared_at for number, row in rows.items() if row.declared_at >= started}
        self._looked = {number: at for number, at in (fresh | self._looked).items() if number in rows}
        long_ago = datetime.min.replace(tzinfo=now.tzinfo)
        looked = {number: self._looked.get(number, long_ago) for number in rows}
        due = [number for number, at in looked.items() if at == long_ago or now - at >= LOOK_EVERY]
        self._waiting = [rows[number] for number in sorted(due, key=lambda each: looked[each], reverse=True)]

    async def _opened_just_now(self, channel: str) -> bool:
        """By ourselves, for a new incident: our first entry comes as an event too, and nothing was said before it."""
        for row in await self.store.in_channel(channel):
            incident = await self.store.incident(row.number, version=row.version)
            if incident is None or incident.adopted or self.clock.now() - row.declared_at > JUST_NOW:
                return False
        return True

    async def _look(self, row: Summary) -> bool:
        """False when Slack wants to be spared: it is still this one's turn."""
        assert row.channel, "only incidents with a channel are looked at"
        posted = await self.store.posted(row.number)
        if "bookmark" not in posted:
            return True
        incident = await self.store.incident(row.number, version=row.version)
        if incident is None or incident.archived:
            return True
        try:
            found = await self.chat.standing(row.channel)
        except ChatError as error:
            log.info("upkeep.not_seen", incident=incident.ref, word=error.word)
            return error.word != "ratelimited"
        for key in _missing(posted, found):
            await self._forget(row.number, key)
        await self._topic(row.number, posted.get("topic"), found.topic)
        return True

    async def _deleted(self, message: MessageRef) -> None:
        """What is kept true in place is posted anew; what was said once may be unsaid by a person."""
        found = await self.store.posted_as(message)
        if found is None:
            return
        incident, key = found
        known = await self._posted(incident, key)
        if known and known.digest:
            await self._forget(incident, key)

    async def _topic(self, incident: int, standing: Posted | None, topic: str) -> None:
        if standing and standing.digest != digest(topic):
            await self._forget(incident, "topic")

    async def _posted(self, incident: int, key: str) -> Posted | None:
        return (await self.store.posted(incident)).get(key)

    async def _forget(self, incident: int, key: str) -> None:
        """What is not remembered as standing is made anew, if it is still wanted."""
        await self.store.forget_posted(incident, key)
        await self.store.mark_dirty(incident)
        self.wake(incident)

    async def _try_again(self, channel: str) -> None:
        for row in await self.store.in_channel(channel):
            for key, known in (await self.store.posted(row.number)).items():
                if known.failed:
                    await self._forget(row.number, key)

    async def _ask(self, channel: str, command: c.Command) -> None:
        for row in await self.store.in_channel(channel):
            await self.incidents.handle(
                Request(command=command, by=SYSTEM, at=self.clock.now(), incident=row.number)
            )


def _missing(posted: Mapping[str, Posted], found: Standing) -> list[str]:
    """Keys of what we pinned and bookmarked and what is not there any more."""
    banner = posted.get("banner")
    gone = []
    if banner and banner.ts and banner.ts not in found.pins and f"pin:{banner.ts}" in posted:
        gone.append(f"pin:{banner.ts}")
    bookmark = posted.get("bookmark")
    if bookmark and bookmark.ts and bookmark.ts not in found.bookmarks:
        gone.append("bookmark")
    return gone
