"""Every command that is declared can be typed: its name, its other words, its example, its options."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.details import Severity
from bot.domain.refusals import Refusal
from bot.language import parse as parsing
from bot.language.grammar import BY_WORD, TOPICS, VERBS
from bot.language.intents import Context, OpenForm, Role, Rung
from bot.language.parse import parse
from bot.language.words import fold

CONTEXT = Context(
    now=datetime(2026, 1, 29, 15, tzinfo=UTC),
    zone=ZoneInfo("Europe/Berlin"),
    by="U0ME",
    severities=tuple(Rung(severity=Severity(level=n, label=f"SEV{n}")) for n in (1, 2, 3, 4)),
    roles=(Role(key="commander", label="Incident Commander"), Role(key="scribe", label="Scribe")),
)
ALIASES = [(word, verb.name) for verb in VERBS for word in verb.aliases]


@pytest.fixture
def verbs_read(monkeypatch):
    """The names of the verbs that a line was read with, in order."""
    seen = []
    read = parsing._read

    def watched(verb, *rest):
        seen.append(verb.name)
        return read(verb, *rest)

    monkeypatch.setattr(parsing, "_read", watched)
    return seen


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_the_example_of_every_verb_is_read_by_that_verb(verb, verbs_read):
    answer = parse(verb.example, CONTEXT)
    assert not isinstance(answer, Refusal), answer
    assert verbs_read == [verb.name]


@pytest.mark.parametrize(("word", "name"), ALIASES)
def test_every_other_word_is_read_as_its_verb(word, name, verbs_read):
    parse(word, CONTEXT)
    assert verbs_read == [name]


@pytest.mark.parametrize(("word", "name"), ALIASES)
def test_case_and_a_dot_do_not_matter(word, name, verbs_read):
    parse(word.upper() + ("" if word.startswith(("-", "?")) else "."), CONTEXT)
    assert verbs_read == [name] or word.startswith("-")


def test_no_word_means_two_verbs():
    words = [
        fold(word) or word
        for verb in VERBS
        for word in (verb.name, *verb.aliases)
        if not word.startswith("-")
    ]
    doubled = {word for word in words if words.count(word) > 1}
    assert not doubled


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.form], ids=lambda verb: verb.name)
def test_a_verb_with_a_form_opens_it_when_typed_alone(verb):
    answer = parse(f"INC-7 {verb.name}", CONTEXT)
    assert isinstance(answer, OpenForm)
    assert answer.form == verb.form


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_explains_itself(verb):
    assert verb.topic in TOPICS
    assert verb.says.endswith((".", "`.", "`"))
    assert verb.undone
    assert "\n" not in verb.says


@pytest.mark.parametrize(
    "verb", [verb for verb in VERBS if verb.needs and verb.name != "duplicate"], ids=lambda verb: verb.name
)
def test_every_verb_about_an_incident_takes_its_name_first(verb):
    answer = parse(f"INC-7 {verb.example}", CONTEXT)
    assert not isinstance(answer, Refusal), answer
    assert answer.incident == 7


def test_options_have_no_two_meanings_within_a_verb():
    for verb in VERBS:
        words = [word for option in verb.options for word in (option.name, *option.aliases)]
        assert len(words) == len(set(words)), verb.name


def test_names_win_over_other_words():
    assert all(BY_WORD[fold(verb.name)] is verb for verb in VERBS)
