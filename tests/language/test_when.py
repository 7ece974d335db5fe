"""A typed time means what its writer meant, or is asked about, or is refused with a way on; it never raises."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.times import Precision, Time
from bot.language.reading import Ambiguous, NotUnderstood, Understood
from bot.language.spelled import echo
from bot.language.when import read_time

ZONES = {"utc": "UTC", "ber": "Europe/Berlin", "nyc": "America/New_York", "ist": "Asia/Kolkata"}
#: A Wednesday; 16:30 in Berlin, 10:30 in New York, 21:00 in Kolkata.
NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)


def read(text, zone="utc", now=NOW, **more):
    return read_time(text, now=now, zone=ZoneInfo(ZONES.get(zone, zone)), **more)


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


UNDERSTOOD = [
    # clocks, in the typist's zone
    ("14:05", "utc", "2026-11-18 14:05", "minute"),
    ("14:05", "ber", "2026-11-18 13:05", "minute"),
    ("14:05", "nyc", "2026-11-17 19:05", "minute"),
    ("14:05", "ist", "2026-11-18 08:35", "minute"),
    ("9:05", "utc", "2026-11-18 09:05", "minute"),
    ("14:05:30", "utc", "2026-11-18 14:05:30", "second"),
    ("14:05:30", "ber", "2026-11-18 13:05:30", "second"),
    ("0654", "utc", "2026-11-18 06:54", "minute"),
    ("0654", "ist", "2026-11-18 01:24", "minute"),
    ("2:05 PM", "utc", "2026-11-18 14:05", "minute"),
    ("2:05pm", "utc", "2026-11-18 14:05", "minute"),
    ("2:05 p.m.", "utc", "2026-11-18 14:05", "minute"),
    ("10:15 AM", "utc", "2026-11-18 10:15", "minute"),
    ("6AM", "utc", "2026-11-18 06:00", "hour"),
    ("12AM", "utc", "2026-11-18 00:00", "hour"),
    ("12PM", "utc", "2026-11-18 12:00", "hour"),
    ("12:30 AM", "utc", "2026-11-18 00:30", "minute"),
    ("12:30 PM", "utc", "2026-11-18 12:30", "minute"),
    ("14:??", "utc", "2026-11-18 14:00", "hour"),
    ("at 14:05", "utc", "2026-11-18 14:05", "minute"),
    ("23:50", "utc", "2026-11-17 23:50", "minute"),
    ("15:31", "utc", "2026-11-18 15:31", "minute"),
    ("15:32", "utc", "2026-11-17 15:32", "minute"),
    # zones in the text
    ("16 UTC", "ber", "2026-11-17 16:00", "hour"),
    ("12 UTC", "ber", "2026-11-18 12:00", "hour"),
    ("14:05 UTC", "ber", "2026-11-18 14:05", "minute"),
    ("14:05Z", "nyc", "2026-11-18 14:05", "minute"),
    ("14:05 GMT", "nyc", "2026-11-18 14:05", "minute"),
    ("14:05 GMT+1", "utc", "2026-11-18 13:05", "minute"),
    ("14:05 UTC+05:30", "utc", "2026-11-18 08:35", "minute"),
    ("09:05 UTC-5", "ber", "2026-11-18 14:05", "minute"),
    ("14:05 +0100", "utc", "2026-11-18 13:05", "minute"),
    ("14:05 +01:00", "utc", "2026-11-18 13:05", "minute"),
    ("14:05 CET", "nyc", "2026-11-18 13:05", "minute"),
    ("14:05 CEST", "nyc", "2026-11-18 12:05", "minute"),
    ("9:05 EST", "utc", "2026-11-18 14:05", "minute"),
    ("9:05 EDT", "utc", "2026-11-18 13:05", "minute"),
    ("6:05 PST", "utc", "2026-11-18 14:05", "minute"),
    ("6:05 PDT", "utc", "2026-11-18 13:05", "minute"),
    ("14:05 BST", "utc", "2026-11-18 13:05", "minute"),
    ("14:05 IST", "utc", "2026-11-18 08:35", "minute"),
    ("14:05 (UTC)", "ber", "2026-11-18 14:05", "minute"),
    ("14:05 Europe/Berlin", "utc", "2026-11-18 13:05", "minute"),
    ("9:05 america/new_york", "utc", "2026-11-18 14:05", "minute"),
    # days
    ("yesterday 23:30", "utc", "2026-11-17 23:30", "minute"),
    ("yesterday at 23:30", "utc", "2026-11-17 23:30", "minute"),
    ("23:30 yesterday", "utc", "2026-11-17 23:30", "minute"),
    ("yesterday 23:30", "ber", "2026-11-17 22:30", "minute"),
    ("yesterday 23:50 CET", "utc", "2026-11-17 22:50", "minute"),
    ("today 9:00", "utc", "2026-11-18 09:00", "minute"),
    ("today 9:00", "nyc", "2026-11-18 14:00", "minute"),
    ("monday 14:00", "utc", "2026-11-16 14:00", "minute"),
    ("Mon 14:00", "ber", "2026-11-16 13:00", "minute"),
    ("friday 14:00", "utc", "2026-11-13 14:00", "minute"),
    ("wednesday 9:00", "utc", "2026-11-18 09:00", "minute"),
    ("18 Oct 16 UTC", "nyc", "2026-10-18 16:00", "hour"),
    ("18 Oct 12AM UTC", "nyc", "2026-10-18 00:00", "hour"),
    ("18 Oct 14:05", "ber", "2026-10-18 12:05", "minute"),
    ("18th of October 14:05", "utc", "2026-10-18 14:05", "minute"),
    ("Oct 18 14:05", "utc", "2026-10-18 14:05", "minute"),
    ("14:05 18 Oct", "utc", "2026-10-18 14:05", "minute"),
    ("20 Dec 14:05", "utc", "2025-12-20 14:05", "minute"),
    ("Oct 18, 2023 4pm PST", "utc", "2023-10-19 00:00", "hour"),
    ("18 October 2023 14:05", "utc", "2023-10-18 14:05", "minute"),
    ("7 February 2023 06:54 UTC", "nyc", "2023-02-07 06:54", "minute"),
    ("2026-01-29 14:30", "utc", "2026-01-29 14:30", "minute"),
    ("2026-01-29 14:30", "nyc", "2026-01-29 19:30", "minute"),
    ("2026-07-29 14:30", "nyc", "2026-07-29 18:30", "minute"),
    ("2026-01-29 14:30:45", "utc", "2026-01-29 14:30:45", "second"),
    ("2026-01-29T14:30Z", "nyc", "2026-01-29 14:30", "minute"),
    ("2026-01-29T14:30:45Z", "nyc", "2026-01-29 14:30:45", "second"),
    ("2026-01-29T14:30:45.123Z", "nyc", "2026-01-29 14:30:45", "second"),
    ("2026-01-29T14:30:00+01:00", "nyc", "2026-01-29 13:30", "second"),
    ("2026-01-29T14:30:00-05:00", "ber", "2026-01-29 19:30", "second"),
    ("2026-01-29", "utc", "2026-01-29 00:00", "day"),
    ("2026-01-29", "ber", "2026-01-28 23:00", "day"),
    ("29 Jan", "utc", "2026-01-29 00:00", "day"),
    ("yesterday", "utc", "2026-11-17 00:00", "day"),
    ("29/01/2026 14:30", "utc", "2026-01-29 14:30", "minute"),
    ("01/29/2026 14:30", "utc", "2026-01-29 14:30", "minute"),
    ("05/05/2026 14:30", "utc", "2026-05-05 14:30", "minute"),
    ("last monday 14:00", "utc", "2026-11-16 14:00", "minute"),
    ("wednesday 23:00", "utc", "2026-11-11 23:00", "minute"),
    ("14:05 Oct 18", "utc", "2026-10-18 14:05", "minute"),
    # back from now
    ("-10m", "utc", "2026-11-18 15:20", "minute"),
    ("10 min ago", "nyc", "2026-11-18 15:20", "minute"),
    ("10m ago", "utc", "2026-11-18 15:20", "minute"),
    ("an hour ago", "utc", "2026-11-18 14:30", "minute"),
    ("half an hour ago", "utc", "2026-11-18 15:00", "minute"),
    ("2h30m ago", "utc", "2026-11-18 13:00", "minute"),
    # what phones and documents do to text
    ("  14:05  ", "utc", "2026-11-18 14:05", "minute"),
    ("“14:05”", "utc", "2026-11-18 14:05", "minute"),
    ("2:05\u00a0PM", "utc", "2026-11-18 14:05", "minute"),
    ("2:05\u202fPM", "utc", "2026-11-18 14:05", "minute"),
    ("\u221210m", "utc", "2026-11-18 15:20", "minute"),
    ("YESTERDAY 23:30", "utc", "2026-11-17 23:30", "minute"),
]


@pytest.mark.parametrize(("text", "zone", "utc", "precision"), UNDERSTOOD)
def test_a_time_is_read_as_people_mean_it(text, zone, utc, precision):
    answer = read(text, zone)
    assert isinstance(answer, Understood), answer
    assert answer.time.utc is not None
    assert answer.time.utc.replace(microsecond=0) == moment(utc)
    assert answer.time.precision == precision
    assert answer.time.raw == text.strip()


@pytest.mark.parametrize("text", ["now", "just now", "Now"])
def test_now_is_now(text):
    answer = read(text)
    assert isinstance(answer, Understood)
    assert answer.time.utc == NOW


@pytest.mark.parametrize(
    "text", ["~14:05", "about 14:05", "around 14:05", "±14:05", "≈14:05", "approx. 14:05"]
)
def test_an_approximate_time_stays_approximate(text):
    answer = read(text)
    assert isinstance(answer, Understood)
    assert (answer.time.utc, answer.time.approx) == (moment("2026-11-18 14:05"), True)


@pytest.mark.parametrize("text", ["?", "unknown", "Unknown"])
def test_an_unknown_time_has_no_moment(text):
    answer = read(text)
    assert isinstance(answer, Understood)
    assert (answer.time.utc, answer.time.precision) == (None, Precision.NONE)


@pytest.mark.parametrize(
    ("text", "zone", "start", "end"),
    [
        ("14:00-14:25", "utc", "2026-11-18 14:00", "2026-11-18 14:25"),
        ("14:00–14:25 GMT+1", "utc", "2026-11-18 13:00", "2026-11-18 13:25"),
        ("14:00 - 14:25", "ber", "2026-11-18 13:00", "2026-11-18 13:25"),
        ("14:00 to 14:25", "utc", "2026-11-18 14:00", "2026-11-18 14:25"),
        ("between 23:00 and 23:30", "utc", "2026-11-17 23:00", "2026-11-17 23:30"),
        ("from 14:00 to 14:25", "utc", "2026-11-18 14:00", "2026-11-18 14:25"),
        ("23:50-00:10", "utc", "2026-11-17 23:50", "2026-11-18 00:10"),
        ("yesterday 23:50-00:10", "utc", "2026-11-17 23:50", "2026-11-18 00:10"),
        ("1400-1425", "utc", "2026-11-18 14:00", "2026-11-18 14:25"),
        ("14:30:00-14:32:15", "utc", "2026-11-18 14:30", "2026-11-18 14:32:15"),
        ("18 Oct 14:00-14:25 UTC", "ber", "2026-10-18 14:00", "2026-10-18 14:25"),
        ("2026-01-29 14:00-14:25", "utc", "2026-01-29 14:00", "2026-01-29 14:25"),
    ],
)
def test_a_range_has_both_ends(text, zone, start, end):
    answer = read(text, zone)
    assert isinstance(answer, Understood), answer
    assert (answer.time.utc, answer.time.end_utc) == (moment(start), moment(end))


@pytest.mark.parametrize("text", ["09:41 onward", "09:41 onwards", "since 09:41"])
def test_an_open_time_has_no_end(text):
    answer = read(text)
    assert isinstance(answer, Understood)
    assert (answer.time.utc, answer.time.open_ended) == (moment("2026-11-18 09:41"), True)
    assert answer.time.end_utc is None


@pytest.mark.parametrize(
    ("text", "zone", "name"),
    [
        ("14:05", "ber", "Europe/Berlin"),
        ("14:05 GMT+1", "utc", "+01:00"),
        ("14:05 UTC", "ber", "UTC"),
        ("14:05 -0330", "utc", "-03:30"),
        ("9:05 America/New_York", "utc", "America/New_York"),
    ],
)
def test_the_zone_of_the_text_is_kept(text, zone, name):
    answer = read(text, zone)
    assert isinstance(answer, Understood), answer
    assert answer.time.tz == name


def test_an_abbreviation_that_several_places_share_is_the_typists_own_offset_or_the_most_common():
    answer = read("14:05 IST", "utc")
    assert isinstance(answer, Understood)
    assert answer.time.tz == "+05:30"


class TestNearAnIncident:
    LONG_AGO = datetime(2026, 10, 18, 16, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("text", "utc"),
        [
            ("14:05", "2026-10-18 14:05"),
            ("23:50", "2026-10-18 23:50"),
            ("02:00", "2026-10-19 02:00"),
            ("20 Oct 17 UTC", "2026-10-20 17:00"),
        ],
    )
    def test_a_bare_time_falls_next_to_it(self, text, utc):
        answer = read(text, near=self.LONG_AGO)
        assert isinstance(answer, Understood)
        assert answer.time.utc == moment(utc)

    def test_a_missing_year_is_the_incidents(self):
        answer = read("18 Oct 16 UTC", near=datetime(2023, 10, 20, 6, tzinfo=UTC))
        assert isinstance(answer, Understood)
        assert answer.time.utc == moment("2023-10-18 16:00")

    def test_an_incident_of_today_changes_nothing(self):
        answer = read("14:05", near=NOW - timedelta(hours=2))
        assert isinstance(answer, Understood)
        assert answer.time.utc == moment("2026-11-18 14:05")


class TestWhatCanBeReadInTwoWaysIsAsked:
    def utcs(self, answer):
        assert isinstance(answer, Ambiguous), answer
        return [reading.time.utc for reading in answer.readings]

    def test_six_digits(self):
        days = self.utcs(read("070223 06:54"))
        assert {moment("2023-02-07 06:54"), moment("2023-07-02 06:54")} <= set(days)

    def test_numbers_with_slashes_and_the_setting_only_sorts(self):
        dmy = self.utcs(read("03/04/2026 14:00"))
        mdy = self.utcs(read("03/04/2026 14:00", date_order="MDY"))
        assert dmy == [moment("2026-04-03 14:00"), moment("2026-03-04 14:00")]
        assert mdy == dmy[::-1]

    def test_a_clock_that_was_set_back_shows_both(self):
        after = datetime(2026, 10, 25, 12, tzinfo=UTC)
        assert self.utcs(read("02:30", "ber", now=after)) == [
            moment("2026-10-25 00:30"),
            moment("2026-10-25 01:30"),
        ]

    def test_a_clock_that_was_skipped_shows_both(self):
        after = datetime(2026, 3, 29, 12, tzinfo=UTC)
        assert self.utcs(read("02:30", "ber", now=after)) == [
            moment("2026-03-29 00:30"),
            moment("2026-03-29 01:30"),
        ]

    @pytest.mark.parametrize(
        ("text", "zone"), [("03/04/2026 14:00", "utc"), ("2026-10-25 02:30", "ber"), ("070223", "utc")]
    )
    def test_what_is_offered_can_be_typed_instead(self, text, zone):
        answer = read(text, zone)
        assert isinstance(answer, Ambiguous)
        for reading in answer.readings:
            again = read(reading.label, zone)
            assert isinstance(again, Understood), reading.label
            assert again.time.utc == reading.time.utc

    def test_a_reading_in_the_future_is_not_offered(self):
        answer = read("02/12/2026 14:00")
        assert isinstance(answer, Understood)
        assert answer.time.utc == moment("2026-02-12 14:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "soon",
        "banana",
        "may",
        "12",
        "25:00",
        "14:61",
        "14:05:61",
        "13:75 PM",
        "30 February 2026",
        "2026-13-01",
        "31/31/2026",
        "users report errors",
        "14:05 Mars/Olympus",
    ],
)
def test_what_is_no_time_is_refused_with_a_way_on(text):
    answer = read(text)
    assert isinstance(answer, NotUnderstood), answer
    assert answer.why
    assert answer.hint


@pytest.mark.parametrize("text", ["2026-12-01 14:00", "2027-01-01", "today 23:00", "18 Nov 2026 16:00 UTC"])
def test_what_has_not_happened_yet_is_refused(text):
    answer = read(text)
    assert isinstance(answer, NotUnderstood)
    assert "future" in answer.why


def test_a_minute_ahead_is_a_clock_that_runs_fast():
    answer = read("15:31")
    assert isinstance(answer, Understood)


ODD = [
    "-",
    "–",
    "~",
    "±",
    ":",
    "/",
    "99:99",
    "31 Feb",
    "0001-01-01",
    "9999-12-31",
    "999999999w",
    "24:00",
    "٣",
    "²",
    "İ",
]
WORDS = st.sampled_from([*sorted({word for text, *_ in UNDERSTOOD for word in text.split()}), *ODD])
TEXTS = st.text() | st.lists(WORDS, max_size=8).map(" ".join) | st.lists(WORDS, max_size=5).map("".join)


@given(TEXTS, st.sampled_from(sorted(ZONES)), st.none() | st.just(datetime(2023, 10, 18, tzinfo=UTC)))
def test_nothing_that_is_typed_raises(text, zone, near):
    answer = read(text, zone, near=near)
    assert isinstance(answer, Understood | Ambiguous | NotUnderstood)
    if isinstance(answer, Understood) and answer.time.utc:
        assert answer.time.utc <= NOW + timedelta(minutes=1)
        assert answer.time.raw == text.strip()


class TestNothingIsGuessedInSilence:
    def test_a_reading_of_a_date_is_labelled_with_the_date_that_was_typed(self):
        answer = read("070223", "ber")
        assert isinstance(answer, Ambiguous)
        assert not any("02-06" in r.label or "6 Feb" in r.label for r in answer.readings)

    def test_a_range_that_has_not_ended_is_refused(self):
        assert isinstance(read("2026-11-18 14:00-23:00"), NotUnderstood)

    def test_the_afternoon_of_an_end_is_its_starts_too(self):
        answer = read("2:00-2:25 PM")
        assert isinstance(answer, Understood)
        assert answer.time.utc == moment("2026-11-18 14:00")

    def test_six_digits_may_start_with_the_year(self):
        answer = read("260129 14:05")
        assert isinstance(answer, Understood)
        assert answer.time.utc == moment("2026-01-29 14:05")

    def test_an_hour_is_not_said_back_as_a_minute(self):
        hour = Time(utc=moment("2026-11-18 16:00"), precision=Precision.HOUR)
        assert "16:00" not in echo(hour, ZoneInfo("UTC"))

    def test_about_ten_minutes_ago_is_approximate(self):
        answer = read("~10 min ago")
        assert isinstance(answer, Understood)
        assert answer.time.approx

    def test_a_range_that_is_asked_about_keeps_its_end(self):
        answer = read("03/04/2026 14:00-14:25")
        assert isinstance(answer, Ambiguous)
        assert [r.time.end_utc for r in answer.readings] == [
            moment("2026-04-03 14:25"),
            moment("2026-03-04 14:25"),
        ]

    def test_a_morning_may_end_in_the_afternoon(self):
        answer = read("11:30-1:00 PM")
        assert isinstance(answer, Understood)
        assert (answer.time.utc, answer.time.end_utc) == (
            moment("2026-11-18 11:30"),
            moment("2026-11-18 13:00"),
        )

    def test_a_pasted_log_is_refused_at_once(self):
        assert isinstance(read("14:05 " * 10_000), NotUnderstood)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("14:00", "13:00 UTC (14:00 your time)"),
        ("yesterday 14:00", "2026-11-17 13:00 UTC (14:00 your time)"),
        ("yesterday 00:30", "2026-11-16 23:30 UTC (2026-11-17 00:30 your time)"),
        ("14:00:30", "13:00:30 UTC (14:00:30 your time)"),
        ("~14:00", "~13:00 UTC (~14:00 your time)"),
        ("12 UTC", "12h UTC (13h your time)"),
        ("2026-01-29", "2026-01-29"),
        ("?", "an unknown time"),
    ],
)
def test_a_reading_is_said_back(text, said):
    answer = read(text, "ber")
    assert isinstance(answer, Understood)
    assert echo(answer.time, ZoneInfo("Europe/Berlin"), now=NOW) == said
