"""HTML that needs nothing else, JSON with its schema, names that every disk takes."""

import json
import re

import pytest
from document_helpers import document, note, typed

from bot.documents.filename import filename
from bot.documents.html import render_html
from bot.documents.renderer import PackRenderer
from bot.domain import events as e


def html(*events, **more):
    return PackRenderer().render(document(*events, **more), pack="default", format="html").decode()


def test_the_page_stands_alone():
    told = html(note("E1", typed(1)))

    assert told.startswith("<!doctype html>")
    assert not re.search(r"<(script|link|img|iframe)\b|@import|url\(", told)
    assert "@media print" in told


def test_the_title_is_escaped_and_headings_are_in_the_contents():
    told = html(declared=e.Declared(title="</title><b> & `code`"))

    assert "<title>Postmortem: &lt;/title&gt;&lt;b&gt; &amp; code</title>" in told
    assert '<li class="h2"><a href="#timeline">Timeline</a></li>' in told
    assert '<h2 id="timeline">Timeline</h2>' in told


def test_the_same_heading_twice_has_two_anchors():
    told = render_html("# T\n\n## One\n\n## One\n\n## 日本\n")

    assert re.findall(r'<h2 id="([^"]+)"', told) == ["one", "one-1", "日本"]


def test_ticks_are_boxes_but_not_when_somebody_typed_them():
    told = render_html("- [x] done\n- [ ] open\n- \\[ \\] words\n")

    assert '<li class="done">☑ done</li>' in told
    assert '<li class="task">☐ open</li>' in told
    assert "<li>[ ] words</li>" in told


def test_a_line_break_in_a_cell_is_one_and_no_other_tag_is():
    told = render_html("| a |\n|---|\n| one<br>two <b>three</b> \\<br> |\n")

    assert "one<br />\ntwo &lt;b&gt;three&lt;/b&gt; &lt;br&gt;" in told


def test_json_tells_its_schema_and_leaves_out_what_is_not_known():
    told = json.loads(PackRenderer().render(document(), pack="default", format="json"))

    assert next(iter(told)) == "schema"
    assert told["schema"] == "postmortem-document/1"
    assert "impact" not in told["durations"]
    assert told["times"]["declared"]["utc"] == "2026-03-04T14:05:00Z"


def test_another_format_is_refused():
    with pytest.raises(ValueError, match="docx"):
        PackRenderer().render(document(), pack="default", format="docx")


def test_a_file_is_named_by_day_reference_and_title():
    assert filename(document(declared=e.Declared(title="Zahlung kaputt: Ü/ß €")), "markdown") == (
        "2026-03-04-inc-7-zahlung-kaputt-u.md"
    )
    assert filename(document(declared=e.Declared(title="日本")), "html") == "2026-03-04-inc-7.html"
