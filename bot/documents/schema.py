"""The JSON Schema of a postmortem, made from the fields and lists that the whole bot shares.

Published as `docs/postmortem-document.schema.json`; a test keeps the file and this module alike.
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.documents.json import SCHEMA
from bot.domain.fields import FIELDS, LISTS, Column, Field, FieldType
from bot.domain.times import Precision
from bot.domain.vocabulary import (
    ActionKind,
    ActionState,
    DocumentStatus,
    EntryKind,
    Horizon,
    Kind,
    Marker,
    Status,
    TimeName,
)
from bot.views.lint import RULES, Level

Node = dict[str, Any]
_TEXT: Node = {"type": "string"}
_INSTANT: Node = {"type": "string", "format": "date-time"}
_TIME: Node = {"$ref": "#/$defs/time"}
_NAMES: Node = {"type": "array", "items": _TEXT}
_TYPES: Mapping[FieldType, Node] = {
    FieldType.LINE: _TEXT,
    FieldType.TEXT: _TEXT,
    FieldType.DATE: _TEXT,
    FieldType.LINES: _NAMES,
    FieldType.NUMBER: {"type": "number"},
    FieldType.BOOL: {"type": "boolean"},
    FieldType.TIME: _TIME,
}


def schema() -> Node:
    """Draft 2020-12. Groups may hold more than is named here; times and the items of lists may not."""
    made: Node = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Postmortem",
        "description": "What is not known is absent. Times are ISO 8601 in UTC; `precision` says how much of them is meant.",
        "type": "object",
        "required": ["schema", "incident", "times", "durations", "timeline", "actions", "doc", "findings"],
        "properties": {
            "schema": {"const": SCHEMA},
            "rendered_at": _INSTANT,
            "record": _group(events={"type": "integer", "minimum": 1}),
            "incident": _incident(),
            "times": _times(),
            "durations": {
                "type": "object",
                "additionalProperties": {"anyOf": [_TEXT, {"type": "boolean"}, _length()]},
            },
            "people": _many(_group(name=_TEXT)),
            "timeline": _many({"$ref": "#/$defs/entry"}),
            "steps": _many({"$ref": "#/$defs/entry"}),
            "notes": _many({"$ref": "#/$defs/entry"}),
            "actions": _many({"$ref": "#/$defs/action"}),
            "doc": _group(status=_one_of(DocumentStatus), status_label=_TEXT, is_draft={"type": "boolean"}),
            "findings": _many(
                _group(
                    rule={"enum": sorted(RULES)}, level=_one_of(Level), text=_TEXT, where=_TEXT, hint=_TEXT
                )
            ),
        },
        "$defs": {"time": _time(), "entry": _entry(), "action": _action()},
    }
    for path, field in FIELDS.items():
        _put(made, path, _typed(field))
    for path, spec in LISTS.items():
        if path not in {"sla", "checklists"}:  # computed and taken apart for the document
            _put(made, path, _many(_item(spec.columns)))
    _put(made, "sla", _many(_sla()))
    _put(made, "checklists", _many(_group(name=_TEXT, sections=_many(_group(title=_TEXT)))))
    return made


def schema_text() -> str:
    """As it is published."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _put(root: Node, path: str, node: Node) -> None:
    """A node under a dotted path, with the groups on the way to it."""
    *groups, last = path.split(".")
    place = root
    for name in groups:
        place = place["properties"].setdefault(name, _group())
    place["properties"].setdefault(last, node)


def _typed(spec: Field | Column) -> Node:
    return {"enum": list(spec.choices)} if spec.type is FieldType.CHOICE else _TYPES[spec.type]


def _item(columns: tuple[Column, ...]) -> Node:
    made = _group(id=_TEXT, **{column.name: _typed(column) for column in columns})
    required = [column.name for column in columns if column.required]
    return made | {"required": ["id", *required], "additionalProperties": False}


def _group(**properties: Node) -> Node:
    return {"type": "object", "properties": properties}


def _many(node: Node) -> Node:
    return {"type": "array", "items": node}


def _one_of(names: Any) -> Node:
    return {"enum": [name.value for name in names]}


def _incident() -> Node:
    severity = _group(scheme=_TEXT, level={"type": "integer"}, label=_TEXT)
    history = _many(_group(at=_INSTANT, by=_TEXT, to=_TEXT, reason=_TEXT))
    made = _group(
        id={"type": "integer", "minimum": 1},
        ref=_TEXT,
        title=_TEXT,
        kind=_one_of(Kind),
        private={"type": "boolean"},
        severity=severity,
        severity_history=history,
        status=_one_of(Status),
        status_history=history,
        is_open={"type": "boolean"},
        declared_by=_TEXT,
        reopened=_many(_TIME),
        date=_TEXT,
    )
    return made | {"required": ["id", "ref", "title", "kind", "status"]}


def _times() -> Node:
    names = ["impact_start" if name is TimeName.IMPACT_STARTED else name.value for name in TimeName]
    window = _group(start=_TIME, end=_TIME)
    return _group(**dict.fromkeys(names, _TIME), impact_windows=_many(window))


def _length() -> Node:
    return _group(seconds={"type": "number"}, approx={"type": "boolean"}) | {"required": ["seconds"]}


def _time() -> Node:
    made = _group(
        utc=_INSTANT,
        precision=_one_of(Precision),
        approx={"const": True},
        raw=_TEXT,
        tz=_TEXT,
        end_utc=_INSTANT,
        open_ended={"const": True},
        source=_TEXT,
        basis=_TEXT,
    )
    return made | {"required": ["precision"], "additionalProperties": False}


def _entry() -> Node:
    made = _group(
        id=_TEXT,
        time=_TIME,
        text=_TEXT,
        action=_TEXT,
        actor=_TEXT,
        label=_TEXT,
        order={"type": "integer"},
        marker=_one_of(Marker),
        kind=_one_of(EntryKind),
        evidence=_NAMES,
        message_url=_TEXT,
        system={"type": "boolean"},
    )
    return made | {"required": ["time", "text", "system"]}


def _action() -> Node:
    due = _group(date=_TEXT, at=_INSTANT, raw=_TEXT, worded={"type": "boolean"}, derived={"type": "boolean"})
    made = _group(
        ref=_TEXT,
        text=_TEXT,
        label=_TEXT,
        details=_NAMES,
        kind=_one_of(ActionKind),
        status=_one_of(ActionState),
        horizon=_one_of(Horizon),
        owners=_NAMES,
        priority=_TEXT,
        type=_TEXT,
        due=due,
        children=_many({"$ref": "#/$defs/action"}),
    )
    return made | {"required": ["ref", "text", "kind", "status", "owners", "children"]}


def _sla() -> Node:
    seconds: Node = {"type": "number"}
    return _group(
        name=_TEXT,
        verdict={"enum": ["within", "breached", "unknown"]},
        window_ref=_TEXT,
        budget_s=seconds,
        used_before_s=seconds,
        this_s=seconds,
        actual_s=seconds,
        overage_s=seconds,
        left_s=seconds,
        approx={"type": "boolean"},
    )


if __name__ == "__main__":
    print(schema_text(), end="")  # noqa: T201 - python -m bot.documents.schema > docs/postmortem-document.schema.json
