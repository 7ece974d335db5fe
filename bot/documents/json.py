"""A document as JSON, with the name of its schema. What is not known is left out."""

import json
from collections.abc import Mapping
from typing import Any

SCHEMA = "postmortem-document/1"


def render_json(document: Mapping[str, Any]) -> str:
    return json.dumps({"schema": SCHEMA, **_known(document)}, ensure_ascii=False, indent=2) + "\n"


def _known(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _known(inner) for name, inner in value.items() if inner is not None}
    return [_known(inner) for inner in value] if isinstance(value, list | tuple) else value
