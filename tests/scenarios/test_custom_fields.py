"""A team's own fields, declared in its pack: asked for when the pack says so, typed like any other, printed and exported."""

import json

import pytest

from tests.scenarios.workspace import text_of, workspace

FIELDS = """\
region: {label: Region, type: choice, choices: [eu, us], ask: declare}
war_room: {label: War room, type: text, ask: during}
cost_centre: {label: Cost centre, type: text, ask: close}
trees_hurt: {label: Trees hurt, type: number}
"""

pytestmark = pytest.mark.once


@pytest.fixture
async def slack(tmp_path):
    pack = tmp_path / "packs" / "ours"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("extends: default\ntitle: Ours\n")
    (pack / "fields.yaml").write_text(FIELDS)
    async with workspace(tmp_path, template_folders=[tmp_path / "packs"]) as made:
        yield made
    async with workspace(tmp_path):
        pass  # the next bot has none of them


def inputs(form):
    return {block["block_id"] for block in form["blocks"] if block["type"] == "input"}


async def test_each_is_asked_for_when_the_pack_says_so(slack):
    await slack.shortcut("ana", "declare_incident")
    assert "custom.region" in inputs(await slack.form("ana"))
    await slack.send("ana", {"title": "checkout is down", "custom.region": "eu"})
    slack.channel = (await slack.incident()).channel
    await slack.command("ana", "update")
    await slack.send("ana", {"text": "looking", "custom.war_room": "room 7"})
    await slack.command("ana", "resolve now")
    await slack.command("ana", "close")
    await slack.send("ana", {"custom.cost_centre": "4711"})
    await slack.command("ana", "postmortem custom")
    await slack.send("ana", {"custom.trees_hurt": "~12"})

    fields = (await slack.incident()).fields
    own = {path: value for path, value in fields.items() if path.startswith("custom.")}
    assert own == {
        "custom.region": "eu",
        "custom.war_room": "room 7",
        "custom.cost_centre": "4711",
        "custom.trees_hurt": 12,
    }


async def test_one_is_typed_by_its_name_and_stands_in_the_document_and_in_its_json(slack):
    await slack.declare()
    assert "none of the choices" in await slack.command("ana", "set region mars")
    await slack.command("ana", "set region us")
    await slack.command("ana", "set template ours")
    await slack.command("ana", "postmortem markdown json")

    files = await slack.files()
    assert "**Region:** us" in files["2026-11-18-inc-1-draft-r1.md"]
    assert json.loads(files["2026-11-18-inc-1-draft-r1.json"])["custom"]["region"] == "us"


async def test_the_review_has_a_section_for_them(slack):
    await slack.declare()
    await slack.command("ana", "postmortem")

    assert "Fields of your team" in text_of(await slack.form("ana"))
