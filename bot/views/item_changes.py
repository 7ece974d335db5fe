"""Changes of action items as programs outside follow them: each item as it is exported, before and after an event."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from bot.domain.events import Recorded
from bot.domain.evolve import evolve, fold
from bot.domain.incident import Incident
from bot.domain.transcript import Profile
from bot.views.action_export import ExportedItem, exported

Kind = Literal["created", "updated", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """``item`` as it stands after ``cause`` (a deleted one: before it); ``previous``: what was different, by name."""

    kind: Kind
    cause: Recorded
    by_name: str | None
    item: ExportedItem
    previous: Mapping[str, object]

    @property
    def payload(self) -> dict[str, object]:
        """As the Standard Webhooks specification shapes it: type, timestamp, data. Times are aware, UTC."""
        return {
            "type": f"action_item.{self.kind}",
            "timestamp": self.cause.at,
            "data": {
                "number": self.cause.number,
                "by": self.cause.by,
                "by_name": self.by_name,
                "item": asdict(self.item),
                "previous": dict(self.previous),
            },
        }

    @property
    def id(self) -> str:
        """The same whenever it is told; without dots, which the signed text keeps for itself."""
        return f"{self.item.incident}-{self.cause.number}-{self.item.id.partition(':')[2]}"


def item_changes(
    record: Sequence[Recorded], profiles: Mapping[str, Profile], *, after: int
) -> Iterator[ItemChange]:
    """All changes by events behind number ``after``, in order. ``record`` is whole, and names are as they are now."""
    state = fold(record[:after])
    for cause in record[after:]:
        before, state = state, evolve(state, cause)
        if before is None or _shown(before) != _shown(state):
            by = profiles.get(cause.by)
            for kind, item, previous in _differences(_items(before, profiles), _items(state, profiles)):
                yield ItemChange(
                    kind=kind, cause=cause, by_name=by.name if by else None, item=item, previous=previous
                )


def _shown(incident: Incident) -> tuple[object, ...]:
    """All that exported items are made of."""
    return (incident.title, incident.status, incident.severity, incident.actions)


def _items(incident: Incident | None, profiles: Mapping[str, Profile]) -> Mapping[str, ExportedItem]:
    return {item.id: item for item in exported([incident] if incident else [], profiles)}


def _differences(
    before: Mapping[str, ExportedItem], after: Mapping[str, ExportedItem]
) -> Iterator[tuple[Kind, ExportedItem, Mapping[str, object]]]:
    for name, old in before.items():
        if name not in after:
            yield "deleted", old, {}
    for name, new in after.items():
        if name not in before:
            yield "created", new, {}
        elif before[name] != new:
            were, are = asdict(before[name]), asdict(new)
            yield (
                "updated",
                new,
                {key: were[key] for key in were if were[key] != are[key] and key != "changed"},
            )
