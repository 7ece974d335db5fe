"""What Slack's own client does not send: required inputs left empty, texts that are no number, address or of no allowed length."""

import re
from collections.abc import Mapping
from typing import Any

MISSING = "Please complete this required field."


def refusal(block: Mapping[str, Any], element: Mapping[str, Any], held: Mapping[str, Any]) -> str | None:
    """The words under the field, or None when it may be sent. ``held`` is the element's part of the state."""
    kind = element["type"]
    value = next((v for name, v in held.items() if name != "type"), None)
    required = block["type"] == "input" and not block.get("optional")
    if not value or (isinstance(value, str) and not value.strip()):
        return MISSING if required else None
    if kind == "plain_text_input":
        return _length(value, element.get("min_length") or 0, element.get("max_length") or 3000)
    if kind == "number_input":
        return _number(value, element)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", value):
        return "Please enter a valid URL."
    most = element.get("max_selected_items") or (
        element.get("max_files") or 10 if kind == "file_input" else None
    )
    if most and isinstance(value, list) and len(value) > most:
        return f"Please choose no more than {most}."
    return None


def _length(value: str, fewest: int, most: int) -> str | None:
    if len(value) < fewest:
        return f"Must be at least {fewest} characters"
    return f"Must be less than {most + 1} characters" if len(value) > most else None


def _number(value: str, element: Mapping[str, Any]) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a valid number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and float(value) < float(low):
        return f"Must be at least {low}"
    return f"Must be at most {high}" if high is not None and float(value) > float(high) else None
