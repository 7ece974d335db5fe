"""The five written incidents, rendered with the default pack and graded on their facts."""

import re

import pytest
from from_case import CASES, document_of, load
from grade import grade

from bot.documents.renderer import PackRenderer

NAMES = sorted(file.stem for file in CASES.glob("0*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_case_shows_its_facts(name):
    case = load(name)
    told = PackRenderer().render(document_of(case), pack="default", format="markdown").decode()
    results = grade(case, told)
    missing = [f"{kind}: {what}" for kind, found, what in results if not found]

    assert len(missing) <= len(results) * 0.1, missing
    assert not [what for kind, found, what in results if kind == "absent" and not found]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["markdown", "html", "json"])
def test_the_same_case_gives_the_same_bytes(name, kind):
    case = load(name)
    first, second = (PackRenderer().render(document_of(case), pack="default", format=kind) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_nothing_missing_is_ever_printed(name):
    told = PackRenderer().render(document_of(load(name)), pack="default", format="html").decode()

    # `null` is a word of one of the cases; the grader knows in which it must not occur.
    assert not re.search(r"\b(None|nan|NaN|Undefined|True|False)\b", told)


def test_seconds_are_shown_where_they_matter_and_hours_do_not_look_exact():
    failure = PackRenderer().markdown(document_of(load("001")), "default")
    hotfix = PackRenderer().markdown(document_of(load("000")), "default")

    assert "| 2026-01-29 14:30:45 | Users report API errors |" in failure
    assert "| 2023-10-18 16 UTC | Patrik reported, Anthaas confirmed |" in hotfix
    assert "16:00" not in hotfix


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_remarked_as_expected(name):
    case = load(name)
    found = {finding.rule for finding in PackRenderer().lint(document_of(case), pack=case["template"])}

    assert set(case["expected"]["flags"]) <= found
