"""People in what was typed: Slack mentions, `@names`, `me`, and names between quotes."""

import re

from bot.domain.people import Person
from bot.language.intents import Context
from bot.language.typed import cut, unquote

_ONE = r"(?:<@([UWS][A-Z0-9]+)>|(?<![\w@<])@([A-Za-z](?:[\w.-]*\w)?)(?![\w/@]))"
_PERSON = re.compile(_ONE)
_RUN = re.compile(rf"{_ONE}(?:\s*(?:,|&|\+|/|\band\b|\s)\s*{_ONE})*,?", re.IGNORECASE)
_EVERYBODY = frozenset({"here", "channel", "everyone"})


def take_people(text: str, context: Context) -> tuple[tuple[Person, ...], str]:
    """Who is mentioned, each once, and the text without them."""
    found: list[Person] = []
    spans: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        people = [_mentioned(match, context) for match in _PERSON.finditer(run[0])]
        if None in people:
            continue
        found.extend(person for person in people if person)
        spans.append(run.span())
    return tuple(dict.fromkeys(found)), cut(text, spans)


def around_people(text: str, context: Context) -> tuple[str, str]:
    """The words before the first person who is mentioned, and those behind, without the others."""
    first = _PERSON.search(text)
    start = first.start() if first else len(text)
    return text[:start].strip(), take_people(text[start:], context)[1]


def _mentioned(match: re.Match[str], context: Context) -> Person | None:
    slack_id, name = match.groups()
    if slack_id:
        return Person(slack_id=slack_id)
    if name.lower() in _EVERYBODY:
        return None
    return Person(slack_id=context.by) if name.lower() == "me" else Person.of(name)


def named(text: str, context: Context) -> tuple[Person, ...]:
    """People of an option's value: mentions, `me`, or names separated by commas."""
    people: list[Person] = []
    for part in re.split(r"[,\n;]", text):
        mentioned, rest = take_people(part, context)
        name = unquote(rest)
        people.extend(mentioned)
        if name.lower() == "me":
            people.append(Person(slack_id=context.by))
        elif name and not mentioned:
            people.append(Person.of(name))
    return tuple(dict.fromkeys(people))
