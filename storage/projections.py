"""The query tables as pure functions of an incident, and writing what of them changed."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy import delete, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from bot.domain.incident import Incident
from storage.sql import table, upsert
from storage.tables import ActionItemRow, ActionOwnerRow, EntryRow, IncidentRow, RoleRow

Row = dict[str, Any]
T = TypeVar("T")

PROJECTED: tuple[type[SQLModel], ...] = (IncidentRow, EntryRow, ActionItemRow, ActionOwnerRow, RoleRow)
CHUNK = 100  # rows of one statement: SQLite takes a bounded number of parameters


def rows_of(incident: Incident) -> Mapping[type[SQLModel], list[Row]]:
    """All rows that an incident has in the query tables."""
    return {
        IncidentRow: [_incident(incident)],
        EntryRow: list(_entries(incident)),
        ActionItemRow: list(_actions(incident)),
        ActionOwnerRow: list(_owners(incident)),
        RoleRow: list(_roles(incident)),
    }


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


def _entries(incident: Incident, among: Mapping[str, Any] | None = None) -> Iterator[Row]:
    for entry in (incident.entries if among is None else among).values():
        yield {
            "incident": incident.number,
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


def _actions(incident: Incident, among: Mapping[str, Any] | None = None) -> Iterator[Row]:
    for item in (incident.actions if among is None else among).values():
        yield {
            "incident": incident.number,
            "action": item.id,
            "kind": item.details.kind.value,
            "state": item.state.value,
            "text": item.details.text,
            "due_at": item.details.due.at if item.details.due else None,
        }


def _owners(incident: Incident) -> Iterator[Row]:
    for item in incident.actions.values():
        for key in dict.fromkeys(owner.key for owner in item.details.owners):
            yield {"incident": incident.number, "action": item.id, "owner": key}


def _roles(incident: Incident) -> Iterator[Row]:
    for role, holders in incident.roles.items():
        for key in dict.fromkeys(person.key for person in holders):
            yield {"incident": incident.number, "role": role, "person": key}


def changed(before: Mapping[str, T] | None, after: Mapping[str, T]) -> dict[str, T]:
    """What is new or another object than before: folding shares what it leaves alone."""
    known = before or {}
    return {key: value for key, value in after.items() if known.get(key) is not value}


async def write(connection: AsyncConnection, before: Incident | None, after: Incident) -> None:
    """Bring the query tables from one state to the next; only what differs is touched."""
    await _put(connection, IncidentRow, [_incident(after)])
    entries = changed(before.entries if before else None, after.entries)
    await _put(connection, EntryRow, list(_entries(after, entries)))
    if before is None or before.actions is not after.actions:
        items = changed(before.actions if before else None, after.actions)
        await _put(connection, ActionItemRow, list(_actions(after, items)))
        await _replace(
            connection, ActionOwnerRow, list(_owners(before)) if before else [], list(_owners(after))
        )
    if before is None or before.roles is not after.roles:
        await _replace(connection, RoleRow, list(_roles(before)) if before else [], list(_roles(after)))


async def _put(connection: AsyncConnection, model: type[SQLModel], rows: list[Row]) -> None:
    for start in range(0, len(rows), CHUNK):
        await connection.execute(upsert(connection, model, rows[start : start + CHUNK]))


async def _replace(
    connection: AsyncConnection, model: type[SQLModel], before: list[Row], after: list[Row]
) -> None:
    gone = [row for row in before if row not in after]
    if gone:
        keys = list(table(model).primary_key)
        wanted = [tuple(row[key.name] for key in keys) for row in gone]
        await connection.execute(delete(table(model)).where(tuple_(*keys).in_(wanted)))
    await _put(connection, model, [row for row in after if row not in before])
