"""Markdown as one self-contained HTML file: contents, print styles, nothing from elsewhere."""

import re
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token


def to_html(markdown: str, title: str) -> str:
    """The whole page. HTML that people typed stays text."""
    parser = _parser()
    tokens = parser.parse(markdown)
    contents = _anchored(tokens)
    body = _with_tasks(parser.renderer.render(tokens, parser.options, {}))
    head, end, rest = body.partition("</h1>")
    return _PAGE.format(
        title=escape(title), style=_STYLE, head=head + end, contents=_contents(contents), body=rest
    )


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")
    parser.inline.ruler.before("autolink", "line_break", _line_break)
    return parser


def _line_break(state: StateInline, silent: bool) -> bool:
    """``<br>``, which only our own escaping writes: people's ``<`` are entities."""
    if not state.src.startswith("<br>", state.pos):
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos += 4
    return True


def _anchored(tokens: list[Token]) -> list[tuple[int, str, str]]:
    """Give headings ids; returns (level, id, text) of those that the contents list."""
    found: list[tuple[int, str, str]] = []
    used: set[str] = set()
    for token, following in pairwise(tokens):
        if token.type != "heading_open":
            continue
        text = "".join(child.content for child in following.children or ())
        anchor = re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "section"
        while anchor in used:
            anchor += "-2"
        used.add(anchor)
        token.attrSet("id", anchor)
        level = int(token.tag[1])
        if level in {2, 3}:
            found.append((level, anchor, text))
    return found


def _contents(found: list[tuple[int, str, str]]) -> str:
    lines = [
        f'<li class="l{level}"><a href="#{escape(anchor)}">{escape(text)}</a></li>'
        for level, anchor, text in found
    ]
    return f'<nav aria-label="Contents"><ol>{"".join(lines)}</ol></nav>' if len(lines) > 2 else ""


def _with_tasks(body: str) -> str:
    """``[x]`` at the start of a list item as a ticked box."""

    def box(match: re.Match[str]) -> str:
        checked = " checked" if match[2] in "xX" else ""
        return f'{match[1]}<input type="checkbox" disabled{checked}> '

    return re.sub(r"(<li>(?:\s*<p>)?)\[([ xX])\] ", box, body)


_STYLE = """
:root { --ink: #1c2128; --soft: #5b6673; --line: #d8dee6; --tint: #f5f7fa; --accent: #7a1f1f; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; padding-bottom: .6rem; border-bottom: 3px solid var(--accent); }
h2 { font-size: 1.3rem; margin: 2.2rem 0 .7rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; }
p, ul, ol, table, blockquote { margin: .6rem 0; }
a { color: #0b57a4; overflow-wrap: anywhere; }
code { background: var(--tint); border: 1px solid var(--line); border-radius: 4px; padding: .05em .35em; font-size: .9em; overflow-wrap: anywhere; }
blockquote { margin-left: 0; padding: .5rem 1rem; background: #fff8e6; border-left: 4px solid #d9a400; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { background: var(--tint); font-weight: 600; white-space: nowrap; }
tbody tr:hover { background: #fafbfc; }
thead:has(th:empty) { display: none; }
td:first-child { font-variant-numeric: tabular-nums; }
li { margin: .15rem 0; }
em { color: var(--soft); }
nav { background: var(--tint); border: 1px solid var(--line); border-radius: 8px; padding: .6rem 1rem; margin: 1rem 0 1.6rem; font-size: .92rem; }
nav ol { list-style: none; margin: 0; padding: 0; columns: 2; column-gap: 2rem; }
nav .l3 { padding-left: 1rem; }
nav a { text-decoration: none; }
@media (max-width: 700px) { nav ol { columns: 1; } main { padding: 1.2rem .9rem; } table { display: block; overflow-x: auto; } }
@media print { body { font-size: 10.5pt; } main { max-width: none; padding: 0; } nav { display: none; } h2, h3 { break-after: avoid; } tr, li { break-inside: avoid; } a { color: inherit; } thead { display: table-header-group; } }
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{head}
{contents}
{body}
</main>
</body>
</html>
"""
