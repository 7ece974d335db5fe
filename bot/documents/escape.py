"""People's words in Markdown: what they typed is what is read, whatever signs it holds.

Code between backticks stays code and addresses stay links; everything else that Markdown would take for its own is
escaped. `Safe` marks what is Markdown already.
"""

import re

_CODE = re.compile(r"(?<!`)(`+)(?!`)([^\n]+?)(?<!`)\1(?!`)")
_URL = re.compile(r"https?://[^\s<>|\"`\\^{}]+[^\s<>|\"`\\^{}.,;:!?)\]'*_]")
_SPECIAL = re.compile(r"([\\*\[\]|~`]|(?<!\w)_|_(?!\w))")  # an underscore inside a word is no emphasis
_LINE_START = re.compile(r"(?m)^(\s*)([#+-]|=+(?=\s*$)|\d+(?=[.)]\s))")
_ENTITY = re.compile(r"&(?=#?\w+;)")


class Safe(str):
    """Markdown that was made by us and is not escaped again."""

    __slots__ = ()


def escape(value: object) -> Safe:
    """Text as Markdown that reads the same. None is nothing."""
    if value is None:
        return Safe("")
    if isinstance(value, Safe):
        return value
    if isinstance(value, bool):
        return Safe("yes" if value else "no")
    return Safe(_prose(str(value)))


def _prose(text: str) -> str:
    pieces: list[str] = []
    at = 0
    for match in _CODE.finditer(text):
        pieces += [_addresses(text[at : match.start()]), match[0]]
        at = match.end()
    pieces.append(_addresses(text[at:]))
    return _LINE_START.sub(_escaped_start, "".join(pieces))


def _escaped_start(match: re.Match[str]) -> str:
    mark = match[2]
    return f"{match[1]}{mark}\\" if mark[0].isdigit() else f"{match[1]}\\{mark}"


def _addresses(text: str) -> str:
    pieces: list[str] = []
    at = 0
    for match in _URL.finditer(text):
        pieces += [_plain(text[at : match.start()]), f"<{match[0]}>"]
        at = match.end()
    return "".join([*pieces, _plain(text[at:])])


def _plain(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", _ENTITY.sub("&amp;", text))
    return escaped.replace("<", "&lt;").replace(">", "&gt;")


def cell(value: object) -> Safe:
    """For a table: one line, and no bare pipe even inside code."""
    text = escape(value)
    in_code = _CODE.sub(lambda match: match[0].replace("|", r"\|"), text)
    return Safe("<br>".join(line.strip() for line in in_code.splitlines() if line.strip()))


def inline(value: object) -> Safe:
    """For a list item or a heading: one line."""
    return Safe("<br>".join(line.strip() for line in escape(value).splitlines() if line.strip()))


def paragraph(value: object) -> Safe:
    """For running text: line ends that people typed stay line ends."""
    lines = [line.rstrip() for line in escape(value).strip().splitlines()]
    return Safe(
        "\n".join(
            f"{line}<br>" if line and following else line
            for line, following in zip(lines, [*lines[1:], ""], strict=True)
        )
    )
