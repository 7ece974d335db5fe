"""Moments keep what was said about them; lengths are printed as people say them."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.times import Precision, Time, clock, format_duration, offset_name, parse_duration, zone_of

AT = datetime(2026, 1, 29, 14, 5, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_naive_moment_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="has no time zone"):
        Time.at(datetime(2026, 1, 29, 14, 5))
    with pytest.raises(ValueError, match="has no time zone"):
        Time(utc=AT, end_utc=datetime(2026, 1, 29, 14, 25))


def test_only_an_unknown_time_has_no_moment():
    with pytest.raises(ValueError, match="precision none"):
        Time(utc=None)
    with pytest.raises(ValueError, match="precision none"):
        Time(utc=AT, precision=Precision.NONE)


def test_every_moment_is_kept_in_utc():
    time = Time.at(datetime(2026, 1, 29, 15, 5, tzinfo=timezone(timedelta(hours=1))))
    assert time.utc is not None
    assert (time.utc.hour, time.utc.tzinfo) == (14, UTC)


@pytest.mark.parametrize(
    ("ts", "micros"), [("1736207085.539649", 539649), ("1736207085.000001", 1), ("1736207085", 0)]
)
def test_a_slack_ts_is_exact_to_the_microsecond(ts, micros):
    time = Time.from_slack_ts(ts)
    assert time.utc == datetime(2025, 1, 6, 23, 44, 45, micros, tzinfo=UTC)
    assert (time.precision, time.source) == (Precision.SECOND, "slack_ts")


@given(st.integers(0, 4_000_000_000), st.integers(0, 999_999))
def test_no_slack_ts_loses_a_microsecond(seconds, micros):
    moment = Time.from_slack_ts(f"{seconds}.{micros:06}").utc
    assert moment is not None
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    assert since // timedelta(microseconds=1) == seconds * 1_000_000 + micros


def test_times_sort_by_moment_then_coarser_first_and_unknown_last():
    unknown = Time(utc=None, precision=Precision.NONE)
    wanted = [Time.at(AT, p) for p in (Precision.DAY, Precision.HOUR, Precision.MINUTE, Precision.SECOND)]
    later = Time.at(AT + timedelta(seconds=1), Precision.DAY)
    assert sorted([unknown, later, *reversed(wanted)], key=lambda t: t.sort_key) == [*wanted, later, unknown]


@pytest.mark.parametrize(
    ("stated", "options", "face"),
    [
        ({}, {}, "14:05"),
        ({}, {"zone": BERLIN}, "15:05"),
        ({"precision": Precision.SECOND}, {}, "14:05"),
        ({"precision": Precision.SECOND}, {"seconds": True}, "14:05:30"),
        ({"utc": AT.replace(second=0)}, {"seconds": True}, "14:05"),
        ({"approx": True}, {}, "~14:05"),
        ({"precision": Precision.HOUR}, {}, "14 UTC"),
        ({"precision": Precision.HOUR}, {"zone": ZoneInfo("UTC")}, "14 UTC"),
        ({"precision": Precision.HOUR}, {"zone": BERLIN}, "15h (GMT+1)"),
        ({"precision": Precision.HOUR}, {"zone": ZoneInfo("Asia/Dubai")}, "18h (GMT+4)"),
        ({"precision": Precision.DAY}, {}, "2026-01-29"),
        ({"end_utc": AT + timedelta(minutes=20)}, {}, "14:05–14:25"),
        (
            {"precision": Precision.SECOND, "end_utc": AT + timedelta(seconds=105)},
            {"seconds": True},
            "14:05:30–14:07:15",
        ),
        ({"open_ended": True}, {}, "14:05 onward"),
        ({"utc": None, "precision": Precision.NONE}, {}, "—"),
        ({}, {"clock12": True}, "2:05 PM"),
    ],
)
def test_a_clock_face_says_no_more_than_was_known(stated, options, face):
    assert clock(Time(**{"utc": AT, **stated}), **options) == face


def test_a_date_is_printed_as_it_was_stated_wherever_it_is_read():
    stated = Time(utc=datetime(2026, 1, 28, 23, tzinfo=UTC), precision=Precision.DAY, tz="Europe/Berlin")
    assert clock(stated) == clock(stated, zone=ZoneInfo("America/New_York")) == "2026-01-29"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("UTC", "UTC"),
        ("Europe/Berlin", "GMT+1"),
        ("Asia/Kolkata", "GMT+5:30"),
        ("America/St_Johns", "GMT-3:30"),
    ],
)
def test_an_offset_is_named_the_same_everywhere(zone, name):
    assert offset_name(AT.astimezone(ZoneInfo(zone))) == name


def test_the_zone_of_a_time_is_found_again():
    assert zone_of("Europe/Berlin") == BERLIN
    assert zone_of("-03:30") == timezone(-timedelta(hours=3, minutes=30))


@given(st.none() | st.text())
def test_no_name_of_a_zone_raises(name):
    zone_of(name)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "unknown"),
        (0, "0 s"),
        (45, "45 s"),
        (135, "2 min 15 s"),
        (2820, "47 min"),
        (3599.7, "1 h"),
        (20280, "5 h 38 min"),
        (198600, "2 d 7 h 10 min"),
        (-60, "-1 min"),
        (-0.2, "0 s"),
    ],
)
def test_a_length_is_printed_as_people_say_it(seconds, text):
    assert format_duration(seconds) == text


def test_an_approximate_length_says_so_and_an_unknown_one_stays_unknown():
    assert format_duration(135, approx=True) == "~2 min 15 s"
    assert format_duration(None, approx=True) == "unknown"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30m", 1800),
        ("2h30m", 9000),
        ("45 min", 2700),
        ("1 d", 86400),
        ("90s", 90),
        ("1h, 5 min", 3900),
        ("1 hour and 5 minutes", 3900),
        ("1.5h", 5400),
        ("30 M", 1800),
        ("", None),
        ("and", None),
        ("30", None),
        ("soon", None),
        ("-5m", None),
        ("9" * 400 + "d", None),
    ],
)
def test_a_typed_length_is_read_or_is_none(text, seconds):
    assert parse_duration(text) == seconds


@given(st.text() | st.from_regex(r"(\d+(\.\d+)? ?[smhdw] ?)+", fullmatch=True))
def test_no_typed_length_raises(text):
    seconds = parse_duration(text)
    assert seconds is None or seconds >= 0


def test_an_hour_of_india_is_not_printed_as_another_hour_of_utc():
    hour = Time(utc=datetime(2026, 11, 18, 10, 30, tzinfo=UTC), precision=Precision.HOUR, tz="Asia/Kolkata")
    assert clock(hour) == "16h (GMT+5:30)"
