"""Events as JSON and back: kind, version, body. Old versions are lifted to the newest on reading."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter

from bot.domain.events import Event

Body = dict[str, Any]
Upcaster = Callable[[Body], Body]

#: (kind, version) -> how a body of that version becomes one of the next. The first version is 1.
UPCASTERS: dict[tuple[str, int], Upcaster] = {}


class UnknownEvent(Exception):  # noqa: N818 - names what was met
    """The record holds an event that this version of Tocsin does not know; a newer one wrote it."""


def kind_of(event: type) -> str:
    """``ActionAdded`` is stored as ``action_added``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


CLASSES: Mapping[str, type] = {kind_of(cls): cls for cls in get_args(Event)}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(CLASSES[kind])


def _newest(kind: str) -> int:
    version = 1
    while (kind, version) in UPCASTERS:
        version += 1
    return version


def encode(event: Event) -> tuple[str, int, Body]:
    """Kind, version and JSON body of an event."""
    kind = kind_of(type(event))
    body: Body = _adapter(kind).dump_python(event, mode="json")
    return kind, _newest(kind), body


def decode(kind: str, version: int, body: Body) -> Event:
    """The event that was stored. Raises `UnknownEvent`."""
    if kind not in CLASSES or version > _newest(kind):
        raise UnknownEvent(
            f"Event {kind} (version {version}) was written by a newer Tocsin. Upgrade this one."
        )
    for each in range(version, _newest(kind)):
        body = UPCASTERS[kind, each](body)
    event: Event = _adapter(kind).validate_python(body)
    return event
