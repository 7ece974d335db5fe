"""How roles are read: which role, and who."""

import re

from bot.domain import commands as c
from bot.domain.people import Person
from bot.language.intents import Context, Intent, Show
from bot.language.people import around_people, take_people
from bot.language.said import Misread, Said
from bot.language.typed import tokens, unquote
from bot.language.words import alike, fold

_JOINS = re.compile(
    r"^(?:is|as|to|for|goes to|=|:)\s+|[\s:=]+(?:is|as|to|for|goes to)?$|[:=]+$", re.IGNORECASE
)
_TO = re.compile(r"(?:\bover\s+)?\bto$", re.IGNORECASE)


def known_role(text: str, context: Context) -> str | None:
    """The key of a configured role, by key, label or other word."""
    return _names(context).get(fold(text))


def _names(context: Context) -> dict[str, str]:
    return {fold(name): role.key for role in context.roles for name in (role.key, role.label, *role.aliases)}


def assign(said: Said) -> Intent:
    role, people = _role_and_people(said)
    if role and not people:
        key = known_role(role, said.context)
        if key:
            return said.form("role", role=key)
        _refuse_slip(role, said.context)
        raise Misread("it does not say who.", "Mention them: `/incident role commander @ana`.", title=True)
    if people and not role:
        return said.form("role", user=people[0].slack_id, name=people[0].name)
    return said.do(assignment(_role(role, said), _one(people), said.context))


def assignment(role: str, person: Person, context: Context) -> c.AssignRole:
    """Beside those who hold it, where the workspace lets the role be shared."""
    shared = any(each.key == role and each.shared for each in context.roles)
    return c.AssignRole(role=role, person=person, beside=shared)


def listing(said: Said) -> Intent:
    """``roles`` shows who holds what; with words behind it, it gives a role."""
    return assign(said) if said.text else Show(what="roles", incident=said.incident)


def release(said: Said) -> Intent:
    """Without a name, one's own role is given up; without a role, the only one that is held."""
    role, people = _role_and_people(said)
    person = _one(people) if people else Person(slack_id=said.context.by)
    return said.do(c.ReleaseRole(role=_role(role, said) if role else None, person=person))


def hand_over(said: Said) -> Intent:
    """``handoff [role] @bea [why]``: without a role, the one that the asker holds."""
    role, people = _role_and_people(said)
    role, note = _role_and_note(role, said) if people else (role, None)
    if not people:
        if not known_role(role, said.context):
            _refuse_slip(role, said.context)
        raise Misread("it does not say to whom.", "Mention them: `/incident handoff @bea`.")
    by = Person(slack_id=said.context.by)
    return said.do(
        c.OfferHandoff(to=_one(people), by=by, role=_role(role, said) if role else None, note=note)
    )


def _role_and_note(words: str, said: Said) -> tuple[str, str | None]:
    """A role stands before the person, or is one that is known; other words behind the person are a note to them."""
    if known_role(words, said.context):
        return words, None
    before, behind = around_people(said.text, said.context)
    before = _TO.sub("", before)
    known = next(
        (n for n in range(len(behind.split()), 0, -1) if known_role(_first(behind, n), said.context)), 0
    )
    if known and not _trim(before):
        return _first(behind, known), _trim(" ".join(behind.split()[known:])) or None
    return _trim(before), _trim(behind) or None


def _first(text: str, count: int) -> str:
    return _trim(" ".join(text.split()[:count]))


def _one(people: tuple[Person, ...]) -> Person:
    if len(people) > 1:
        raise Misread("a role has one holder, and several people are named.", "Name one of them.")
    return people[0]


def _role_and_people(said: Said) -> tuple[str, tuple[Person, ...]]:
    people, rest = take_people(said.text, said.context)
    words = _trim(rest)
    if people:
        return words, people
    role, name = _split_name(words, said.context)
    if fold(name) == "me":
        return role, (Person(slack_id=said.context.by),)
    if name.startswith("@"):  # people are taken out before; what is left calls everybody
        raise Misread(f"`{name}` is not one person.", "Mention one: `/incident role commander @ana`.")
    return role, (Person.of(name),) if name else ()


def _trim(text: str) -> str:
    before = None
    while text != before:
        before, text = text, _JOINS.sub("", text).strip()
    return text


def _split_name(text: str, context: Context) -> tuple[str, str]:
    """A role, and the name of somebody outside Slack: a known role and what follows, or two quotations."""
    words = tokens(text)
    for count in range(len(words), 0, -1):
        role = text[: words[count - 1].end]
        if known_role(role, context) or (count < len(words) and words[0].quoted and count == 1):
            return role, unquote(_trim(text[words[count - 1].end :]))
    if len(words) > 1 and (words[-1].quoted or fold(words[-1].text) == "me"):
        return _trim(text[: words[-1].start]), words[-1].text
    return text, ""


def _role(text: str, said: Said) -> str:
    """A configured role, or a role of its own with its label as typed; a slip of one word is asked about."""
    quoted = unquote(text) != text.strip()
    key = known_role(text, said.context)
    if key is None and not quoted:
        _refuse_slip(text, said.context)
    return key or " ".join(unquote(text).split())


def _refuse_slip(text: str, context: Context) -> None:
    names = _names(context)
    near = None if " " in text.strip() else alike(text, names, 0.75)
    if near:
        quoted = f'To make a role of that name, put it in quotes: `"{text}"`.'
        raise Misread(f"there is no role `{text}`.", f"Did you mean `{names[near]}`? {quoted}", named="role")
