"""How methods are declared, and what they are given."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SlackError
from sandbox.forms import Forms
from sandbox.scopes import PerKind
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
    #: The scope that is needed for each kind of conversation, where that differs.
    per: PerKind | None = None

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
        return str(value).lower() in {"1", "true"}

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
            raise SlackError("invalid_blocks_format" if name == "blocks" else "invalid_arguments") from None

    def names(self, name: str) -> list[str]:
        """A list, or text with commas."""
        value = self.args.get(name)
        if isinstance(value, str):
            value = self.data(name) if value.startswith("[") else value.split(",")
        return [str(item).strip() for item in value or () if str(item).strip()]

    def channel(self, name: str = "channel") -> Channel:
        channel = self.workspace.channel(self.need(name, "channel_not_found"), self.me.id)
        self.allow(channel.kind)
        return channel

    def allow(self, kind: str) -> None:
        """Raises missing_scope when the method needs another scope for this kind of conversation."""
        scopes = self.workspace.config.app.scopes
        if self.per is not None and scopes is not None and not scopes & set(self.per[kind]):
            raise SlackError("missing_scope", needed=self.per[kind][0], provided=",".join(sorted(scopes)))

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
    per: PerKind | None = None


METHODS: dict[str, Registered] = {}


def method(name: str, *scopes: str, per: PerKind | None = None) -> Callable[[Method], Method]:
    """Register a function under a Web API name, with the scopes of which one is needed."""
    needed = scopes + tuple(scope for each in (per or {}).values() for scope in each)

    def register(function: Method) -> Method:
        METHODS[name] = Registered(function, needed, per)
        return function

    return register


def page(
    items: list[Any], call: Call, default: int = 100, most: int = 999
) -> tuple[list[Any], dict[str, Any]]:
    """A cursor's worth of a list; cursors are offsets that mean nothing to the caller."""
    limit = max(1, min(call.number("limit", default), most))
    cursor = call.text("cursor")
    start = 0
    if cursor:
        if not cursor.startswith("at:") or not cursor[3:].isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor[3:])
    following = f"at:{start + limit}" if start + limit < len(items) else ""
    return items[start : start + limit], {"next_cursor": following}
