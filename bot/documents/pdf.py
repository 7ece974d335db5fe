"""Markdown as PDF, and an SVG as PNG, by Typst: a wheel that needs nothing from the system.

Every word reaches Typst as a string literal, so nothing that a person typed is a command there. No date is written
into the file: the same Markdown gives the same bytes on the same machine.
"""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from bot.app.ports import MissingPart
from bot.documents.html import parsed

_SETUP = """
#set document(date: none, title: {title})
#set page(paper: "a4", margin: (x: 18mm, top: 18mm, bottom: 20mm), numbering: "1 / 1")
#set text(font: ("Noto Sans", "DejaVu Sans", "Libertinus Serif", "DejaVu Sans Mono"), size: 9.5pt, fill: rgb("#1b2430"))
#set par(leading: 0.68em, spacing: 1.05em)
#set heading(bookmarked: true)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): it => block(above: 1.9em, below: 0.9em, width: 100%, inset: (top: 0.8em), stroke: (top: 0.5pt + rgb("#d5dae2")), text(size: 13.5pt, it))
#show heading.where(level: 3): set text(size: 10.5pt)
#show link: set text(fill: rgb("#1a56b0"))
#show raw: set text(font: "DejaVu Sans Mono", size: 8.5pt)
#set table(stroke: (x, y) => (bottom: 0.5pt + rgb("#d5dae2")), inset: (x: 5pt, y: 4pt), align: left)
#show table: set text(size: 8pt)
#show table.cell.where(y: 0): set text(fill: rgb("#5a6576"), weight: "semibold")
#show figure: set block(breakable: true)
"""
_MARKS = {"strong": "strong", "em": "emph", "s": "strike"}


def _typst() -> Any:
    """The compiler, or `MissingPart`; it is imported only when it is needed."""
    try:
        return import_module("typst")
    except ImportError as missing:
        raise MissingPart("PDF and PNG need the extra `pdf`: pip install 'tocsin[pdf]'") from missing


def render_pdf(markdown: str, picture: str | None = None, under: Sequence[str] = ("Timeline",)) -> bytes:
    """Raises `MissingPart` when Typst is not installed."""
    compiler = _typst()
    return bytes(compiler.compile(typst_source(markdown, picture, under).encode(), format="pdf"))


def render_png(svg: str) -> bytes:
    """A picture of ours as PNG, two dots a point. Raises `MissingPart`."""
    compiler = _typst()
    source = f"#set page(width: 1000pt, height: auto, margin: 0pt)\n{_image(svg)}"
    return bytes(compiler.compile(source.encode(), format="png", ppi=144.0))


def typst_source(markdown: str, picture: str | None, under: Sequence[str]) -> str:
    """The Markdown as Typst's own markup."""
    tokens = parsed(markdown, picture=picture, under=under)
    title = next((t.content for before, t in pairwise(tokens) if before.tag == "h1"), "Postmortem")
    return _SETUP.replace("{title}", _literal(title)) + "".join(_blocks(tokens))


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """Block tokens, one after another; lists, quotes and tables nest as brackets do."""
    columns = _column_counts(tokens)
    for token in tokens:
        match token.type:
            case "heading_open":
                yield f"\n#heading(level: {token.tag[1:]})["
            case "heading_close" | "list_item_close" | "blockquote_close" | "th_close" | "td_close":
                yield "],\n" if token.type in {"list_item_close", "th_close", "td_close"} else "]\n"
            case "paragraph_close":
                yield "\n#parbreak()\n" if not token.hidden else "\n"
            case "inline":
                yield "".join(_inline(token.children or []))
            case "bullet_list_open":
                yield "\n#list(indent: 0.4em, "
            case "ordered_list_open":
                yield f"\n#enum(indent: 0.4em, start: {token.attrGet('start') or 1}, "
            case "bullet_list_close" | "ordered_list_close":
                yield ")\n"
            case "list_item_open" | "th_open" | "td_open":
                yield "["
            case "blockquote_open":
                yield '\n#block(width: 100%, fill: rgb("#f6f8fa"), inset: 8pt, stroke: (left: 2pt + rgb("#b3261e")))['
            case "table_open":
                yield f"\n#table(columns: {_widths(next(columns))},\n"
            case "thead_open":
                yield "table.header("
            case "thead_close":
                yield "),\n"
            case "table_close":
                yield ")\n"
            case "hr":
                yield '\n#line(length: 100%, stroke: 0.5pt + rgb("#d5dae2"))\n'
            case "fence" | "code_block":
                yield f"\n#raw(block: true, {_literal(token.content)})\n"
            case "html_block":
                yield _image(_svg_of(token.content))
            case _:
                pass


def _inline(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        match token.type:
            case "text":
                yield f"#{_literal(token.content)}"
            case "softbreak":
                yield " "
            case "hardbreak":
                yield "#linebreak()"
            case "code_inline":
                yield f"#raw({_literal(token.content)})"
            case "strong_open" | "em_open" | "s_open":
                yield f"#{_MARKS[token.tag]}["
            case "strong_close" | "em_close" | "s_close" | "link_close":
                yield "]"
            case "link_open":
                target = str(token.attrGet("href") or "")
                # A place in the page and a bare word are no address that Typst would take.
                yield f"#link({_literal(target)})[" if re.match(r"(?:https?|mailto):.", target) else "#box["
            case _:
                yield f"#{_literal(token.content)}"


def _column_counts(tokens: Sequence[Token]) -> Iterator[int]:
    """For each table, how many columns its head has."""
    count = 0
    for token in tokens:
        if token.type == "thead_open":
            count = 0
        elif token.type == "th_open":
            count += 1
        elif token.type == "thead_close":
            yield count


def _widths(columns: int) -> str:
    """The first column as wide as it must be, the others share the room."""
    return (
        f"({', '.join(['auto'] + ['1fr'] * (columns - 1))},)"
        if columns <= 2
        else f"({', '.join(['auto'] * columns)},)"
    )


def _svg_of(figure: str) -> str:
    return figure[figure.index("<svg") : figure.rindex("</svg>") + len("</svg>")]


def _image(svg: str) -> str:
    return f'\n#image(bytes({_literal(svg)}), format: "svg", width: 100%)\n'


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _literal(text: str) -> str:
    """A Typst string. Controls that no font can show are left out."""
    return f'"{_CONTROL.sub("", text).translate(_ESCAPES)}"'
