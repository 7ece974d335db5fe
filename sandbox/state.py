"""What a workspace consists of: users, channels with their messages, files, forms."""

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Message = dict[str, Any]

#: Lines that Slack writes itself and that have no author's words.
SYSTEM_SUBTYPES = frozenset(
    {
        "channel_join",
        "channel_leave",
        "channel_topic",
        "channel_purpose",
        "channel_name",
        "channel_archive",
        "channel_unarchive",
        "pinned_item",
        "tombstone",
    }
)


@dataclass(slots=True)
class User:
    id: str
    name: str
    real_name: str
    tz: str = "UTC"
    is_bot: bool = False
    is_restricted: bool = False
    deleted: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    email: str | None = None

    def shown(self, now: datetime) -> dict[str, Any]:
        """As users.info tells it."""
        offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        profile = {
            "real_name": self.real_name,
            "display_name": self.name if not self.is_bot else "",
            "email": self.email,
        }
        if not self.is_bot:
            profile["display_name"] = self.real_name
        return {
            "id": self.id,
            "team_id": "T0SANDBOX",
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_bot": self.is_bot,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "profile": {k: v for k, v in profile.items() if v is not None},
        }


@dataclass(slots=True)
class Channel:
    id: str
    name: str
    creator: str
    created: int
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    members: set[str] = field(default_factory=set)
    topic: str = ""
    purpose: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    #: The ts of all messages, sorted.
    order: list[str] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    bookmarks: list[dict[str, Any]] = field(default_factory=list)
    last_micros: int = 0

    @property
    def kind(self) -> str:
        return "im" if self.is_im else "group" if self.is_private else "channel"

    def add(self, message: Message) -> None:
        self.messages[message["ts"]] = message
        insort(self.order, message["ts"])

    def remove(self, ts: str) -> None:
        del self.messages[ts]
        self.order.remove(ts)

    def replies(self, root: str) -> Iterator[Message]:
        """Replies of a thread, oldest first."""
        for ts in self.order:
            message = self.messages[ts]
            if message.get("thread_ts") == root and ts != root:
                yield message

    def shown(self, me: str) -> dict[str, Any]:
        """As conversations.info tells it to one who asks."""
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.is_private and not self.is_im,
            "is_group": self.is_private,
            "is_im": self.is_im,
            "is_private": self.is_private or self.is_im,
            "is_archived": self.is_archived,
            "created": self.created,
            "creator": self.creator,
            "is_member": me in self.members,
            "num_members": len(self.members),
            "topic": {"value": self.topic},
            "purpose": {"value": self.purpose},
            **({"user": next((m for m in self.members if m != me), me)} if self.is_im else {}),
        }


@dataclass(slots=True)
class File:
    id: str
    name: str
    title: str
    mimetype: str
    user: str
    content: bytes = b""
    complete: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)

    def shown(self, base: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2] or "bin",
            "size": len(self.content),
            "user": self.user,
            "mode": "hosted",
            "file_access": "visible",
            "is_external": False,
            "url_private": f"{base}/_control/files/{self.id}",
            "url_private_download": f"{base}/_control/files/{self.id}",
            "permalink": f"{base}/_control/files/{self.id}",
        }


@dataclass(slots=True)
class View:
    """A form that is open before somebody."""

    id: str
    user: str
    body: dict[str, Any]
    root: str
    previous: str | None
    hash: str
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def by_name(channels: Iterable[Channel], name: str) -> Channel | None:
    """Archived channels hold their names too."""
    return next((channel for channel in channels if channel.name == name and not channel.is_im), None)
