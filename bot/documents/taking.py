"""What an exported and edited file asks of the record: commands, conflicts that people must settle, remarks.

Base is the file as it was exported, ours the record as it stands now, theirs the file as it came back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.documents.escaping import inline, paragraphs
from bot.documents.marks import Export, plain
from bot.documents.merge import Conflict, merge
from bot.domain import commands as c
from bot.domain.fields import FIELDS, LISTS
from bot.domain.incident import Incident, Item

TAKEN_OUT = "(taken out)"


@dataclass(slots=True)
class Taken:
    commands: list[c.Command] = field(default_factory=list)
    #: Path -> what both sides made of it. The record keeps its own words.
    conflicts: list[tuple[str, Conflict]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def taken(file: Export, exported: Mapping[str, str], ours: Incident, document: Mapping[str, Any]) -> Taken:
    """``exported`` is the Markdown at each path as it was exported; ``document`` is that of the present record."""
    made = Taken()
    for path in file.torn:
        made.remarks.append(
            f"{_label(path)} stands in several places and no longer agrees; it was left as it is."
        )
    for path, was in exported.items():
        if path in file.torn:
            continue
        now = file.texts.get(path)
        if path in FIELDS:
            _field(made, path, was, now, document)
        else:
            _item(made, path, was, now, ours)
    for path, words in file.added:
        text = plain(words)
        if text not in {str(item.values.get("text")) for item in ours.lists.get(path, ())}:
            made.commands.append(c.AddItem(path=path, values={"text": text}))
    return made


def _field(made: Taken, path: str, was: str, now: str | None, document: Mapping[str, Any]) -> None:
    if now is None:
        made.remarks.append(f"{_label(path)} has lost its marks in the file; it was left as it is.")
        return
    if now == was:
        return
    said = _at(document, path)
    merged = _merged(made, path, plain(was), plain(str(paragraphs(said))), plain(now))
    if merged is not None:
        made.commands.append(c.SetFields(values={path: merged or None}))


def _item(made: Taken, path: str, was: str, now: str | None, ours: Incident) -> None:
    if now == was:
        return
    list_path, _, number = path.rpartition(".")
    item = next((item for item in ours.lists.get(list_path, ()) if item.id == number), None)
    base = plain(was)
    said = plain(str(inline(str(item.values["text"])))) if item else TAKEN_OUT
    if now is None:
        _removed(made, path, item, base, said)
        return
    merged = _merged(made, path, base, said, plain(now))
    if item and merged is not None:
        values = {**item.values, "text": merged} if merged else None
        made.commands.append(c.ChangeItem(path=list_path, item=number, values=values))


def _removed(made: Taken, path: str, item: Item | None, base: str, said: str) -> None:
    """A line that the file no longer has goes, unless the record changed it meanwhile."""
    if item is None:
        return
    if said != base:
        made.conflicts.append((path, Conflict(base, said, TAKEN_OUT)))
        return
    list_path, _, number = path.rpartition(".")
    made.commands.append(c.ChangeItem(path=list_path, item=number, values=None))


def _merged(made: Taken, path: str, base: str, ours: str, theirs: str) -> str | None:
    """What both sides make together, or None when the record has it already. Blanks alone are no change."""
    mine = base if ours.split() == base.split() else ours
    result = merge(base, mine, theirs)
    made.conflicts += [(path, conflict) for conflict in result.conflicts]
    return None if result.text == mine else result.text


def _at(document: Mapping[str, Any], path: str) -> str:
    place: Any = document
    for name in path.split("."):
        place = place.get(name) if isinstance(place, Mapping) else None
    return str(place or "")


def _label(path: str) -> str:
    spec = FIELDS.get(path) or LISTS.get(path.rpartition(".")[0])
    return spec.label if spec else path


def told(conflicts: list[tuple[str, Conflict]]) -> Iterator[str]:
    """Each conflict with all three wordings, as people settle it."""
    for path, conflict in conflicts:
        yield f"{_label(path)} ({path}) was changed on both sides; the record keeps its own words."
        yield f"  exported: {_one(conflict.base)}"
        yield f"  record:   {_one(conflict.ours)}"
        yield f"  file:     {_one(conflict.theirs)}"


def _one(text: str) -> str:
    return text.replace("\n", "\n            ") or "(nothing)"
