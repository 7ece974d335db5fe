"""Events as JSON and back: kind, version, body. Old versions are lifted to the newest on reading."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, get_args

from pydantic import TypeAdapter

from bot.domain.events import Event

VERSION = 1

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
#: (kind, version) -> how its body becomes one of version + 1.
UPCASTERS: Mapping[tuple[str, int], Upcaster] = MappingProxyType({})


class UnknownEvent(Exception):  # noqa: N818 - names what was met
    """The record holds an event that this version of Tocsin does not know; a newer one wrote it."""


def _kind(event: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


CLASSES: Mapping[str, type] = MappingProxyType({_kind(cls): cls for cls in get_args(Event)})


@cache
def _adapter(cls: type) -> TypeAdapter[Any]:
    return TypeAdapter(cls)


def encode(event: Event) -> tuple[str, int, dict[str, Any]]:
    """Kind, version and JSON body of an event."""
    cls = type(event)
    return _kind(cls), VERSION, _adapter(cls).dump_python(event, mode="json")


def decode(kind: str, version: int, body: Mapping[str, Any]) -> Event:
    """The event that was stored. Raises `UnknownEvent`."""
    data = dict(body)
    while version < VERSION:
        data = UPCASTERS[kind, version](data)
        version += 1
    cls = CLASSES.get(kind)
    if cls is None or version > VERSION:
        raise UnknownEvent(f"event {kind} version {version} was written by a newer Tocsin; upgrade this one")
    event: Event = _adapter(cls).validate_python(data)
    return event
