"""Custom fields that a pack brings: ``fields.yaml``, names with label, type and when they are asked for."""

from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable

from bot.documents.yaml_file import read_yaml
from bot.domain.custom import ASKED, TYPES, CustomField, custom_path


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
        if ask not in ASKED:
            raise said.bad((name, "ask"), f"{name} is asked {ask!r}: one of {', '.join(ASKED)} is expected")
        label = str(given.get("label", name.replace("_", " ").capitalize()))
        yield CustomField(path=path, label=label, kind=kind, choices=tuple(map(str, choices)), ask=ask)
