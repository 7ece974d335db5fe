"""The outline of a pack: its sections in order, each under the one above it, with what `pack.yaml` says of each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.documents.yaml_file import Located

_ID = re.compile(r"^[a-z][a-z0-9_]{0,63}$")
_SHOWN = ("always", "if_filled", "never")
_STYLES = ("prose", "bullets", "numbered", "table", "checklist", "callout", "facts", "heading")
_DEEPEST = 6
_KNOWN = frozenset(
    {
        "id",
        "heading",
        "level",
        "show",
        "source",
        "style",
        "columns",
        "hide",
        "kinds",
        "guidance",
        "internal",
        "sign",
        "who",
        "template",
        "after",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the document under its heading.

    It is printed by ``sections/<template>.md.j2``; or, when it has a ``source``, as the value of that path in a style.
    """

    id: str
    heading: str
    level: int = 2
    show: str = "if_filled"
    template: str | None = None
    source: str | None = None
    style: str = "prose"
    #: Columns in order, each with its own title or None; those of the template that are not named follow when filled.
    columns: tuple[tuple[str, str | None], ...] = ()
    #: Columns that are never shown.
    hide: tuple[str, ...] = ()
    #: Kinds of action items that belong here; empty: all.
    kinds: tuple[str, ...] = ()
    #: Stands before every line of a list.
    sign: str | None = None
    #: Left out as soon as people's names are masked, because then the document leaves the company.
    internal: bool = False
    guidance: str | None = None
    #: The role that is asked to fill it in.
    who: str | None = None
    parts: tuple["Section", ...] = field(default=())

    def data(self) -> dict[str, Any]:
        """What templates may know of it."""
        return {
            "id": self.id,
            "heading": self.heading,
            "level": self.level,
            "show": self.show,
            "template": self.template,
            "source": self.source,
            "style": self.style,
            "columns": [list(column) for column in self.columns],
            "hide": list(self.hide),
            "kinds": list(self.kinds),
            "sign": self.sign,
            "internal": self.internal,
            "guidance": self.guidance,
            "who": self.who,
            "parts": [part.data() for part in self.parts],
        }

    def walk(self) -> Iterator["Section"]:
        yield self
        for part in self.parts:
            yield from part.walk()


def merge_sections(base: Sequence[Mapping[str, Any]], said: Any, file: Located) -> list[Mapping[str, Any]]:
    """The entries of a pack over those of the one it extends.

    A list is the whole outline; entries that name a section of the base need only say what differs. Names with
    values change single sections in place; a new one stands at the end, or ``after`` the one it names.
    """
    known = {str(entry["id"]): entry for entry in base}
    if said is None:
        return list(base)
    if isinstance(said, Mapping):
        return _changed(base, said, file)
    if not isinstance(said, list):
        raise file.bad("sections", "sections are a list, or names with what changes")
    entries: list[Mapping[str, Any]] = []
    for number, entry in enumerate(said):
        if not isinstance(entry, Mapping) or "id" not in entry:
            raise file.bad(("sections", number), "a section has no id")
        above = known.get(str(entry["id"]), {})
        entries.append({**above, **entry} if "source" not in entry else dict(entry))
    return entries


def _changed(
    base: Sequence[Mapping[str, Any]], said: Mapping[Any, Any], file: Located
) -> list[Mapping[str, Any]]:
    entries = [dict(entry) for entry in base]
    for name, changes in said.items():
        if not isinstance(changes, Mapping):
            raise file.bad(("sections", name), f"section {name} needs names with values")
        at = next((number for number, entry in enumerate(entries) if entry["id"] == name), None)
        if at is not None:
            entries[at] |= changes
            continue
        after = changes.get("after")
        place = next((number for number, entry in enumerate(entries) if entry["id"] == after), None)
        if after is not None and place is None:
            raise file.bad(
                ("sections", name, "after"), f"section {name} is after {after}, which is not there"
            )
        entries.insert(len(entries) if place is None else place + 1, {"id": name, **changes})
    return list(entries)


def outline(entries: Sequence[Mapping[str, Any]], file: Located) -> tuple[Section, ...]:
    """The sections as a tree by their levels. Raises `BadPack` with the line of what is wrong."""
    flat = [_section(entry, file) for entry in entries]
    seen: set[str] = set()
    for section in flat:
        if section.id in seen:
            raise file.bad(section.id, f"section {section.id} is there twice")
        seen.add(section.id)
    return tuple(_nested(flat))


def _nested(flat: Sequence[Section]) -> Iterator[Section]:
    """Sections of the shallowest level, each with the deeper ones that follow it."""
    at = 0
    while at < len(flat):
        first = flat[at]
        end = at + 1
        while end < len(flat) and flat[end].level > first.level:
            end += 1
        parts = tuple(_nested(flat[at + 1 : end]))
        yield Section(**{**_fields(first), "parts": parts})
        at = end


def _fields(section: Section) -> dict[str, Any]:
    return {name: getattr(section, name) for name in Section.__dataclass_fields__}


def _section(entry: Mapping[str, Any], file: Located) -> Section:
    name = str(entry.get("id", ""))
    if not _ID.match(name):
        raise file.bad(name, f"a section has the id {name!r}: small letters, digits and _ are expected")
    if strange := sorted(set(entry) - _KNOWN):
        raise file.bad(name, f"section {name} has an unknown setting: {', '.join(map(str, strange))}")
    section = Section(
        id=name,
        heading=str(entry.get("heading", name.replace("_", " ").capitalize())),
        level=_level(entry, name, file),
        show=_one_of(entry, "show", _SHOWN, "if_filled", file),
        source=_words(entry, "source"),
        style=_one_of(entry, "style", _STYLES, "prose", file),
        template=_words(entry, "template"),
        columns=tuple(_columns(entry.get("columns"), name, file)),
        hide=_names(entry, "hide", file),
        kinds=_names(entry, "kinds", file),
        sign=_words(entry, "sign"),
        internal=entry.get("internal") is True,
        guidance=_words(entry, "guidance"),
        who=_words(entry, "who"),
    )
    if section.template is None and section.source is None and section.style != "heading":
        return Section(**{**_fields(section), "template": section.id})
    return section


def _level(entry: Mapping[str, Any], name: str, file: Located) -> int:
    level = entry.get("level", 2)
    if not isinstance(level, int) or not 2 <= level <= _DEEPEST:
        raise file.bad(name, f"section {name} has the level {level!r}: 2 to {_DEEPEST} is expected")
    return level


def _one_of(entry: Mapping[str, Any], key: str, known: Sequence[str], usual: str, file: Located) -> str:
    value = str(entry.get(key, usual))
    if value not in known:
        choices = f"{', '.join(repr(word) for word in known[:-1])} or {known[-1]!r}"
        raise file.bad(entry["id"], f"{entry['id']} has {key} {value!r}: {choices} is expected")
    return value


def _words(entry: Mapping[str, Any], key: str) -> str | None:
    return str(entry[key]) if entry.get(key) else None


def _names(entry: Mapping[str, Any], key: str, file: Located) -> tuple[str, ...]:
    value = entry.get(key) or []
    if not isinstance(value, list):
        raise file.bad(entry["id"], f"{entry['id']}: {key} is a list of names")
    return tuple(map(str, value))


def _columns(said: Any, name: str, file: Located) -> Iterator[tuple[str, str | None]]:
    """``- time`` or ``- time: Time of day``."""
    if said is not None and not isinstance(said, list):
        raise file.bad(name, f"{name}: columns is a list of names")
    for column in said or []:
        if isinstance(column, Mapping) and len(column) == 1:
            ((key, title),) = column.items()
            yield str(key), str(title)
        elif isinstance(column, str):
            yield column, None
        else:
            raise file.bad(name, f"{name}: a column is a name, or a name with its title")
