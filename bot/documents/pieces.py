"""A long Markdown text in pieces that mean the same one after the other, so that only one of them is in memory as tokens.

It is cut before headings, and within long tables, where each piece begins with the table's head again. What stands in a
code fence (CommonMark 4.5) is left whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

ROWS = 200

_FENCE = re.compile(r"\s*(?P<marks>`{3,}|~{3,})(?P<info>.*)")
_HEADING = re.compile(r"#{1,6} ")
_UNDER_HEAD = re.compile(r" {0,3}\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?)?\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """``goes_on``: it ends within a table, and the next piece, which ``continues``, begins with that table's head."""

    text: str
    continues: bool = False
    goes_on: bool = False


def pieces(markdown: str, rows: int = ROWS) -> Iterator[Piece]:
    """The text, cut; tables longer than ``rows`` lines are in several pieces."""
    for section in _sections(markdown):
        yield from _cut(section, rows)


def _sections(markdown: str) -> Iterator[list[tuple[str, bool]]]:
    """Lines, each with whether it stands in a fence, from one heading to the next."""
    section: list[tuple[str, bool]] = []
    for line, fenced in _fenced(markdown):
        if section and not fenced and _HEADING.match(line):
            yield section
            section = []
        section.append((line, fenced))
    yield section


def _fenced(markdown: str) -> Iterator[tuple[str, bool]]:
    fence = ""
    for line in markdown.split("\n"):
        found = _FENCE.match(line)
        inside = bool(fence)
        if found and not fence and not (found["marks"][0] == "`" and "`" in found["info"]):
            fence, inside = found["marks"], True
        elif found and fence and found["marks"].startswith(fence) and not found["info"].strip():
            fence = ""
        yield line, inside


def _cut(section: list[tuple[str, bool]], rows: int) -> Iterator[Piece]:
    """Within tables, after so many rows."""
    lines = [line for line, _ in section]
    heads = [
        at
        for at, ((head, _), (under, fenced)) in enumerate(pairwise(section))
        if not fenced and _is_head(head, under)
    ]
    begun, continues = 0, False
    for head in heads:
        end = next((at for at in range(head, len(lines)) if not lines[at].strip()), len(lines))
        for cut in range(head + 2 + rows, end, rows):
            yield Piece("\n".join(_headed(lines, head, begun, cut, continues)), continues, goes_on=True)
            begun, continues = cut, True
        if continues:
            yield Piece("\n".join(_headed(lines, head, begun, end, continues)), continues)
            begun, continues = end, False
    yield Piece("\n".join(lines[begun:]))


def _is_head(head: str, under: str) -> bool:
    return "|" in head and "|" in under and bool(_UNDER_HEAD.match(under))


def _headed(lines: list[str], head: int, begun: int, end: int, continues: bool) -> list[str]:
    return [*(lines[head : head + 2] if continues else ()), *lines[begun:end]]
