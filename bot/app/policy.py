"""What a workspace decides: names, ladders, emoji, channels. Read once at start; plain data for everybody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.domain.details import Severity
from bot.domain.incident import Incident
from bot.domain.permissions import Permissions
from bot.domain.rules import Rules
from bot.domain.vocabulary import ActionKind, Kind, Marker, TagKind
from bot.domain.working_time import WorkingTime
from bot.language.intents import Role, Rung
from bot.views.look import Look


@dataclass(frozen=True, slots=True)
class Tag:
    """What an emoji on a message means."""

    kind: TagKind = TagKind.TIMELINE
    marker: Marker | None = None


def _ladder(scheme: str, *rungs: tuple[int, str, str, tuple[str, ...]]) -> tuple[Rung, ...]:
    return tuple(
        Rung(
            severity=Severity(level=level, label=label, scheme=scheme), definition=definition, aliases=aliases
        )
        for level, label, definition, aliases in rungs
    )


#: Severity ladders to choose from; lower is worse.
LADDERS: Mapping[str, tuple[Rung, ...]] = {
    "SEV": _ladder(
        "SEV",
        (1, "SEV1", "Critical: customers cannot use the service, or data is at risk", ("critical", "p0")),
        (2, "SEV2", "Major: an important part fails for many", ("major", "p1")),
        (3, "SEV3", "Minor: it hurts, and there is a way around", ("minor", "p2")),
        (4, "SEV4", "Low: nobody outside notices", ("low", "p3")),
    ),
    "P": _ladder(
        "P",
        (0, "P0", "Everything is down", ("critical", "sev0")),
        (1, "P1", "An important part fails for many", ("major", "sev1")),
        (2, "P2", "It hurts, and there is a way around", ("minor", "sev2")),
        (3, "P3", "Nobody outside notices", ("low", "sev3")),
        (4, "P4", "A nuisance", ("trivial", "sev4")),
    ),
    "word": _ladder(
        "word",
        (1, "Critical", "Customers cannot use the service, or data is at risk", ("sev1", "p0")),
        (2, "High", "An important part fails for many", ("sev2", "p1", "major")),
        (3, "Medium", "It hurts, and there is a way around", ("sev3", "p2", "moderate", "minor")),
        (4, "Low", "Nobody outside notices", ("sev4", "p3")),
    ),
}

ROLES: tuple[Role, ...] = (
    Role(key="commander", label="Incident Commander", aliases=("ic", "lead", "incident commander")),
    Role(key="comms", label="Communications Lead", aliases=("communications", "communications lead")),
    Role(key="ops", label="Operations Lead", aliases=("operations", "tech", "operations lead")),
    Role(key="scribe", label="Scribe", aliases=("notes",)),
)

GUIDES: Mapping[str, str] = {
    "commander": "You decide and you delegate. Keep the status true, ask for updates, and hand over before you tire.",
    "comms": "You tell people outside the channel what is going on: say what users see, and when the next word comes.",
    "ops": "You find and mend the fault, or steer those who do. Say what you are about to change before you change it.",
    "scribe": "You see to the timeline: put :pushpin: on messages that matter, and type what was said elsewhere as notes.",
}

TAGS: Mapping[str, Tag] = {
    "pushpin": Tag(),
    "round_pushpin": Tag(),
    "memo": Tag(TagKind.NOTE),
    "red_circle": Tag(marker=Marker.FAILURE),
    "warning": Tag(marker=Marker.DEGRADED),
    "rotating_light": Tag(marker=Marker.DETECTED),
    "arrows_counterclockwise": Tag(marker=Marker.IN_PROGRESS),
    "wrench": Tag(marker=Marker.RESTORED),
    "green_heart": Tag(marker=Marker.HEALTHY),
    "checkered_flag": Tag(marker=Marker.RECOVERED),
}


#: What a channel's name may be made of.
PLACEHOLDERS = ("prefix", "number", "kind", "title", "severity", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whom to invite when an incident is so severe or touches such a service; an empty part is not asked."""

    severities: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def meets(self, severity: str | None, services: frozenset[str]) -> bool:
        """By the severity's label and the services in lower case."""
        return (not self.severities or severity in self.severities) and (
            not self.services or bool(self.services & services)
        )


#: Emoji that make an action item of a message.
ITEMS: Mapping[str, ActionKind] = {
    "ballot_box_with_check": ActionKind.TASK,
    "clipboard": ActionKind.FOLLOW_UP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    prefix: str = "inc"
    #: How a channel is named, made of `PLACEHOLDERS`.
    channel_pattern: str = "{prefix}-{number}-{kind}-{title}"
    #: Channel id, or ``#name`` of a public channel.
    announce_in: str | None = None
    severities: tuple[Rung, ...] = LADDERS["SEV"]
    roles: tuple[Role, ...] = ROLES
    #: Roles that several people may hold at once.
    shared_roles: frozenset[str] = frozenset()
    look: Look = field(default_factory=Look)
    invitations: tuple[Invitation, ...] = ()
    permissions: Permissions = field(default_factory=dict)
    guides: Mapping[str, str] = field(default_factory=lambda: GUIDES)
    tags: Mapping[str, Tag] = field(default_factory=lambda: TAGS)
    #: What a Slack pin means; None: nothing.
    pins: Tag | None = field(default_factory=Tag)
    items: Mapping[str, ActionKind] = field(default_factory=lambda: ITEMS)
    #: Slack ids of people who may redact in every incident.
    redactors: frozenset[str] = frozenset()
    receipt: str = "white_check_mark"
    #: At most one edit of an incident's banner in this time.
    calm: timedelta = timedelta(seconds=1.2)
    #: The pack for incidents that name none, and for some severities (by label) and kinds.
    pack: str = "default"
    pack_by_severity: Mapping[str, str] = field(default_factory=dict)
    pack_by_kind: Mapping[Kind, str] = field(default_factory=dict)
    #: Overrides every incident's own choice of pack.
    force_pack: str | None = None
    display_zone: str = "UTC"
    #: Where postmortems that are no drafts go beside the channel.
    publish_folder: Path | None = None
    #: A Git working copy; each revision is a commit, and nothing is pushed.
    publish_git: Path | None = None
    #: Whether private incidents may leave Slack by these ways too.
    publish_private: bool = False
    rules: Rules = field(default_factory=Rules)
    hours: WorkingTime = field(default_factory=WorkingTime)

    def role_label(self, key: str) -> str:
        return next((role.label for role in self.roles if role.key == key), key)

    def invitations_for(self, incident: Incident) -> tuple[Invitation, ...]:
        """The rules that hold for an incident: never for a private one or a test, and not when it is over already."""
        if incident.private or incident.kind in {Kind.TEST, Kind.RETROACTIVE}:
            return ()
        severity = incident.severity.label if incident.severity else None
        named = incident.fields.get("incident.services") or ()
        lines = (
            named.splitlines()
            if isinstance(named, str)
            else map(str, named)
            if isinstance(named, tuple)
            else ()
        )
        services = frozenset(line.strip().lower() for line in lines)
        return tuple(rule for rule in self.invitations if rule.meets(severity, services))

    def pack_for(self, severity: str | None, kind: Kind) -> str:
        """By kind before severity: a drill's document is a drill's whatever it pretends."""
        return self.pack_by_kind.get(kind) or self.pack_by_severity.get(severity or "") or self.pack
