"""Action items as other tools take them: one flat row for each, times in UTC."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import ActionItem, Incident
from bot.domain.transcript import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedItem:
    """``id`` names the item for ever (``INC-7:A3``); ``owners`` are names, ``owner_ids`` Slack ids or names."""

    id: str
    incident: str
    incident_title: str
    incident_status: str
    severity: str | None
    text: str
    kind: str
    state: str
    reason: str | None
    owners: tuple[str, ...]
    owner_ids: tuple[str, ...]
    due: datetime | None
    due_as_typed: str | None
    due_day_only: bool
    priority: str | None
    horizon: str | None
    label: str | None
    details: tuple[str, ...]
    parent: str | None
    tracker: str | None
    created: datetime
    created_by: str
    changed: datetime
    done: datetime | None
    snoozed_until: datetime | None
    type: str | None
    group: str | None


def exported(incidents: Iterable[Incident], profiles: Mapping[str, Profile]) -> Iterator[ExportedItem]:
    """All items of the incidents, in their order. Ids without a profile stay ids."""
    for incident in incidents:
        for item in incident.actions.values():
            yield exported_item(incident, item, profiles)


def exported_item(incident: Incident, item: ActionItem, profiles: Mapping[str, Profile]) -> ExportedItem:
    details, due = item.details, item.details.due
    keys = tuple(owner.key for owner in details.owners)
    return ExportedItem(
        id=f"{incident.ref}:{item.id}",
        incident=incident.ref,
        incident_title=incident.title,
        incident_status=incident.status.value,
        severity=incident.severity.label if incident.severity else None,
        text=details.text,
        kind=details.kind.value,
        state=item.state.value,
        reason=item.reason,
        owners=tuple(profiles[key].name if key in profiles else key for key in keys),
        owner_ids=keys,
        due=due.at if due else None,
        due_as_typed=due.raw if due else None,
        due_day_only=due.day_only if due else False,
        priority=details.priority,
        horizon=details.horizon.value if details.horizon else None,
        label=details.label,
        details=details.details,
        parent=f"{incident.ref}:{details.parent}" if details.parent else None,
        tracker=details.tracker,
        created=item.created_at,
        created_by=item.created_by,
        changed=item.changed_at,
        done=item.done_at,
        snoozed_until=item.snoozed_until,
        type=details.type,
        group=details.group,
    )
