"""Typed text made plain at the door, and its words found with their places, so that nothing else need be changed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LIVE = re.compile(r"<(?:([@#!])([^<>|]+)|((?:https?|mailto|tel):[^<>|\s]+))(?:\|([^<>]*))?>")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]+")
_GROUP = re.compile(r"subteam\^(S[A-Z0-9]+)")
_WORD = re.compile(r"\S+")
_SPACE = re.compile(r"\s+")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
#: Characters without a look, and halves of characters, which databases refuse.
_UNSEEN = re.compile("[\u200b\u2060\ufeff\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
#: What may open a quotation -> what may close it; phones mix them freely.
_CLOSERS = dict.fromkeys('"“”„«', '"“”»') | dict.fromkeys("'‘’‚", "'‘’")  # noqa: RUF001 - the quotes that phones type
_BEHIND_QUOTE = frozenset(".,;:!?)")


def plain(text: str) -> str:
    """Slack's escapes undone once: mentions stay ``<@U1>`` without the name, groups too, links become their address.

    Odd spaces become plain ones and unseen characters go; wording, quotes and line ends stay as typed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _LIVE.sub(_spoken, text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return visible(_SPACES.sub(" ", text)).strip()


def visible(text: str) -> str:
    """The text without what nobody can see."""
    return _UNSEEN.sub("", text)


def _spoken(match: re.Match[str]) -> str:
    sigil, name, address, label = match.groups()
    if address:
        return str(address) if address.startswith("http") else label or str(address).partition(":")[2]
    if sigil == "@":
        return f"<@{name}>" if _SLACK_ID.fullmatch(name) else f"@{label or name}"
    if sigil == "#":
        return f"#{label}" if label else f"<#{name}>"
    if group := _GROUP.fullmatch(name):
        return f"<@{group[1]}>"
    return str(label or f"@{name}")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a quotation or a code span. ``text`` is without the quotes; ``start`` and ``end`` include them."""

    text: str
    start: int
    end: int
    line: int
    quoted: bool = False
    code: bool = False


def tokens(text: str) -> tuple[Token, ...]:
    """All words; a quotation that begins a word is one of them."""
    found: list[Token] = []
    at = line = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            line += space[0].count("\n")
            at = space.end()
            continue
        token = _token(text, at, line)
        found.append(token)
        at = token.end
    return tuple(found)


def _token(text: str, at: int, line: int) -> Token:
    if (closing := quotation_end(text, at)) is not None:
        return Token(text[at + 1 : closing], at, closing + 1, line, quoted=True)
    if text[at] == "`" and (tick := text.find("`", at + 1)) > 0:
        return Token(text[at : tick + 1], at, tick + 1, line, code=True)
    word = _WORD.match(text, at)
    assert word, "a word begins with what is no space"
    return Token(word[0], at, word.end(), line)


def quotation_end(text: str, at: int) -> int | None:
    """Where the quotation that opens at ``at`` closes, on the same line and at the end of a word; None if it does not."""
    closers = _CLOSERS.get(text[at]) if at < len(text) else None
    if closers is None:
        return None
    for place in range(at + 1, len(text)):
        if text[place] == "\n":
            return None
        behind = text[place + 1 : place + 2]
        if text[place] in closers and (not behind or behind.isspace() or behind in _BEHIND_QUOTE):
            return place
    return None


def unquote(text: str) -> str:
    """The inside of a text that is one quotation; any other text as it is."""
    stripped = text.strip()
    closing = quotation_end(stripped, 0)
    return stripped[1:closing].strip() if closing is not None and closing == len(stripped) - 1 else stripped


def cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without the spans; one space or line end stays where a span was."""
    left, done = "", 0
    for start, end in sorted(spans):
        left = joined(left, text[done:start])
        done = max(done, end)
    return joined(left, text[done:]).strip()


def joined(left: str, right: str) -> str:
    if not left.strip() or not right.strip():
        return left + right if not left.strip() else left + ("\n" if "\n" in right else "")
    if left.endswith("\n"):
        return left + right.lstrip(" \t")
    trimmed = right.lstrip(" \t")
    return left.rstrip(" \t") + trimmed if trimmed.startswith("\n") else f"{left.rstrip(' ')} {trimmed}"


def behind(text: str, words: Sequence[Token], count: int) -> str:
    """What follows the first ``count`` words, without a colon, dash or equals sign between."""
    rest = text[words[count - 1].end :] if count else text
    return re.sub(r"^\s*(?:[:=,–—-]\s+|=)?\s*", "", rest).strip()  # noqa: RUF001 - dashes as phones type them


def first_word(text: str) -> str:
    return next(iter(text.split(maxsplit=1)), "")
