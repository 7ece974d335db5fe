"""Sample incidents for looking at packs: a bare one, a full one, and one whose every word is awkward."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain import events as e
from bot.domain.details import ActionDetails, EntryDetails
from bot.domain.evolve import fold
from bot.domain.fields import FIELDS, LISTS, Column, Field, FieldType, Value
from bot.domain.people import Person
from bot.domain.times import Time
from bot.domain.transcript import Profile
from bot.domain.vocabulary import ActionKind, DocumentStatus, Horizon, Marker, Status, TimeName
from bot.views.document import build_document

_START = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
_ANA = "U0ANA"


@dataclass(frozen=True, slots=True)
class Awkward:
    """Text that is markup in many places; ``raw`` must never come out as it is."""

    text: str
    raw: str


AWKWARD = Awkward(text="| <b>*x*</b> `{{ 1 }}` # [y](z)", raw="| <b>*x*</b>")


def samples(*, published: bool = False) -> dict[str, dict[str, Any]]:
    """Documents by what they are good for."""
    return {
        "bare": _document([], published=published),
        "full": _document([*_story(None)], published=published),
        "awkward": _document([*_story(AWKWARD.text)], published=published),
    }


def _document(story: list[e.Event], *, published: bool) -> dict[str, Any]:
    events: list[e.Event] = [e.Declared(title="Checkout is down", services=("Checkout",)), *story]
    if published:
        events.append(e.DocumentStatusChanged(status=DocumentStatus.PUBLISHED))
    recorded = [
        e.Recorded(incident=1, number=number, at=_at(number), by=_ANA, event=event)
        for number, event in enumerate(events, 1)
    ]
    incident = fold(recorded)
    assert incident is not None
    profiles = {_ANA: Profile(id=_ANA, name="Ana Lima", zone="Europe/Lisbon")}
    return build_document(incident, messages={}, profiles=profiles, now=_at(600))


def _at(minutes: float) -> datetime:
    return _START + timedelta(minutes=minutes)


def _story(words: str | None) -> Iterator[e.Event]:
    """Every field and list filled; with ``words`` wherever text can be."""
    yield e.RoleAssigned(role="commander", person=Person(slack_id=_ANA))
    for number, marker in enumerate(Marker, 1):
        text = words or f"Something was {marker.value.replace('_', ' ')}"
        details = EntryDetails(text=text, marker=marker, action=words or "looked", actor=words or "Ana Lima")
        yield e.NoteAdded(entry=f"E{number}", time=Time(utc=_at(number)), details=details)
    for field in FIELDS.values():
        if field.path not in {"doc.template", "doc.template_version", "doc.hide_clock_times"}:
            yield e.FieldSet(path=field.path, value=_value(field, words))
    for path, spec in LISTS.items():
        values = {column.name: _value(column, words) for column in spec.columns}
        if path == "sla":
            values |= {
                "budget": "20 min",
                "used_before": "5 min",
                "target_pct": 99.9,
                "window_ref": "2026-03",
            }
        yield e.ItemAdded(path=path, item="1", values=values)
    for number, kind in enumerate(ActionKind, 1):
        details_of = ActionDetails(
            text=words or f"A {kind.value.replace('_', ' ')}",
            kind=kind,
            owners=(Person(name=words or "Ops team"),),
            horizon=list(Horizon)[number % len(Horizon)],
            priority="P1",
        )
        yield e.ActionAdded(action=f"A{number}", details=details_of)
    yield e.TimeSet(which=TimeName.IMPACT_STARTED, time=Time(utc=_at(1)))
    yield e.StatusChanged(status=Status.RESOLVED, time=Time(utc=_at(40)))


def _value(field: Field | Column, words: str | None) -> Value:
    match field.type:
        case FieldType.NUMBER:
            return 42
        case FieldType.BOOL:
            return False
        case FieldType.CHOICE:
            return field.choices[0]
        case FieldType.DATE:
            return "2026-03-09"
        case FieldType.TIME:
            return Time(utc=_at(3))
        case FieldType.LINES:
            return (words or f"{field.label.partition(',')[0]}: an example",)
        case _:
            return words or f"{field.label.partition(',')[0]}: an example"
