"""A YAML file of a pack that remembers on which line everything stands, so that mistakes can be named."""

from collections.abc import Hashable, Iterator
from importlib.resources.abc import Traversable
from typing import Any

import yaml

#: What a pack may hold of one file; more is a mistake, and would only cost memory.
LIMIT_BYTES = 256 * 1024
#: The same in C is ten times as fast, where the machine has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadPack(Exception):  # noqa: N818 - it is told to a person as it stands
    """The pack cannot be used; the message says why, without paths of the machine."""


class Located:
    """Names with values of one file. ``where`` is what a person calls it."""

    def __init__(self, where: str, values: dict[str, Any], lines: dict[tuple[Hashable, ...], int]) -> None:
        self.where = where
        self.values = values
        self._lines = lines

    def line(self, place: Hashable | tuple[Hashable, ...]) -> int | None:
        """The line of a key path; of a single word, where it is first mentioned as key or value."""
        path = place if isinstance(place, tuple) else (place,)
        if path in self._lines:
            return self._lines[path]
        return next((line for at, line in self._lines.items() if at[-1] == path[-1]), None)

    def bad(self, place: Hashable | tuple[Hashable, ...], said: str) -> BadPack:
        """A `BadPack` that names file and line."""
        line = self.line(place)
        return BadPack(f"{self.where}{f', line {line}' if line else ''}: {said}")


def read_yaml(folder: Traversable, name: str, *, required: bool = False) -> Located:
    """The file as names with values; an absent one that is not required is empty. Raises `BadPack`."""
    file = folder.joinpath(*name.split("/"))
    if not file.is_file():
        if required:
            raise BadPack(f"{name} is missing")
        return Located(name, {}, {})
    content = file.read_bytes()
    if len(content) > LIMIT_BYTES:
        raise BadPack(f"{name} is larger than {LIMIT_BYTES // 1024} KiB")
    try:
        root = yaml.compose(content.decode("utf-8"), Loader=_LOADER)
        said = yaml.load(content.decode("utf-8"), Loader=_LOADER)  # noqa: S506 - it is a safe one
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise BadPack(f"{name}{where}: it is not YAML") from error
    if said is None:
        return Located(name, {}, {})
    if not isinstance(said, dict):
        raise BadPack(f"{name}: names with values are expected, not a {type(said).__name__}")
    return Located(name, {str(key): value for key, value in said.items()}, dict(_lines(root, ())))


def _lines(node: Any, path: tuple[Hashable, ...]) -> Iterator[tuple[tuple[Hashable, ...], int]]:
    """The line of every key and value of a tree."""
    match node:
        case yaml.MappingNode():
            for key, value in node.value:
                yield (*path, key.value), key.start_mark.line + 1
                yield from _lines(value, (*path, key.value))
        case yaml.SequenceNode():
            for number, value in enumerate(node.value):
                yield (*path, number), value.start_mark.line + 1
                yield from _lines(value, (*path, number))
        case yaml.ScalarNode():
            yield (*path, node.value), node.start_mark.line + 1
