"""What the configuration file may hold. Everything has a default; `example.yaml` shows and explains each key."""

import re
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, HttpUrl, field_validator, model_validator

from bot.app.policy import LADDERS, PLACEHOLDERS
from bot.config.kinds import ChannelId, Emoji, GroupId, Key, Length, Part, UserId, Wait, Words
from bot.domain.permissions import Right
from bot.domain.vocabulary import Kind, Status

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
#: What an emoji on a message may mean: a place, or a marker.
Meaning = Literal[
    "timeline", "note", "failure", "degraded", "detected", "in_progress", "restored", "healthy", "recovered"
]
WORKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")


def _unlike(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise ValueError(f"two {what} are called {name}")
        seen.add(name.casefold())


class Naming(Part):
    prefix: str = Field(default="inc", pattern=r"^[a-z0-9][a-z0-9_-]{0,19}$")
    channel: str = "{prefix}-{number}-{kind}-{title}"
    zone: str = "UTC"

    @field_validator("channel")
    @classmethod
    def _has_a_number(cls, value: str) -> str:
        odd = sorted(set(re.findall(r"{([^}]*)}", value)) - set(PLACEHOLDERS))
        if odd:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise ValueError(f"there is no {{{odd[0]}}}; use {known}")
        if "{number}" not in value:
            raise ValueError("it needs {number}, or two incidents would want one name")
        return value

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"there is no time zone {value}; write one such as Europe/Madrid") from None
        return value


class Channels(Part):
    announce: ChannelId | None = None


class Level(Part):
    name: Words
    definition: str = Field(default="", max_length=200)
    aliases: tuple[Words, ...] = ()
    emoji: Emoji | None = None
    #: Without an update for so long the channel is reminded.
    update_every: Length | None = None
    template: str | None = None


class Severities(Part):
    scheme: str = Field(default="SEV", min_length=1, max_length=30)
    levels: tuple[Level, ...] = ()

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        if not self.levels and self.scheme not in LADDERS:
            raise ValueError(f"without levels, scheme is one of {', '.join(LADDERS)}")
        _unlike((name for level in self.levels for name in (level.name, *level.aliases)), "severities")
        return self


class RoleShape(Part):
    key: Key
    label: Words
    aliases: tuple[Words, ...] = ()
    guide: str | None = Field(default=None, max_length=2000)
    holders: Literal["one", "many"] = "one"


class EmojiShape(Part):
    receipt: Emoji = "white_check_mark"
    tags: dict[Emoji, Meaning] | None = None


class Hours(Part):
    start: time = time(9)
    end: time = time(17)
    days: tuple[Weekday, ...] = WORKDAYS
    holidays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _is_a_day(self) -> Self:
        if not self.days or self.start >= self.end:
            raise ValueError("working hours need a day, and a start before the end")
        return self


class Reminders(Part):
    """The ladder of action items: lengths before and after the moment when one is due."""

    task_before: tuple[Length, ...] | None = None
    task_every: Length | None = None
    before: tuple[Length, ...] | None = None
    after: tuple[Length, ...] | None = None
    commander_after: Length | None = None
    channel_after: Length | None = None
    channel_every: Length | None = None
    undated_every: Length | None = None


class Nudges(Part):
    """``none`` takes a nudge away."""

    commander_after: Wait | None = None
    quiet_after: Wait | None = None
    impact_after: Wait | None = None
    most: int | None = Field(default=None, ge=0, le=100)
    window: Length | None = None


class Templates(Part):
    folder: Path | None = None
    default: str = "default"
    by_kind: dict[Kind, str] = Field(default_factory=dict)


class Invitation(Part):
    """Whom a rule says to invite. What it does not name is not asked; without severity and service: always."""

    severity: tuple[Words, ...] = ()
    service: tuple[str, ...] = ()
    people: tuple[UserId, ...] = ()
    groups: tuple[GroupId, ...] = ()

    @model_validator(mode="after")
    def _invites_somebody(self) -> Self:
        if not self.people and not self.groups:
            raise ValueError("name people or groups to invite")
        return self


class Allowed(Part):
    """Who may: members of these groups, these people, and who holds one of these roles in the incident."""

    groups: tuple[GroupId, ...] = ()
    people: tuple[UserId, ...] = ()
    roles: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        if not (self.groups or self.people or self.roles):
            raise ValueError("name groups, people or roles; leave the right out where everybody may")
        return self


class WebhookShape(Part):
    """Where changes of action items are told; the secret is in the environment, by this name."""

    name: Key
    url: HttpUrl
    private: bool = False
    since: date | None = None


class Config(Part):
    """The whole file."""

    naming: Naming = Naming()
    channels: Channels = Channels()
    severities: Severities = Severities()
    statuses: dict[Status, Words] = Field(default_factory=dict)
    roles: tuple[RoleShape, ...] = ()
    emoji: EmojiShape = EmojiShape()
    hours: Hours = Hours()
    reminders: Reminders = Reminders()
    nudges: Nudges = Nudges()
    templates: Templates = Templates()
    invite: tuple[Invitation, ...] = ()
    permissions: dict[Right, Allowed] = Field(default_factory=dict)
    webhooks: tuple[WebhookShape, ...] = ()

    @field_validator("webhooks")
    @classmethod
    def _webhooks_can_be_told_apart(cls, value: tuple[WebhookShape, ...]) -> tuple[WebhookShape, ...]:
        _unlike((webhook.name for webhook in value), "webhooks")
        return value

    @field_validator("roles")
    @classmethod
    def _roles_can_be_told_apart(cls, value: tuple[RoleShape, ...]) -> tuple[RoleShape, ...]:
        _unlike((name for role in value for name in {role.key, *role.aliases, role.label.lower()}), "roles")
        return value
