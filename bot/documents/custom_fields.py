"""Custom fields that a pack brings: ``fields.yaml``, names with label, type and when they are asked for."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.documents.yaml_file import BadPack, read_yaml
from bot.domain.custom import TYPES, Asked, CustomField, custom_path


def read_fields(folder: Traversable) -> Iterator[CustomField]:
    """``name: {label, type, choices, ask}``. Raises `BadPack` with the line of what is wrong."""
    said = read_yaml(folder, "fields.yaml")
    for name, given in said.values.items():
        path = custom_path(name)
        if path is None:
            raise said.bad(
                (name,), f"{name} is no name for a field: small letters, digits and _ are expected"
            )
        if not isinstance(given, Mapping):
            raise said.bad((name,), f"{name} needs a label and a type")
        kind = str(given.get("type", "text"))
        if kind not in TYPES:
            raise said.bad(
                (name, "type"), f"{name} has the type {kind!r}: one of {', '.join(TYPES)} is expected"
            )
        choices = given.get("choices") or []
        if (kind == "choice") != bool(choices) or not isinstance(choices, list):
            raise said.bad((name,), f"{name}: a choice has choices, and nothing else has")
        ask = str(given.get("ask", "review"))
        if ask not in set(Asked):
            raise said.bad((name, "ask"), f"{name} is asked {ask!r}: one of {', '.join(Asked)} is expected")
        label = str(given.get("label", name.replace("_", " ").capitalize()))
        yield CustomField(path=path, label=label, kind=kind, choices=tuple(map(str, choices)), ask=Asked(ask))


def custom_fields(folders: Sequence[Path]) -> Iterator[CustomField]:
    """Those of every pack in a workspace's folders. A pack that cannot be read brings none; `template check` says why."""
    for folder in folders:
        for pack in sorted(folder.iterdir()) if folder.is_dir() else ():
            if pack.is_dir():
                with suppress(BadPack, OSError):
                    yield from tuple(read_fields(pack))
