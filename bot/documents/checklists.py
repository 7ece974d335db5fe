"""Checklists that a pack brings: ``checklists/<name>.yaml``, with a title and sections of items."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from bot.documents.yaml_file import BadPack, Located, read_yaml


@dataclass(frozen=True, slots=True)
class Checklist:
    """``sections`` are titles with their items; nothing is ticked yet."""

    name: str
    sections: tuple[tuple[str | None, tuple[str, ...]], ...]

    def data(self) -> dict[str, Any]:
        """In the shape of the document's own checklists."""
        return {
            "name": self.name,
            "sections": [
                {"title": title, "items": [{"text": text, "done": False} for text in items]}
                for title, items in self.sections
            ],
        }


def read_checklists(folders: Sequence[Traversable], names: Sequence[Any]) -> tuple[Checklist, ...]:
    """Those that `pack.yaml` names, from the first folder that has them. Raises `BadPack`."""
    return tuple(_read(folders, str(name)) for name in names)


def _read(folders: Sequence[Traversable], name: str) -> Checklist:
    file = f"checklists/{name}.yaml"
    for folder in folders:
        if folder.joinpath("checklists", f"{name}.yaml").is_file():
            said = read_yaml(folder, file)
            return Checklist(str(said.values.get("name", name)), tuple(_sections(said)))
    raise BadPack(f"{file} is missing, and pack.yaml names it")


def _sections(said: Located) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    sections = said.values.get("sections")
    if not isinstance(sections, list):
        raise said.bad("sections", "sections with items are expected")
    for number, section in enumerate(sections):
        items = section.get("items") if isinstance(section, Mapping) else None
        if not isinstance(items, list):
            raise said.bad(("sections", number), "a section has a title and items")
        yield (str(section["title"]) if section.get("title") else None), tuple(map(str, items))
