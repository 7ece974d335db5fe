"""Nothing of the document model is out of reach: each field can be filled in Slack, is exported, and is printed by a pack."""

import json
from dataclasses import replace

import pytest

from bot.documents.markdown import value_at
from bot.documents.packs import builtin, pack_names
from bot.documents.printing import date_text
from bot.documents.renderer import PackRenderer
from bot.domain.fields import FIELDS, LISTS, FieldType
from bot.domain.sections import TIMES, sections
from bot.domain.vocabulary import TimeName
from bot.slack.ids import Action
from sandbox.config import Timing
from tests.scenarios.test_review import press
from tests.scenarios.workspace import PEOPLE, config_of, workspace

pytestmark = pytest.mark.once

#: What would change how everything else is printed.
SAID = {"doc.template": "default", "doc.names": "full", "doc.hide_clock_times": "no"}
#: What a person sets in another way than in a form of the review.
ELSEWHERE = {"times.declared", "times.closed"}


def word(path):
    return path.replace(".", "-").replace("_", "-").replace(":", "-")


def typed(path, kind, choices, number):
    """Something of its own for each field."""
    if path in SAID:
        return SAID[path]
    match kind:
        case FieldType.NUMBER:
            return str(201 + number)
        case FieldType.BOOL:
            return "yes"
        case FieldType.CHOICE:
            return choices[-1]
        case FieldType.DATE:
            return f"2026-{number % 9 + 1:02}-{number % 28 + 1:02}"
        case FieldType.TIME:
            return f"2026-11-18 13:{number % 60:02} UTC"
        case _:
            return word(path)


def inputs_of(part):
    """What a section's form is filled with, by its inputs."""
    filled = {}
    for path in part.paths:
        number = [*FIELDS].index(path) if path in FIELDS else 0
        if path in FIELDS and FIELDS[path].person:
            filled[f"{path}:names"] = word(path)
        elif path in FIELDS:
            filled[path] = typed(path, FIELDS[path].type, FIELDS[path].choices, number)
        elif path.startswith(TIMES):
            filled[path] = f"2026-11-18 13:{10 + list(TimeName).index(path.removeprefix(TIMES))} UTC"
    return filled


def row_of(spec):
    columns = {f"new1:{c.name}": c for c in spec.columns}
    return {
        f"{name}:names" if c.person else name: typed(f"{spec.path}.{c.name}", c.type, c.choices, at)
        for at, (name, c) in enumerate(columns.items())
        if f"{spec.path}.{c.name}"
        not in {"sla.budget", "sla.used_before", "sla.window_ref", "checklists.items"}
    } | {
        "sla": {"new1:budget": "20 min", "new1:used_before": "5 min", "new1:window_ref": "2026-11"},
        "checklists": {"new1:items": "[x] checklists-items"},
    }.get(spec.path, {})


async def close_all(slack):
    for view in reversed((await slack.hands._get("views", user=PEOPLE["ana"]))["views"]):
        await slack.hands._post("close-view", view_id=view["id"], user=PEOPLE["ana"])
    await slack.settle()


@pytest.fixture
async def slack(tmp_path):
    """Forms with all their fields take a busy machine longer than Slack would wait; that is no concern here."""
    async with workspace(tmp_path, config=replace(config_of(), timing=Timing(ack_s=60.0))) as made:
        yield made


@pytest.fixture
async def filled(slack):
    """An incident whose every section was filled in by its own form."""
    await slack.declare()
    for part in sections():
        fields = inputs_of(part)
        if fields:
            await slack.command("ana", f"postmortem {part.key}")
            await slack.send("ana", fields)
            await close_all(slack)
        for path in part.paths:
            if path in LISTS:
                await slack.command("ana", f"postmortem {part.key}")
                await press(slack, "ana", Action.LIST, list=path)
                await slack.send("ana", row_of(LISTS[path]))
                await close_all(slack)
    return await slack.incident()


@pytest.mark.timeout(120)
async def test_every_field_is_filled_in_slack_exported_and_printed(slack, filled):
    assert [path for path in FIELDS if path not in filled.fields] == []
    assert [name for name in TimeName if f"times.{name}" not in ELSEWHERE and name not in filled.times] == []
    unfilled = {
        f"{path}.{column.name}"
        for path, spec in LISTS.items()
        for column in spec.columns
        if column.name not in filled.lists[path][0].values
    }
    assert unfilled == set()

    await slack.command("ana", "postmortem json")
    (exported,) = [json.loads(text) for name, text in (await slack.files()).items() if name.endswith(".json")]
    document = exported.get("document", exported)
    lost = [path for path in FIELDS if value_at(document, path) in (None, [], "")]
    assert lost == []

    renderer, told = PackRenderer(), {}
    for pack in pack_names([builtin()]):
        told[pack] = renderer.render(document, pack=pack, format="markdown").decode()
    unprinted = {
        pack: [path for path, field in FIELDS.items() if not is_printed(field, filled.fields[path], text)]
        for pack, text in told.items()
    }
    assert {pack: paths for pack, paths in unprinted.items() if paths} == {}


def is_printed(field, value, text):
    """A yes, a choice and the pack itself are printed in words of their own: `test_documents_every_pack`."""
    if field.path in SAID or field.type in {FieldType.BOOL, FieldType.CHOICE, FieldType.TIME}:
        return True
    values = value if isinstance(value, tuple) else (value,)
    if field.type is FieldType.DATE:
        return any(face in text for face in (value, date_text(value, long=True)))
    return all(str(each) in text for each in values)
