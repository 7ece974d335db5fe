"""Block Kit as plain dicts, with Slack's limits kept here and nowhere else.

Limits: docs.slack.dev, reference/block-kit (texts, counts), chat.postMessage (50 blocks), and the undocumented total
of about 12,000 characters of text per message.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]
Element = dict[str, Any]

TEXT_LIMIT = 2900  # Slack: 3000; a little room for what escaping adds at the cut
HEADER_LIMIT = 150
BUTTON_LIMIT = 75
OPTION_LIMIT = 75
FIELD_LIMIT = 2000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 11_000
VIEW_TITLE = 24
OPTIONS = 100
INPUT_VALUE = 3000


def escape(text: str) -> str:
    """Slack's three control characters; there is no escape for ``*_~` `` in mrkdwn (docs: formatting-message-text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, ending in an ellipsis when something is left out; never inside ``<…>`` or ``&…;``."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    opened = short.rfind("<")
    if opened > short.rfind(">"):
        short = short[:opened]
    entity = short.rfind("&")
    if entity > short.rfind(";") and entity > len(short) - 6:
        short = short[:entity]
    return short + "…"


def plain(text: str, limit: int = TEXT_LIMIT) -> Element:
    return {"type": "plain_text", "text": cut(text or " ", limit), "emoji": True}


def mrkdwn(text: str, limit: int = TEXT_LIMIT) -> Element:
    return {"type": "mrkdwn", "text": cut(text or " ", limit), "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def section(text: str, *, accessory: Element | None = None, block_id: str | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory:
        block["accessory"] = accessory
    if block_id:
        block["block_id"] = block_id
    return block


def fields(texts: Iterable[str]) -> list[Block]:
    """Two-column sections of ten fields each."""
    made = [mrkdwn(text, FIELD_LIMIT) for text in texts]
    return [{"type": "section", "fields": made[i : i + 10]} for i in range(0, len(made), 10)]


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def divider() -> Block:
    return {"type": "divider"}


def actions(elements: Sequence[Element], block_id: str | None = None) -> Block:
    block: Block = {"type": "actions", "elements": list(elements[:25])}
    if block_id:
        block["block_id"] = block_id
    return block


def button(text: str, action_id: str, value: str, *, style: str | None = None) -> Element:
    element: Element = {
        "type": "button",
        "text": plain(text, BUTTON_LIMIT),
        "action_id": action_id,
        "value": value[:2000],
    }
    if style:
        element["style"] = style
    return element


def link_button(text: str, action_id: str, url: str) -> Element:
    """Opens an address; Slack tells us of the press all the same (docs: button element, ``url``)."""
    return {"type": "button", "text": plain(text, BUTTON_LIMIT), "action_id": action_id, "url": url}


def option(text: str, value: str, description: str | None = None) -> Element:
    made: Element = {"text": plain(text, OPTION_LIMIT), "value": value[:OPTION_LIMIT]}
    if description:
        made["description"] = plain(description, OPTION_LIMIT)
    return made


def select(
    action_id: str, options: Sequence[Element], initial: str | None = None, placeholder: str = "Choose"
) -> Element:
    element: Element = {
        "type": "static_select",
        "action_id": action_id,
        "options": list(options[:OPTIONS]),
        "placeholder": plain(placeholder, 150),
    }
    chosen = next((o for o in element["options"] if o["value"] == initial), None)
    if chosen:
        element["initial_option"] = chosen
    return element


def text_input(
    action_id: str, *, initial: str | None = None, multiline: bool = False, placeholder: str | None = None
) -> Element:
    element: Element = {"type": "plain_text_input", "action_id": action_id, "multiline": multiline}
    if initial:
        element["initial_value"] = initial[:INPUT_VALUE]
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    return element


def users(action_id: str, chosen: Sequence[str], *, many: bool) -> Element:
    """A choice of people by their Slack ids."""
    element: Element = {
        "type": "multi_users_select" if many else "users_select",
        "action_id": action_id,
        "placeholder": plain("Nobody yet"),
    }
    if chosen:
        element |= {"initial_users": list(chosen)} if many else {"initial_user": chosen[0]}
    return element


def input_block(
    block_id: str, label: str, element: Element, *, optional: bool = True, hint: str | None = None
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, 2000)
    return block


def view(
    callback_id: str, title: str, blocks: Sequence[Block], *, submit: str | None = "Save", metadata: str = ""
) -> dict[str, Any]:
    """A modal. Raises ValueError when private metadata would not fit, because cutting it would lose ids."""
    if len(metadata) > 3000:
        raise ValueError("private_metadata is longer than Slack takes (3000)")
    made: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, VIEW_TITLE),
        "close": plain("Cancel" if submit else "Close", VIEW_TITLE),
        "blocks": list(blocks[:VIEW_BLOCKS]),
        "private_metadata": metadata,
    }
    if submit:
        made["submit"] = plain(submit, VIEW_TITLE)
    return made


def fit(blocks: Sequence[Block]) -> list[Block]:
    """As many blocks as a message may hold, by count and by Slack's total of text; says so when some are left out."""
    kept: list[Block] = []
    total = 0
    for block in blocks:
        total += _text_length(block)
        if len(kept) == MESSAGE_BLOCKS - 1 or total > MESSAGE_TEXT:
            kept.append(
                context("… more than one message can hold; `/incident timeline` or the postmortem shows all.")
            )
            break
        kept.append(block)
    return kept


def _text_length(value: object) -> int:
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_text_length(inner) for inner in value.values())
    if isinstance(value, list):
        return sum(_text_length(inner) for inner in value)
    return 0
