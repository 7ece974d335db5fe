"""What a message says, where its ``text`` does not: alerts of other apps come in attachments or blocks alone."""

from collections.abc import Iterator, Mapping
from typing import Any

Payload = Mapping[str, Any]

#: What Slack writes for apps that post blocks without a text (docs: chat.postMessage).
_NO_TEXT = frozenset({"", "This content can't be displayed."})
#: Previews of links and quoted messages are not what the message says (docs: link unfurling).
_PREVIEW = ("is_msg_unfurl", "is_app_unfurl", "from_url", "original_url")


def wording(raw: Payload) -> str:
    """The text; where there is none, the words of the attachments, else of the blocks, a line each. As Slack escapes them."""
    text = str(raw.get("text") or "")
    if text.strip() not in _NO_TEXT:
        return text
    attachments = [a for a in _parts(raw.get("attachments")) if not any(a.get(sign) for sign in _PREVIEW)]
    found = [line for attachment in attachments for line in _attached(attachment)]
    return "\n".join(found or _of_blocks(raw.get("blocks"))) or text


def _parts(value: object) -> list[Payload]:
    """The objects of a list; whatever else stands there says nothing."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _attached(attachment: Payload) -> Iterator[str]:
    """docs: secondary message attachments."""
    parts = [attachment.get(name) for name in ("pretext", "title", "text")]
    said = [str(part) for part in parts if part]
    said += [
        f"{field['title']}: {field.get('value')}" if field.get("title") else str(field.get("value") or "")
        for field in _parts(attachment.get("fields"))
    ]
    said = said or list(_of_blocks(attachment.get("blocks")))
    yield from said or [str(attachment.get("fallback") or "")]


def _of_blocks(blocks: Any) -> Iterator[str]:
    for block in _parts(blocks):
        match block.get("type"):
            case "section" | "header":
                texts = _parts([block.get("text")]) + _parts(block.get("fields"))
                yield from (str(text["text"]) for text in texts if text.get("text"))
            case "context":
                yield from (
                    str(e["text"]) for e in _parts(block.get("elements")) if isinstance(e.get("text"), str)
                )
            case "rich_text":
                yield "".join(_rich(block.get("elements")))
            case _:
                continue


def _rich(elements: Any) -> Iterator[str]:
    """docs: rich text block."""
    for element in _parts(elements):
        match element.get("type"):
            case "text":
                yield str(element.get("text") or "")
            case "link":
                yield (
                    f"<{element.get('url')}|{element['text']}>"
                    if element.get("text")
                    else f"<{element.get('url')}>"
                )
            case "user":
                yield f"<@{element.get('user_id')}>"
            case "channel":
                yield f"<#{element.get('channel_id')}>"
            case "emoji":
                yield f":{element.get('name')}:"
            case _:
                yield from _rich(element.get("elements"))
