"""Reads the file and tells every mistake at once, each with its line and what was probably meant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.policy import unknown_names
from bot.config.shape import Config

Path_ = tuple[int | str, ...]


class BadConfig(Exception):  # noqa: N818 - told to the operator as it stands
    """All mistakes, one a line: ``file:line: where: what is wrong``."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    line: int
    where: str
    what: str


def read_config(path: Path) -> Config:
    """The configuration at ``path``. Raises `BadConfig`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise BadConfig(f"{path}: it cannot be read: {reason}") from error
    found = parse_config(text)
    if isinstance(found, Config):
        return found
    raise BadConfig("\n".join(f"{path}:{m.line}: {m.where}{m.what}" for m in found))


def parse_config(text: str) -> Config | tuple[Mistake, ...]:
    """The configuration that a YAML text holds, or all its mistakes in the order of their lines."""
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return (
            Mistake(mark.line + 1 if mark else 1, "", f"this is no YAML: {error.problem or error.context}"),
        )
    except (yaml.YAMLError, ValueError) as error:
        return (Mistake(1, "", f"this is no YAML: {error}"),)
    if data is None:
        return Config()
    lines = dict(_lines(tree, ()))
    mistakes = [Mistake(line, "", f"{name} stands here a second time.") for name, line in _doubled(tree)]
    config = None
    try:
        config = Config.model_validate(data)
    except ValidationError as invalid:
        mistakes += [_told(error, data, lines) for error in invalid.errors()]
    if config:
        mistakes += [_mistake(path, what, lines) for path, what in unknown_names(config)]
    return tuple(sorted(set(mistakes))) if mistakes or config is None else config


# --- lines -------------------------------------------------------------------------------------------------------


def _lines(node: yaml.Node | None, path: Path_) -> Iterator[tuple[Path_, int]]:
    """The line of every key and entry, by its path."""
    if node is None:
        return
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*path, str(key.value)))
            yield (*path, str(key.value)), key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*path, index))


def _doubled(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """Keys that stand twice: YAML silently takes the last one."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield str(key.value), key.start_mark.line + 1
            seen.add(str(key.value))
            yield from _doubled(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _doubled(value)


# --- words -------------------------------------------------------------------------------------------------------


def _told(error: ErrorDetails, data: Any, lines: Mapping[Path_, int]) -> Mistake:
    path = _in_the_file(error["loc"], data)
    what = _what(error, path)
    return _mistake(path, what, lines)


def _mistake(path: Path_, what: str, lines: Mapping[Path_, int]) -> Mistake:
    known = next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), 1)
    named = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return Mistake(known, f"{named}: " if named else "", what)


def _in_the_file(loc: Path_, data: Any) -> Path_:
    """Pydantic's location without the steps that are its own (branches of a union, "[key]")."""
    path: list[int | str] = []
    here = data
    for part in loc:
        if isinstance(here, dict) and any(str(key) == str(part) for key in here):
            here = next(value for key, value in here.items() if str(key) == str(part))
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            if isinstance(here, dict) and str(part).isidentifier():  # else a step that pydantic made up
                path.append(part)
            break
        path.append(part if isinstance(part, int) else str(part))
    return tuple(path)


def _what(error: ErrorDetails, path: Path_) -> str:
    match error["type"]:
        case "extra_forbidden":
            known = _keys_beside(path)
            return "there is no such setting." + (
                _close(str(path[-1]), known) or f" Here go: {', '.join(known)}."
            )
        case "enum" | "literal_error":
            expected = str(error.get("ctx", {}).get("expected", "")).replace("'", "")
            typed = str(error["input"])
            return f"{typed} is none of {expected}." + _close(
                typed, expected.replace(" or ", ", ").split(", ")
            )
        case "value_error":
            return str(error["ctx"]["error"]) + "."
        case "missing":
            return "this is missing."
        case "model_type" | "dict_type":
            return "keys and values were expected here."
        case "tuple_type" | "list_type":
            return "a list was expected here: a line with a dash for each entry."
        case _:
            return error["msg"].replace("Input should", "it should") + f", not {error['input']!r}."


def _close(typed: str, known: list[str]) -> str:
    close = get_close_matches(typed.lower(), known, n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _keys_beside(path: Path_) -> list[str]:
    """What may stand where the last step of ``path`` stands."""
    schema = Config.model_json_schema()
    here: Any = schema
    for part in path[:-1]:
        here = here["items"] if isinstance(part, int) else _inner(here, part)
        here = _resolved(here, schema)
    return list(here.get("properties", {}))


def _inner(schema: Any, key: str) -> Any:
    return schema.get("properties", {}).get(key) or schema.get("additionalProperties") or {}


def _resolved(schema: Any, whole: Any) -> Any:
    while isinstance(schema, dict) and "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema
