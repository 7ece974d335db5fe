"""Block Kit's limits in tables, and the check of blocks and views against them.

Source: docs.slack.dev, reference/block-kit; the total of text is what Slack's servers were seen to refuse.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.errors import SlackError

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TOTAL_TEXT = 13_200
MARKDOWN = 12_000  # over all markdown blocks of a message
TABLE_TEXT, TABLE_ROWS, TABLE_COLUMNS = 10_000, 100, 20
VIEW_BYTES = 250_000
ID = 255

#: Type -> (field, longest text). Fields that are text objects are measured by their text.
TEXTS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "section": (("text", 3000),),
    "header": (("text", 150),),
    "button": (("text", 75), ("value", 2000), ("url", 3000), ("accessibility_label", 75)),
    "input": (("label", 2000), ("hint", 2000)),
    "image": (("image_url", 3000), ("alt_text", 2000), ("title", 2000)),
    "plain_text_input": (("initial_value", 3000), ("placeholder", 150)),
    "markdown": (("text", 12_000),),
    "option": (("text", 75), ("value", 150), ("description", 75), ("url", 3000)),
    "option_group": (("label", 75),),
    "confirm": (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)),
}
#: Type -> (field, fewest, most).
COUNTS: Mapping[str, tuple[tuple[str, int, int], ...]] = {
    "actions": (("elements", 1, 25),),
    "context": (("elements", 1, 10),),
    "context_actions": (("elements", 1, 5),),
    "section": (("fields", 1, 10),),
    "static_select": (("options", 1, 100), ("option_groups", 1, 100)),
    "multi_static_select": (("options", 1, 100), ("option_groups", 1, 100)),
    "option_group": (("options", 1, 100),),
    "checkboxes": (("options", 1, 10),),
    "radio_buttons": (("options", 1, 10),),
    "overflow": (("options", 1, 5),),
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "header": ("text",),
    "markdown": ("text",),
    "context": ("elements",),
    "actions": ("elements",),
    "input": ("label", "element"),
    "image": ("alt_text",),
    "rich_text": ("elements",),
    "table": ("rows",),
    "button": ("text",),
    "checkboxes": ("options",),
    "radio_buttons": ("options",),
    "overflow": ("options",),
    "number_input": ("is_decimal_allowed",),
    "option": ("text", "value"),
    "option_group": ("label", "options"),
    "confirm": ("title", "text", "confirm", "deny"),
}
#: Fields that are text objects, not strings.
OBJECTS = frozenset({"text", "label", "title", "description", "hint", "placeholder", "confirm", "deny"})
#: Fields that must be plain text; any other text object may be mrkdwn.
PLAIN = frozenset({"placeholder", "label", "hint", "title", "confirm", "deny"})
PLAIN_TEXT_OF = frozenset({"header", "button"})

_SELECTS = (
    "static_select external_select users_select conversations_select channels_select multi_static_select "
    "multi_external_select multi_users_select multi_conversations_select multi_channels_select"
)
_CHOICES = f"{_SELECTS} datepicker timepicker datetimepicker checkboxes radio_buttons"
#: Where -> the elements that may stand there.
ELEMENTS: Mapping[str, frozenset[str]] = {
    "actions": frozenset(f"button overflow workflow_button {_CHOICES}".split()),
    "section": frozenset(f"button overflow image workflow_button {_CHOICES}".split()),
    "context": frozenset({"image", "mrkdwn", "plain_text"}),
    "context_actions": frozenset({"feedback_buttons", "icon_button"}),
    "input": frozenset(
        f"plain_text_input number_input email_text_input url_text_input rich_text_input file_input {_CHOICES}".split()
    ),
}
BLOCKS = frozenset(
    [
        "section",
        "header",
        "divider",
        "context",
        "context_actions",
        "actions",
        "input",
        "image",
        "rich_text",
        "markdown",
        "video",
        "file",
        "table",
        "call",
    ]
)
MESSAGE_ONLY = frozenset({"markdown", "table", "file"})
#: Block -> what may stand in it besides type and block_id; Slack refuses anything else.
FIELDS: Mapping[str, frozenset[str]] = {
    "section": frozenset({"text", "fields", "accessory", "expand"}),
    "header": frozenset({"text", "level"}),
    "divider": frozenset(),
    "context": frozenset({"elements"}),
    "actions": frozenset({"elements"}),
    "input": frozenset({"label", "element", "hint", "optional", "dispatch_action"}),
    "image": frozenset({"image_url", "slack_file", "alt_text", "title"}),
    "rich_text": frozenset({"elements"}),
    "markdown": frozenset({"text"}),
}


def check_message(blocks: Any, *, whole: bool = True) -> None:
    """Raises `SlackError` as chat.postMessage does. A response_url is not held to the total (``whole``)."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = list(_blocks(blocks, MESSAGE_BLOCKS, "/blocks"))
    tables = [block for block in blocks if isinstance(block, dict) and block.get("type") == "table"]
    if len(tables) > 1:
        raise SlackError(
            "invalid_attachments", response_metadata={"messages": ["[ERROR] only_one_table_allowed"]}
        )
    if problems:
        raise SlackError("invalid_blocks", errors=problems, response_metadata=_said(problems))
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN or (whole and sum(_texts(blocks)) > TOTAL_TEXT):
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, *kinds: str) -> None:
    """Raises `SlackError` as views.open (``modal``) and views.publish (``home``) do."""
    problems = list(_view(view, kinds or ("modal",)))
    if problems:
        raise SlackError("invalid_arguments", response_metadata=_said(problems))
    if len(str(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")


def _said(problems: list[str]) -> dict[str, Any]:
    return {"messages": [f"[ERROR] {problem}" for problem in problems]}


def _at(where: str) -> str:
    return f"[json-pointer:{where}]"


def _view(view: Any, kinds: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(view, dict):
        yield f"must provide an object {_at('/view')}"
        return
    if view.get("type") not in kinds:
        yield f"unsupported type: {view.get('type')} {_at('/view/type')}"
        return
    if view["type"] == "modal" and not view.get("title"):
        yield f"missing required field: title {_at('/view')}"
    for name in ("title", "submit", "close"):
        if view.get(name) is not None:
            yield from _text_object(view[name], 24, f"/view/{name}", plain=True)
    if len(view.get("private_metadata") or "") > 3000:
        yield f"must be less than 3001 characters {_at('/view/private_metadata')}"
    for name in ("callback_id", "external_id"):
        if len(view.get(name) or "") > ID:
            yield f"must be less than 256 characters {_at(f'/view/{name}')}"
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        yield f"missing required field: blocks {_at('/view')}"
        return
    yield from _blocks(blocks, VIEW_BLOCKS, "/view/blocks")
    known = [block for block in blocks if isinstance(block, dict)]
    if any(block.get("type") in MESSAGE_ONLY for block in known):
        yield f"unsupported block type in a view {_at('/view/blocks')}"
    if (
        view["type"] == "modal"
        and any(block.get("type") == "input" for block in known)
        and not view.get("submit")
    ):
        yield f"missing required field: submit {_at('/view')}"


def _blocks(blocks: list[Any], most: int, where: str) -> Iterator[str]:
    if len(blocks) > most:
        yield f"no more than {most} items allowed {_at(where)}"
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        at = f"{where}/{index}"
        if not isinstance(block, dict) or block.get("type") not in BLOCKS:
            yield f"unsupported type {_at(f'{at}/type')}"
            continue
        block_id = block.get("block_id")
        if block_id in seen:
            yield f"block_id already exists: {block_id} {_at(f'{at}/block_id')}"
        if block_id:
            seen.add(block_id)
        yield from _block(block, at)


def _block(block: Mapping[str, Any], where: str) -> Iterator[str]:
    kind = block["type"]
    if kind in FIELDS:
        for name in sorted(set(block) - FIELDS[kind] - {"type", "block_id"}):
            yield f"invalid additional property: {name} {_at(where)}"
    if kind == "section" and not block.get("text") and not block.get("fields"):
        yield f"missing required field: text or fields {_at(where)}"
    for index, item in enumerate(block.get("fields") or ()):
        yield from _text_object(item, 2000, f"{where}/fields/{index}")
    if kind == "table":
        yield from _table(block, where)
    yield from _item(block, where)
    if kind not in ELEMENTS:
        return
    seen: set[str] = set()
    for place, element in _elements(block, where):
        if not isinstance(element, dict) or element.get("type") not in ELEMENTS[kind]:
            yield f"unsupported type {_at(f'{place}/type')}"
            continue
        if element["type"] in {"mrkdwn", "plain_text"}:
            yield from _text_object(element, 3000, place)
            continue
        action_id = element.get("action_id")
        if action_id and action_id in seen:
            yield f"action_id already exists: {action_id} {_at(f'{place}/action_id')}"
        seen.add(action_id or "")
        yield from _item(element, place)


def _elements(block: Mapping[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    elements = block.get("elements")
    for index, element in enumerate(elements if isinstance(elements, list) else ()):
        yield f"{where}/elements/{index}", element
    for name in ("element", "accessory"):
        if block.get(name) is not None:
            yield f"{where}/{name}", block[name]


def _item(item: Mapping[str, Any], where: str, kind: str = "") -> Iterator[str]:
    """One block, element, option or dialog, against the tables."""
    kind = kind or item["type"]
    for name in REQUIRED.get(kind, ()):
        if item.get(name) is None:
            yield f"missing required field: {name} {_at(where)}"
    longest = dict(TEXTS.get(kind, ()))
    if "select" in kind or kind.endswith(("picker", "_input")):
        longest.setdefault("placeholder", 150)
    for name, most in longest.items():
        value = item.get(name)
        if value is None:
            continue
        if name in OBJECTS and kind != "markdown":
            plain = name in PLAIN or kind in PLAIN_TEXT_OF
            yield from _text_object(value, most, f"{where}/{name}", plain=plain)
        else:
            empty = name == "initial_value" or (kind == "button" and name == "value")
            yield from _length(value, most, f"{where}/{name}", fewest=0 if empty else 1)
    for name, fewest, most in COUNTS.get(kind, ()):
        if item.get(name) is not None and not fewest <= len(item[name]) <= most:
            yield f"must have {fewest} to {most} items {_at(f'{where}/{name}')}"
    for name in ("action_id", "block_id"):
        if len(item.get(name) or "") > ID:
            yield f"must be less than 256 characters {_at(f'{where}/{name}')}"
    yield from _special(item, kind, where)


def _special(item: Mapping[str, Any], kind: str, where: str) -> Iterator[str]:
    """Rules that are not lengths and counts."""
    if kind == "button" and item.get("style") not in {None, "primary", "danger"}:
        yield f"failed to match all allowed values {_at(f'{where}/style')}"
    if kind == "image" and not (item.get("image_url") or item.get("slack_file")):
        yield f"missing required field: image_url {_at(where)}"
    if kind.endswith("static_select") and bool(item.get("options")) == bool(item.get("option_groups")):
        yield f"must have either options or option_groups {_at(where)}"
    if (
        kind.startswith("multi_")
        and item.get("max_selected_items") is not None
        and item["max_selected_items"] < 1
    ):
        yield f"must be more than 0 {_at(f'{where}/max_selected_items')}"
    for name in ("min_length", "max_length"):
        if kind == "plain_text_input" and item.get(name) is not None and not 0 <= item[name] <= 3000:
            yield f"must be 0 to 3000 {_at(f'{where}/{name}')}"
    if isinstance(item.get("confirm"), dict) and kind != "confirm":
        yield from _item(item["confirm"], f"{where}/confirm", "confirm")
    options = list(_choices(item, where))
    for place, option in options:
        yield from _item(option, place, "option")
    for index, group in enumerate(item.get("option_groups") or ()):
        yield from _item(group, f"{where}/option_groups/{index}", "option_group")
    values = {option.get("value") for _, option in options}
    chosen = (
        [item["initial_option"]] if item.get("initial_option") else list(item.get("initial_options") or ())
    )
    if not kind.endswith("external_select") and any(each.get("value") not in values for each in chosen):
        yield f"initial option must be one of the options {_at(f'{where}/initial_option')}"


def _choices(item: Mapping[str, Any], where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, option in enumerate(item.get("options") or ()):
        yield f"{where}/options/{index}", option
    for number, group in enumerate(item.get("option_groups") or ()):
        for index, option in enumerate(group.get("options") or ()):
            yield f"{where}/option_groups/{number}/options/{index}", option


def _text_object(value: Any, most: int, where: str, *, plain: bool = False) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("type") not in (
        {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    ):
        yield f"must be a {'plain_text' if plain else 'text'} object {_at(where)}"
        return
    if not isinstance(value.get("text"), str):
        yield f"must be a string {_at(f'{where}/text')}"
        return
    yield from _length(value["text"], most, f"{where}/text")


def _length(value: Any, most: int, where: str, fewest: int = 1) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"must be a string {_at(where)}"
    elif len(value) < fewest:
        yield f"must be more than {fewest - 1} characters {_at(where)}"
    elif len(value) > most:
        yield f"must be less than {most + 1} characters {_at(where)}"


def _table(block: Mapping[str, Any], where: str) -> Iterator[str]:
    rows = block.get("rows") or []
    if len(rows) > TABLE_ROWS or any(len(row) > TABLE_COLUMNS for row in rows):
        yield f"no more than {TABLE_ROWS} rows of {TABLE_COLUMNS} cells allowed {_at(f'{where}/rows')}"
    if sum(_texts(rows)) > TABLE_TEXT:
        yield f"no more than {TABLE_TEXT} characters allowed {_at(f'{where}/rows')}"
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            if cell.get("type") == "raw_text" and not cell.get("text"):
                yield f"must be more than 0 characters {_at(f'{where}/rows/{number}/{index}/text')}"


def _texts(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield len(value["text"])
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
