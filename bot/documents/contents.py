"""The table of contents of a Markdown document: its headings as a nested list of links."""

import re
from collections.abc import Iterator

#: Where the contents go. Control characters are taken out of every text, so nobody can type this.
CONTENTS = "\x00contents\x00"
_HEADING = re.compile(r"^(#{2,3}) (.+)$", re.MULTILINE)
_MARKUP = re.compile(r"\\(.)|[*`]")


def with_contents(markdown: str) -> str:
    """The document with the mark replaced by links to the headings below it, with anchors as GitHub makes them."""
    before, mark, after = markdown.partition(CONTENTS)
    return f"{before}{chr(10).join(_links(after))}{after}" if mark else markdown


def _links(markdown: str) -> Iterator[str]:
    taken: dict[str, int] = {}
    for found in _HEADING.finditer(markdown):
        anchor = _anchor(found[2])
        taken[anchor] = taken.get(anchor, -1) + 1
        last = f"-{taken[anchor]}" if taken[anchor] else ""
        yield f"{'  ' * (len(found[1]) - 2)}- [{found[2]}](#{anchor}{last})"


def _anchor(heading: str) -> str:
    words = _MARKUP.sub(lambda m: m[1] or "", heading).lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
