"""Block Kit's limits in one table, and the check of a list of blocks against them.

Source: docs.slack.dev, reference/block-kit; the total of text is what Slack's servers were seen to refuse.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.errors import SlackError

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TOTAL_TEXT = 13_200
ID = 255

#: Element or block type -> (field, longest text). Fields that are text objects are measured by their text.
TEXTS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "section": (("text", 3000),),
    "header": (("text", 150),),
    "button": (("text", 75), ("value", 2000), ("url", 3000)),
    "input": (("label", 2000), ("hint", 2000)),
    "image": (("image_url", 3000), ("alt_text", 2000), ("title", 2000)),
    "plain_text_input": (("initial_value", 3000), ("placeholder", 150)),
    "static_select": (("placeholder", 150),),
    "multi_static_select": (("placeholder", 150),),
    "users_select": (("placeholder", 150),),
    "multi_users_select": (("placeholder", 150),),
}
#: Type -> (field, fewest, most).
COUNTS: Mapping[str, tuple[tuple[str, int, int], ...]] = {
    "actions": (("elements", 1, 25),),
    "context": (("elements", 1, 10),),
    "section": (("fields", 1, 10),),
    "static_select": (("options", 1, 100),),
    "multi_static_select": (("options", 1, 100),),
    "checkboxes": (("options", 1, 10),),
    "radio_buttons": (("options", 1, 10),),
    "overflow": (("options", 1, 5),),
}
OPTION_TEXT = 75
OPTION_VALUE = 150
FIELD_TEXT = 2000
PLAIN_ONLY = frozenset({"header", "button", "input"})
BLOCKS = frozenset(
    ["section", "header", "divider", "context", "actions", "input", "image", "rich_text", "markdown", "video", "file", "table", "call"]
)
ELEMENTS = frozenset(
    ["button", "static_select", "multi_static_select", "users_select", "multi_users_select", "conversations_select", "multi_conversations_select", "channels_select", "multi_channels_select", "external_select", "datepicker", "timepicker", "datetimepicker", "plain_text_input", "checkboxes", "radio_buttons", "overflow", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input", "image", "mrkdwn", "plain_text"]
)


def check_message(blocks: Any) -> None:
    """Raises `SlackError` as chat.postMessage does."""
    problems = list(_problems(blocks, MESSAGE_BLOCKS))
    if problems:
        raise SlackError(
            "invalid_blocks",
            errors=problems,
            response_metadata={"messages": [f"[ERROR] {p}" for p in problems]},
        )
    if sum(_texts(blocks)) > TOTAL_TEXT:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any) -> None:
    """Raises `SlackError` as views.open and views.publish do."""
    problems = list(_view_problems(view))
    if problems:
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": [f"[ERROR] {p}" for p in problems]}
        )
    if len(str(view)) > 250_000:
        raise SlackError("view_too_large")


def _view_problems(view: Any) -> Iterator[str]:
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        yield "view must be an object of type modal or home [json-pointer:/view]"
        return
    if view["type"] == "modal" and not view.get("title"):
        yield "missing required field: title [json-pointer:/view]"
    for name in ("title", "submit", "close"):
        if name in view and not 1 <= len(_text(view[name])) <= 24:
            yield f"must be 1 to 24 characters [json-pointer:/view/{name}]"
    if len(view.get("private_metadata") or "") > 3000:
        yield "must be less than 3001 characters [json-pointer:/view/private_metadata]"
    for name in ("callback_id", "external_id"):
        if len(view.get(name) or "") > ID:
            yield f"must be less than 256 characters [json-pointer:/view/{name}]"
    blocks = view.get("blocks")
    yield from _problems(blocks, VIEW_BLOCKS)
    inputs = isinstance(blocks, list) and any(
        isinstance(b, dict) and b.get("type") == "input" for b in blocks
    )
    if view["type"] == "modal" and inputs and not view.get("submit"):
        yield "a submit is required when there are input blocks [json-pointer:/view/submit]"


def _problems(blocks: Any, most: int) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield "blocks must be a list [json-pointer:/blocks]"
        return
    if len(blocks) > most:
        yield f"no more than {most} items allowed [json-pointer:/blocks]"
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        where = f"/blocks/{index}"
        if not isinstance(block, dict) or block.get("type") not in BLOCKS:
            yield f"unsupported type [json-pointer:{where}/type]"
            continue
        block_id = block.get("block_id")
        if block_id in seen:
            yield f"block_id must be unique [json-pointer:{where}/block_id]"
        if block_id:
            seen.add(block_id)
        yield from _block(block, where)


def _block(block: Mapping[str, Any], where: str) -> Iterator[str]:
    kind = block["type"]
    if kind == "section" and not block.get("text") and not block.get("fields"):
        yield f"text or fields required [json-pointer:{where}]"
    for index, item in enumerate(block.get("fields") or ()):
        if not 1 <= len(_text(item)) <= FIELD_TEXT:
            yield f"must be 1 to {FIELD_TEXT} characters [json-pointer:{where}/fields/{index}]"
    yield from _limits(block, where)
    action_ids: set[str] = set()
    for name, elements in (
        ("elements", block.get("elements")),
        ("element", [block.get("element")]),
        ("accessory", [block.get("accessory")]),
    ):
        if kind in {"rich_text", "table"}:
            break
        for index, element in enumerate(elements or ()):
            if element is None:
                continue
            place = f"{where}/{name}/{index}" if name == "elements" else f"{where}/{name}"
            if not isinstance(element, dict) or element.get("type") not in ELEMENTS:
                yield f"unsupported type [json-pointer:{place}/type]"
                continue
            if element.get("action_id") in action_ids:
                yield f"action_id must be unique in its block [json-pointer:{place}/action_id]"
            if element.get("action_id"):
                action_ids.add(element["action_id"])
            yield from _limits(element, place)
    if kind == "input" and not isinstance(block.get("element"), dict):
        yield f"missing required field: element [json-pointer:{where}]"


def _limits(item: Mapping[str, Any], where: str) -> Iterator[str]:
    kind = item["type"]
    for name, longest in TEXTS.get(kind, ()):
        if name in item and item[name] is not None:
            length = len(_text(item[name]))
            if length > longest or (length == 0 and name != "value"):
                yield f"must be 1 to {longest} characters [json-pointer:{where}/{name}]"
    if kind in PLAIN_ONLY:
        for name in ("text", "label"):
            if isinstance(item.get(name), dict) and item[name].get("type") != "plain_text":
                yield f"must be plain_text [json-pointer:{where}/{name}]"
    for name, fewest, most in COUNTS.get(kind, ()):
        if name in item and not fewest <= len(item[name] or ()) <= most:
            yield f"must have {fewest} to {most} items [json-pointer:{where}/{name}]"
    for name in ("action_id", "block_id"):
        if len(item.get(name) or "") > ID:
            yield f"must be less than 256 characters [json-pointer:{where}/{name}]"
    yield from _options(item, where)


def _options(item: Mapping[str, Any], where: str) -> Iterator[str]:
    values: set[str] = set()
    for index, option in enumerate(item.get("options") or ()):
        place = f"{where}/options/{index}"
        if not 1 <= len(_text(option.get("text"))) <= OPTION_TEXT:
            yield f"must be 1 to {OPTION_TEXT} characters [json-pointer:{place}/text]"
        if not 1 <= len(option.get("value") or "") <= OPTION_VALUE:
            yield f"must be 1 to {OPTION_VALUE} characters [json-pointer:{place}/value]"
        if option.get("description") and len(_text(option["description"])) > 75:
            yield f"must be less than 76 characters [json-pointer:{place}/description]"
        values.add(option.get("value"))
    initial = item.get("initial_option")
    if initial and initial.get("value") not in values:
        yield f"initial_option must be one of the options [json-pointer:{where}/initial_option]"


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("text") or "")
    return str(value or "")


def _texts(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield len(value["text"])
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
