"""The same words in other people's zones: exact moments, precisions and approximations, also when clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.times import Precision, Time
from bot.language.reading import Ambiguous, NotUnderstood, Understood
from bot.language.spelled import spell
from bot.language.when import read_time

#: A Wednesday.
NOW = datetime(2026, 11, 18, 15, 30, 20, tzinfo=UTC)
ZONES = (
    "UTC",  # 15:30
    "Europe/Berlin",  # 16:30
    "America/New_York",  # 10:30
    "Asia/Kathmandu",  # 21:15
    "Australia/Sydney",  # 02:30 on Thursday
    "Pacific/Honolulu",  # 05:30
)


def read(text, zone="UTC", now=NOW, **more):
    return read_time(text, now=now, zone=ZoneInfo(zone), **more)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def understood(text, zone="UTC", **more):
    answer = read(text, zone, **more)
    assert isinstance(answer, Understood), answer
    return answer.time


GRID = [
    # text, precision, approx, and the moment in each of ZONES (day and time of November 2026)
    ("14:05", "minute", False, "18 14:05|18 13:05|17 19:05|18 08:20|18 03:05|18 00:05"),
    ("0654", "minute", False, "18 06:54|18 05:54|18 11:54|18 01:09|17 19:54|17 16:54"),
    ("2:05 PM", "minute", False, "18 14:05|18 13:05|17 19:05|18 08:20|18 03:05|18 00:05"),
    ("14:05:30", "second", False, "18 14:05:30|18 13:05:30|17 19:05:30|18 08:20:30|18 03:05:30|18 00:05:30"),
    ("6AM", "hour", False, "18 06:00|18 05:00|18 11:00|18 00:15|17 19:00|17 16:00"),
    ("12AM", "hour", False, "18 00:00|17 23:00|18 05:00|17 18:15|18 13:00|18 10:00"),
    ("12PM", "hour", False, "18 12:00|18 11:00|17 17:00|18 06:15|18 01:00|17 22:00"),
    ("12:30 AM", "minute", False, "18 00:30|17 23:30|18 05:30|17 18:45|18 13:30|18 10:30"),
    ("noon", "minute", False, "18 12:00|18 11:00|17 17:00|18 06:15|18 01:00|17 22:00"),
    ("14:??", "hour", False, "18 14:00|18 13:00|17 19:00|18 08:15|18 03:00|18 00:00"),
    ("~14:05", "minute", True, "18 14:05|18 13:05|17 19:05|18 08:20|18 03:05|18 00:05"),
    ("±05:20", "minute", True, "18 05:20|18 04:20|18 10:20|17 23:35|17 18:20|18 15:20"),
    ("around 6AM", "hour", True, "18 06:00|18 05:00|18 11:00|18 00:15|17 19:00|17 16:00"),
    ("yesterday 23:30", "minute", False, "17 23:30|17 22:30|18 04:30|17 17:45|18 12:30|18 09:30"),
    ("yesterday", "day", False, "17 00:00|16 23:00|17 05:00|16 18:15|17 13:00|17 10:00"),
    ("monday 09:00", "minute", False, "16 09:00|16 08:00|16 14:00|16 03:15|15 22:00|16 19:00"),
    ("2 days ago", "day", False, "16 00:00|15 23:00|16 05:00|15 18:15|16 13:00|16 10:00"),
    ("2026-11-10 08:15", "minute", False, "10 08:15|10 07:15|10 13:15|10 02:30|09 21:15|10 18:15"),
    ("10 Nov 8 AM", "hour", False, "10 08:00|10 07:00|10 13:00|10 02:15|09 21:00|10 18:00"),
    # The typist's zone does not matter where one is named, or where it is counted from now.
    ("16 UTC", "hour", False, "17 16:00|17 16:00|17 16:00|17 16:00|17 16:00|17 16:00"),
    ("14:05 UTC", "minute", False, "18 14:05|18 14:05|18 14:05|18 14:05|18 14:05|18 14:05"),
    ("14:05 CET", "minute", False, "18 13:05|18 13:05|18 13:05|18 13:05|18 13:05|18 13:05"),
    ("9:05 PM GMT+1", "minute", False, "17 20:05|17 20:05|17 20:05|17 20:05|17 20:05|17 20:05"),
    ("18 Nov 14:05 +0530", "minute", False, "18 08:35|18 08:35|18 08:35|18 08:35|18 08:35|18 08:35"),
    ("9:05 America/New_York", "minute", False, "18 14:05|18 14:05|18 14:05|18 14:05|18 14:05|18 14:05"),
    ("10 min ago", "minute", False, "18 15:20|18 15:20|18 15:20|18 15:20|18 15:20|18 15:20"),
    ("2 hours ago", "minute", True, "18 13:30|18 13:30|18 13:30|18 13:30|18 13:30|18 13:30"),
    ("20s ago", "second", False, "18 15:30|18 15:30|18 15:30|18 15:30|18 15:30|18 15:30"),
]
CELLS = [
    (text, zone, precision, approx, f"2026-11-{moment}")
    for text, precision, approx, row in GRID
    for zone, moment in zip(ZONES, row.split("|"), strict=True)
]


def test_the_table_is_large_enough_to_mean_something():
    assert len(CELLS) >= 150


@pytest.mark.parametrize(("text", "zone", "precision", "approx", "moment"), CELLS)
def test_words_mean_their_moment_in_the_zone_of_their_writer(text, zone, precision, approx, moment):
    time = understood(text, zone)
    assert (time.utc, time.precision.value, time.approx) == (utc(moment), precision, approx)
    assert time.raw == text


SUMMER = datetime(2026, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "now", "moment"),
    [
        (
            "2026-07-10 14:05",
            "Europe/Berlin",
            NOW,
            "2026-07-10 12:05",
        ),  # summer time on that date, not today's
        ("2026-01-10 14:05", "Europe/Berlin", SUMMER, "2026-01-10 13:05"),
        ("10 Jul 14:05 CET", "Europe/Berlin", SUMMER, "2026-07-10 13:05"),  # as written, also out of season
        ("10 Jul 14:05 CEST", "UTC", SUMMER, "2026-07-10 12:05"),
        ("10 Jul 14:05 ET", "UTC", SUMMER, "2026-07-10 18:05"),
        ("10 Jan 14:05 ET", "UTC", SUMMER, "2026-01-10 19:05"),
        ("10 Jul 4pm PST", "UTC", SUMMER, "2026-07-11 00:00"),
        ("2026-10-25 01:59", "Europe/Berlin", NOW, "2026-10-24 23:59"),
        ("2026-10-25 03:00", "Europe/Berlin", NOW, "2026-10-25 02:00"),
        ("2026-03-29 01:59", "Europe/Berlin", NOW, "2026-03-29 00:59"),
        ("2026-03-29 03:00", "Europe/Berlin", NOW, "2026-03-29 01:00"),
        ("2026-10-25 02:30 CEST", "Europe/Berlin", NOW, "2026-10-25 00:30"),
        ("2026-10-25 02:30 +01:00", "Europe/Berlin", NOW, "2026-10-25 01:30"),
        ("2026-10-04 01:45", "Australia/Lord_Howe", NOW, "2026-10-03 15:15"),  # half an hour of summer time
        ("20260129 14:05", "UTC", NOW, "2026-01-29 14:05"),
        ("20260129T140530Z", "Europe/Berlin", NOW, "2026-01-29 14:05:30"),
        ("2026/11/17 14:05:01", "UTC", NOW, "2026-11-17 14:05:01"),
        ("18/Nov/2026:14:05:01 +0100", "UTC", NOW, "2026-11-18 13:05:01"),
        ("1795007101", "Europe/Berlin", NOW, "2026-11-18 13:05:01"),
        ("1795007101.250", "Europe/Berlin", NOW, "2026-11-18 13:05:01.250"),
        ("1795007101250", "Europe/Berlin", NOW, "2026-11-18 13:05:01.250"),
        ("day before yesterday 14:05", "UTC", NOW, "2026-11-16 14:05"),
        ("this morning 9:05", "Europe/Berlin", NOW, "2026-11-18 08:05"),
        ("14:05 local time", "America/New_York", NOW, "2026-11-17 19:05"),
        ("14:05 my time", "Europe/Berlin", NOW, "2026-11-18 13:05"),
    ],
)
def test_seasons_and_other_ways_of_writing(text, zone, now, moment):
    assert understood(text, zone, now=now).utc == utc(moment)


@pytest.mark.parametrize(
    ("text", "zone", "start", "end"),
    [
        ("14:00-14:25", "Europe/Berlin", "2026-11-18 13:00", "2026-11-18 13:25"),
        ("between 23:00 and 23:30", "America/New_York", "2026-11-18 04:00", "2026-11-18 04:30"),
        ("18 Oct 23:50 to 19 Oct 00:10 UTC", "Europe/Berlin", "2026-10-18 23:50", "2026-10-19 00:10"),
        ("2026-10-18 16:00 - 2026-10-20 17:00", "UTC", "2026-10-18 16:00", "2026-10-20 17:00"),
        ("16-17 UTC", "Europe/Berlin", "2026-11-17 16:00", "2026-11-17 17:00"),
        ("14:00 until now", "UTC", "2026-11-18 14:00", "2026-11-18 15:30:20"),
        ("2026-10-24 22:00 to 2026-10-25 04:00", "Europe/Berlin", "2026-10-24 20:00", "2026-10-25 03:00"),
        ("18 Oct - 20 Oct", "UTC", "2026-10-18 00:00", "2026-10-20 00:00"),
        ("2026-01-29 23:50-00:10", "Asia/Kathmandu", "2026-01-29 18:05", "2026-01-29 18:25"),
    ],
)
def test_a_range_has_the_ends_that_were_meant(text, zone, start, end):
    time = understood(text, zone)
    assert (time.utc, time.end_utc) == (utc(start), utc(end))


@pytest.mark.parametrize(
    ("text", "zone", "why", "offers"),
    [
        ("2026-10-25 02:30", "Europe/Berlin", "was twice", ["2026-10-25 00:30 UTC", "2026-10-25 01:30 UTC"]),
        ("2026-03-29 02:30", "Europe/Berlin", "never was", ["2026-03-29 00:30 UTC", "2026-03-29 01:30 UTC"]),
        (
            "2026-04-05 01:45",
            "Australia/Lord_Howe",
            "was twice",
            ["2026-04-04 14:45 UTC", "2026-04-04 15:15 UTC"],
        ),
        ("070223", "UTC", "more than one", ["2023-02-07 UTC", "2023-07-02 UTC", "2007-02-23 UTC"]),
        ("03/04/2026 14:00", "UTC", "more than one", ["2026-04-03 14:00 UTC", "2026-03-04 14:00 UTC"]),
        (
            "03/04/2026 14:00-14:25",
            "Europe/Berlin",
            "more than one",
            ["2026-04-03 12:00-12:25 UTC", "2026-03-04 13:00-13:25 UTC"],
        ),
        ("02/03 14:05", "UTC", "more than one", ["2026-03-02 14:05 UTC", "2026-02-03 14:05 UTC"]),
        ("11/12 at 2 PM", "UTC", "more than one", ["2025-12-11 14 UTC", "2026-11-12 14 UTC"]),
        ("~03/04/26 2 PM", "UTC", "more than one", ["~2026-04-03 14 UTC", "~2026-03-04 14 UTC"]),
        (
            "2026-10-25 01:30 to 02:15",
            "Europe/Berlin",
            "more than one",
            ["2026-10-24 23:30 to 2026-10-25 00:15 UTC", "2026-10-24 23:30 to 2026-10-25 01:15 UTC"],
        ),
    ],
)
def test_what_has_several_readings_is_asked_with_all_of_them(text, zone, why, offers):
    answer = read(text, zone)
    assert isinstance(answer, Ambiguous), answer
    assert why in answer.why
    assert [reading.label for reading in answer.readings] == offers
    for reading in answer.readings:
        again = understood(reading.label, zone)
        first = reading.time
        assert (again.utc, again.end_utc, again.approx) == (first.utc, first.end_utc, first.approx)


@pytest.mark.parametrize(
    ("text", "moment"), [("17/11 14:05", "2026-11-17 14:05"), ("11/17, 14:05", "2026-11-17 14:05")]
)
def test_a_day_and_month_that_can_be_read_one_way_only_need_no_year(text, moment):
    assert understood(text).utc == utc(moment)


@pytest.mark.parametrize("text", ["31/31 14:05", "3/4", "3/4 of the nodes"])
def test_other_digits_with_a_slash_are_no_date(text):
    assert isinstance(read(text), NotUnderstood)


def test_before_the_clock_is_set_back_the_second_of_the_hours_has_not_come_yet():
    once = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert understood("02:30", "Europe/Berlin", now=once).utc == utc("2026-10-25 00:30")


class TestLongBeforeTheDeclaration:
    DECLARED = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)

    def test_it_is_asked_about(self):
        answer = read("2026-10-01 14:05", declared=self.DECLARED)
        assert isinstance(answer, Ambiguous)
        assert [reading.label for reading in answer.readings] == ["2026-10-01 14:05 UTC"]
        assert answer.why == "is 47 days before the incident was declared (2026-11-18)."

    def test_thirty_days_are_not_long(self):
        assert understood("2026-10-19 14:05", declared=self.DECLARED).utc == utc("2026-10-19 14:05")

    def test_a_question_of_its_own_is_enough(self):
        answer = read("03/04/2026 14:00", declared=self.DECLARED)
        assert isinstance(answer, Ambiguous)
        assert len(answer.readings) == 2


class TestPrecisionIsNeverInvented:
    def test_minutes_ago_have_no_seconds(self):
        assert understood("10 min ago").utc == utc("2026-11-18 15:20")

    def test_days_ago_are_a_date(self):
        assert understood("3 days ago", "Australia/Sydney").precision is Precision.DAY

    def test_an_hour_alone_is_an_hour(self):
        assert spell(understood("18 Oct 16 UTC")) == "2026-10-18 16 UTC"

    def test_an_hour_of_kathmandu_is_spelled_in_its_own_offset(self):
        assert spell(understood("6AM", "Asia/Kathmandu")) == "2026-11-18 06 +05:45"

    def test_the_fraction_of_a_log_line_is_kept_for_the_order(self):
        assert understood("2026-01-29T14:30:45.123Z").utc == utc("2026-01-29 14:30:45.123")


MOMENTS = st.datetimes(
    min_value=datetime(2001, 1, 2), max_value=datetime(2026, 11, 15), timezones=st.just(UTC)
)
STATED = st.sampled_from(
    ["UTC", "+01:00", "-03:30", "+05:45", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]
)


@st.composite
def times(draw):
    """What people state, as the parser keeps it: nothing finer than its precision."""
    tz = draw(STATED)
    precision = draw(st.sampled_from([Precision.SECOND, Precision.MINUTE, Precision.HOUR, Precision.DAY]))
    zone = ZoneInfo(tz) if "/" in tz or tz == "UTC" else datetime.strptime(tz, "%z").tzinfo
    local = draw(MOMENTS).astimezone(zone).replace(microsecond=0)
    cut = {Precision.MINUTE: {"second": 0}, Precision.HOUR: {"second": 0, "minute": 0}}
    local = local.replace(**cut.get(precision, {}))
    if precision is Precision.DAY:
        local = local.replace(hour=0, minute=0, second=0)
    length = draw(st.none() | st.integers(1, 60))
    unit = {Precision.SECOND: "seconds", Precision.MINUTE: "minutes", Precision.HOUR: "hours"}.get(precision)
    start = local.astimezone(UTC)
    end = start + timedelta(**{unit: length}) if length and unit else None
    return Time(
        utc=start,
        precision=precision,
        approx=draw(st.booleans()),
        tz=tz,
        end_utc=end,
        open_ended=end is None and draw(st.booleans()),
    )


@given(times(), st.sampled_from(ZONES))
def test_what_it_prints_reads_back_as_the_same_time_for_everybody(time, zone):
    again = understood(spell(time), zone)
    assert (again.utc, again.precision, again.approx) == (time.utc, time.precision, time.approx)
    assert (again.end_utc, again.open_ended) == (time.end_utc, time.open_ended)


@given(st.text(max_size=40), st.sampled_from(ZONES), st.none() | st.just(NOW))
def test_no_text_raises_or_lands_in_the_future(text, zone, declared):
    answer = read(text, zone, declared=declared)
    assert isinstance(answer, Understood | Ambiguous | NotUnderstood)
    times = [answer.time] if isinstance(answer, Understood) else []
    times += [r.time for r in answer.readings] if isinstance(answer, Ambiguous) else []
    assert all(t.utc is None or t.utc <= NOW + timedelta(minutes=1) for t in times)
