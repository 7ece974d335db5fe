"""Fill in the postmortem's fields and lists."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.fields import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFields:
    """Fill fields (path -> value; None empties it)."""

    values: Mapping[str, Value | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLines:
    """More lines behind those that a field of lines holds."""

    path: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItem:
    path: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceItems:
    """The list shall hold just these."""

    path: str
    items: tuple[Mapping[str, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeItem:
    """Correct an item of a list; ``values`` None takes it out."""

    path: str
    item: str
    values: Mapping[str, Value] | None


Document = SetFields | AddLines | AddItem | ReplaceItems | ChangeItem
