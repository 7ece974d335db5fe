"""The banner: one view of an incident, shown pinned in its channel, in the announcement, and in the topic."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.details import Severity
from bot.domain.incident import Incident
from bot.domain.people import Person
from bot.domain.vocabulary import DocumentStatus, Kind, Status, TimeName
from bot.views.look import Look

TOPIC_LIMIT = 250  # Slack refuses longer topics
LINKS = 5  # the newest; all of them stand in the postmortem


@dataclass(frozen=True, slots=True, kw_only=True)
class LastUpdate:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """What is true of an incident now. Holds no running clock, so that it changes only when facts do."""

    incident: int
    ref: str
    title: str
    kind: Kind
    private: bool
    severity: Severity | None
    status: Status
    symptom: str | None
    roles: tuple[tuple[str, tuple[Person, ...]], ...]
    last_update: LastUpdate | None
    next_update_at: datetime | None
    open_actions: int
    declared_at: datetime
    declared_by: str
    impact_started: datetime | None
    resolved_at: datetime | None
    document: DocumentStatus
    channel: str | None
    links: tuple[tuple[str, str], ...] = ()
    merged_into: int | None = None
    absorbed: tuple[int, ...] = ()
    #: An emoji's name for the severity, and the status in the workspace's own words.
    severity_emoji: str | None = None
    status_label: str
    #: In the announcement there are no buttons but the channel to go to.
    buttons: bool


def banner(incident: Incident, look: Look | None = None, *, buttons: bool = True) -> Banner:
    update = incident.updates[-1] if incident.updates else None
    started = incident.times.get(TimeName.IMPACT_STARTED)
    resolved = incident.times.get(TimeName.RESOLVED) if not incident.status.is_open else None
    look = look or Look()
    return Banner(
        incident=incident.number,
        ref=incident.ref,
        title=incident.title,
        kind=incident.kind,
        private=incident.private,
        severity=incident.severity,
        severity_emoji=look.emoji_of(incident.severity),
        status=incident.status,
        status_label=look.status(incident.status),
        symptom=incident.symptom,
        roles=tuple(
            (look.role(key), incident.holders(key))
            for key in look.in_order(dict.fromkeys(("commander", *incident.roles)))
        ),
        last_update=LastUpdate(text=update.text, by=update.by, at=update.at)
        if update and update.text
        else None,
        next_update_at=incident.next_update_at,
        open_actions=len(incident.open_actions),
        declared_at=incident.declared_at,
        declared_by=incident.declared_by,
        impact_started=started.utc if started else None,
        resolved_at=resolved.utc if resolved else None,
        document=incident.document,
        channel=incident.channel,
        links=tuple(
            (str(item.values["label"]), str(item.values["url"]))
            for item in incident.lists.get("links", ())[-LINKS:]
            if item.values.get("url")
        ),
        merged_into=incident.merged_into,
        absorbed=incident.absorbed,
        buttons=buttons,
    )


def topic(incident: Incident, names: dict[str, str] | None = None, look: Look | None = None) -> str:
    """`SEV2 · investigating · IC @ana · next update 14:30 UTC`, at most 250 characters. Topics know no markup."""
    parts = [
        incident.severity.label if incident.severity else "severity not set",
        (look or Look()).status(incident.status),
    ]
    commander = incident.holders("commander")
    if commander:
        person = commander[0]
        known = (names or {}).get(person.key, person.key)
        parts.append(f"IC @{known}")
    if incident.next_update_at:
        parts.append(f"next update {incident.next_update_at.astimezone(UTC):%H:%M} UTC")
    if incident.kind is not Kind.NORMAL:
        parts.insert(0, incident.kind.value.upper())
    return " · ".join(parts)[:TOPIC_LIMIT]
