"""Slack's way of saying no."""

from typing import Any


class SlackError(Exception):
    """``ok: false`` with Slack's own word, and what else the answer carries."""

    def __init__(self, word: str, **more: Any) -> None:
        super().__init__(word)
        self.word = word
        self.more = more
