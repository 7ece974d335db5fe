"""The packs at hand: finds one by name, keeps the built-in ones compiled, and gives way to `default` for a broken one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.documents.escaping import inline
from bot.documents.isolated import render_apart
from bot.documents.markdown import Templates
from bot.documents.packs import DEFAULT, BadPack, Pack, PackNotFound, builtin, load_pack


class Shelf:
    """``folders`` hold a workspace's own packs and are searched before the built-in ones."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = tuple(folders)
        self._roots = (*folders, builtin())
        self._compiled: dict[str, Templates] = {}

    def pack(self, name: str) -> Pack:
        """The pack, or ``default`` where it cannot be used."""
        try:
            return load_pack(name, self._roots)
        except (BadPack, OSError, RecursionError):
            return self._default().pack

    def markdown(self, document: Mapping[str, Any], name: str) -> str:
        """The document by the pack. Never raises for a pack: a note at the top says what was wrong with it."""
        try:
            return self._render(document, name)
        except PackNotFound:
            note = f"Pack '{name}' was not found; rendered with {DEFAULT}."
        except (BadPack, OSError, RecursionError) as error:
            note = f"Pack '{name}' could not be rendered ({_reason(error)}); rendered with {DEFAULT}."
        return f"> **{inline(note)}**\n\n{self._default().markdown(document)}"

    def _render(self, document: Mapping[str, Any], name: str) -> str:
        if not any((folder / name).is_dir() for folder in self._folders):
            return self._built_in(name).markdown(document)
        # A workspace's templates are somebody's program: they run where they can harm nothing.
        load_pack(name, self._roots)
        return render_apart(document, name, self._folders)

    def _built_in(self, name: str) -> Templates:
        if name not in self._compiled:
            self._compiled[name] = Templates(load_pack(name, [builtin()]))
        return self._compiled[name]

    def _default(self) -> Templates:
        return self._built_in(DEFAULT)


def _reason(error: Exception) -> str:
    """In words that name no folder of the machine."""
    return str(error) if isinstance(error, BadPack) else type(error).__name__
