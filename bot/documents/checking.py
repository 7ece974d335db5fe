"""What is wrong with a pack: it is read, then rendered with sample incidents, a bare one and a full one."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.documents.isolated import render_apart
from bot.documents.markdown import render_markdown
from bot.documents.packs import BadPack, Pack, builtin, load_pack
from bot.documents.samples import AWKWARD, samples
from bot.domain.fields import FIELDS, LISTS

#: Groups of the document that are no fields, so that a section may have them as its source.
_PARTS = frozenset({"timeline", "steps", "notes", "actions", "people", "roles", "updates"})


def check_pack(name: str, folders: Sequence[Path]) -> list[str]:
    """Mistakes in words, each with its file and, where known, its line; none when all is well."""
    try:
        pack = load_pack(name, [*folders, builtin()])
    except BadPack as bad:
        return [str(bad)]
    return [*_unknown(pack), *_broken(pack, folders)]


def _unknown(pack: Pack) -> Iterator[str]:
    """Paths that no document has."""
    custom = {field.path for field in pack.fields}
    for top in pack.sections:
        for section in top.walk():
            if section.source and not _known(section.source, custom):
                yield f"pack.yaml: section {section.id} prints {section.source}, which no postmortem has"
    for status, paths in (pack.settings.get("required") or {}).items():
        if status not in {"in_review", "published"}:
            yield f"pack.yaml: required has {status}; in_review and published are expected"
        for path in paths or []:
            if not _known(str(path), custom):
                yield f"pack.yaml: {status} requires {path}, which no postmortem has"


def _known(path: str, custom: set[str]) -> bool:
    known = {*FIELDS, *LISTS, *custom, *_PARTS}
    return path in known or any(one.startswith(f"{path}.") or path.startswith(f"{one}.") for one in known)


def _broken(pack: Pack, folders: Sequence[Path]) -> Iterator[str]:
    """What fails while rendering, and text that came out as something else."""
    seen: set[str] = set()
    for which, document in samples().items():
        try:
            text = _rendered(pack, document, folders)
        except BadPack as bad:
            if str(bad) not in seen:
                seen.add(str(bad))
                yield f"{bad} (with the {which} incident)"
            continue
        if which == "awkward" and AWKWARD.raw in text:
            yield f"the templates let markup through: {AWKWARD.raw!r} was printed as it is"


def _rendered(pack: Pack, document: Mapping[str, Any], folders: Sequence[Path]) -> str:
    return render_markdown(document, pack) if pack.built_in else render_apart(document, pack.name, folders)
