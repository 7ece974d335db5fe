"""What was said in Slack, as recorded: messages with revisions, files and reactions. Not events; Slack owns them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from bot.domain.details import MessageRef

#: How a message came to us. Backfilled ones have lost their earlier wordings.
Via = Literal["event", "shortcut", "backfill"]

#: A pin is kept like an emoji that everybody shares: whoever takes it off, it is off. No emoji has such a name.
PINNED = "(pinned)"
EVERYBODY = "*"


#: How much of an adopted channel's past belongs to the incident that was declared in it.
TAKEN_IN = timedelta(hours=24)

#: Media types of which a copy is kept for the document.
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    id: str
    name: str
    mimetype: str
    permalink: str | None = None
    #: Bytes, and where they can be fetched with our token (``url_private``); unknown for files of other workspaces.
    size: int = 0
    url: str | None = None


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
    #: A person had its words removed for good.
    redacted: bool = False

    @property
    def said(self) -> str | None:
        """Its words, unless they were deleted in Slack or redacted here."""
        return None if self.deleted or self.redacted else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A person's emoji on a message; ``event_ts`` orders adding and taking away."""

    message: MessageRef
    user: str
    name: str
    present: bool
    event_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the reading of a channel came. ``found``: messages that were not in the record."""

    found: int = 0
    #: Slack's word, where it lets nobody read; and for how long it (or another reader) makes us wait.
    refused: str | None = None
    waits_s: float | None = None
    #: Another process read it, and knows what it found.
    elsewhere: bool = False


def wordless(message: Message) -> Message:
    """The same message without anything that was said or shown in it."""
    return replace(message, text="", files=(), redacted=True)


def after(moment: str) -> str:
    """A revision (or event ts) just behind a known one, before any that Slack may still deliver.

    For what was read and not told: Slack does not say when it changed.
    """
    return f"{moment or '0'}+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What Slack tells of a user (of a group or a channel only the name); ``zone`` is an IANA name."""

    id: str
    name: str
    zone: str = "UTC"
    deleted: bool = False
    is_bot: bool = False
