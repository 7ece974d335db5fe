"""The query tables as pure functions of an incident, and writing what of them changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import bindparam, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from bot.app.ports import Conflict
from bot.domain.incident import ActionItem, Entry, Incident
from bot.domain.people import Person
from storage.sql import Row, clean, insert_new, is_postgres, storable, table, upsert
from storage.tables import ActionItemRow, ActionOwnerRow, EntryRow, IncidentRow, RoleRow

T = TypeVar("T")

PARTS: tuple[type[SQLModel], ...] = (EntryRow, ActionItemRow, ActionOwnerRow, RoleRow)
PROJECTED: tuple[type[SQLModel], ...] = (IncidentRow, *PARTS)

incidents = table(IncidentRow)

# Run for every command, so made once; see `storage.sql`.
_ADVANCE = (
    update(incidents)
    .where(incidents.c.number == bindparam("stood_number"), incidents.c.version == bindparam("stood_version"))
    .returning(incidents.c.number)
)


# --- rows, pure --------------------------------------------------------------------------------------------------


def rows_of(incident: Incident) -> Mapping[type[SQLModel], list[Row]]:
    """All rows that an incident has in the query tables."""
    items = incident.actions.values()
    return {
        IncidentRow: [_incident(incident)],
        EntryRow: [_entry(incident.number, entry) for entry in incident.entries.values()],
        ActionItemRow: [_action(incident.number, item) for item in items],
        ActionOwnerRow: list(_owners(incident.number, items)),
        RoleRow: list(_roles(incident)),
    }


def in_key(text: str) -> str:
    """Free text as it stands in a key: PostgreSQL refuses long ones."""
    return clean(text[:200])


def _keys(people: Iterable[Person]) -> Iterable[str]:
    return dict.fromkeys(in_key(person.key) for person in people)


def _incident(incident: Incident) -> Row:
    return {
        "number": incident.number,
        "version": incident.version,
        "title": incident.title,
        "status": incident.status.value,
        "severity": incident.severity.label if incident.severity else None,
        "kind": incident.kind.value,
        "private": incident.private,
        "channel": incident.channel,
        "channel_name": incident.channel_name,
        "declared_at": incident.declared_at,
        "declared_by": incident.declared_by,
    }


def _entry(number: int, entry: Entry) -> Row:
    return {
        "incident": number,
        "entry": entry.id,
        "at": entry.time.utc,
        "precision": entry.time.precision.value,
        "tag": entry.tag.value,
        "marker": entry.details.marker.value if entry.details.marker else None,
        "text": entry.details.text,
        "channel": entry.message.channel if entry.message else None,
        "ts": entry.message.ts if entry.message else None,
        "hidden": entry.hidden,
    }


def _action(number: int, item: ActionItem) -> Row:
    return {
        "incident": number,
        "action": item.id,
        "kind": item.details.kind.value,
        "state": item.state.value,
        "text": item.details.text,
        "due_at": item.details.due.at if item.details.due else None,
    }


def _owners(number: int, items: Iterable[ActionItem]) -> Iterator[Row]:
    for item in items:
        for owner in _keys(item.details.owners):
            yield {"incident": number, "action": item.id, "owner": owner}


def _roles(incident: Incident) -> Iterator[Row]:
    for role, holders in incident.roles.items():
        for person in _keys(holders):
            yield {"incident": incident.number, "role": in_key(role), "person": person}


def changed(before: Mapping[str, T], after: Mapping[str, T]) -> dict[str, T]:
    """What is new or another object than before: folding shares what it leaves alone."""
    return {key: value for key, value in after.items() if before.get(key) is not value}


# --- writing -----------------------------------------------------------------------------------------------------


async def advance(connection: AsyncConnection, before: Incident | None, after: Incident) -> None:
    """Bring the query tables from one state to the next; only what differs is touched.

    Raises `Conflict`, having written nothing, unless the tables stand at ``before``.
    """
    if not await _advance_incident(connection, before, after):
        raise Conflict(f"{after.ref} has moved on from event {before.version if before else 0}")
    number = after.number
    entries = changed(before.entries if before else {}, after.entries)
    await upsert(connection, EntryRow, [_entry(number, entry) for entry in entries.values()])
    old_items = before.actions if before else {}
    items = changed(old_items, after.actions)
    await upsert(connection, ActionItemRow, [_action(number, item) for item in items.values()])
    removed = [item for key, item in old_items.items() if key not in after.actions]
    old = [*removed, *(old_items[key] for key in items if key in old_items)]
    await _replace(connection, ActionOwnerRow, _owners(number, old), _owners(number, items.values()))
    await _replace(connection, ActionItemRow, (_action(number, item) for item in removed), ())
    if before is None or before.roles is not after.roles:
        await _replace(connection, RoleRow, _roles(before) if before else (), _roles(after))


async def _advance_incident(connection: AsyncConnection, before: Incident | None, after: Incident) -> bool:
    row = storable(_incident(after))
    if before is None:
        statement = insert_new(incidents, postgres=is_postgres(connection))
    else:
        statement = _ADVANCE
        row |= {"stood_number": before.number, "stood_version": before.version}
    return (await connection.execute(statement, row)).first() is not None


async def remake(connection: AsyncConnection, incident: Incident) -> None:
    """All rows of an incident anew. The incident's own row is overwritten, because its events hang on it."""
    for model in reversed(PARTS):
        await connection.execute(delete(table(model)).where(table(model).c.incident == incident.number))
    for model, rows in rows_of(incident).items():
        await upsert(connection, model, rows)


async def read_all(connection: AsyncConnection) -> Mapping[str, Sequence[tuple[object, ...]]]:
    """Every query table as plain rows in the order of their keys."""
    found = {}
    for model in PROJECTED:
        rows = table(model)
        query = select(rows).order_by(*rows.primary_key)
        found[rows.name] = [tuple(row) for row in (await connection.execute(query)).all()]
    return found


async def _replace(
    connection: AsyncConnection, model: type[SQLModel], before: Iterable[Row], after: Iterable[Row]
) -> None:
    """For tables that are nothing but a key: delete what is gone, insert what is new."""
    rows = table(model)
    keys = list(rows.primary_key)
    old = [tuple(storable(row)[key.name] for key in keys) for row in before]
    wanted = {tuple(storable(row)[key.name] for key in keys): row for row in after}
    gone = [key for key in old if key not in wanted]
    if gone:
        await connection.execute(delete(rows).where(tuple_(*keys).in_(gone)))
    known = set(old)
    await upsert(connection, model, [row for key, row in wanted.items() if key not in known])
