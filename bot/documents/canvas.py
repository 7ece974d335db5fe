"""Markdown as a Slack canvas takes it (docs: canvases): headings to level 3, no HTML, tables of at most 300 cells, 1 MiB."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

MOST_CELLS = 300
MOST_CHARACTERS = 1_048_576
_CUT = "\n\n_The rest is in the file: a canvas holds no more._\n"
_DEEP = re.compile(r"^#{4,6} ")
_ADDRESS = re.compile(r"(?<![(\\])<(https?://[^>\s]+)>")
_TARGET = re.compile(r"\]\(<([^>\n]*)>\)")
_BREAK = re.compile(r"(?<!\\)<br>")
_PARENTHESES = str.maketrans({"(": "%28", ")": "%29"})


def canvas_markdown(markdown: str) -> str:
    """Our own Markdown, made plainer. What does not fit ends with a sentence that says so."""
    lines: list[str] = []
    for is_table, block in groupby(markdown.split("\n"), key=lambda line: line.startswith("|")):
        rows = list(block)
        lines += _table(rows) if is_table else map(_line, rows)
    text = "\n".join(lines)
    if len(text) <= MOST_CHARACTERS:
        return text
    end = text.rfind("\n\n", 0, MOST_CHARACTERS - len(_CUT))
    return text[:end] + _CUT


def _line(line: str) -> str:
    words = _BREAK.sub(" ", _DEEP.sub("### ", line))
    words = _TARGET.sub(lambda match: f"]({match[1].translate(_PARENTHESES)})", words)
    return _ADDRESS.sub(lambda match: f"[{match[1]}]({match[1].translate(_PARENTHESES)})", words)


def _table(rows: Sequence[str]) -> Iterator[str]:
    """The table, in parts with the same head where it has too many cells."""
    head, body = [_line(row) for row in rows[:2]], [_line(row) for row in rows[2:]]
    columns = len(re.findall(r"(?<!\\)\|", rows[0])) - 1
    fit = max(MOST_CELLS // max(columns, 1) - 1, 1)
    for start in range(0, max(len(body), 1), fit):
        if start:
            yield ""
        yield from head
        yield from body[start : start + fit]
