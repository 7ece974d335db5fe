"""The postmortem's fields and lists."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.fields import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSet:
    """A field of the document model was filled (path of `bot.domain.fields`), or emptied with None."""

    path: str
    value: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAdded:
    path: str
    item: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRemoved:
    path: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanged:
    """An item of a list was corrected: its columns are these now."""

    path: str
    item: str
    values: Mapping[str, Value]


Document = FieldSet | ItemAdded | ItemRemoved | ItemChanged
