"""How methods are declared, and what they are given."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SlackError
from sandbox.forms import Forms
from sandbox.socket import SocketTransport
from sandbox.state import Channel, User
from sandbox.workspace import Workspace

Answer = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Call:
    """One request: its arguments, merged from query, form and JSON, and what it acts on."""

    args: Mapping[str, Any]
    workspace: Workspace
    forms: Forms
    socket: SocketTransport | None
    base: str

    @property
    def me(self) -> User:
        return self.workspace.bot

    def text(self, name: str) -> str | None:
        value = self.args.get(name)
        return None if value is None else str(value)

    def need(self, name: str, word: str = "invalid_arguments") -> str:
        value = self.text(name)
        if not value:
            raise SlackError(
                word, response_metadata={"messages": [f"[ERROR] missing required field: {name}"]}
            )
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.args.get(name)
        if value is None or value == "":
            return default
        return value in {True, "1", "true", "True"}

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments") from None

    def data(self, name: str) -> Any:
        """An argument that is JSON, whether it came as such or as text in a form."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise SlackError(f"invalid_{name}" if name == "blocks" else "invalid_arguments") from None

    def names(self, name: str) -> list[str]:
        """A list, or text with commas."""
        value = self.args.get(name)
        if isinstance(value, str):
            value = json.loads(value) if value.startswith("[") else value.split(",")
        return [str(item).strip() for item in value or () if str(item).strip()]

    def channel(self, name: str = "channel") -> Channel:
        return self.workspace.channel(self.need(name, "channel_not_found"), self.me.id)

    def member_of(self, name: str = "channel") -> Channel:
        """A channel that the bot is in and that is not archived."""
        channel = self.channel(name)
        if channel.is_archived:
            raise SlackError("is_archived")
        if self.me.id not in channel.members:
            raise SlackError("not_in_channel")
        return channel


Method = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Registered:
    run: Method
    #: The app needs one of these; empty: none.
    scopes: tuple[str, ...]


METHODS: dict[str, Registered] = {}


def method(name: str, *scopes: str) -> Callable[[Method], Method]:
    """Register a function under a Web API name, with the scopes of which one is needed."""

    def register(function: Method) -> Method:
        METHODS[name] = Registered(function, scopes)
        return function

    return register


def page(items: list[Any], call: Call, default: int = 100) -> tuple[list[Any], dict[str, Any]]:
    """A cursor's worth of a list; cursors are offsets that mean nothing to the caller."""
    limit = max(1, min(call.number("limit", default), 999))
    cursor = call.text("cursor")
    start = 0
    if cursor:
        if not cursor.startswith("at:") or not cursor[3:].isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor[3:])
    following = f"at:{start + limit}" if start + limit < len(items) else ""
    return items[start : start + limit], {"next_cursor": following}
