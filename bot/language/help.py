"""Help, made of the grammar: for Slack, for the README and for the manifest's hint. Plain data, no markup of Slack."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.fields import FIELDS, LISTS, Field, ListField
from bot.language.grammar import BY_WORD, TOPICS, VERBS, Topic, Verb
from bot.language.intents import Context
from bot.language.words import fold

COMMAND = "/incident"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpSection:
    """``lines``: what to type, and what it does."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpView:
    sections: tuple[HelpSection, ...]
    closing: str


CLOSING = (
    "Put :pushpin: on a message to put it on the timeline. Outside the incident's channel name the incident, first or "
    "last: `INC-7`. `/incident help timeline` tells more of one topic, `/incident help note` of one command."
)

TIMES = (
    ("14:05", "the last time it was 14:05 where you are; your Slack profile says where"),
    ("2:05 PM CET", "with a zone, that zone counts"),
    ("yesterday 23:50", "or a weekday, or `18 Oct 16:00 UTC`, or `2026-01-29 14:30`"),
    ("10 min ago", "or `-10m`"),
    ("~14:05", "about then"),
    ("14:00-14:25", "from then till then; `14:00 onward` has no end yet"),
    ("unknown", "nobody knows when"),
    ("30m", "for what is due: in half an hour; also `tomorrow 17:00`, `friday`, `end of week`, `2026-12-01`"),
)


def overview(context: Context | None = None) -> HelpView:
    """The commands in a line each, by topic; with a context, also the severities."""
    sections = [
        _section(topic, (verb for verb in VERBS if verb.topic == topic and verb.listed)) for topic in TOPICS
    ]
    if context:
        sections.append(_severities(context))
    return HelpView(sections=tuple(sections), closing=CLOSING)


def topic(name: str, context: Context | None = None) -> HelpView:
    """One topic, one command with its options and an example, the fields, or how times are typed; else the overview."""
    word = fold(name) or name.strip()
    known = {fold(title): key for key, title in TOPICS.items()} | {fold(key): key for key in TOPICS}
    if word in {"field", "fields", "lists"}:
        return HelpView(sections=_fields(), closing=CLOSING)
    if word in {"time", "times", "dates", "due"}:
        verb = (_detail(BY_WORD["time"]),) if word == "time" else ()
        return HelpView(sections=(*verb, HelpSection(title="Times and dates", lines=TIMES)), closing=CLOSING)
    if word in {"sev", "severity", "severities"} and context:
        return HelpView(sections=(_detail(BY_WORD["sev"]), _severities(context)), closing=CLOSING)
    if word in known:
        own = (_detail(BY_WORD[word]),) if word in BY_WORD else ()
        whole = _section(known[word], (verb for verb in VERBS if verb.topic == known[word]))
        return HelpView(sections=(*own, whole), closing=CLOSING)
    if word in BY_WORD:
        return HelpView(sections=(_detail(BY_WORD[word]),), closing=CLOSING)
    return overview(context)


def _section(key: Topic, verbs: Iterable[Verb]) -> HelpSection:
    return HelpSection(
        title=TOPICS[key], lines=tuple((f"{COMMAND} {verb.short}", verb.says) for verb in verbs)
    )


def _detail(verb: Verb) -> HelpSection:
    lines = [(f"{COMMAND} {verb.short}", verb.says)]
    if verb.options:
        lines.append(
            (
                " ".join(option.usage for option in verb.options),
                "options, anywhere; quote values of several words",
            )
        )
    if verb.aliases:
        lines.append((", ".join(verb.aliases), "mean the same"))
    lines.append((f"{COMMAND} {verb.example}", "for example"))
    return HelpSection(title=verb.name, lines=tuple(lines))


def _severities(context: Context) -> HelpSection:
    lines = tuple((f"--sev {rung.severity.label}", rung.definition) for rung in context.severities)
    return HelpSection(title="Severities", lines=lines)


def _fields() -> tuple[HelpSection, ...]:
    return (
        HelpSection(title="Fields, for `set`", lines=tuple(_named(field) for field in FIELDS.values())),
        HelpSection(title="Lists, for `add`", lines=tuple(_named(field) for field in LISTS.values())),
    )


def _named(field: Field | ListField) -> tuple[str, str]:
    return (field.path, f"{field.label} (or `{field.aliases[0]}`)" if field.aliases else field.label)


def usage_hint() -> str:
    """The manifest's hint: what most people need."""
    ranked = sorted(((verb.hint, verb) for verb in VERBS if verb.hint is not None), key=lambda pair: pair[0])
    return " | ".join(verb.example if rank == 0 else verb.name for rank, verb in ranked)


def readme_table(verbs: Iterable[Verb] = VERBS) -> str:
    """A Markdown table of all listed commands."""
    rows = [f"| `{COMMAND} {_cell(verb.short)}` | {_cell(verb.says)} |" for verb in verbs if verb.listed]
    return "\n".join(["| Type | What it does |", "|---|---|", *rows]) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
