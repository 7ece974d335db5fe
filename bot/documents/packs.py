"""Template packs: folders with `pack.yaml`, templates and words, each perhaps building on another.

A pack is looked for in the workspace's folders first, then among the built-in ones. What a pack lacks it takes from
the one it extends, file by file; its words and settings lie over those of the other.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from jinja2 import BaseLoader, Environment, TemplateNotFound
from jinja2.loaders import split_template_path

DEFAULT = "default"
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
_SHOWN = frozenset({"always", "if_filled", "never"})


class BadPack(Exception):  # noqa: N818 - it is told to a person as it stands
    """The pack cannot be used; the message says why, without paths of the machine."""


class PackNotFound(BadPack):
    """No folder has a pack of this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the document: printed by ``sections/<id>.md.j2`` under its heading."""

    id: str
    heading: str
    show: str = "if_filled"
    guidance: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A pack as it is after all that it extends."""

    name: str
    title: str
    version: str
    folders: tuple[Traversable, ...]
    sections: tuple[Section, ...]
    display: Mapping[str, Any]
    strings: Mapping[str, str]
    #: Everything that `pack.yaml` says, for what other parts of the bot read from it.
    settings: Mapping[str, Any]

    def data(self) -> dict[str, Any]:
        """What templates may know of their pack."""
        sections = [
            {"id": s.id, "heading": s.heading, "show": s.show, "guidance": s.guidance} for s in self.sections
        ]
        return {
            "name": self.name,
            "title": self.title,
            "version": self.version,
            "display": dict(self.display),
            "sections": sections,
        }


class PackLoader(BaseLoader):
    """Templates of a pack. ``base/…`` means the same file of the pack it extends, for `{% extends %}`."""

    def __init__(self, folders: Sequence[Traversable]) -> None:
        self._folders = folders

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:
        del environment
        wanted = template
        folders = list(self._folders)
        while wanted.startswith("base/") and folders:
            wanted = wanted.removeprefix("base/")
            folders = folders[1:]
        parts = split_template_path(wanted)
        for folder in folders:
            file = folder.joinpath(*parts)
            if file.is_file():
                return file.read_text(encoding="utf-8"), template, None
        raise TemplateNotFound(template)


def builtin() -> Traversable:
    """The packs that come with the bot: in the installed package, or in the source tree."""
    packaged = files("bot").joinpath("_data", "templates", "postmortem")
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates" / "postmortem"


def load_pack(name: str, roots: Sequence[Traversable]) -> Pack:
    """The pack of this name from the first root that has it. Raises `BadPack`."""
    layers = list(_layers(name, roots))
    settings: dict[str, Any] = {}
    strings: dict[str, str] = {}
    for _, said, words in reversed(layers):
        settings = {
            **settings,
            **said,
            "display": {**settings.get("display", {}), **_mapping(said, "display", name)},
            "lint": {**settings.get("lint", {}), **_mapping(said, "lint", name)},
        }
        strings |= words
    return Pack(
        name=name,
        title=str(settings.get("title", name)),
        version=str(settings.get("version", "")),
        folders=tuple(folder for folder, _, _ in layers),
        sections=tuple(_sections(settings, name)),
        display=settings["display"],
        strings=strings,
        settings=settings,
    )


def _layers(
    name: str, roots: Sequence[Traversable]
) -> Iterator[tuple[Traversable, dict[str, Any], dict[str, str]]]:
    """The pack, the one it extends, and so on. A pack may extend a built-in one of its own name."""
    seen: set[Traversable] = set()
    wanted: str | None = name
    start = 0
    while wanted is not None:
        found = _find(wanted, roots, start)
        if found is None and not seen:
            raise PackNotFound(f"there is no pack '{name}'")
        if found is None:
            raise BadPack(f"it extends '{wanted}', and there is no such pack")
        at, folder = found
        if folder in seen:
            raise BadPack(f"it extends itself by way of '{wanted}'")
        seen.add(folder)
        said = _yaml(folder, "pack.yaml", required=True)
        yield folder, said, {str(key): str(value) for key, value in _yaml(folder, "strings.yaml").items()}
        above = str(said["extends"]) if said.get("extends") else None
        start = at + 1 if above == wanted else 0
        wanted = above


def _find(name: str, roots: Sequence[Traversable], start: int) -> tuple[int, Traversable] | None:
    if _NAME.match(name):
        for at, root in enumerate(roots):
            folder = root.joinpath(name)
            if at >= start and folder.is_dir():
                return at, folder
    return None


def _yaml(folder: Traversable, name: str, *, required: bool = False) -> dict[str, Any]:
    file = folder.joinpath(name)
    if not file.is_file():
        if required:
            raise BadPack(f"{name} is missing")
        return {}
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise BadPack(f"{name}{where}: it is not YAML") from error
    if not isinstance(said, dict):
        raise BadPack(f"{name}: names with values are expected, not a {type(said).__name__}")
    return said


def _mapping(said: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    value = said.get(key) or {}
    if not isinstance(value, dict):
        raise BadPack(f"pack.yaml of '{name}': {key} must be names with values")
    return value


def _sections(settings: Mapping[str, Any], name: str) -> Iterator[Section]:
    for entry in settings.get("sections") or []:
        if not isinstance(entry, dict) or not _NAME.match(str(entry.get("id", ""))):
            raise BadPack(f"pack.yaml of '{name}': a section has no id")
        section = Section(
            id=str(entry["id"]),
            heading=str(entry.get("heading", entry["id"])),
            show=str(entry.get("show", "if_filled")),
            guidance=str(entry["guidance"]) if entry.get("guidance") else None,
        )
        if section.show not in _SHOWN:
            raise BadPack(f"pack.yaml of '{name}': {section.id} is shown 'always', 'if_filled' or 'never'")
        yield section
