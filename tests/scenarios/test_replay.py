"""The five written incidents through the whole bot: every timeline entry at its right time, whatever is delivered twice."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.replay.case import load
from bot.replay.play import play
from tests.cases.grade import grade
from tests.databases import new_database

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.json"))
#: The share of facts that a document must show, whatever the pack.
ENOUGH = 1.0

pytestmark = pytest.mark.once  # a case brings its own workspace


@pytest.mark.timeout(120)
@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
async def test_a_written_incident_ends_in_a_document_with_its_facts(path, twice, tmp_path):
    played = await play(load(path), database=f"sqlite:///{tmp_path}/a.db", out=tmp_path, twice=twice)

    assert [o for o in played.outcomes if o.problem and not o.unbuilt] == []
    case = json.loads(path.read_text())
    facts = grade(case, (tmp_path / "document.md").read_text())
    assert [what for kind, ok, what in facts if kind == "timeline" and not ok] == []
    assert sum(ok for _, ok, _ in facts) / len(facts) >= ENOUGH


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["100-midnight-month-end", "120-typed-every-way"])
async def test_on_postgresql_the_document_has_the_same_facts(name, server, tmp_path):
    path = next(case for case in CASES if case.stem == name)
    with new_database(server) as url:
        played = await play(load(path), database=url, out=tmp_path, twice=True)

    assert [o for o in played.outcomes if o.problem] == []
    facts = grade(json.loads(path.read_text()), (tmp_path / "document.md").read_text())
    assert [what for _, ok, what in facts if not ok] == []


@pytest.mark.timeout(120)
async def test_every_argument_of_the_format_is_played_in_every_shape(tmp_path):
    path = CASES[0].parent / "shapes/every-argument.json"
    played = await play(load(path), database=f"sqlite:///{tmp_path}/a.db", out=tmp_path)

    assert [(o.step.do, o.problem) for o in played.outcomes if o.problem] == []
    facts = grade(json.loads(path.read_text()), (tmp_path / "document.md").read_text())
    assert [(kind, what) for kind, ok, what in facts if not ok] == []


@pytest.mark.timeout(120)
async def test_a_case_names_its_severities_as_its_workspace_does(tmp_path):
    case = json.loads(CASES[4].read_text())
    case["steps"] = [s for s in case["steps"] if s["do"] in {"declare", "generate"}]
    case["steps"][0]["args"] |= {"severity": {"scheme": "word", "level": 3, "label": "Moderate"}}
    last = case["steps"][-1]
    worse = {"severity": {"scheme": "word", "level": 1, "label": "Sev-One"}, "reason": "all is down"}
    case["steps"].insert(1, {**last, "at": case["steps"][0]["at"], "do": "set_severity", "args": worse})
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case))
    played = await play(load(path), database=f"sqlite:///{tmp_path}/a.db", out=tmp_path, pack="default")

    assert [(o.step.do, o.problem) for o in played.outcomes if o.problem] == []
    assert "Moderate → Sev-One; all is down" in (tmp_path / "document.md").read_text()


@pytest.mark.timeout(120)
async def test_everything_twice_gives_the_same_bytes(tmp_path):
    for name, twice in (("once", False), ("twice", True)):
        out = tmp_path / name
        await play(load(CASES[0]), database=f"sqlite:///{tmp_path}/{name}.db", out=out, twice=twice)

    for name in ("document.md", "document.html", "document.json"):
        once, twice = ((tmp_path / run / name).read_text() for run in ("once", "twice"))
        assert without_port(once) == without_port(twice)


def without_port(text):
    """Permalinks name the sandbox's port, which is another one each time."""
    return re.sub(r"127\.0\.0\.1:\d+", "slack", text)


def test_the_command_line_names_what_was_not_built_and_the_unknown_pack(tmp_path):
    case = CASES[0]
    made = CliRunner().invoke(main, ["replay", str(case), "--out", str(tmp_path), "--pack", "no-such-pack"])

    assert made.exit_code == 0, made.output
    assert "41 of 41 steps played" in made.output
    assert "Pack 'no-such-pack' was not found" in (tmp_path / "document.md").read_text()


def test_a_refused_step_is_named_and_the_exit_code_is_1(tmp_path):
    case = json.loads(CASES[0].read_text())
    case["steps"] = [s for s in case["steps"] if s["do"] in {"message", "declare"}]
    last = case["steps"][-1]
    bad = {"which": "impact_start", "time": {"raw": "25 o'clock"}}
    case["steps"].append({**last, "n": 998, "do": "set_time", "args": bad})
    case["steps"].append({**last, "n": 999, "do": "send_flowers", "args": {}})
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case))
    made = CliRunner().invoke(main, ["replay", str(path), "--out", str(tmp_path / "out")])

    assert made.exit_code == 1
    assert "1 steps were refused" in made.output
    assert "send_flowers" in made.output
    assert "1 steps are not built yet" in made.output
    assert (tmp_path / "out/document.md").exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": "other/1"}', '{"schema": "postmortem-replay/1"}']
)
def test_a_file_that_is_no_case_is_refused_in_words(text, tmp_path):
    path = tmp_path / "case.json"
    path.write_text(text)
    made = CliRunner().invoke(main, ["replay", str(path), "--out", str(tmp_path / "out")])

    assert made.exit_code == 1
    assert "was not replayed" in made.output
