"""Any text as Markdown that shows it literally, wherever it lands: paragraph, list, heading or table cell.

Two things are kept as what people meant by them: `code` in backticks, and addresses of the web.
"""

import re
from typing import Any, Self

from markupsafe import Markup

_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef]")
_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_FENCED = re.compile(r"```[^\S\n]*\n?(.*?)\n?```", re.DOTALL)
_CODE = r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>[^|\n]*?[^|\n`])(?P=ticks)(?!`)"
_URL = r"(?P<url>https?://[^\s<>|`\"\\]+)"
_SPECIAL = re.compile(rf"{_CODE}|{_URL}|(?P<sign>[\\`*_~\[\]<|&])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
#: What opens a heading, a list, a quote, a rule or the second line of a table at the start of a line.
_OPENING = re.compile(r"^(?:(#{1,6}|[-+])(?=\s|$)|([=-])(?=[=:-]*\s*$)|(>)|(:)(?=-))")
_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_CLOSING = re.compile(r"(?<=\s)(#+)$")
_UNSAFE_IN_URL = re.compile(r"[\s<>|\\`\"]")
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")


class Md(Markup):
    """Text that is Markdown already. What is added to it is escaped first."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> Self:
        return cls(s) if isinstance(s, Markup) else cls(within(str(s)))


def inline(text: str) -> Md:
    """One run of text; line breaks become ``<br>``, which also a table cell can hold."""
    return Md("<br>".join(_line(line) for line in _lines(text) if line))


def within(text: str) -> Md:
    """A part of a run of text: the spaces that part it from its neighbours stay."""
    before, after = text[:1].isspace(), text[-1:].isspace() and bool(text.strip())
    return Md(f"{' ' * before}{inline(text)}{' ' * after}")


def paragraphs(text: str) -> Md:
    """Longer text with its paragraphs and line breaks. Not for lists and tables."""
    blocks = "\n".join(_lines(text)).strip("\n")
    parts = re.split(r"\n{2,}", blocks) if blocks else []
    return Md("\n\n".join("\\\n".join(map(_line, part.split("\n"))) for part in parts))


def link(label: str, url: str | None) -> Md:
    """A link where the address is one of the web or relative; else the words, with what was given behind them."""
    words = Md("<br>".join(_line(line, urls=False) for line in _lines(label) if line))
    if not url:
        return words
    scheme = _SCHEME.match(url)
    if scheme and scheme[0].lower() not in {"http:", "https:", "mailto:"}:
        return Md(f"{words} ({inline(url)})")
    target = _UNSAFE_IN_URL.sub(
        lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), _CONTROL.sub("", url)
    )
    return Md(f"[{words}](<{target}>)")


def _lines(text: str) -> list[str]:
    cleaned = _CONTROL.sub("", _BREAK.sub("\n", text)).replace("\t", " ")
    return [line.strip() for line in _FENCED.sub(_code_lines, cleaned).split("\n")]


def _code_lines(match: re.Match[str]) -> str:
    """A block of code as lines of code: blocks have no place in tables and lists."""
    lines = [line for line in match[1].split("\n") if line.strip()]
    return "\n".join(line if "`" in line else f"`{line.strip()}`" for line in lines) or match[0]


def _line(line: str, *, urls: bool = True) -> str:
    def escaped(match: re.Match[str]) -> str:
        if match["code"]:
            return _code(match["ticks"], match["code"])
        if match["url"]:
            return _address(match["url"], urls=urls)
        return _sign(match["sign"], line, match.start())

    text = _SPECIAL.sub(escaped, line)
    text = _OPENING.sub(lambda m: f"\\{m[0]}", text)
    text = _NUMBER.sub(r"\1\\\2", text)
    return _CLOSING.sub(r"\\\1", text)


def _code(ticks: str, code: str) -> str:
    return f"{ticks}{code}{ticks}" if "`" in code else f"`{code}`"


def _address(url: str, *, urls: bool) -> str:
    """An address in angle brackets, without the full stop that ended the sentence."""
    body = url.rstrip(".,;:!?*_~'])" if "(" not in url else ".,;:!?*_~']")
    if not urls or not re.match(r"https?://\w", body):
        return "".join(_sign(sign, url, at) for at, sign in enumerate(url))
    return f"<{body}>" + "".join(_sign(sign, url, at) for at, sign in enumerate(url) if at >= len(body))


def _sign(sign: str, line: str, at: int) -> str:
    """A character as it must stand so that it means itself."""
    before = line[at - 1 : at]
    after = line[at + 1 : at + 2]
    match sign:
        case "`" | "*" | "[" | "]" | "<" | "|":
            return f"\\{sign}"
        case "\\":
            # An address that follows will begin with an angle bracket.
            return "\\\\" if not after or after in _PUNCTUATION or line.startswith("http", at + 1) else sign
        case "_":
            return sign if before.isalnum() and after.isalnum() else r"\_"
        case "~":
            opening = not before or before.isspace()
            return sign if opening and after != "~" else r"\~"
        case "&":
            return "&amp;" if _ENTITY.match(line, at) else sign
        case _:
            return sign
