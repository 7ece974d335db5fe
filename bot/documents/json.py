"""A document as JSON, with the name of its schema. What is not known is left out."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.views.lint import Finding

SCHEMA = "postmortem-document/1"


def render_json(document: Mapping[str, Any], findings: Sequence[Finding] = ()) -> str:
    """The document and, beside it, what the rules remark of it."""
    remarks = {"findings": [finding.data() for finding in findings]}
    return json.dumps({"schema": SCHEMA, **_known(document), **remarks}, ensure_ascii=False, indent=2) + "\n"


def _known(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _known(inner) for name, inner in value.items() if inner is not None}
    return [_known(inner) for inner in value] if isinstance(value, list | tuple) else value
