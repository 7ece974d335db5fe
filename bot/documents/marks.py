"""Hidden marks in exported Markdown that tell which words people may change and what they were made from.

A mark is a comment of HTML: no viewer shows it. The last line of an export says of which incident and of which number
of events it was made, so that what stood there can always be made anew.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.documents.escaping import Md
from bot.domain.fields import FIELDS, LISTS, FieldType

# Code points that Unicode keeps for a program's own use; `escaping` takes them out of what people write.
_OPEN, _SEP, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_INNER = re.compile(f"{_OPEN}([a-z0-9_.]+){_SEP}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_BEGIN = re.compile(r"<!--\s*tocsin:([a-z_]+(?:\.[a-z0-9_]+)*)\s*-->")
_END = re.compile(r"<!--\s*/tocsin\s*-->")
_MARKED = re.compile(rf"{_BEGIN.pattern}(.*?){_END.pattern}", re.DOTALL)
#: A pack's name is a folder's; other words that somebody typed for one must not end the comment.
_PACK = re.compile(r"[\w.-]+")
_EXPORT = re.compile(r"<!--\s*tocsin-export: INC-(\d+), (\d+) events, pack ([^\s<>]+)\s*-->")
_BULLET = re.compile(r"^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(\S.*)$")
#: Lists that are lines of prose; the others hold more than words.
PROSE_LISTS = frozenset(
    path for path, spec in LISTS.items() if spec.main.name == "text" and spec.main.type is FieldType.TEXT
)
PROSE_FIELDS = frozenset(path for path, field in FIELDS.items() if field.type is FieldType.TEXT)


class Written(str):
    """Words that people wrote, and the path under which they are kept."""

    __slots__ = ("path",)
    path: str

    @classmethod
    def at(cls, path: str, text: str) -> "Written":
        made = cls(text)
        made.path = path
        return made

    def wrap(self, printed: Md) -> Md:
        """The words as they are printed, between marks for `shown`."""
        return Md(f"{_OPEN}{self.path}{_SEP}{printed}{_CLOSE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file as it came back: of which incident, made from how many events, and the Markdown at each path.

    ``added``: lines that stand beside the items of a list, and have no mark: (list, Markdown).
    """

    incident: int
    version: int
    pack: str
    texts: Mapping[str, str]
    added: tuple[tuple[str, str], ...] = ()
    #: Paths whose words stand in several places and no longer agree.
    torn: tuple[str, ...] = ()


class NotAnExport(Exception):  # noqa: N818 - told to people as it stands
    """The file has no mark of ours."""


def marking(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its hand-written words as `Written`."""
    made: dict[str, Any] = _copied(document)
    for path in PROSE_FIELDS:
        *groups, last = path.split(".")
        place = _reached(made, groups)
        if place is not None and isinstance(place.get(last), str):
            place[last] = Written.at(path, place[last])
    for path in PROSE_LISTS:
        *groups, last = path.split(".")
        place = _reached(made, groups)
        for item in (place or {}).get(last) or []:
            item["text"] = Written.at(f"{path}.{item['id']}", item["text"])
    return made


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list | tuple) else value


def _reached(place: Any, groups: Sequence[str]) -> Any:
    for name in groups:
        place = place.get(name) if isinstance(place, Mapping) else None
    return place


def shown(markdown: str, *, incident: int, version: int, pack: str) -> str:
    """Rendered Markdown with its marks as comments, and the line that says what it was made from."""

    def comment(match: re.Match[str]) -> str:
        path, words = match[1], match[2]
        alone = markdown[: match.start()].endswith("\n") and markdown[match.end() :].startswith("\n")
        if alone:
            return f"<!-- tocsin:{path} -->\n\n{words}\n\n<!-- /tocsin -->"
        return f"<!-- tocsin:{path} -->{words}<!-- /tocsin -->"

    body = _INNER.sub(comment, markdown)
    name = pack if _PACK.fullmatch(pack) else "default"
    return f"{body}\n<!-- tocsin-export: INC-{incident}, {version} events, pack {name} -->\n"


def read_export(markdown: str) -> Export:
    """What came back. Raises `NotAnExport`."""
    text = markdown.replace("\r\n", "\n")
    made_from = _EXPORT.search(text)
    if made_from is None:
        raise NotAnExport(
            "The file has no mark that says what it was made from. Export it anew with `tocsin postmortem render`, "
            "and take your changes over."
        )
    found: dict[str, set[str]] = {}
    for match in _MARKED.finditer(text):
        found.setdefault(match[1], set()).add(match[2].strip())
    return Export(
        incident=int(made_from[1]),
        version=int(made_from[2]),
        pack=made_from[3],
        texts={path: min(words) for path, words in found.items() if len(words) == 1},
        torn=tuple(sorted(path for path, words in found.items() if len(words) > 1)),
        added=tuple(_added(text)),
    )


def _added(text: str) -> Iterator[tuple[str, str]]:
    """List items without a mark whose neighbour above, or else below, in the same list has one."""
    lines = text.split("\n")
    owners = [_list_of(line) for line in lines]
    for at, line in enumerate(lines):
        bullet = _BULLET.match(line)
        if bullet is None or owners[at] or "<!--" in line:
            continue
        owner = _neighbour(lines, owners, range(at - 1, -1, -1), bullet[1]) or _neighbour(
            lines, owners, range(at + 1, len(lines)), bullet[1]
        )
        if owner:
            yield owner, bullet[2].strip()


def _list_of(line: str) -> str | None:
    mark = _BEGIN.search(line)
    path = mark[1].rpartition(".")[0] if mark and _BULLET.match(line) else None
    return path if path in PROSE_LISTS else None


def _neighbour(lines: Sequence[str], owners: Sequence[str | None], places: range, indent: str) -> str | None:
    for at in places:
        bullet = _BULLET.match(lines[at])
        if bullet is None:
            return None
        if bullet[1] == indent and owners[at]:
            return owners[at]
    return None


_CODE_OR_ESCAPE = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))|\\(?P<hard>\n)|(?P<br><br>)|\\(?P<sign>[!-/:-@\[-`{-~])"
    r"|<(?P<url>https?://[^>\s]+)>|&(?P<amp>amp);",
    re.DOTALL,
)


def plain(markdown: str) -> str:
    """Our Markdown as the words that it was made from; what people wrote as Markdown stays as they typed it."""

    def meant(match: re.Match[str]) -> str:
        if match["code"] or match["url"] or match["sign"]:
            return match["code"] or match["url"] or match["sign"]
        return "&" if match["amp"] else "\n"

    return _CODE_OR_ESCAPE.sub(meant, markdown).strip()
