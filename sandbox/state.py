"""What a workspace consists of: users, channels with their messages, files, forms."""

from bisect import bisect_left, insort
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
    team: str = "T0SANDBOX"
    updated: int = 0
    #: From when until when (seconds since the epoch) this person is not to be disturbed.
    quiet: tuple[int, int] | None = None
    #: Slack's word for why the app cannot write to this person directly.
    unreachable: str | None = None

    def shown(self, now: datetime) -> dict[str, Any]:
        """As users.info tells it."""
        zone = now.astimezone(ZoneInfo(self.tz))
        offset = zone.utcoffset()
        display = "" if self.is_bot else self.real_name
        profile = {
            "real_name": self.real_name,
            "display_name": display,
            "email": self.email,
            "team": self.team,
        }
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "color": "9f69e7",
            "tz": self.tz,
            "tz_label": zone.tzname() or self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_admin": False,
            "is_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "updated": self.updated,
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
    is_mpim: bool = False
    is_archived: bool = False
    members: set[str] = field(default_factory=set)
    topic: str = ""
    purpose: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    #: The ts of all messages, sorted.
    order: list[str] = field(default_factory=list)
    #: Root ts -> the ts of its replies, sorted.
    threads: dict[str, list[str]] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    bookmarks: list[dict[str, Any]] = field(default_factory=list)
    #: The file id of its canvas.
    canvas: str | None = None
    last_micros: int = 0

    @property
    def kind(self) -> str:
        """Slack's ``channel_type`` of message events."""
        return "im" if self.is_im else "mpim" if self.is_mpim else "group" if self.is_private else "channel"

    def add(self, message: Message) -> None:
        ts, root = message["ts"], message.get("thread_ts")
        self.messages[ts] = message
        insort(self.order, ts)
        if root and root != ts:
            insort(self.threads.setdefault(root, []), ts)

    def remove(self, ts: str) -> None:
        message = self.messages.pop(ts)
        del self.order[bisect_left(self.order, ts)]
        root = message.get("thread_ts")
        if root and root != ts:
            self.threads[root].remove(ts)

    def replies(self, root: str) -> Iterator[Message]:
        """Replies of a thread, oldest first."""
        return (self.messages[ts] for ts in self.threads.get(root, ()))

    def shown(self, me: str) -> dict[str, Any]:
        """As conversations.info tells it to one who asks."""
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": self.is_im,
            "is_mpim": self.is_mpim,
            "is_general": self.name == "general",
            "is_private": self.kind != "channel",
            "is_archived": self.is_archived,
            "created": self.created,
            "creator": self.creator,
            "is_member": me in self.members,
            "num_members": len(self.members),
            "topic": {"value": self.topic},
            "purpose": {"value": self.purpose},
            **({"user": next((m for m in sorted(self.members) if m != me), me)} if self.is_im else {}),
            **(
                {"properties": {"canvas": {"file_id": self.canvas, "is_empty": False}}} if self.canvas else {}
            ),
        }


@dataclass(slots=True)
class File:
    id: str
    name: str
    title: str
    mimetype: str
    user: str
    created: int = 0
    content: bytes = b""
    #: How many bytes were announced, until they are here.
    expected: int | None = None
    complete: bool = False
    #: Channel id -> the ts of the messages that share it.
    shares: dict[str, list[str]] = field(default_factory=dict)

    def shown(self, base: str) -> dict[str, Any]:
        kind = self.name.rpartition(".")[2].lower() if "." in self.name else "binary"
        private = f"{base}/files/{self.id}/{self.name}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": kind,
            "pretty_type": kind.upper(),
            "size": len(self.content),
            "user": self.user,
            "mode": "hosted",
            "file_access": "visible",
            "is_external": False,
            "is_public": bool(self.shares),
            "url_private": private,
            "url_private_download": private,
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
