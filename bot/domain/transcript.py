"""What was said in Slack, as recorded: messages with revisions, files and reactions. Not events; Slack owns them."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.events import MessageRef

#: How a message came to us. Backfilled ones have lost their earlier wordings.
Via = Literal["event", "shortcut", "backfill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    id: str
    name: str
    mimetype: str
    permalink: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One revision of a message. ``revision`` is the ts of the event that brought it: "" for the original."""

    ref: MessageRef
    revision: str = ""
    thread_ts: str | None = None
    user: str | None = None
    bot_name: str | None = None
    text: str = ""
    files: tuple[File, ...] = ()
    deleted: bool = False
    permalink: str | None = None
    via: Via = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A person's emoji on a message; ``event_ts`` orders adding and taking away."""

    message: MessageRef
    user: str
    name: str
    present: bool
    event_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What Slack tells of a user; ``zone`` is an IANA name."""

    id: str
    name: str
    zone: str = "UTC"
    deleted: bool = False
    is_bot: bool = False
