"""What a typed line can mean, and what is known of the one who typed it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.commands import Command
from bot.domain.details import Severity
from bot.language.reading import Reading

DateOrder = Literal["DMY", "MDY"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A severity with the words by which people also call it."""

    severity: Severity
    definition: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """``shared``: it may have several holders at a time."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """``now`` is aware; ``zone`` is the typist's own; ``near`` is the moment that the incident is about.

    Times long before ``declared`` are asked about; ``chosen``: texts that were asked about -> the reading that was meant.
    ``here`` is the number of the incident that is meant when none is named; with it, another ``INC-7`` at the end
    of a note is part of the note. ``prefix`` is what incidents are called by.
    """

    now: datetime
    zone: ZoneInfo
    by: str
    severities: tuple[Rung, ...]
    roles: tuple[Role, ...]
    near: datetime | None = None
    declared: datetime | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    date_order: DateOrder = "DMY"
    here: int | None = None
    prefix: str = "inc"

    @property
    def in_incident(self) -> bool:
        return self.here is not None or self.near is not None


FormName = Literal[
    "declare",
    "update",
    "note",
    "role",
    "action",
    "resolve",
    "close",
    "set",
    "add",
    "severity",
    "status",
    "time",
    "cancel",
    "review",
    "section",
    "publish",
    "rename",
    "link",
    "duplicate",
    "import",
]
Shown = Literal["help", "list", "status", "timeline", "entry", "actions", "roles", "catchup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """A ready command. ``incident`` is the number that was typed; None: the channel's."""

    command: Command
    incident: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    what: Shown
    incident: int | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgain:
    """The channel's history is to be read again."""

    incident: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """``filled``: what was typed already, by the names of the form's inputs."""

    form: FormName
    incident: int | None = None
    filled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Nothing was done yet: ``text`` in the line ``why`` (has several readings, is long ago), so one is chosen first."""

    what: str
    text: str
    why: str
    readings: tuple[Reading, ...]
    incident: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """The address of a calendar of due dates: of a group's or team's (its key), of ``all``, or None: one's own."""

    whose: str | None = None
    renew: bool = False
    incident: int | None = None


Intent = Do | Show | ReadAgain | OpenForm | Ask | Subscribe
