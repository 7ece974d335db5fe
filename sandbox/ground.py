"""What every rule of the workspace stands on: who and what there is, ids, moments, and telling what happened."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

from sandbox.clock import Clock, micros, seconds, ts_of
from sandbox.config import WorkspaceConfig
from sandbox.errors import SlackError
from sandbox.state import Channel, File, Message, User, by_name

#: Told of an inner event and of the kind of conversation it is from.
Emit = Callable[[dict[str, Any], str | None], None]
#: A ts that was given by hand lies this far ahead at most (in microseconds) before a virtual clock counts again.
AHEAD = 1_000_000


class Ground:
    """All state. ``emit`` is told each event as the Events API would deliver it (inner event)."""

    def __init__(self, config: WorkspaceConfig, clock: Clock, emit: Emit, base: str = "") -> None:
        self.config = config
        self.clock = clock
        self.emit = emit
        self.base = base
        self.seq = 0
        self._waiting: set[asyncio.Future[None]] = set()
        self._ids = 0
        self._last = 0
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.canvases: dict[str, dict[str, Any]] = {}
        self.ephemeral: list[dict[str, Any]] = []
        self.homes: dict[str, dict[str, Any]] = {}
        self.groups = {group.id: group for group in config.groups}
        self.scheduled: dict[str, dict[str, Any]] = {}
        self._direct: dict[frozenset[str], Channel] = {}

    @property
    def bot(self) -> User:
        return self.users[self.config.app.bot_user_id]

    def touch(self) -> None:
        """Something changed: whoever waits for it is woken."""
        self.seq += 1
        waiting, self._waiting = self._waiting, set()
        for each in waiting:
            if not each.done():
                each.set_result(None)

    async def wait(self, since: int, timeout: float) -> int:  # noqa: ASYNC109 - it is the caller's word in the query
        """The sequence number, at once when it is newer than ``since``, else when it changes or time is up."""
        if self.seq <= since:
            changed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(changed)
            await asyncio.wait([changed], timeout=timeout)
            self._waiting.discard(changed)
        return self.seq

    def new_id(self, prefix: str) -> str:
        self._ids += 1
        return f"{prefix}0{self._ids:08d}"

    def event_ts(self) -> str:
        """Strictly increasing over the workspace, even when the clock stands."""
        now = micros(self.clock.now())
        self._last = self._last + 1 if 0 <= self._last - now < AHEAD else now
        return ts_of(self._last)

    def message_ts(self, channel: Channel) -> str:
        """The next free ts of a channel: now, and a microsecond more for each that was there before."""
        now = micros(self.clock.now())
        ahead = channel.last_micros - now
        count = channel.last_micros + 1 if ahead >= 0 and (ahead < AHEAD or not self.clock.virtual) else now
        while ts_of(count) in channel.messages:
            count += 1
        channel.last_micros = count
        return ts_of(count)

    def user(self, user: str | None) -> User:
        found = self.users.get(user or "")
        if found is None:
            raise SlackError("user_not_found")
        return found

    def channel(self, channel: str | None, me: str | None = None) -> Channel:
        """By id, or by ``#name``; private ones are unknown to those who are not in."""
        wanted = channel or ""
        found = self.channels.get(wanted) or by_name(self.channels.values(), wanted.removeprefix("#"))
        hidden = found and me and found.kind != "channel" and me not in found.members
        if found is None or hidden:
            raise SlackError("channel_not_found")
        return found

    def message(self, channel: Channel, ts: str | None) -> Message:
        found = channel.messages.get(ts or "")
        if found is None:
            raise SlackError("message_not_found")
        return found

    def dm(self, user: str) -> Channel:
        """The conversation of a user with the bot."""
        return self.direct([user])

    def direct(self, users: list[str]) -> Channel:
        """The bot's conversation with one or several people; made when it is first needed."""
        people = [self.user(user) for user in dict.fromkeys(users)]
        if any(who.deleted for who in people):
            raise SlackError("user_disabled")
        members = frozenset({who.id for who in people} | {self.bot.id})
        if members not in self._direct:
            several = len(people) > 1
            names = "--".join(who.name for who in people)
            made = Channel(
                id=self.new_id("C" if several else "D"),
                name=f"mpdm-{names}-1" if several else f"dm-{names}",
                creator=self.bot.id,
                created=seconds(self.clock.now()),
                is_im=not several,
                is_mpim=several,
                members=set(members),
            )
            self._direct[members] = self.channels[made.id] = made
            self.touch()
        return self._direct[members]

    def author(self, user: User) -> dict[str, Any]:
        """The fields by which a message says who wrote it."""
        if user.bot_id is None:
            return {"user": user.id, "client_msg_id": str(uuid.uuid4())}
        profile = {
            "id": user.bot_id,
            "name": user.real_name,
            "app_id": user.app_id or "A0OTHER",
            "user_id": user.id,
            "icons": {},
            "deleted": False,
            "updated": user.updated,
            "team_id": self.config.team_id,
        }
        return {
            "user": user.id,
            "bot_id": user.bot_id,
            "app_id": user.app_id or "A0OTHER",
            "bot_profile": profile,
        }

    def tell(self, event: dict[str, Any], channel: Channel | None, *, wide: bool = False) -> None:
        """Deliver an event of a channel, if the app is in it; ``wide``: of public ones every app is told."""
        if channel is None or (wide and channel.kind == "channel") or self.bot.id in channel.members:
            self.emit(event, channel.kind if channel else None)
