"""Pasted lines keep their time and their words, in whatever format they come; what cannot be read is said."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.intents import Context
from bot.language.loglines import MOST_LINES, read_log
from bot.language.zones import read_zone

CONTEXT = Context(
    now=datetime(2026, 11, 18, 15, 30, tzinfo=UTC),
    zone=ZoneInfo("Europe/Berlin"),
    by="U0ANA",
    severities=(),
    roles=(),
    declared=datetime(2026, 11, 18, 14, 0, tzinfo=UTC),
)


def read(text, zone=None, day=None):
    return read_log(text, CONTEXT, zone=read_zone(zone) if zone else None, day=day)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "moment", "words"),
    [
        ("2026-11-18T14:05:01Z pool exhausted", "2026-11-18 14:05:01", "pool exhausted"),
        ("2026-11-18T14:05:01.123456Z pool exhausted", "2026-11-18 14:05:01.123456", "pool exhausted"),
        ("2026-11-18T14:05:01+01:00 [WARN] slow", "2026-11-18 13:05:01", "[WARN] slow"),
        ("2026-11-18 14:05:01,250 ERROR db - timeout", "2026-11-18 14:05:01.250", "ERROR db - timeout"),
        ("[2026-11-18 14:05:01] pool exhausted", "2026-11-18 14:05:01", "pool exhausted"),
        ("2026/11/18 14:05:01 [error] 12#12: upstream", "2026-11-18 14:05:01", "[error] 12#12: upstream"),
        ("Nov 18 14:05:01 web-1 app[12]: killed", "2026-11-18 14:05:01", "web-1 app[12]: killed"),
        ("<34>Nov 18 14:05:01 web-1 su: failed", "2026-11-18 14:05:01", "web-1 su: failed"),
        (
            '10.0.0.1 - - [18/Nov/2026:14:05:01 +0000] "GET / HTTP/1.1" 502 17',
            "2026-11-18 14:05:01",
            '10.0.0.1 "GET / HTTP/1.1" 502 17',
        ),
        ("[14:05:01] pool exhausted", "2026-11-18 14:05:01", "pool exhausted"),
        ("14:05 users report errors", "2026-11-18 14:05", "users report errors"),
        ("14:05: users report errors", "2026-11-18 14:05", "users report errors"),
        ("14:05 - users report errors", "2026-11-18 14:05", "users report errors"),
        ("14:05 on call was paged", "2026-11-18 14:05", "on call was paged"),
        ("0654: no new signups", "2026-11-18 06:54", "no new signups"),
        ("2:05 PM users report errors", "2026-11-18 14:05", "users report errors"),
        ("[2:05 PM] ana: looking", "2026-11-18 14:05", "ana: looking"),
        ("- 14:05 CET users report errors", "2026-11-18 13:05", "users report errors"),
        ("| 14:05 | users report errors |", "2026-11-18 14:05", "users report errors"),
        ("18 Nov 12 UTC the pager rang", "2026-11-18 12:00", "the pager rang"),
        ("1795007101 deploy finished", "2026-11-18 13:05:01", "deploy finished"),
        ("1795007101.250 deploy finished", "2026-11-18 13:05:01.250", "deploy finished"),
        ("1795007101250 deploy finished", "2026-11-18 13:05:01.250", "deploy finished"),
        (
            "level=error ts=2026-11-18T14:05:01Z msg=down",
            "2026-11-18 14:05:01",
            "level=error ts=2026-11-18T14:05:01Z msg=down",
        ),
        ("2025-11-18 14:05 a year before", "2025-11-18 14:05", "a year before"),
    ],
)
def test_a_line_is_taken_apart(line, moment, words):
    found = read(line, "UTC")
    assert found.unread == ()
    (taken,) = found.lines
    assert (taken.time.utc, taken.text) == (utc(moment), words)
    assert taken.time.source == "import"


def test_the_chosen_zone_counts_where_a_line_names_none():
    assert read("14:05 a", "+05:30").lines[0].time.utc == utc("2026-11-18 08:35")
    assert read("14:05 UTC a", "+05:30").lines[0].time.utc == utc("2026-11-18 14:05")
    assert read("14:05 a").lines[0].time.utc == utc("2026-11-18 13:05"), "else the typist's own"


def test_lines_without_a_date_go_on_over_midnight():
    found = read("23:58 a\n23:59:30 b\n00:01 c\n07:00 d", "UTC", date(2026, 11, 2))
    assert [line.time.utc for line in found.lines] == [
        utc("2026-11-02 23:58"),
        utc("2026-11-02 23:59:30"),
        utc("2026-11-03 00:01"),
        utc("2026-11-03 07:00"),
    ]


def test_indented_lines_belong_to_the_line_above():
    found = read("14:05 Traceback\n    File app.py\n    ValueError: no\n14:06 next", "UTC")
    assert [line.text for line in found.lines] == ["Traceback\nFile app.py\nValueError: no", "next"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("users report errors", "does not begin with a time"),
        ("1400 users are affected", "does not begin with a time"),
        ("14:05", "nothing stands behind its time"),
        ("2026-11-19 14:05 tomorrow", "in the future"),
        ("03/04/2026 14:05 twice", "more than one way"),
        ("2026-10-25 02:30 twice", "was twice in Europe/Berlin"),
        ("26:05 no such hour", "does not begin with a time"),
    ],
)
def test_what_is_not_understood_is_named_with_its_line_and_why(line, why):
    found = read(f"14:00 first\n{line}")
    assert [taken.text for taken in found.lines] == ["first"]
    (unread,) = found.unread
    assert (unread.number, unread.text) == (2, line)
    assert why in unread.why


def test_too_many_lines_are_said_and_not_dropped_in_silence():
    found = read("14:05 line\n" * (MOST_LINES + 7), "UTC")
    assert len(found.lines) == MOST_LINES
    assert found.unread[0].text == "7 more lines"


LINES = st.lists(
    st.text(max_size=40) | st.sampled_from(["14:05 a", "[14:05", "| |", "1795007101", "  x"]), max_size=6
)


@given(LINES, st.sampled_from([None, "UTC", "+05:30"]), st.none() | st.just(date(2026, 3, 29)))
def test_nothing_pasted_raises_and_no_line_is_lost(lines, zone, day):
    text = "\n".join(lines)
    found = read(text, zone, day)
    given_ = [line for line in text.splitlines() if line.strip()]
    kept = sum(line.text.count("\n") + 1 for line in found.lines)
    assert kept + len(found.unread) == len(given_)
