"""What the use cases need of Slack."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.domain.details import MessageRef
from bot.domain.permissions import Group
from bot.domain.transcript import Profile


class ChatError(Exception):
    """Slack did not do it. ``word`` is Slack's error word."""

    def __init__(self, word: str, *, retry_after: float | None = None, permanent: bool = False) -> None:
        super().__init__(word)
        self.word = word
        self.retry_after = retry_after
        self.permanent = permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedChannel:
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A channel as Slack shows it: the topic as typed, the ts of pinned messages, bookmark ids."""

    topic: str
    pins: frozenset[str]
    bookmarks: frozenset[str]


class Chat(Protocol):
    """Slack as the use cases see it. Every method may raise `ChatError`. No method retries by itself."""

    async def open_channel(self, name: str, *, private: bool) -> OpenedChannel:
        """Create a channel; raises ChatError("name_taken")."""
        ...

    async def find_channel(self, name: str, *, since: datetime) -> OpenedChannel | None:
        """A channel of this name that we created since then (by a call whose answer was lost)."""
        ...

    async def invite(self, channel: str, users: Sequence[str]) -> None:
        """Already being in is success."""
        ...

    async def post(self, channel: str, view: object, *, key: str, thread_ts: str | None = None) -> Sent:
        """Post a view; ``channel`` may be a user id (a DM). ``key`` is our mark, found again by `find`."""
        ...

    def posts_free(self) -> float:
        """To how many people something could be posted now; what is more would be refused as ``ratelimited``."""
        ...

    async def find(
        self, channel: str, key: str, *, since: datetime, thread_ts: str | None = None
    ) -> Sent | None:
        """Our message with this mark, if it was posted, into the channel itself or into the thread."""
        ...

    async def edit(self, channel: str, ts: str, view: object, *, key: str) -> None:
        """Raises ChatError("message_not_found") when a person deleted it."""
        ...

    async def pin(self, channel: str, ts: str) -> None: ...
    async def set_topic(self, channel: str, topic: str) -> None: ...
    async def bookmark(
        self, channel: str, *, title: str, link: str, bookmark: str | None, unsure: bool = False
    ) -> str:
        """Add or edit a bookmark; returns its id. ``unsure``: an earlier try may have made it."""
        ...

    async def join(self, channel: str) -> None:
        """Enter a public channel."""
        ...

    async def rename(self, channel: str, name: str) -> None: ...
    async def kind(self, channel: str) -> Literal["public", "private", "direct"]:
        """What kind of conversation it is; raises ChatError("channel_not_found") for one that we are not in."""
        ...

    async def members(self, channel: str) -> Sequence[str]:
        """Everybody in the channel but ourselves."""
        ...

    async def user_groups(self) -> Sequence[Group]:
        """Every user group of the workspace with its members."""
        ...

    async def standing(self, channel: str) -> "Standing":
        """What stands in the channel now, whoever put it there."""
        ...

    async def delete(self, message: MessageRef) -> None:
        """Delete a message of ours; one that is gone already is success."""
        ...

    async def react(self, message: MessageRef, name: str, *, present: bool = True) -> None: ...
    async def permalink(self, message: MessageRef, thread: str | None = None) -> str: ...
    async def upload(self, channel: str, *, name: str, title: str, content: bytes, comment: str) -> str:
        """Share a file; returns its id."""
        ...

    async def delete_file(self, file: str) -> None:
        """Delete a file of ours; one that is gone already is success."""
        ...

    async def canvas(self, channel: str, markdown: str, *, canvas: str | None, unsure: bool = False) -> str:
        """Write the channel's canvas, or ``canvas``, which is ours; returns its id.

        ``unsure``: an earlier try may have made it. Raises ChatError("channel_canvas_already_exists") for another's.
        """
        ...

    async def find_file(self, channel: str, name: str, *, since: datetime) -> str | None: ...
    async def publish_home(self, user: str, view: object) -> None: ...
    async def profile(self, user: str) -> Profile:
        """Of a user, or of a user group under its handle."""
        ...

    async def by_address(self, address: str) -> str | None:
        """The user with this e-mail address."""
        ...

    async def quiet_until(self, user: str) -> datetime | None:
        """Until when the user asked Slack not to be disturbed; None: now is fine."""
        ...
