"""Mappings that are never changed in place."""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K")


def put(mapping: Mapping[K, T], key: K, value: T | None) -> dict[K, T]:
    """A copy with one key set, or without it when the value is None."""
    copy = dict(mapping)
    if value is None:
        copy.pop(key, None)
    else:
        copy[key] = value
    return copy
