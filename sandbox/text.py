"""What Slack makes of written text and of blocks: escapes, rich text, ids for what has none."""

import re
import uuid
from typing import Any

#: Mentions and links, which stay live.
LIVE = r"<(?:[@#!][A-Za-z0-9|_^.\-]|https?://|mailto:)[^<>]*>"


def escaped(text: str) -> str:
    """Slack's three characters escaped, mentions and links left live; what is escaped already stays as it is."""
    parts = re.split(f"({LIVE})", text)
    return "".join(part if re.fullmatch(LIVE, part) else _plain(part) for part in parts)


def _plain(text: str) -> str:
    text = re.sub(r"&(?!(?:amp|lt|gt);)", "&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def named(blocks: Any) -> Any:
    """Blocks with the ids that Slack gives to those that have none."""
    return [_named(block) for block in blocks] if isinstance(blocks, list) else blocks


def _named(block: dict[str, Any]) -> dict[str, Any]:
    made = {**block, "block_id": block.get("block_id") or uuid.uuid4().hex[:5]}
    for place in ("element", "accessory"):
        if isinstance(made.get(place), dict):
            made[place] = _named_element(made[place])
    if made["type"] == "actions":
        made["elements"] = [_named_element(element) for element in made["elements"]]
    return made


def _named_element(element: dict[str, Any]) -> dict[str, Any]:
    if element.get("action_id") or element.get("type") in {"image", "mrkdwn", "plain_text"}:
        return element
    return {**element, "action_id": uuid.uuid4().hex[:5]}


def rich_text(text: str) -> dict[str, Any]:
    """How a person's words arrive: as rich text, mentions as elements of their own."""
    elements: list[dict[str, Any]] = []
    for part in re.split(r"(<@[UW][A-Z0-9]+>)", text):
        if part.startswith("<@"):
            elements.append({"type": "user", "user_id": part[2:-1]})
        elif part:
            elements.append(
                {"type": "text", "text": part.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")}
            )
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": uuid.uuid4().hex[:5], "elements": [section]}
