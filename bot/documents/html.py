"""Markdown as one HTML file that needs nothing else: contents, anchors, styles for screen and paper."""

import base64
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from string import Template
from types import MappingProxyType
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bot.documents.pieces import Piece, pieces
from bot.documents.style import CSS

_CONTENTS_FROM, _CONTENTS_TO = 2, 3
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}\b|~?\d{1,2}:\d{2}\b")
_SIGN = re.compile(r"[✗⚠●↻✓🔴🔄🟡🟢⛔⚪]")
_NO_IMAGES: Mapping[str, str] = MappingProxyType({})
_TASK = re.compile(r"^\[([ xX])\](?= |$)")

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Tocsin">
<title>$title</title>
<style>
$css
</style>
</head>
<body>
<nav aria-label="Contents">
<p>Contents</p>
$contents
</nav>
<main>
$body
</main>
</body>
</html>
""")


def render_html(
    markdown: str,
    *,
    picture: str | None = None,
    under: Collection[str] = ("Timeline",),
    images: Mapping[str, str] = _NO_IMAGES,
) -> str:
    """HTML in Markdown is text here: nothing that a person typed becomes a tag.

    ``picture`` is an SVG of our own; it stands under the first heading that ends with one of ``under``, else on top.
    The tokens of ten thousand entries weigh fifty times what is written: so they are made and written in pieces.
    ``images``: address of a link -> a ``data:`` URI that is shown in the place of its words.
    """
    page = _Page(tuple(words.casefold() for words in under), images)
    for piece in pieces(markdown):
        page.write(piece)
    return _PAGE.substitute(
        title=escape(page.title),
        css=CSS.strip(),
        contents=_contents(page.headings),
        body=page.body(picture),
    )


class _Page:
    """What is written so far, and what later pieces must know of it."""

    def __init__(self, under: tuple[str, ...], images: Mapping[str, str]) -> None:
        self.headings: list[tuple[int, str, str]] = []
        self._under = under
        self._images = images
        self._parser = _parser()
        #: References defined anywhere before hold in all that follows; see also `_scrolling`.
        self._env: dict[str, Any] = {}
        self._written: list[str] = []
        self._taken: dict[str, int] = {}
        #: Where the picture belongs among what is written: under its heading, else before the first that is no title.
        self._wanted: int | None = None
        self._first: int | None = None

    @property
    def title(self) -> str:
        return next((words for level, words, _ in self.headings if level == 1), "Postmortem")

    def write(self, piece: Piece) -> None:
        tokens = self._parser.parse(piece.text, self._env)
        if _is_contents(tokens):
            return  # the page has its own, beside the text
        for token in tokens:
            _show_images(token, self._images)
        self.headings += _headings(tokens, self._taken)
        if piece.continues:
            tokens = tokens[_at(tokens, "tbody_open") + 1 :]
        if piece.goes_on:
            tokens = tokens[: _at(tokens, "tbody_close", last=True)]
        for part in _by_headings(tokens):
            self._find_place(part)
            self._written.append(self._parser.renderer.render(part, self._parser.options, self._env))

    def _find_place(self, part: Sequence[Token]) -> None:
        """A part that begins with a heading is that heading alone."""
        if part[0].type != "heading_open" or part[0].tag == "h1":
            return
        if self._first is None:
            self._first = len(self._written)
        if self._wanted is None and part[1].content.casefold().endswith(self._under):
            self._wanted = len(self._written) + 1

    def body(self, picture: str | None) -> str:
        """With the picture as a block of its own, which no person's text can become."""
        written = list(self._written)
        if picture:
            places = (self._wanted, self._first, len(written))
            place = next(at for at in places if at is not None)
            written.insert(place, _figure(picture))
        return "".join(written).strip()


def _is_contents(tokens: Sequence[Token]) -> bool:
    """A heading with nothing under it but a list of links to other headings."""
    if [token.type for token in tokens[2:4]] != ["heading_close", "bullet_list_open"]:
        return False
    words = [token for token in tokens[3:] if token.type == "inline"]
    return tokens[-1].type == "bullet_list_close" and all(_is_anchor(token) for token in words)


def _is_anchor(token: Token) -> bool:
    first = token.children[0] if token.children else None
    return first is not None and first.type == "link_open" and str(first.attrGet("href")).startswith("#")


def _by_headings(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Each heading of its own, and what stands between them."""
    begun = 0
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            if begun < at:
                yield tokens[begun:at]
            begun = at
        elif token.type == "heading_close" and token.level == 0:
            yield tokens[begun : at + 1]
            begun = at + 1
    if begun < len(tokens):
        yield tokens[begun:]


def _at(tokens: Sequence[Token], kind: str, *, last: bool = False) -> int:
    found = [at for at, token in enumerate(tokens) if token.type == kind]
    return found[-1 if last else 0]


def _figure(picture: str) -> str:
    return f'<figure class="timeline">\n{picture}</figure>\n'


def parsed(markdown: str, *, picture: str | None = None, under: Collection[str] = ()) -> list[Token]:
    """The Markdown in its parts, with the picture in its place."""
    tokens = _parser().parse(markdown)
    if picture:
        _place(picture, tokens, under)
    return tokens


def data_uri(mimetype: str, content: bytes) -> str:
    """An image within its page (RFC 2397)."""
    return f"data:{mimetype};base64,{base64.b64encode(content).decode('ascii')}"


def _show_images(token: Token, images: Mapping[str, str]) -> None:
    """Links to what we have a copy of show it, still as a link to the original; their words become its description."""
    shown: list[Token] = []
    source: str | None = None
    for child in token.children or ():
        if child.type == "link_open":
            source = images.get(str(child.attrGet("href")))
        if source and child.type == "text":
            attributes: dict[str, str | int | float] = {"src": source, "alt": "", "class": "copy"}
            shown.append(Token("image", "img", 0, attrs=attributes, content=child.content, children=[child]))
        else:
            shown.append(child)
        if child.type == "link_close":
            source = None
    if token.children:
        token.children = shown


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # What is shown of an address is what was typed, not a prettier form of it.
    parser.normalizeLinkText = lambda url: url  # type: ignore[method-assign,assignment]
    parser.inline.ruler.before("autolink", "line_break", _line_break)
    parser.core.ruler.push("tasks", _tasks)
    parser.core.ruler.push("times", _times)
    parser.core.ruler.push("scrolling", _scrolling)
    return parser


def _line_break(state: StateInline, silent: bool) -> bool:
    """``<br>``, the one tag that our Markdown writes, because a table cell has no other way to a new line."""
    if not state.src.startswith("<br>", state.pos):
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos += len("<br>")
    return True


def _tasks(state: StateCore) -> None:
    """List items that begin with a tick box get one."""
    for before, token in zip(state.tokens, state.tokens[2:], strict=False):
        first = token.children[0] if token.type == "inline" and token.children else None
        box = _TASK.match(first.content) if first and first.type == "text" else None
        if before.type != "list_item_open" or first is None or box is None:
            continue
        # An escaped bracket is the same text but no box; only the source can tell.
        if not _TASK.match(token.content):
            continue
        done = box[1] != " "
        before.attrJoin("class", "done" if done else "task")
        sign = Token("text", "", 0, content="☑ " if done else "☐ ")
        first.content = first.content[box.end() :].lstrip()
        assert token.children is not None
        token.children.insert(0, sign)


def _times(state: StateCore) -> None:
    """Cells that begin with a time or a sign are marked, so that those are not torn apart."""
    for cell, inner in pairwise(state.tokens):
        if cell.type == "td_open" and _TIME.match(inner.content):
            cell.attrJoin("class", "time")
        elif cell.type == "td_open" and _SIGN.match(inner.content):
            cell.attrJoin("class", "sign")


def _scrolling(state: StateCore) -> None:
    """Wide tables scroll by themselves, so that the page does not; one before the first section holds the facts."""
    wrapped: list[Token] = []
    for token in state.tokens:
        if token.type == "heading_open" and token.tag == "h2":
            state.env["sections"] = True
        if token.type == "table_open":
            kind = "table" if state.env.get("sections") else "table facts"
            wrapped.append(Token("scroll_open", "div", 1, attrs={"class": kind}, block=True))
        wrapped.append(token)
        if token.type == "table_close":
            wrapped.append(Token("scroll_close", "div", -1, block=True))
    state.tokens = wrapped


def _place(picture: str, tokens: list[Token], under: Collection[str]) -> None:
    """The picture as a block of its own, which no person's text can become."""
    endings = tuple(words.casefold() for words in under)
    above = [at for at, token in enumerate(tokens) if token.type == "heading_close" and token.tag != "h1"]
    wanted = [at + 1 for at in above if tokens[at - 1].content.casefold().endswith(endings)]
    first = above[0] - 2 if above else len(tokens)
    figure = Token("html_block", "", 0, content=_figure(picture))
    tokens.insert(wanted[0] if wanted else first, figure)


def _headings(tokens: Sequence[Token], taken: dict[str, int]) -> Iterator[tuple[int, str, str]]:
    """Level, words and anchor of each heading; the anchor is set on the way, and counted in ``taken``."""
    for opening, inner in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        words = "".join(child.content or " " for child in inner.children or [])
        anchor = _anchor(words)
        taken[anchor] = taken.get(anchor, 0) + 1
        if taken[anchor] > 1:
            anchor = f"{anchor}-{taken[anchor] - 1}"
        opening.attrSet("id", anchor)
        yield int(opening.tag[1:]), words.strip(), anchor


def _anchor(words: str) -> str:
    plain = unicodedata.normalize("NFKC", words).lower()
    return re.sub(r"[^\w]+", "-", plain).strip("-") or "section"


def _contents(headings: Sequence[tuple[int, str, str]]) -> str:
    listed = [heading for heading in headings if _CONTENTS_FROM <= heading[0] <= _CONTENTS_TO]
    lines = [
        f'<li class="h{level}"><a href="#{escape(anchor)}">{escape(words)}</a></li>'
        for level, words, anchor in listed
    ]
    return "<ul>\n" + "\n".join(lines) + "\n</ul>"
