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

from jinja2 import BaseLoader, Environment, TemplateNotFound
from jinja2.loaders import split_template_path

from bot.documents.checklists import Checklist, read_checklists
from bot.documents.custom_fields import read_fields
from bot.documents.outline import Section, merge_sections, outline
from bot.documents.yaml_file import BadPack, Located, read_yaml
from bot.domain.custom import CustomField

__all__ = ["DEFAULT", "BadPack", "Pack", "PackLoader", "PackNotFound", "builtin", "load_pack", "pack_names"]

DEFAULT = "default"
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
#: Settings that are names with values, where a pack need only say what differs.
_GROUPS = ("display", "labels", "lint", "required")
_KNOWN = frozenset(
    {
        "name",
        "title",
        "version",
        "extends",
        "description",
        "severity_scheme",
        "severities",
        "kinds",
        "display",
        "labels",
        "lint",
        "required",
        "sections",
        "signoff_roles",
        "followup_days",
        "followup_agenda",
        "distribution",
        "checklists",
    }
)
_DISPLAY: Mapping[str, tuple[Any, ...]] = {
    "clock": ("24h", "12h"),
    "seconds": ("auto", "always", "never"),
    "dates": ("rows", "once"),
    "order": ("asc", "desc"),
    "system_entries": (True, False),
    "empty": ("say", "omit"),
    "names": ("full", "initials", "roles"),
    "evidence": (True, False),
    "hide_clock_times": (True, False),
}


class PackNotFound(BadPack):
    """No folder has a pack of this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A pack as it is after all that it extends."""

    name: str
    title: str
    version: str
    folders: tuple[Traversable, ...]
    sections: tuple[Section, ...]
    display: Mapping[str, Any]
    labels: Mapping[str, Any]
    strings: Mapping[str, str]
    fields: tuple[CustomField, ...]
    checklists: tuple[Checklist, ...]
    #: Everything that `pack.yaml` says, for what other parts of the bot read from it.
    settings: Mapping[str, Any]
    #: Came with the bot, so that its templates are trusted.
    built_in: bool

    def data(self) -> dict[str, Any]:
        """What templates may know of their pack."""
        return {
            "name": self.name,
            "title": self.title,
            "version": self.version,
            "display": dict(self.display),
            "labels": dict(self.labels),
            "sections": [section.data() for section in self.sections],
            "fields": [{"path": field.path, "label": field.label} for field in self.fields],
            "checklists": [checklist.data() for checklist in self.checklists],
            "signoff_roles": list(self.settings.get("signoff_roles") or []),
            "distribution": list(self.settings.get("distribution") or []),
            "followup_days": self.settings.get("followup_days"),
            "followup_agenda": list(self.settings.get("followup_agenda") or []),
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
        found = self._find(wanted, folders)
        if found is None:
            raise TemplateNotFound(template)
        return found[1].read_text(encoding="utf-8"), template, None

    def below(self, template: str, parent: str) -> str:
        """``base/…`` as the template ``parent`` means it: from the packs below the one that has ``parent``."""
        if not template.startswith("base/"):
            return template
        skipped = parent.count("base/")
        found = self._find(parent.replace("base/", ""), self._folders[skipped:])
        layer = skipped + (found[0] if found else 0)
        return "base/" * (layer + 1) + template.removeprefix("base/")

    @staticmethod
    def _find(template: str, folders: Sequence[Traversable]) -> tuple[int, Traversable] | None:
        """The first of the folders that has it, by its number, and the file."""
        parts = split_template_path(template)
        files = enumerate(folder.joinpath(*parts) for folder in folders)
        return next(((number, file) for number, file in files if file.is_file()), None)


def builtin() -> Traversable:
    """The packs that come with the bot: in the installed package, or in the source tree."""
    packaged = files("bot").joinpath("_data", "templates", "postmortem")
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates" / "postmortem"


def pack_names(roots: Sequence[Traversable]) -> tuple[str, ...]:
    """Every pack that can be asked for by name, in alphabetical order."""
    folders = (folder for root in roots if root.is_dir() for folder in root.iterdir())
    return tuple(
        sorted({f.name for f in folders if _NAME.match(f.name) and f.joinpath("pack.yaml").is_file()})
    )


def load_pack(name: str, roots: Sequence[Traversable]) -> Pack:
    """The pack of this name from the first root that has it. Raises `BadPack`."""
    layers = list(_layers(name, roots))
    settings: dict[str, Any] = {}
    strings: dict[str, str] = {}
    entries: list[Mapping[str, Any]] = []
    custom: dict[str, CustomField] = {}
    for _, folder, said in reversed(layers):
        values = said.values
        groups = {key: {**settings.get(key, {}), **_mapping(said, key)} for key in _GROUPS}
        settings = {**settings, **values, **groups}
        _check(said)
        entries = merge_sections(entries, values.get("sections"), said)
        strings |= {str(key): str(value) for key, value in read_yaml(folder, "strings.yaml").values.items()}
        custom |= {field.path: field for field in read_fields(folder)}
    return Pack(
        name=name,
        title=str(settings.get("title", name)),
        version=str(settings.get("version", "")),
        folders=tuple(folder for _, folder, _ in layers),
        sections=outline(entries, layers[0][2]),
        display=settings["display"],
        labels=settings["labels"],
        strings=strings,
        fields=tuple(custom.values()),
        checklists=read_checklists([folder for _, folder, _ in layers], settings.get("checklists") or []),
        settings=settings,
        built_in=all(root == builtin() for root, _, _ in layers),
    )


def _layers(name: str, roots: Sequence[Traversable]) -> Iterator[tuple[Traversable, Traversable, Located]]:
    """The pack, the one it extends, and so on, each with its root. A pack may extend a built-in one of its own name."""
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
        said = read_yaml(folder, "pack.yaml", required=True)
        if wanted != name:
            said.where = f"pack.yaml of '{wanted}'"
        yield roots[at], folder, said
        above = str(said.values["extends"]) if said.values.get("extends") else None
        start = at + 1 if above == wanted else 0
        wanted = above


def _find(name: str, roots: Sequence[Traversable], start: int) -> tuple[int, Traversable] | None:
    if _NAME.match(name):
        for at, root in enumerate(roots):
            folder = root.joinpath(name)
            if at >= start and folder.is_dir():
                return at, folder
    return None


def _check(said: Located) -> None:
    """Settings have known names, and displays known values."""
    for key in said.values:
        if key not in _KNOWN:
            raise said.bad(key, f"{key} is no setting of a pack")
    for key, value in _mapping(said, "display").items():
        known = _DISPLAY.get(key)
        if known is None and key != "hidden_entries":
            raise said.bad(("display", key), f"display has no setting {key}")
        if known is not None and value not in known:
            words = ", ".join(str(word).lower() if isinstance(word, bool) else word for word in known)
            raise said.bad(("display", key), f"{key} is {value!r}: one of {words} is expected")


def _mapping(said: Located, key: str) -> dict[str, Any]:
    value = said.values.get(key) or {}
    if not isinstance(value, dict):
        raise said.bad(key, f"{key} must be names with values")
    return value
