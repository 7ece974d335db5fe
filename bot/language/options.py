"""`--name value` split off a text, with quotes or without.

How much a value takes, unquoted: a time or a length as many words as can be read as one; a word of a closed list
likewise; a name one word or the mentions, or everything up to the next option where the text stands before it; free
words everything up to the next option. Nothing reaches over a line end. Quotations and `code` are never options.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.language.said import Misread
from bot.language.typed import Token, cut, quotation_end, tokens
from bot.language.words import alike

OptionKind = Literal["flag", "name", "words", "time", "due", "sev", "word"]

_OPTION = re.compile(r"(--|[—–―]-?|-)([A-Za-z][\w-]*)(?:=(.*))?", re.DOTALL)  # noqa: RUF001 - phones make these of --
_MENTION = re.compile(r"(?:<@\w+>|@[\w.-]+)(?:,?(?:<@\w+>|@[\w.-]+))*,?")
#: A time does not end in these, though it could be read with them.
_OPEN_END = frozenset({"on", "and", "at", "in", "for", "to", "from", "by", "the", "of"})
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Option:
    """``shown`` stands for the value in help; ``many``: may be given more than once."""

    name: str
    kind: OptionKind = "word"
    shown: str = ""
    aliases: tuple[str, ...] = ()
    many: bool = False

    @property
    def usage(self) -> str:
        return f"[--{self.name} {self.shown}]" if self.shown else f"[--{self.name}]"


#: Whether words can be read as an option's value.
Readable = Callable[[Option, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What may be split off: the options; ``prose`` keeps unknown ones as words; ``stops`` end a name."""

    options: tuple[Option, ...]
    readable: Readable
    prose: bool = False
    stops: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()

    @property
    def known(self) -> Mapping[str, Option]:
        return {word: option for option in self.options for word in (option.name, *option.aliases)}


def take(text: str, taking: Taking) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    """The text without its options, and their values. Raises `Misread` for an option that is not known here."""
    words = tokens(text)
    values: dict[str, tuple[str, ...]] = {}
    spans: list[tuple[int, int]] = []
    at, free = 0, False
    while at < len(words):
        option, glued = _option(words[at], taking)
        if option is None:
            at, free = at + 1, True
            continue
        start, at = words[at].start, at + 1
        following = _following(words[at - 1 :], taking)
        if option.kind == "flag":
            value = "yes"
        elif glued:
            value, at = _glued(glued, text, words, at)
        else:
            value, count = _value(option, following, text, taking, free=free)
            at += count
        _keep(values, option, value)
        spans.append((start, words[at - 1].end))
    return cut(text, spans), values


def _keep(values: dict[str, tuple[str, ...]], option: Option, value: str) -> None:
    if not value:
        raise Misread(
            f"`--{option.name}` says nothing.", f"Put its value behind it: `--{option.name} {option.shown}`."
        )
    if option.name in values and not option.many and option.kind != "flag":
        raise Misread(f"`--{option.name}` is given twice.", "Give it once.")
    values[option.name] = (*values.get(option.name, ()), value)


def _option(word: Token, taking: Taking) -> tuple[Option | None, str | None]:
    match = None if word.quoted or word.code else _OPTION.fullmatch(word.text)
    if match is None:
        return None, None
    dash, name, glued = match[1], match[2].lower().replace("_", "-").rstrip("-"), match[3]
    option = taking.known.get(name)
    if option is None and dash != "-":
        _refuse_unknown(name, dash, taking)
    return option, glued


def _refuse_unknown(name: str, dash: str, taking: Taking) -> None:
    """A slip is asked about. In prose, and behind a long dash, other unknown ones are words like any."""
    near = alike(name, taking.known, 0.75)
    if near:
        meant = taking.known[near].name
        raise Misread(f"there is no option `--{name}` here.", f"Did you mean `--{meant}`?")
    if dash == "--" and (name in taking.elsewhere or not taking.prose):
        takes = ", ".join(f"`--{option.name}`" for option in taking.options)
        known = f"It takes {takes}." if takes else "It takes no options."
        raise Misread(
            f"there is no option `--{name}` here.", f"{known} Words with dashes go between backticks."
        )


def _following(words: tuple[Token, ...], taking: Taking) -> tuple[Token, ...]:
    """The words behind the first one up to the next option, on one line."""
    behind = words[1:]
    line = behind[0].line if behind else 0
    for count, word in enumerate(behind):
        match = None if word.quoted or word.code else _OPTION.fullmatch(word.text)
        if word.line != line or (match and match[2].lower().replace("_", "-") in taking.known):
            return behind[:count]
    return behind


def _glued(glued: str, text: str, words: tuple[Token, ...], at: int) -> tuple[str, int]:
    """`--at=14:05` and `--at="yesterday 23:50"`."""
    start = words[at - 1].end - len(glued)
    closing = quotation_end(text, start)
    if closing is None:
        return glued, at
    while at < len(words) and words[at].start < closing:
        at += 1
    return text[start + 1 : closing], at


def _value(
    option: Option, following: tuple[Token, ...], text: str, taking: Taking, *, free: bool
) -> tuple[str, int]:
    """The value, and how many of the following words it took."""
    if not following:
        return "", 0
    if following[0].quoted:
        return following[0].text.strip(), 1
    if option.kind == "words" or (option.kind == "name" and free):
        count = _until_stop(following, taking.stops)
    elif option.kind == "name":
        count = _mentions(following) or 1
    else:
        count = _readable(option, following, text, taking.readable)
    return text[following[0].start : following[count - 1].end].strip(), count


def _until_stop(words: tuple[Token, ...], stops: frozenset[str]) -> int:
    return next((n for n, word in enumerate(words) if n and word.text.lower() in stops), len(words))


def _mentions(words: tuple[Token, ...]) -> int:
    return next((n for n, word in enumerate(words) if not _MENTION.fullmatch(word.text)), len(words))


def _readable(option: Option, words: tuple[Token, ...], text: str, readable: Readable) -> int:
    """As many words as can be read as the value; one where none can."""
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        last = words[count - 1]
        if count > 1 and last.text.lower() in _OPEN_END:
            continue
        if readable(option, text[words[0].start : last.end]):
            return count
    return 1
