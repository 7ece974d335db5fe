"""The tables, as SQLModel declares them. Datetimes are aware UTC; facts are the events, the rest can be made anew."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Index, SQLModel

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING
metadata: MetaData = SQLModel.metadata

Json = JSON().with_variant(JSONB(), "postgresql")


class Counter(SQLModel, table=True):
    __tablename__ = "counters"
    name: str = Field(primary_key=True, max_length=40)
    last: int


class IncidentRow(SQLModel, table=True):
    """A projection of the events; the row is also the lock of its incident on PostgreSQL."""

    __tablename__ = "incidents"
    __table_args__ = (Index("ix_incidents_channel", "channel"),)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int
    title: str
    status: str = Field(max_length=20, index=True)
    severity: str | None = None
    kind: str = Field(max_length=20)
    private: bool
    channel: str | None = None
    channel_name: str | None = None
    declared_at: datetime
    declared_by: str


class EventRow(SQLModel, table=True):
    """The record. Append-only."""

    __tablename__ = "events"
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    number: int = Field(primary_key=True)
    kind: str = Field(max_length=40)
    version: int
    at: datetime
    by: str
    body: dict[str, Any] = Field(sa_type=Json)


class Delivery(SQLModel, table=True):
    """Slack deliveries that were kept, so that a repeated one is kept once."""

    __tablename__ = "deliveries"
    key: str = Field(primary_key=True, max_length=255)
    incident: int | None = None
    at: datetime


class EntryRow(SQLModel, table=True):
    __tablename__ = "timeline_entries"
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    entry: str = Field(primary_key=True, max_length=20)
    at: datetime | None = None
    precision: str = Field(max_length=10)
    tag: str = Field(max_length=10)
    marker: str | None = Field(default=None, max_length=20)
    text: str | None = None
    channel: str | None = None
    ts: str | None = None
    hidden: bool


class ActionItemRow(SQLModel, table=True):
    __tablename__ = "action_items"
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    action: str = Field(primary_key=True, max_length=20)
    kind: str = Field(max_length=30)
    state: str = Field(max_length=20, index=True)
    text: str
    due_at: datetime | None = None


class ActionOwnerRow(SQLModel, table=True):
    __tablename__ = "action_owners"
    __table_args__ = (Index("ix_action_owners_owner", "owner"),)
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    action: str = Field(primary_key=True, max_length=20)
    owner: str = Field(primary_key=True)


class RoleRow(SQLModel, table=True):
    __tablename__ = "role_holders"
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    role: str = Field(primary_key=True)
    person: str = Field(primary_key=True)


class MessageRow(SQLModel, table=True):
    """A revision of a Slack message; the original's revision is empty."""

    __tablename__ = "messages"
    channel: str = Field(primary_key=True, max_length=20)
    ts: str = Field(primary_key=True, max_length=20)
    revision: str = Field(primary_key=True, max_length=20)
    thread_ts: str | None = None
    user: str | None = None
    bot_name: str | None = None
    text: str
    files: list[dict[str, Any]] = Field(sa_type=Json)
    deleted: bool
    permalink: str | None = None
    via: str = Field(max_length=10)


class ReactionRow(SQLModel, table=True):
    __tablename__ = "reactions"
    channel: str = Field(primary_key=True, max_length=20)
    ts: str = Field(primary_key=True, max_length=20)
    user: str = Field(primary_key=True, max_length=20)
    name: str = Field(primary_key=True, max_length=100)
    present: bool
    event_ts: str = Field(max_length=20)


class ProfileRow(SQLModel, table=True):
    __tablename__ = "profiles"
    id: str = Field(primary_key=True, max_length=20)
    name: str
    zone: str
    deleted: bool
    is_bot: bool
    at: datetime


class PostedRow(SQLModel, table=True):
    """What stands in Slack; without ts an intent whose answer was never seen."""

    __tablename__ = "posted"
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    key: str = Field(primary_key=True, max_length=120)
    channel: str | None = None
    ts: str | None = None
    digest: str | None = None
    begun_at: datetime
    failed: str | None = None


class WorkRow(SQLModel, table=True):
    """How far Slack is behind the facts of an incident."""

    __tablename__ = "work"
    incident: int = Field(
        primary_key=True, foreign_key="incidents.number", sa_column_kwargs={"autoincrement": False}
    )
    revision: int
    done: int
    lease_until: datetime | None = None
    owner: str | None = None
    not_before: datetime | None = None
    attempts: int = 0


class ReminderRow(SQLModel, table=True):
    """The next rung of an item's ladder."""

    __tablename__ = "reminders"
    __table_args__ = (Index("ix_reminders_next_at", "next_at"),)
    incident: int = Field(primary_key=True, foreign_key="incidents.number")
    action: str = Field(primary_key=True, max_length=20)
    rung: str = Field(max_length=40)
    #: When the rung is due; ``next_at`` moves on when a send is delayed.
    at: datetime
    next_at: datetime
    audience: str = Field(max_length=40)
    lease_until: datetime | None = None
    owner: str | None = None
    attempts: int = 0
