"""PDF, PNG and canvas: what people typed stays text, and Slack's limits are kept."""

import re

import pytest
from document_helpers import document, note, typed
from from_case import CASES, document_of, load

from bot.app.ports import MissingPart
from bot.documents import pdf
from bot.documents.canvas import MOST_CELLS, MOST_CHARACTERS, canvas_markdown
from bot.documents.pdf import render_pdf, typst_source
from bot.documents.renderer import PackRenderer
from bot.domain import events as e

NAMES = sorted(file.stem for file in CASES.glob("0*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_every_case_is_a_pdf_and_a_picture(name):
    told = document_of(load(name))
    renderer = PackRenderer()

    assert renderer.render(told, pack="default", format="pdf").startswith(b"%PDF-")
    assert renderer.render(told, pack="default", format="png").startswith(b"\x89PNG")


def test_the_same_markdown_gives_the_same_pdf():
    assert render_pdf("# A\n\nb\n") == render_pdf("# A\n\nb\n")


def test_nothing_that_people_typed_is_a_command_in_the_pdf():
    nasty = '#panic("x") $a$ ] [ \\ " #let `#raw` <label> @ref *b* 日本 مرحبا \x07'
    told = document(note("E1", typed(1), nasty), e.FieldSet(path="summary", value=nasty))
    source = typst_source(PackRenderer().markdown(told, "default"), None, [])

    assert '#panic(\\"x\\")' in source
    assert PackRenderer().render(told, pack="default", format="pdf").startswith(b"%PDF-")


def test_an_address_without_a_target_does_not_stop_the_pdf():
    assert render_pdf(
        "[a](#b) [c](<https://example.org/x y>) [](<https://example.org>) <https://a.b>\n\n---\n\n1. x\n   - y\n"
    )


def test_without_typst_it_says_how_to_get_it(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(pdf, "import_module", missing)

    with pytest.raises(MissingPart, match=re.escape("pip install 'tocsin[pdf]'")):
        PackRenderer().render(document(), pack="default", format="pdf")


@pytest.mark.parametrize("name", NAMES)
def test_a_canvas_has_no_html_no_deep_heading_and_no_large_table(name):
    told = PackRenderer().render(document_of(load(name)), pack="default", format="canvas").decode()

    assert not re.search(r"(?<!\\)<[a-z/]", re.sub(r"`[^`]*`", "", told))
    assert not re.search(r"^#{4}", told, re.MULTILINE)
    assert max(map(cells, tables(told)), default=0) <= MOST_CELLS


def tables(text):
    return re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)


def cells(table):
    return sum(len(re.findall(r"(?<!\\)\|", row)) - 1 for row in table.splitlines() if "---" not in row)


def test_a_long_table_is_split_and_each_part_has_the_head():
    rows = "\n".join(f"| {n} | b | c |" for n in range(250))
    told = canvas_markdown(f"| A | B | C |\n| --- | --- | --- |\n{rows}\n\nend\n")

    assert [cells(table) for table in tables(told)] == [300, 300, 159]
    assert told.count("| A | B | C |") == 3
    assert all(f"| {n} | b | c |" in told for n in range(250))
    assert told.endswith("\nend\n")


def test_what_does_not_fit_into_a_canvas_is_said():
    told = canvas_markdown("word " * 100 + "\n\n" + ("x" * 999 + "\n\n") * 1100)

    assert len(told) <= MOST_CHARACTERS
    assert told.endswith("_The rest is in the file: a canvas holds no more._\n")


def test_headings_links_and_breaks_become_the_canvas_own():
    told = canvas_markdown("##### Deep\n\n[a](<https://x.y/(z)>) <https://a.b/c> one<br>two `<br>`\n")

    assert told == "### Deep\n\n[a](https://x.y/%28z%29) [https://a.b/c](https://a.b/c) one two ` `\n"
