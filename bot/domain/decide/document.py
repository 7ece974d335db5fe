"""The postmortem's fields and lists."""

from collections.abc import Mapping
from typing import assert_never

from bot.domain import commands as c
from bot.domain import events as e
from bot.domain.fields import FIELDS, LISTS, Column, Field, FieldType, ListField, Value
from bot.domain.incident import Incident
from bot.domain.refusals import Refusal
from bot.domain.times import Time

_PYTHON_TYPES: Mapping[FieldType, tuple[type, ...]] = {
    FieldType.LINE: (str,),
    FieldType.TEXT: (str,),
    FieldType.DATE: (str,),
    FieldType.CHOICE: (str,),
    FieldType.LINES: (tuple,),
    FieldType.NUMBER: (int, float),
    FieldType.BOOL: (bool,),
    FieldType.TIME: (Time,),
}


def decide(incident: Incident, command: c.Document) -> tuple[e.Event, ...] | Refusal:
    match command:
        case c.SetFields():
            return _set_fields(incident, command)
        case c.AddLines():
            return _add_lines(incident, command)
        case c.AddItem():
            return _add_items(incident, command.path, (command.values,))
        case c.ReplaceItems():
            removed = tuple(
                e.ItemRemoved(path=command.path, item=item.id)
                for item in incident.lists.get(command.path, ())
            )
            added = _add_items(incident, command.path, command.items)
            return added if isinstance(added, Refusal) else (*removed, *added)
        case c.ChangeItem():
            return _change_item(incident, command)
        case _:
            assert_never(command)


def _set_fields(incident: Incident, command: c.SetFields) -> tuple[e.Event, ...] | Refusal:
    events: list[e.Event] = []
    for path, value in command.values.items():
        field = FIELDS.get(path)
        if field is None:
            return _unknown(path)
        empty = value is None or value in ("", ())
        if not empty and not _fits(value, field):
            return _unfit(field, path)
        kept = None if empty else value
        if kept != incident.fields.get(path):
            events.append(e.FieldSet(path=path, value=kept))
    return tuple(events)


def _add_lines(incident: Incident, command: c.AddLines) -> tuple[e.Event, ...] | Refusal:
    """What stands there already is not added again."""
    known = incident.fields.get(command.path, ())
    lines = (*known, *command.lines) if isinstance(known, tuple) else command.lines
    return _set_fields(incident, c.SetFields(values={command.path: tuple(dict.fromkeys(lines))}))


def _add_items(
    incident: Incident, path: str, items: tuple[Mapping[str, Value], ...]
) -> tuple[e.Event, ...] | Refusal:
    spec = LISTS.get(path)
    if spec is None:
        return _unknown(path)
    number = incident.items_added.get(path, 0)
    events: list[e.Event] = []
    for values in items:
        if refusal := _unfit_item(spec, values, f"Nothing was added to {spec.label}"):
            return refusal
        number += 1
        events.append(e.ItemAdded(path=path, item=str(number), values=values))
    return tuple(events)


def _unfit_item(spec: ListField, values: Mapping[str, Value], undone: str) -> Refusal | None:
    columns = {column.name: column for column in spec.columns}
    for name, value in values.items():
        if name not in columns or not _fits(value, columns[name]):
            return _unfit(columns.get(name), f"{spec.path}.{name}")
    if values.get(spec.main.name):
        return None
    return Refusal(
        what=undone,
        why=f"{spec.main.label} is empty.",
        hint=f"Fill in {spec.main.label}.",
        field=spec.main.name,
    )


def _change_item(incident: Incident, command: c.ChangeItem) -> tuple[e.Event, ...] | Refusal:
    spec = LISTS.get(command.path)
    if spec is None:
        return _unknown(command.path)
    known = next((item for item in incident.lists.get(command.path, ()) if item.id == command.item), None)
    if command.values is None:
        return (e.ItemRemoved(path=command.path, item=command.item),) if known else ()
    if known is None:
        return Refusal(
            what=f"Nothing was changed in {spec.label}",
            why="somebody took that line out meanwhile.",
            hint="Add it as a new line if it should stay.",
        )
    if refusal := _unfit_item(spec, command.values, f"Nothing was changed in {spec.label}"):
        return refusal
    if dict(known.values) == dict(command.values):
        return ()
    return (e.ItemChanged(path=command.path, item=command.item, values=command.values),)


def _fits(value: Value | None, spec: Field | Column) -> bool:
    if isinstance(value, bool) and spec.type is not FieldType.BOOL:
        return False
    if spec.type is FieldType.CHOICE and value not in spec.choices:
        return False
    return isinstance(value, _PYTHON_TYPES[spec.type])


def _unknown(path: str) -> Refusal:
    return Refusal(
        what="Nothing was changed",
        why=f"the postmortem has no field {path}.",
        hint="`/incident set` alone shows all fields.",
    )


def _unfit(spec: Field | Column | None, path: str) -> Refusal:
    wanted = f"takes {_WANTED[spec.type]}" if spec else "is not known here"
    if spec and spec.choices:
        wanted = f"takes one of {', '.join(spec.choices)}"
    return Refusal(
        what="Nothing was changed", why=f"{path} {wanted}.", hint="Correct it and send it again.", field=path
    )


_WANTED: Mapping[FieldType, str] = {
    FieldType.LINE: "a line of text",
    FieldType.TEXT: "text",
    FieldType.LINES: "lines of text",
    FieldType.NUMBER: "a number",
    FieldType.BOOL: "yes or no",
    FieldType.CHOICE: "one of its choices",
    FieldType.DATE: "a date such as 2026-01-31",
    FieldType.TIME: "a time such as 14:05",
}
