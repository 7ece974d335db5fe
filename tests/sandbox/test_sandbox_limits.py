"""Block Kit's limits: each one at its edge."""

from typing import Any

import pytest

from sandbox.errors import SlackError
from sandbox.limits import check_message, check_view


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def mrkdwn(length: int) -> dict[str, str]:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def select(count: int, value: str = "v") -> dict[str, Any]:
    options = [{"text": plain("o"), "value": f"{value}{n}"} for n in range(count)]
    return {"type": "static_select", "action_id": "s", "options": options}


def said(blocks: list[dict[str, Any]]) -> str:
    with pytest.raises(SlackError) as caught:
        check_message(blocks)
    messages = caught.value.more.get("response_metadata", {}).get("messages", [""])
    return f"{caught.value.word} {messages[0]}"


DIVIDER = {"type": "divider"}

FINE: dict[str, list[dict[str, Any]]] = {
    "fifty blocks": [DIVIDER] * 50,
    "a section of 3000": [{"type": "section", "text": mrkdwn(3000)}],
    "ten fields of 1000": [{"type": "section", "fields": [mrkdwn(1000)] * 10}],
    "a header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "25 elements": [actions(*[button(action_id=f"a{n}") for n in range(25)])],
    "a value of 2000": [actions(button(value="x" * 2000))],
    "100 options": [actions(select(100))],
    "rich text": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}],
    "a context": [{"type": "context", "elements": [mrkdwn(10), plain("x")]}],
}
BAD: dict[str, tuple[list[dict[str, Any]], str]] = {
    "51 blocks": ([DIVIDER] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "an unknown block": ([{"type": "sektion"}], "unsupported type [json-pointer:/blocks/0/type]"),
    "an unknown field": (
        [{**DIVIDER, "text": plain("x")}],
        "invalid additional property: text [json-pointer:/blocks/0]",
    ),
    "no text": (
        [{"type": "section", "text": mrkdwn(0)}],
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    "3001": (
        [{"type": "section", "text": mrkdwn(3001)}],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    "a bare string": (
        [{"type": "section", "text": "x"}],
        "must be a text object [json-pointer:/blocks/0/text]",
    ),
    "mrkdwn in a header": (
        [{"type": "header", "text": mrkdwn(3)}],
        "must be a plain_text object [json-pointer:/blocks/0/text]",
    ),
    "a header of 151": ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151"),
    "11 fields": ([{"type": "section", "fields": [mrkdwn(1)] * 11}], "must have 1 to 10 items"),
    "no elements": ([actions()], "must have 1 to 25 items [json-pointer:/blocks/0/elements]"),
    "26 elements": ([actions(*[button(action_id=f"a{n}") for n in range(26)])], "must have 1 to 25 items"),
    "a value of 2001": ([actions(button(value="x" * 2001))], "must be less than 2001"),
    "a label of 76": ([actions({"type": "button", "text": plain("x" * 76)})], "must be less than 76"),
    "a style": ([actions(button(style="blue"))], "json-pointer:/blocks/0/elements/0/style"),
    "101 options": ([actions(select(101))], "must have 1 to 100 items"),
    "an option of 151": (
        [actions(select(1, "v" * 150))],
        "json-pointer:/blocks/0/elements/0/options/0/value",
    ),
    "a wrong initial": (
        [actions({**select(1), "initial_option": {"text": plain("x"), "value": "z"}})],
        "initial option",
    ),
    "two of an action_id": (
        [actions(button(action_id="a"), button(action_id="a"))],
        "action_id already exists: a",
    ),
    "two of a block_id": ([{**DIVIDER, "block_id": "b"}] * 2, "block_id already exists: b"),
    "a long block_id": ([{**DIVIDER, "block_id": "b" * 256}], "must be less than 256 characters"),
    "an input in actions": ([actions({"type": "plain_text_input", "action_id": "x"})], "unsupported type"),
    "a picture without words": (
        [{"type": "image", "image_url": "https://x.y"}],
        "missing required field: alt_text",
    ),
}


@pytest.mark.parametrize("name", FINE)
def test_this_fits(name: str):
    check_message(FINE[name])


@pytest.mark.parametrize("name", BAD)
def test_this_is_refused_with_its_place(name: str):
    blocks, expected = BAD[name]
    assert expected in said(blocks)
    assert said(blocks).startswith("invalid_blocks ")


def test_legal_blocks_may_be_too_long_together():
    long = [{"type": "section", "text": mrkdwn(2900)}] * 5
    assert said(long).startswith("msg_blocks_too_long")
    check_message(long, whole=False)


def test_blocks_must_be_a_list():
    with pytest.raises(SlackError, match="invalid_blocks_format"):
        check_message({"type": "divider"})


VIEW: dict[str, Any] = {"type": "modal", "title": plain("T"), "blocks": [DIVIDER]}
INPUT = {"type": "input", "label": plain("L"), "element": {"type": "plain_text_input"}}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": plain("x" * 25)}, "json-pointer:/view/title/text"),
        ({"title": None}, "missing required field: title"),
        ({"private_metadata": "x" * 3001}, "json-pointer:/view/private_metadata"),
        ({"callback_id": "x" * 256}, "json-pointer:/view/callback_id"),
        ({"blocks": [DIVIDER] * 101}, "no more than 100 items"),
        ({"blocks": [INPUT]}, "missing required field: submit"),
        ({"blocks": [{"type": "markdown", "text": "x"}]}, "unsupported block type in a view"),
        ({"blocks": [{"type": "header", "text": plain("")}]}, "json-pointer:/view/blocks/0/text/text"),
        ({"type": "home"}, "unsupported type: home"),
    ],
)
def test_a_view_is_refused_with_its_place(change: dict[str, Any], expected: str):
    with pytest.raises(SlackError) as caught:
        check_view({**VIEW, **change})
    assert caught.value.word == "invalid_arguments"
    assert expected in caught.value.more["response_metadata"]["messages"][0]


def test_a_view_at_its_edges_fits():
    check_view({**VIEW, "title": plain("x" * 24), "private_metadata": "x" * 3000, "blocks": [DIVIDER] * 100})
    check_view({**VIEW, "submit": plain("Go"), "blocks": [INPUT]})
    check_view({"type": "home", "blocks": []}, "home")
