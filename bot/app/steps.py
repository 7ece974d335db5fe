"""The steps by which Slack is made to show what is true: plain data, performed by `bot.app.perform`."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.details import MessageRef
from bot.domain.incident import Rendering


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call (or a short run of calls) that makes Slack a little truer."""

    key: str
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChannel(Step):
    name: str
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite(Step):
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Step):
    """A message. ``once``: posted and left alone; else edited in place as the view changes."""

    to: str
    view: object
    once: bool = False
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin(Step):
    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTopic(Step):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark(Step):
    title: str
    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Step):
    """Our own reaction on a tagged message, or its removal."""

    message: MessageRef
    name: str
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload(Step):
    """A rendered postmortem as a file in the channel."""

    rendering: Rendering
    format: Literal["markdown", "html", "json", "pdf", "png", "svg"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Step):
    """The timeline as an image in the channel."""

    rendering: Rendering
    format: Literal["png", "svg"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas(Step):
    """The rendered postmortem as the channel's canvas, a copy that is written over."""

    rendering: Rendering


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Step):
    """Enter a channel that somebody else made or brought back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameChannel(Step):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteFile(Step):
    """Take back a file that we shared."""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Step):
    """Delete a message of ours."""

    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class TellDuplicate(Step):
    """The other incident learns that this one is (or is no longer) a duplicate of it."""

    into: int
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveWatchers(Step):
    """Who watches this incident is invited to the one of which it is a duplicate."""

    into: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(Step):
    """A rendered postmortem to a place outside Slack."""

    outlet: Literal["folder", "git"]
    rendering: Rendering
    format: str
