"""A canvas's Markdown: its sections, and the one change that a call may make (docs: canvases)."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from sandbox.errors import SlackError

LONGEST = 1_048_576
CELLS = 300  # of one table


def checked(markdown: str, word: str) -> str:
    """Markdown that a canvas takes; raises the given word for what it does not."""
    if len(markdown) > LONGEST:
        raise SlackError("canvas_too_large")
    if re.search(r"^>\s*([-*+]|\d+\.)\s", markdown, re.MULTILINE):
        raise SlackError(word, detail="Unsupported: a list in a block quote")
    for section in sections(markdown).values():
        rows = [line for line in section.splitlines() if line.lstrip().startswith("|")]
        if sum(row.strip().strip("|").count("|") + 1 for row in rows) > CELLS:
            raise SlackError(word, detail=f"Unsupported: a table of more than {CELLS} cells")
    return markdown


def sections(markdown: str) -> dict[str, str]:
    """Id -> the section's Markdown, in order. A section is what stands between empty lines; a heading is one by itself."""
    made: dict[str, str] = {}
    apart = re.sub(r"^(#{1,3} .*)$", r"\n\1\n", markdown, flags=re.MULTILINE)
    for text in re.split(r"\n\s*\n", apart):
        if text.strip():
            digest = hashlib.sha256(text.strip().encode()).hexdigest()[:20]
            again = sum(known.startswith(f"temp:C:{digest}") for known in made)
            made[f"temp:C:{digest}{again:x}"] = text.strip()
    return made


def found(markdown: str, criteria: Mapping[str, Any]) -> list[str]:
    """The ids of the sections that are of the wanted types and contain the wanted text."""
    wanted = set(criteria.get("section_types") or ())
    text = str(criteria.get("contains_text") or "").lower()
    return [
        section_id
        for section_id, section in sections(markdown).items()
        if text in section.lower()
        and (not wanted or (kind := _heading(section)) in wanted or (kind and "any_header" in wanted))
    ]


def _heading(section: str) -> str | None:
    match = re.match(r"(#{1,3}) ", section)
    return f"h{len(match[1])}" if match else None


def edited(markdown: str, change: Mapping[str, Any]) -> str:
    """The Markdown after one change."""
    operation, section_id = change.get("operation"), change.get("section_id")
    content = checked(
        str((change.get("document_content") or {}).get("markdown") or ""), "canvas_editing_failed"
    )
    if operation == "replace" and not section_id:
        return content
    parts = sections(markdown)
    needs_section = operation in {"insert_after", "insert_before", "delete", "replace"}
    if needs_section and section_id not in parts:
        raise SlackError("canvas_editing_failed", detail="section not found")
    ids, texts = list(parts), list(parts.values())
    index = ids.index(section_id) if needs_section and section_id else 0
    match operation:
        case "replace":
            texts[index] = content
        case "delete":
            del texts[index]
        case "insert_before":
            texts.insert(index, content)
        case "insert_after":
            texts.insert(index + 1, content)
        case "insert_at_start":
            texts.insert(0, content)
        case "insert_at_end":
            texts.append(content)
        case _:
            raise SlackError("invalid_arguments")
    return checked("\n\n".join(text.strip() for text in texts), "canvas_editing_failed")
