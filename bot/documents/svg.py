"""Small parts of an SVG: words that fit their room, and signs as paths."""

import re
import unicodedata
from xml.sax.saxutils import escape, quoteattr

#: Signs within a circle of radius 1, as path data.
SHAPES = {
    "cross": "M-1-.55-.55-1 0-.45.55-1 1-.55.45 0 1 .55.55 1 0 .45-.55 1-1 .55-.45 0Z",
    "triangle": "M0-1 1 .8H-1Z",
    "ring": "M0-1A1 1 0 1 1 0 1A1 1 0 1 1 0-1ZM0-.45A.45.45 0 1 0 0 .45A.45.45 0 1 0 0-.45Z",
    "square": "M-.8-.8H.8V.8H-.8Z",
    "diamond": "M0-1.1 1.1 0 0 1.1-1.1 0Z",
    "dot": "M0-.7A.7.7 0 1 1 0 .7A.7.7 0 1 1 0-.7Z",
}
_FORBIDDEN = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(
    x: float, y: float, words: str, *, fill: str, size: float, anchor: str = "start", style: str | None = None
) -> str:
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f" font-style={quoteattr(style)}" if style else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size:g}"{more}>{escape(words)}</text>'


def clean(text: str) -> str:
    """One line of characters that XML knows."""
    return " ".join(_FORBIDDEN.sub("", text).split())


def width(text: str, size: float) -> float:
    """About how wide a text will be: wide letters count double, as in a terminal."""
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return wide * size * 0.56


def cut(text: str, room: float, size: float) -> str:
    """As much of the text as fits, ending in an ellipsis where something is missing."""
    if width(text, size) <= room:
        return text
    kept = ""
    for character in text:
        if width(kept + character, size) > room - size:
            break
        kept += character
    return kept.rstrip() + "…"
