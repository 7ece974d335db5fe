"""What recording and repairing the record need from the outside: the transcript's store, and Slack's past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.details import MessageRef
from bot.domain.transcript import Message, Profile, Reaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of a channel that is to be read from Slack, and how far the reading has come.

    Nothing before the ts ``oldest``. History is read downwards from ``before`` (empty: from its end); ``threads`` wait,
    each with the ts up to which it is read.
    """

    channel: str
    oldest: str = "0"
    before: str = ""
    threads: tuple[tuple[str, str], ...] = ()
    #: Messages that were not in the record.
    found: int = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedFile:
    """An image to be copied, taken by one worker."""

    message: MessageRef
    file: str
    url: str
    size: int
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptImage:
    """Our copy of an image, of a type in `bot.domain.transcript.IMAGES`."""

    file: str
    mimetype: str
    content: bytes


class RecordStore(Protocol):
    """What was said, its images, and what is still to be read. Part of `bot.app.ports.Store`."""

    async def record_message(self, message: Message) -> None:
        """Keep one revision; returns when it is on disk. Many callers share one commit."""
        ...

    async def record_spoken(self, message: Message) -> bool:
        """The same, if it was said in an incident's channel; returns whether it was, and nothing is kept if not."""
        ...

    async def message(self, ref: MessageRef) -> Message | None:
        """The present wording (or the deleted stub) of a message."""
        ...

    async def messages(self, channel: str, *, after: str = "", limit: int = 500) -> Sequence[Message]:
        """A page of present wordings in order of ts, strictly after ``after``."""
        ...

    async def messages_at(self, refs: Sequence[MessageRef]) -> Sequence[Message]:
        """The present wordings of those messages that are known, in no promised order."""
        ...

    async def revisions(self, ref: MessageRef) -> Sequence[Message]:
        """All wordings of a message, oldest first."""
        ...

    async def span(
        self, channel: str, *, oldest: str, newest: str, thread: str | None = None
    ) -> Sequence[Message]:
        """Present wordings from ts to ts, both included: of a thread, or of the channel without its replies."""
        ...

    async def threads(self, channel: str, *, oldest: str, newest: str) -> Sequence[str]:
        """Roots, from ts to ts, under which a recorded reply stands; the roots themselves may be unknown."""
        ...

    async def last_heard(self, channel: str) -> datetime | None:
        """When a person last wrote in a channel."""
        ...

    async def reactions(self, ref: MessageRef) -> Sequence[Reaction]: ...
    async def reaction_span(self, channel: str, *, oldest: str, newest: str) -> Sequence[Reaction]:
        """The same for the messages from ts to ts, both included."""
        ...

    async def pin_words(self, channel: str) -> Sequence[Reaction]:
        """The newest word on the pin of every message of a channel."""
        ...

    async def reaction_words(self, ref: MessageRef) -> Sequence[Reaction]:
        """The newest word of everybody on every emoji, also of those taken away."""
        ...

    async def hold_message(self, message: Message, until: datetime) -> None:
        """Keep it aside until a form about it is sent, is closed, or ``until``."""
        ...

    async def forget_held(self, ref: MessageRef) -> None: ...
    async def forget_old_held(self, now: datetime) -> None: ...

    # images
    async def claim_files(self, now: datetime, *, lease_s: float, limit: int = 5) -> Sequence[WantedFile]: ...
    async def keep_file(self, wanted: WantedFile, content: bytes) -> None: ...
    async def delay_file(
        self, wanted: WantedFile, *, until: datetime | None = None, failed: str | None = None
    ) -> None:
        """Try again at ``until``, or never, for the reason ``failed``."""
        ...

    async def pictured(self, channel: str) -> frozenset[str]:
        """The ts of a channel's messages of whose images there are copies."""
        ...

    async def images(self, ref: MessageRef) -> Sequence[KeptImage]:
        """Copies of a message's images that are here."""
        ...

    # gaps
    async def open_gaps(self, gaps: Sequence[Gap]) -> None:
        """Ask for channels' histories to be read; one that is being read begins again."""
        ...

    async def claim_gap(
        self, now: datetime, *, owner: str, lease_s: float, channel: str | None = None
    ) -> Gap | None: ...
    async def advance_gap(self, gap: Gap, *, owner: str, lease_until: datetime) -> bool:
        """Remember how far it came; False when the claim holds no longer."""
        ...

    async def finish_gap(self, gap: Gap, *, owner: str) -> bool: ...
    async def delay_gap(self, gap: Gap, *, owner: str, until: datetime) -> None: ...
    async def gap(self, channel: str) -> Gap | None: ...

    async def keep_profile(self, profile: Profile, at: datetime) -> None: ...
    async def profiles(self, ids: Sequence[str]) -> Mapping[str, Profile]: ...
    async def profiles_named(self, name: str) -> Sequence[Profile]:
        """People in Slack who are called so, wholly or by their first name, in any case."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A message as Slack shows it now. ``marks``: (emoji, user) of those told of, ``whole``: of all."""

    message: Message
    #: Somebody's words; else a line of Slack's own, or ours.
    speech: bool = True
    marks: frozenset[tuple[str, str]] = frozenset()
    whole: bool = True
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    messages: tuple[Found, ...]
    #: Whether Slack has more behind these.
    more: bool


class History(Protocol):
    """What Slack shows of the past. Every method may raise `ChatError`."""

    async def page(self, channel: str, *, oldest: str, before: str) -> Page:
        """The newest messages of a channel behind ``oldest`` and before ``before`` (empty: the end), without replies."""
        ...

    async def replies(self, channel: str, root: str, *, after: str) -> Page:
        """The oldest replies of a thread behind ``after``, without the root; empty when there is no such thread."""
        ...

    async def look(self, message: MessageRef, thread: str | None) -> Found | None:
        """One message as it stands now, with all who reacted; None when it is gone."""
        ...

    async def pins(self, channel: str) -> frozenset[str]:
        """The ts of pinned messages that are not our own."""
        ...

    async def download(self, url: str, *, limit: int) -> bytes:
        """A file's bytes; raises ChatError("too_large") beyond ``limit``."""
        ...
