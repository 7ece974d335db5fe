"""The timeline as a picture: well-formed, the same bytes each time, honest about silences and about what it leaves out."""

import itertools
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from document_helpers import START, document, exact, note, typed
from from_case import CASES, document_of, load

from bot.documents.picture import MOST_NUMBERED, timeline_picture
from bot.documents.renderer import PackRenderer
from bot.documents.scale import scale
from bot.domain import events as e
from bot.domain.details import Severity
from bot.domain.times import Precision, Time
from bot.domain.vocabulary import Marker, Status, TimeName

NAMES = sorted(file.stem for file in CASES.glob("0*.json"))
SVG = "{http://www.w3.org/2000/svg}"


def words(svg):
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", NAMES)
def test_every_case_has_a_picture_that_is_xml_and_always_the_same(name):
    told = document_of(load(name))

    assert timeline_picture(told) == timeline_picture(told)
    assert words(timeline_picture(told))


def test_it_tells_phases_severity_status_and_entries():
    told = timeline_picture(
        document(
            e.TimeSet(which=TimeName.IMPACT_STARTED, time=typed(-10)),
            e.TimeSet(which=TimeName.DETECTED, time=typed(-4)),
            note("E1", typed(3), "rolled back", marker=Marker.RESTORED),
            e.StatusChanged(status=Status.MONITORING),
            note("E2", typed(30), "all is well"),
            e.StatusChanged(status=Status.RESOLVED, time=typed(30)),
            declared=e.Declared(title="Checkout", severity=Severity(level=2, label="SEV2")),
        )
    )
    shown = words(told)

    assert {"Phase", "Impact", "Severity", "Status", "SEV2", "rolled back", "restored"} <= set(shown)
    assert '<title id="timeline-title">Timeline of INC-7: Checkout</title>' in told
    assert "Phase: not yet detected, responding, watching the fix." in told


def test_what_people_wrote_stays_text():
    told = timeline_picture(
        document(note("E1", typed(1), '</text><script>alert("x")</script> \x00\ud83d & ]]>'))
    )

    assert "<script" not in told
    assert '</text><script>alert("x")</script> & ]]>' in words(told)


def test_of_many_entries_the_marked_ones_are_told_and_all_are_drawn():
    many = [note(f"E{n}", exact(n / 10), f"entry {n}") for n in range(500)]
    many[250] = note("E250", exact(25), "the turn", marker=Marker.RESTORED)
    told = timeline_picture(document(*many))

    assert "the turn" in words(told)
    assert len([w for w in words(told) if w.startswith("entry ") or w == "the turn"]) == MOST_NUMBERED
    assert f"500 entries, each a stroke on the axis; {MOST_NUMBERED} of them numbered" in words(told)
    # Strokes that fall on the same tenth of a point are one.
    assert told.count("v9") > 490
    assert len(told) < 40_000


def test_a_long_silence_is_shortened_and_named():
    told = timeline_picture(
        document(
            note("E1", typed(-3000), "deployed"),
            note("E2", typed(1), "reported"),
            note("E3", typed(9), "mended"),
        )
    )

    assert "2 d 2 h" in words(told)


def test_an_axis_keeps_the_order_of_moments():
    moments = [START + timedelta(minutes=m) for m in (0, 1, 5, 600, 601, 6000)]
    axis = scale(moments, 0, 1000)
    places = [axis.place(moment) for moment in moments]

    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] == pytest.approx(1000)
    assert all(b - a > 1 for a, b in itertools.pairwise(places))


def test_hidden_clock_times_are_not_in_the_picture():
    told = timeline_picture(
        document(
            note("E1", typed(0), "seen"),
            note("E2", typed(20), "mended"),
            e.FieldSet(path="doc.hide_clock_times", value=True),
        )
    )

    assert not [w for w in words(told) if re.search(r"\d\d:\d\d|UTC|2026", w)]


def test_without_any_time_there_is_no_picture():
    told = document(note("E1", Time(utc=None, precision=Precision.NONE)))
    told = told | {"times": {}, "timeline": [], "incident": told["incident"] | {"status_history": []}}

    assert timeline_picture(told) is None


def test_the_picture_stands_under_the_timeline_heading():
    page = PackRenderer().render(document(note("E1", typed(1))), pack="default", format="html").decode()

    assert re.search(r'<h2 id="timeline">Timeline</h2>\s*<figure class="timeline">\s*<svg', page)
