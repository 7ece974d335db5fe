"""What docs/templates.md tells a team is true: its pack loads, its words and fields are printed, its settings exist."""

import re
from pathlib import Path

import pytest

from bot.documents.checking import check_pack
from bot.documents.custom_fields import custom_fields
from bot.documents.environment import Sandbox
from bot.documents.isolated import LIMITS
from bot.documents.outline import _KNOWN as SECTION_SETTINGS
from bot.documents.packs import _DISPLAY, _KNOWN, builtin, load_pack, pack_names
from bot.documents.renderer import PackRenderer
from bot.documents.samples import samples
from bot.domain import custom

PAGE = (Path(__file__).parents[2] / "docs/templates.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`(acme/[\w./]+)`\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    custom.declare(custom_fields([tmp_path]))
    yield tmp_path
    custom.declare(())


def test_its_pack_is_in_order(folder):
    assert len(FILES) == 5
    assert check_pack("acme", [folder]) == []


def test_its_pack_prints_what_the_page_promises(folder):
    renderer = PackRenderer([folder])
    told = renderer.render(samples()["full"], pack="acme", format="markdown").decode()

    for words in (
        "## What happened",
        "## Where",
        "Europe",
        "Trees hurt: **",
        "## Work that is left",
        "## Why it happened",
        "After the incident",
        "- [ ] Customers were told",
    ):
        assert words in told, words
    assert "## Conclusion" not in told
    assert "could not be rendered" not in told
    assert "Head of Operations" in renderer.markdown(samples()["bare"], "acme")


def test_it_names_every_pack_and_every_setting():
    assert [name for name in pack_names([builtin()]) if f"| `{name}` |" not in PAGE] == []
    settings = {*_KNOWN, *_DISPLAY, *SECTION_SETTINGS, "hidden_entries"} - {"name", "severity_scheme"}
    assert sorted(name for name in settings if f"`{name}`" not in PAGE) == []


def test_its_filters_and_limits_are_those_that_hold(folder):
    filters = Sandbox(None).filters
    named = re.findall(r"`(\w+)(?:\([^`]*\))?`", PAGE.partition("| Filter |")[2].partition("\n\n")[0])
    assert [name for name in named if name not in filters] == []
    said = f"{LIMITS.seconds} seconds, with {LIMITS.memory_bytes >> 30} GiB of memory and {LIMITS.output_bytes >> 20} MiB"
    assert said in PAGE


def test_its_fields_are_asked_for_when_it_says(folder):
    assert custom.asked_at(custom.Asked.DECLARE) == ("custom.region",)
    assert custom.asked_at(custom.Asked.DURING) == ("custom.war_room",)
    assert [field.path for field in load_pack("acme", [folder, builtin()]).fields] == [*custom.declared()]
