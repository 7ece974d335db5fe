"""Secrets are masked in everything that people type, before it is decided on."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from bot.domain import commands as c
from bot.domain.details import MessageRef
from bot.domain.people import Person
from bot.domain.secrets import mask

#: Told who typed secrets, in which channel, and their kinds; returns at once.
TellMasked = Callable[[str, str | None, tuple[str, ...]], None]


def without_secrets(command: c.Command) -> tuple[c.Command, tuple[str, ...]]:
    """The command with its secrets masked, and their kinds."""
    kinds: dict[str, None] = {}
    masked: c.Command = _masked(command, kinds)
    return masked, tuple(kinds)


def _masked(value: Any, kinds: dict[str, None]) -> Any:
    """The same value (the very same, where nothing was masked); ids are left alone."""
    match value:
        case str():
            found = mask(value)
            kinds.update(dict.fromkeys(found.kinds))
            return found.text if found.kinds else value
        case MessageRef() | Person():
            return value
        case tuple():
            each = tuple(_masked(item, kinds) for item in value)
            return each if any(new is not old for new, old in zip(each, value, strict=True)) else value
        case Mapping():
            items = {name: _masked(item, kinds) for name, item in value.items()}
            return items if any(items[name] is not item for name, item in value.items()) else value
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
            changed = {name: new for name, old in parts.items() if (new := _masked(old, kinds)) is not old}
            return replace(value, **changed) if changed else value
        case _:
            return value
