"""Template packs: folders of Jinja2, built in or a workspace's own."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

DEFAULT = "default"
TEMPLATE = "document.md.j2"


class BrokenPack(Exception):  # noqa: N818 - told to people as it stands
    """The pack cannot be used; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    name: str
    title: str
    version: str
    strings: dict[str, str] = field(default_factory=dict)


def builtin_folder() -> Path:
    """The shipped packs: in the installed package, or in the source tree."""
    here = Path(__file__).resolve().parent.parent
    shipped = here / "_data" / "templates" / "postmortem"
    return shipped if shipped.is_dir() else here.parent / "templates" / "postmortem"


def load_pack(name: str, folders: list[Path]) -> Pack:
    """The first folder that has it wins. Raises `BrokenPack`."""
    for folder in folders:
        path = folder / name / "pack.yaml"
        if _is_name(name) and path.is_file():
            return _read(name, path)
    raise BrokenPack(f"Pack '{name}' was not found")


def _is_name(name: str) -> bool:
    """A name is a folder's name, never a way out of it."""
    return bool(name) and all(c.isalnum() or c in "-_" for c in name)


def _read(name: str, path: Path) -> Pack:
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise BrokenPack(f"Pack '{name}' could not be read: {str(error).splitlines()[0]}") from error
    if not isinstance(raw, dict):
        raise BrokenPack(f"Pack '{name}' could not be read: pack.yaml is not a table")
    strings = {str(k): str(v) for k, v in (raw.get("strings") or {}).items()}
    return Pack(
        name=name,
        title=str(raw.get("title") or name),
        version=str(raw.get("version") or "1"),
        strings=strings,
    )
