"""Blocks and attachments that Slack would not send say nothing, and break nothing."""

import pytest

from bot.slack.wording import wording

RICH = {"type": "rich_text", "elements": [None, "x", {"elements": 7}, {"type": "text", "text": "said"}]}


@pytest.mark.parametrize(
    "odd", [None, 1, "x", {}, [1], [None], [{}], [{"type": "section", "text": "x", "fields": [1]}]]
)
def test_what_is_no_list_of_objects_says_nothing(odd):
    assert wording({"text": "", "blocks": odd}) == ""
    assert wording({"text": "", "attachments": [{"fields": odd, "blocks": odd}]}) == ""


def test_what_is_well_formed_among_it_is_read():
    assert wording({"text": "", "blocks": [None, RICH]}) == "said"
