"""What the use cases need from the outside: a store, a chat, renderers, a clock."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from bot.app.outward_ports import OutwardStore
from bot.app.record_ports import KeptImage, RecordStore
from bot.domain.details import MessageRef
from bot.domain.events import Event, Recorded
from bot.domain.incident import Incident
from bot.domain.reminders import Manner
from bot.domain.transcript import Message, Reaction
from bot.domain.vocabulary import Kind, Status
from bot.views.lint import Finding


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


# --- store -------------------------------------------------------------------------------------------------------


class Conflict(Exception):  # noqa: N818 - it is an outcome, not a fault
    """Somebody appended first; decide again on the new state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One row of the incidents table; ``version`` is the number of its last event."""

    number: int
    version: int
    title: str
    status: Status
    severity: str | None
    kind: Kind
    private: bool
    channel: str | None
    channel_name: str | None
    declared_at: datetime
    declared_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One row of the action items table: an owner's item, wherever it was made."""

    incident: int
    action: str
    text: str
    state: str
    owner: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What stands in Slack under a key. Without ``ts`` it is an intent: begun, and its answer never seen."""

    key: str
    channel: str | None = None
    ts: str | None = None
    digest: str | None = None
    begun_at: datetime
    #: A permanent refusal by Slack, in Slack's word; not tried again until the digest changes.
    failed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """What somebody typed at ``at`` and was asked back about; ``body`` is plain JSON."""

    key: str
    by: str
    at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An incident whose Slack picture may differ from its facts, taken by one worker until the lease ends."""

    incident: int
    revision: int
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """A subject's place on its ladder: everything up to ``said_until`` has been said or was not to be."""

    incident: int
    subject: str
    said_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rung for one recipient (a Slack user or channel), to be said from ``next_at`` on.

    ``tried``: whom it was meant for and could not reach.
    """

    recipient: str
    incident: int
    subject: str
    rung: str
    at: datetime
    manner: Manner
    next_at: datetime
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """A ladder climbed from where it stood: what is said now, and when its next rung is (None: it has ended)."""

    ladder: Ladder
    until: datetime
    next_at: datetime | None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All lines that are due for one recipient, claimed; ``attempts`` > 1: an earlier try may have reached Slack."""

    recipient: str
    number: int
    attempts: int
    begun_at: datetime
    lines: tuple[Line, ...]

    @property
    def key(self) -> str:
        """The mark by which it is found again in Slack."""
        return f"letter:{self.recipient}:{self.number}"


class Transaction(Protocol):
    """One atomic step on the store. No network inside.

    Raises `Conflict` at its end, too, when another replica was faster.
    """

    async def seen(self, delivery: str) -> bool:
        """Whether a delivery with this key was kept before."""
        ...

    async def remember(self, delivery: str, incident: int | None, at: datetime) -> None: ...

    async def next_number(self) -> int:
        """A fresh incident number: unique and increasing."""
        ...

    async def load(self, number: int) -> Incident | None:
        """The present state, locked until the transaction ends."""
        ...

    async def append(
        self, number: int, state: Incident | None, events: Sequence[Event], *, by: str, at: datetime
    ) -> Incident:
        """Append events behind ``state`` (None: a new incident). Raises `Conflict` when the record moved on.

        At its end the transaction writes them with the query tables and reminders, and marks the incident as differing
        from Slack.
        """
        ...

    async def record_message(self, message: Message) -> bool:
        """Keep one revision; False when it was there already."""
        ...

    async def record_reaction(self, reaction: Reaction) -> tuple[Reaction, ...]:
        """Keep it unless a newer word of the same person is known; returns the reactions present now."""
        ...

    async def take_held(self, ref: MessageRef) -> Message | None:
        """A message that was held before a form; it is held no longer."""
        ...


class Store(RecordStore, OutwardStore, Protocol):
    """Everything that is true. Reads are consistent snapshots; writes are durable when they return."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]: ...

    # incidents
    async def incident(self, number: int, *, version: int | None = None) -> Incident | None:
        """The present state. ``version``, where a row was read just now, saves looking for newer events."""
        ...

    async def record(self, number: int) -> Sequence[Recorded]: ...
    async def summaries(self, *, open_only: bool = False) -> Sequence[Summary]:
        """Newest first."""
        ...

    async def in_channel(self, channel: str) -> Sequence[Summary]:
        """Incidents of a Slack channel, newest first; empty when it is no incident channel."""
        ...

    async def actions_of(self, owner: str, *, open_only: bool = True) -> Sequence[ActionRow]: ...

    async def with_open_actions(self) -> Sequence[int]:
        """Numbers of the incidents that have items waiting for a decision, oldest first."""
        ...

    # what stands in Slack
    async def posted(self, incident: int) -> Mapping[str, Posted]: ...
    async def keep_posted(self, incident: int, posted: Posted) -> None:
        """Insert or overwrite by (incident, key)."""
        ...

    async def forget_posted(self, incident: int, key: str) -> None: ...
    async def posted_as(self, message: MessageRef) -> tuple[int, str] | None:
        """Of which incident and under which key this message of ours stands."""
        ...

    # what waits for its typist
    async def keep_unfinished(self, unfinished: Unfinished) -> None: ...
    async def unfinished(self, key: str) -> Unfinished | None:
        """None when it was never kept, or is forgotten after a week."""
        ...

    # work
    async def mark_dirty(self, incident: int) -> None: ...
    async def claim_work(
        self, now: datetime, *, owner: str, lease_s: float, limit: int = 20, incident: int | None = None
    ) -> Sequence[Work]:
        """Take incidents whose revision is not done and whose lease is free and ``not_before`` is reached."""
        ...

    async def waiting_work(self, now: datetime, *, limit: int = 200) -> Sequence[int]:
        """Numbers of incidents that `claim_work` could take now."""
        ...

    async def finish_work(self, work: Work, *, owner: str) -> bool:
        """Mark ``work.revision`` as done and free the lease; False when newer facts came meanwhile."""
        ...

    async def delay_work(self, work: Work, *, owner: str, until: datetime) -> None: ...

    # reminders
    async def due_ladders(self, now: datetime, *, limit: int) -> Sequence[Ladder]:
        """Ladders with a rung at or before ``now``, oldest first."""
        ...

    async def climb(self, steps: Sequence[Climb]) -> None:
        """Move each ladder on and queue its lines, in one transaction; one that moved meanwhile is left alone."""
        ...

    async def claim_letters(
        self, now: datetime, *, owner: str, lease_s: float, limit: int
    ) -> Sequence[Letter]:
        """Take letters whose lines are due, or that were begun and never settled, unless somebody is at them."""
        ...

    async def settle_letter(self, letter: Letter, passed_on: Sequence[Line] = ()) -> None:
        """It was sent, or is not needed any more; in the same step what it could not say is said to others."""
        ...

    async def delay_letter(self, letter: Letter, until: datetime) -> None:
        """It may have been sent: the same letter is tried again, and looked for first."""
        ...

    async def reopen_letter(self, letter: Letter, until: datetime) -> None:
        """It was surely not sent: its lines wait for a new letter, together with what comes meanwhile."""
        ...

    async def postpone_lines(self, letter: Letter, lines: Sequence[Line], until: datetime) -> Letter | None:
        """These lines wait until then; returns the letter without them, or None when it is empty and given up."""
        ...

    async def next_wake(self) -> datetime | None:
        """The earliest moment at which something waits (reminder, letter, delayed work), or None."""
        ...

    # upkeep
    async def recover(self) -> None:
        """Free what workers held that are surely gone: on SQLite everybody's, because a file has one process."""
        ...

    async def prune_deliveries(self, before: datetime) -> int:
        """Forget the deliveries that were kept before then; returns how many."""
        ...

    async def rebuild(self) -> int:
        """Make the query tables anew from the events; returns how many incidents."""
        ...

    async def projections(self) -> Mapping[str, Sequence[tuple[object, ...]]]:
        """The query tables as plain rows in a fixed order, for comparison with a replay."""
        ...


class MissingPart(Exception):  # noqa: N818 - told to people as it stands
    """A format needs an extra that is not installed; the message says how to get it."""


NO_IMAGES: Mapping[str, KeptImage] = MappingProxyType({})


class Renderer(Protocol):
    """Makes the postmortem's bytes."""

    def render(
        self,
        document: Mapping[str, object],
        *,
        pack: str,
        format: str,  # noqa: A002
        images: Mapping[str, KeptImage] = NO_IMAGES,
    ) -> bytes:
        """``format`` is markdown, html, json, pdf, canvas (its Markdown), svg or png (the timeline's picture).

        ``images``: copies by the address under which the document links them; HTML shows them in its own file.
        Never raises for a broken pack: it falls back to ``default``. Raises `MissingPart`.
        """
        ...

    def lint(self, document: Mapping[str, object], *, pack: str) -> tuple[Finding, ...]:
        """What the rules remark, the gravest first, with the levels of the pack."""
        ...

    def version(self, pack: str) -> str:
        """The version of the pack that renders, which is ``default`` where ``pack`` cannot be used."""
        ...
