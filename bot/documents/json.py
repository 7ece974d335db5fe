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


class NotADocument(Exception):  # noqa: N818 - told to people as it stands
    """The file is no postmortem of ours."""


def read_json(text: str) -> dict[str, Any]:
    """The document of a file that `render_json` made, as it was but for the remarks. Raises `NotADocument`."""
    try:
        said = json.loads(text)
    except ValueError as error:
        raise NotADocument(f"The file is not JSON: {error}.") from error
    if not isinstance(said, dict) or said.get("schema") != SCHEMA:
        found = said.get("schema") if isinstance(said, dict) else None
        raise NotADocument(
            f"The file is not a postmortem of the form {SCHEMA}; it says {found or 'nothing'}."
        )
    return {name: value for name, value in said.items() if name not in {"schema", "findings"}}


def _known(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _known(inner) for name, inner in value.items() if inner is not None}
    return [_known(inner) for inner in value] if isinstance(value, list | tuple) else value
