"""What holds for every built-in pack: each field has a place, each case shows its facts, nothing missing is printed."""

import re

import pytest
from document_helpers import document, note, typed
from from_case import CASES, document_of, load
from grade import grade

from bot.documents.packs import builtin, load_pack, pack_names
from bot.documents.renderer import PackRenderer
from bot.domain import events as e
from bot.domain.fields import FIELDS, LISTS, FieldType
from bot.domain.vocabulary import DocumentStatus

PACKS = pack_names([builtin()])
NAMES = sorted(file.stem for file in CASES.glob("0*.json"))
RENDERER = PackRenderer()
WORDS = {FieldType.LINE, FieldType.TEXT, FieldType.LINES}
PUBLISHED = e.DocumentStatusChanged(status=DocumentStatus.PUBLISHED)


def word(path):
    return path.replace(".", "-").replace("_", "-")


def told_of(pack, *events):
    return RENDERER.markdown(document(*events), pack)


def test_the_six_packs_are_there():
    assert {
        "default",
        "narrative-7q",
        "ops-report-signed",
        "solo-notes",
        "rca-full",
        "customer-sla-report",
    } <= set(PACKS)


@pytest.mark.parametrize("pack", PACKS)
def test_every_field_and_list_has_a_place(pack):
    texts = {path: field for path, field in FIELDS.items() if field.type in WORDS}
    events = [
        e.FieldSet(path=path, value=(word(path),) if field.type is FieldType.LINES else word(path))
        for path, field in texts.items()
        if path not in {"doc.template", "doc.names"}
    ]
    events += [e.FieldSet(path="impact.revenue.amount", value=500)]
    for path, spec in LISTS.items():
        values = {
            c.name: word(f"{path}.{c.name}") for c in spec.columns if c.type in WORDS - {FieldType.LINES}
        }
        if path == "checklists":
            values["items"] = "[ ] checklists-items"
        if path == "sla":
            values |= {"budget": "20 min", "used_before": "5 min"}
        events.append(e.ItemAdded(path=path, item="1", values=values))
    told = told_of(pack, *events, note("E1", typed(1)))

    assert [
        path for path in texts if path not in {"doc.template", "doc.names"} and word(path) not in told
    ] == []
    lost = [
        f"{path}.{c.name}"
        for path, spec in LISTS.items()
        for c in spec.columns
        if c.type in WORDS - {FieldType.LINES} and path != "sla" and word(f"{path}.{c.name}") not in told
    ]
    assert lost == []


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("name", NAMES)
def test_a_case_shows_its_facts_in_every_pack(name, pack):
    case = load(name)
    if pack != case["template"]:
        for line in case["expected"].get("timeline", []):
            line["precision"] = line["precision"].replace(
                "second", "minute"
            )  # seconds are the pack's to show
    told = RENDERER.markdown(document_of(case), pack)

    assert [f"{kind}: {what}" for kind, found, what in grade(case, told) if not found] == []


@pytest.mark.parametrize("pack", PACKS)
def test_a_bare_incident_prints_no_word_of_the_machine(pack):
    told = told_of(pack) + told_of(pack, PUBLISHED)

    assert not re.search(r"\b(None|null|nan|NaN|Undefined|True|False)\b", told)
    assert "could not be rendered" not in told


@pytest.mark.parametrize("pack", PACKS)
def test_guidance_is_for_drafts(pack):
    guidance = [s.guidance for top in load_pack(pack, [builtin()]).sections for s in top.walk() if s.guidance]
    published = told_of(pack, PUBLISHED)

    assert [line for line in guidance if line in published] == []
    assert "Not filled in yet" not in published
