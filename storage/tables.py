"""The tables, as SQLModel declares them. Datetimes are aware UTC; facts are the events, the rest can be made anew.

Text has no length limit: PostgreSQL would enforce it, SQLite would not, and what people type must never be refused here.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, MetaData, false, text
from sqlmodel import Field, Index, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


class Counter(SQLModel, table=True):
    __tablename__ = "counters"
    name: str = Field(primary_key=True)
    last: int


class IncidentRow(SQLModel, table=True):
    """A projection of the events; the row is also the lock of its incident on PostgreSQL."""

    __tablename__ = "incidents"
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int
    title: str
    status: str = Field(index=True)
    severity: str | None = None
    kind: str
    private: bool
    channel: str | None = Field(default=None, index=True)
    channel_name: str | None = None
    declared_at: datetime
    declared_by: str


class EventRow(SQLModel, table=True):
    """The record. Append-only.

    The body is JSON and not JSONB: JSONB gives 1e16 back as an integer and refuses NUL, and nothing searches in it.
    """

    __tablename__ = "events"
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    number: int = Field(primary_key=True)
    kind: str
    version: int
    at: datetime
    by: str
    body: dict[str, Any] = Field(sa_type=JSON)


class Delivery(SQLModel, table=True):
    """Slack deliveries that were kept, so that a repeated one is kept once."""

    __tablename__ = "deliveries"
    key: str = Field(primary_key=True)
    incident: int | None = Field(default=None, foreign_key="incidents.number")
    at: datetime


class EntryRow(SQLModel, table=True):
    __tablename__ = "timeline_entries"
    __table_args__ = (Index("ix_timeline_entries_message", "channel", "ts"),)
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    entry: str = Field(primary_key=True)
    at: datetime | None = None
    precision: str
    tag: str
    marker: str | None = None
    text: str | None = None
    channel: str | None = None
    ts: str | None = None
    hidden: bool


class ActionItemRow(SQLModel, table=True):
    __tablename__ = "action_items"
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    action: str = Field(primary_key=True)
    kind: str
    state: str
    text: str
    due_at: datetime | None = None


class ActionOwnerRow(SQLModel, table=True):
    __tablename__ = "action_owners"
    __table_args__ = (
        ForeignKeyConstraint(["incident", "action"], ["action_items.incident", "action_items.action"]),
    )
    incident: int = Field(primary_key=True)
    action: str = Field(primary_key=True)
    owner: str = Field(primary_key=True, index=True)


class RoleRow(SQLModel, table=True):
    __tablename__ = "role_holders"
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    role: str = Field(primary_key=True)
    person: str = Field(primary_key=True)


class MessageRow(SQLModel, table=True):
    """A revision of a Slack message; the original's revision is empty. The key also serves pages by ts."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_thread", "channel", "thread_ts"),
        Index(
            "ix_messages_redacted",
            "channel",
            "ts",
            sqlite_where=text("redacted"),
            postgresql_where=text("redacted"),
        ),
    )
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    revision: str = Field(primary_key=True)
    thread_ts: str | None = None
    user: str | None = None
    bot_name: str | None = None
    text: str
    files: list[dict[str, Any]] = Field(sa_type=JSON)
    deleted: bool
    permalink: str | None = None
    via: str
    #: Its words were removed for good; whatever Slack still delivers of it is kept without words.
    redacted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class HeldMessage(SQLModel, table=True):
    """A message before which somebody opened a form; it enters the transcript only when the form is sent."""

    __tablename__ = "held_messages"
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_type=JSON)
    #: Forgotten after this, should Slack never tell that the form was closed.
    until: datetime


class KeptFile(SQLModel, table=True):
    """An image of a message, copied once the message is on a timeline; without content: not copied (yet)."""

    __tablename__ = "kept_files"
    __table_args__ = (
        Index(
            "ix_kept_files_wanted",
            "not_before",
            sqlite_where=text("wanted AND content IS NULL AND failed IS NULL"),
            postgresql_where=text("wanted AND content IS NULL AND failed IS NULL"),
        ),
    )
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    file: str = Field(primary_key=True)
    mimetype: str
    url: str
    size: int
    wanted: bool
    content: bytes | None = None
    failed: str | None = None
    attempts: int = 0
    not_before: datetime | None = None


class GapRow(SQLModel, table=True):
    """How far the reading of a channel's history has come; gone when it is finished."""

    __tablename__ = "gaps"
    channel: str = Field(primary_key=True)
    #: Nothing before this ts is read.
    oldest: str
    #: History is read downwards from here; empty: from its end.
    before: str
    #: Threads that wait, as [root ts, how far it is read].
    threads: list[list[str]] = Field(sa_type=JSON)
    found: int
    not_before: datetime | None = None
    lease_until: datetime | None = None
    owner: str | None = None
    attempts: int


class ReactionRow(SQLModel, table=True):
    """The newest word of a person on one emoji of a message."""

    __tablename__ = "reactions"
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    user: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    present: bool
    event_ts: str


class ProfileRow(SQLModel, table=True):
    __tablename__ = "profiles"
    id: str = Field(primary_key=True)
    name: str
    zone: str
    deleted: bool
    is_bot: bool
    at: datetime


class PostedRow(SQLModel, table=True):
    """What stands in Slack; without ts an intent whose answer was never seen."""

    __tablename__ = "posted"
    __table_args__ = (Index("ix_posted_message", "channel", "ts"),)
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    key: str = Field(primary_key=True)
    channel: str | None = None
    ts: str | None = None
    digest: str | None = None
    begun_at: datetime
    failed: str | None = None


class WorkRow(SQLModel, table=True):
    """How far Slack is behind the facts of an incident."""

    __tablename__ = "work"
    __table_args__ = (
        Index(
            "ix_work_dirty",
            "incident",
            sqlite_where=text("done < revision"),
            postgresql_where=text("done < revision"),
        ),
    )
    incident: int = Field(
        primary_key=True, foreign_key="incidents.number", sa_column_kwargs={"autoincrement": False}
    )
    revision: int
    done: int
    lease_until: datetime | None = None
    owner: str | None = None
    not_before: datetime | None = None
    attempts: int


class ReminderRow(SQLModel, table=True):
    """How far the ladder of one subject (``action:A1``) has been climbed, and when its next rung is."""

    __tablename__ = "reminders"
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    subject: str = Field(primary_key=True)
    said_until: datetime
    next_at: datetime = Field(index=True)


class LetterRow(SQLModel, table=True):
    """What is being said to one person or channel: at most one letter at a time, under a lease.

    ``attempts`` above 0: letter ``number`` is on its way, begun at ``begun_at``, and may have arrived.
    """

    __tablename__ = "letters"
    recipient: str = Field(primary_key=True)
    number: int
    attempts: int
    begun_at: datetime | None = None
    not_before: datetime | None = None
    lease_until: datetime | None = None
    owner: str | None = None


class LetterLineRow(SQLModel, table=True):
    """One rung for one recipient. ``letter`` is 0 while it waits for its moment ``next_at``."""

    __tablename__ = "letter_lines"
    __table_args__ = (Index("ix_letter_lines_waiting", "letter", "next_at"),)
    recipient: str = Field(primary_key=True, foreign_key="letters.recipient")
    letter: int = Field(primary_key=True)
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    subject: str = Field(primary_key=True)
    rung: str
    at: datetime
    manner: str
    next_at: datetime
    #: Whom it was meant for and could not reach, comma separated.
    tried: str


class UnfinishedRow(SQLModel, table=True):
    """What somebody typed and was asked back about."""

    __tablename__ = "unfinished"
    key: str = Field(primary_key=True)
    by: str
    at: datetime
    body: dict[str, Any] = Field(sa_type=JSON)


class CalendarRow(SQLModel, table=True):
    """The secret part of the address under which somebody's due dates are read."""

    __tablename__ = "calendars"
    whose: str = Field(primary_key=True)
    token: str = Field(unique=True, index=True)
    at: datetime


class PositionRow(SQLModel, table=True):
    """How far a webhook's endpoint was told of an incident's events."""

    __tablename__ = "webhook_positions"
    endpoint: str = Field(primary_key=True)
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    told: int
    failures: int
    failing_since: datetime | None = None
    not_before: datetime | None = None
    lease_until: datetime | None = None
    owner: str | None = None
