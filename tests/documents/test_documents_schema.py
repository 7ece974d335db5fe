"""JSON that other programs can rely on: a published schema, and nothing lost on the way there and back."""

import json
from pathlib import Path

import pytest
from from_case import CASES, document_of, load
from jsonschema import Draft202012Validator

from bot.documents.json import NotADocument, read_json
from bot.documents.renderer import PackRenderer
from bot.documents.schema import schema, schema_text

NAMES = sorted(file.stem for file in CASES.glob("0*.json"))
PUBLISHED = Path(__file__).parents[2] / "docs" / "postmortem-document.schema.json"


def rendered(document, form, pack="default"):
    return PackRenderer().render(document, pack=pack, format=form).decode()


def test_the_published_schema_is_the_one_of_the_code():
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "python -m bot.documents.schema > docs/…"


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", NAMES)
def test_every_case_keeps_the_schema(name):
    told = json.loads(rendered(document_of(load(name)), "json"))

    assert [error.message for error in Draft202012Validator(schema()).iter_errors(told)] == []


def test_a_document_with_a_wrong_time_does_not_keep_the_schema():
    told = json.loads(rendered(document_of(load("001")), "json"))
    told["timeline"][0]["time"]["precision"] = "about"

    assert not Draft202012Validator(schema()).is_valid(told)


@pytest.mark.parametrize("name", NAMES)
def test_a_document_read_back_renders_the_same_bytes_in_every_format(name):
    case = load(name)
    told = document_of(case)
    back = read_json(rendered(told, "json"))

    assert rendered(back, "json") == rendered(told, "json")
    for form in ("markdown", "html", "canvas", "svg"):
        assert rendered(back, form, case["template"]) == rendered(told, form, case["template"])


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema": "postmortem-document/2"}'])
def test_another_file_is_refused_in_words(text):
    with pytest.raises(NotADocument, match="The file is not"):
        read_json(text)
