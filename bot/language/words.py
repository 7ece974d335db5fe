"""A typed line in pieces: quotes and dashes made plain, the incident's name found, options split off."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.people import Person
from bot.language.grammar import Option
from bot.language.intents import Context
from bot.language.when import NotUnderstood, read_time

_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " "}
)
_LONG_DASH = re.compile(r"(?:(?<=\s)|^)[\u2012-\u2015](?=[a-zA-Z])")
_REF = re.compile(r"inc[- ]?(\d{1,9})", re.IGNORECASE)
_TOKEN = re.compile(r"\"([^\"]*)\"|(\S+)")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>")
TIME_WORDS = 6  # `between 18 Oct 23:00 and 23:30 CET`, without the first


def plain(text: str) -> str:
    """Smart quotes, non-breaking spaces and the long dashes that phones make of ``--``; line ends stay."""
    made = _LONG_DASH.sub("--", text.translate(_QUOTES))
    return "\n".join(" ".join(line.split()) for line in made.splitlines()).strip()


@dataclass(slots=True)
class Line:
    """What is left of a line after its options."""

    text: str
    options: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def take_ref(text: str) -> tuple[int | None, str]:
    """``INC-7`` at either end, and the rest."""
    first, _, rest = text.partition(" ")
    if (match := _REF.fullmatch(first.rstrip(":,"))) and int(match[1]) > 0:
        return int(match[1]), rest.strip()
    before, _, last = text.rpartition(" ")
    if (match := _REF.fullmatch(last.rstrip("."))) and before and int(match[1]) > 0:
        return int(match[1]), before.strip()
    return None, text


def split_options(text: str, options: Iterable[Option], context: Context) -> Line:
    """Split ``--name value`` off. A time takes as many words as can be read; other values a word, or what is quoted."""
    known = {word: option for option in options for word in (option.name, *option.aliases)}
    line = Line(text="")
    kept: list[str] = []
    tokens = [match[0] for match in re.finditer(r"\"[^\"]*\"|\S+|\n", text)]
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        name = re.fullmatch(r"--([a-zA-Z][\w-]*)(?:=(.*))?", token)
        if name is None:
            kept.append(token)
            continue
        option = known.get(name[1].lower())
        if option is None:
            line.unknown.append(name[1])
            continue
        if option.kind == "flag":
            line.options[option.name] = "yes"
            continue
        if name[2]:
            line.options[option.name] = unquote(name[2])
            continue
        value, used = _value(option, tokens[at:], context)
        line.options[option.name] = value
        at += used
    line.text = " ".join(kept).replace(" \n ", "\n").replace("\n ", "\n").strip()
    return line


def _value(option: Option, tokens: list[str], context: Context) -> tuple[str, int]:
    following = tokens[: next((n for n, token in enumerate(tokens) if token.startswith("--")), len(tokens))]
    if not following:
        return "", 0
    if following[0].startswith('"') or option.kind not in {"time", "due"}:
        return unquote(following[0]), 1
    if option.kind == "time":
        for count in range(min(TIME_WORDS, len(following)), 0, -1):
            words = " ".join(following[:count])
            if not isinstance(_try(words, context), NotUnderstood):
                return words, count
        return following[0], 1
    return following[0], 1


def _try(words: str, context: Context) -> object:
    return read_time(
        words, now=context.now, zone=context.zone, near=context.near, date_order=context.date_order
    )


def unquote(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def take_people(text: str) -> tuple[tuple[Person, ...], str]:
    """Mentioned users, and the text without them."""
    people = tuple(dict.fromkeys(Person(slack_id=user) for user in _MENTION.findall(text)))
    return people, " ".join(_MENTION.sub(" ", text).split(" ")).strip()


def first_word(text: str) -> tuple[str, str]:
    """The first word or quoted phrase, and the rest."""
    match = _TOKEN.match(text)
    if match is None:
        return "", ""
    return (match[1] if match[1] is not None else match[2]), text[match.end() :].strip()


def unlink(text: str) -> str:
    """``<https://…|label>`` as the bare address."""
    return _LINK.sub(lambda match: match[1], text)
