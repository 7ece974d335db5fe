"""Help, made from the grammar: for Slack, for the README and for the manifest's hint."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.fields import FIELDS, LISTS
from bot.language.grammar import TOPICS, VERBS, Topic, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpSection:
    title: str
    #: What to type, and what it does.
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpView:
    sections: tuple[HelpSection, ...]
    closing: str


CLOSING = "Put :pushpin: on a message to put it on the timeline. Outside the incident's channel, add its name: `INC-7`."


def overview() -> HelpView:
    """Every verb in a line, by topic."""
    return HelpView(sections=tuple(_section(topic) for topic in TOPICS), closing=CLOSING)


def topic(name: str) -> HelpView:
    """One topic, or one verb with its example; the overview for anything else."""
    word = name.strip().lower()
    verbs = [verb for verb in VERBS if word in (verb.name, *verb.aliases)]
    if verbs:
        return HelpView(
            sections=(HelpSection(title=verbs[0].name, lines=_with_example(verbs[0])),), closing=CLOSING
        )
    matching = [key for key, title in TOPICS.items() if word in (key, title.lower())]
    if not matching:
        return overview()
    sections = [_section(key) for key in matching]
    if "postmortem" in matching:
        sections += [_fields()]
    return HelpView(sections=tuple(sections), closing=CLOSING)


def _section(key: Topic) -> HelpSection:
    verbs = (verb for verb in VERBS if verb.topic == key)
    return HelpSection(title=TOPICS[key], lines=tuple(_line(verb) for verb in verbs))


def _line(verb: Verb) -> tuple[str, str]:
    return (f"/incident {verb.usage}", verb.help)


def _with_example(verb: Verb) -> tuple[tuple[str, str], ...]:
    return (_line(verb), (f"/incident {verb.example}", "for example"))


def _fields() -> HelpSection:
    singles = ", ".join(FIELDS)
    lists = ", ".join(LISTS)
    return HelpSection(title="Fields and lists", lines=(("set", singles), ("add", lists)))


def usage_hint() -> str:
    """The manifest's hint: what most people need."""
    return "checkout is down --sev 2 | note | update | role | task | resolve | close | help"


def readme_table(verbs: Iterable[Verb] = VERBS) -> str:
    """A Markdown table of all verbs."""
    rows = [f"| `/incident {verb.usage.replace('|', chr(92) + '|')}` | {verb.help} |" for verb in verbs]
    return "\n".join(["| Type | and |", "|---|---|", *rows]) + "\n"
