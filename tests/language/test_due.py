"""A due date is always ahead, in its owner's zone, by the wall clock; what cannot be read is refused."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.times import Precision
from bot.language.due import read_due
from bot.language.reading import Ambiguous, NotUnderstood, Understood

NEW_YORK = ZoneInfo("America/New_York")
#: A Wednesday, half past three in the afternoon of the owner.
NOW = datetime(2026, 11, 18, 15, 30, tzinfo=NEW_YORK)


def read(text, now=NOW, zone=NEW_YORK):
    return read_due(text, now=now.astimezone(UTC), zone=zone)


def wall(text, zone=NEW_YORK):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


DUE = [
    ("30m", "2026-11-18 16:00", "minute"),
    ("30 min", "2026-11-18 16:00", "minute"),
    ("in 30 minutes", "2026-11-18 16:00", "minute"),
    ("in 2 hours", "2026-11-18 17:30", "minute"),
    ("2h30m", "2026-11-18 18:00", "minute"),
    ("in an hour", "2026-11-18 16:30", "minute"),
    ("2d", "2026-11-20 15:30", "minute"),
    ("in 3 days", "2026-11-21 15:30", "minute"),
    ("1w", "2026-11-25 15:30", "minute"),
    ("2 weeks", "2026-12-02 15:30", "minute"),
    # days are wall-clock days, also over the change of clocks in March
    ("in 130 days", "2027-03-28 15:30", "minute"),
    ("today", "2026-11-18 17:00", "day"),
    ("tomorrow", "2026-11-19 17:00", "day"),
    ("tomorrow 17:00", "2026-11-19 17:00", "minute"),
    ("tomorrow at 9am", "2026-11-19 09:00", "minute"),
    ("friday", "2026-11-20 17:00", "day"),
    ("by friday", "2026-11-20 17:00", "day"),
    ("Fri", "2026-11-20 17:00", "day"),
    ("this friday", "2026-11-20 17:00", "day"),
    ("next friday", "2026-11-27 17:00", "day"),
    ("next monday", "2026-11-23 17:00", "day"),
    ("monday", "2026-11-23 17:00", "day"),
    ("monday 9am", "2026-11-23 09:00", "minute"),
    ("monday at 09:30", "2026-11-23 09:30", "minute"),
    ("next friday 12:00", "2026-11-27 12:00", "minute"),
    ("2026-12-01", "2026-12-01 17:00", "day"),
    ("2026-12-01 12:00", "2026-12-01 12:00", "minute"),
    ("1 Dec", "2026-12-01 17:00", "day"),
    ("Dec 1", "2026-12-01 17:00", "day"),
    ("Dec 1 5pm", "2026-12-01 17:00", "minute"),
    ("1 December 2026", "2026-12-01 17:00", "day"),
    ("Jan 10", "2027-01-10 17:00", "day"),
    ("end of day", "2026-11-18 17:00", "day"),
    ("eod", "2026-11-18 17:00", "day"),
    ("EOD", "2026-11-18 17:00", "day"),
    ("eod friday", "2026-11-20 17:00", "day"),
    ("end of week", "2026-11-20 17:00", "day"),
    ("end of the week", "2026-11-20 17:00", "day"),
    ("eow", "2026-11-20 17:00", "day"),
    ("end of month", "2026-11-30 17:00", "day"),
    ("eom", "2026-11-30 17:00", "day"),
    ("17:00", "2026-11-18 17:00", "minute"),
    ("9:00", "2026-11-19 09:00", "minute"),
    ("5pm", "2026-11-18 17:00", "minute"),
    ("5pm PST", "2026-11-18 20:00", "minute"),
    ("tomorrow 17:00 UTC", "2026-11-19 12:00", "minute"),
    ("2026-12-01T14:00Z", "2026-12-01 09:00", "minute"),
    ("“tomorrow”", "2026-11-19 17:00", "day"),
    ("tomorrow\u00a017:00", "2026-11-19 17:00", "minute"),
]


@pytest.mark.parametrize(("text", "when", "precision"), DUE)
def test_a_due_date_is_read_as_people_mean_it(text, when, precision):
    answer = read(text)
    assert isinstance(answer, Understood), answer
    assert answer.time.utc == wall(when)
    assert answer.time.precision == precision


def test_next_week_is_a_day_of_next_week():
    answer = read("next week")
    assert isinstance(answer, Understood)
    assert answer.time.utc is not None
    assert wall("2026-11-23 00:00") < answer.time.utc < wall("2026-11-30 00:00")
    assert answer.time.precision is Precision.DAY


def test_the_zone_is_the_owners():
    berlin = ZoneInfo("Europe/Berlin")
    answer = read("tomorrow 17:00", zone=berlin)
    assert isinstance(answer, Understood)
    assert answer.time.utc == wall("2026-11-19 17:00", berlin)


def test_the_end_of_a_week_that_is_over_is_the_next_one():
    saturday = datetime(2026, 11, 21, 10, tzinfo=NEW_YORK)
    answer = read("end of week", now=saturday)
    assert isinstance(answer, Understood)
    assert answer.time.utc == wall("2026-11-27 17:00")


def test_hours_are_hours_also_over_a_change_of_clocks():
    answer = read("in 3 hours", now=datetime(2027, 3, 14, 1, 0, tzinfo=NEW_YORK))
    assert isinstance(answer, Understood)
    assert answer.time.utc == wall("2027-03-14 05:00")


def test_a_date_in_numbers_is_asked():
    answer = read("03/04/2027")
    assert isinstance(answer, Ambiguous)
    assert {r.time.utc for r in answer.readings} == {wall("2027-04-03 17:00"), wall("2027-03-04 17:00")}


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "17:00 yesterday",
        "2020-01-01",
        "10 min ago",
        "2026-11-18 15:00",
        "0m",
    ],
)
def test_what_is_past_is_refused(text):
    assert isinstance(read(text), NotUnderstood)


@pytest.mark.parametrize(
    "text", ["", "   ", "12", "may", "soon", "asap", "banana", "25:00", "30 Feb", "as early as possible"]
)
def test_what_is_no_date_is_refused_with_examples(text):
    answer = read(text)
    assert isinstance(answer, NotUnderstood), answer
    assert answer.why
    assert answer.hint


TYPED = (
    "in 30 minutes 2h30m 2d 1w",
    "tomorrow 17:00 UTC",
    "next friday 9am",
    "1 Dec 5pm PST",
    "eod end of week month",
)
ODD = ["-", "/", "12", "may", "99:99", "31 Feb", "9999-12-31", "99999999999d", "999999999w", "٣", "²", "İ"]
WORDS = st.sampled_from([*sorted({word for text in TYPED for word in text.split()}), *ODD])
TEXTS = (
    st.text(max_size=60)
    | st.lists(WORDS, max_size=6).map(" ".join)
    | st.lists(WORDS, max_size=4).map("".join)
)


@settings(deadline=None)  # the first text that needs dateparser pays for its import
@given(TEXTS)
def test_nothing_that_is_typed_raises_and_nothing_due_is_past(text):
    answer = read(text)
    assert isinstance(answer, Understood | Ambiguous | NotUnderstood)
    if isinstance(answer, Understood):
        assert answer.time.utc is not None
        assert answer.time.utc > NOW.astimezone(UTC)


class TestNothingIsGuessedInSilence:
    @pytest.mark.parametrize("text", ["next month", "monthly", "sundry"])
    def test_a_word_that_starts_like_a_weekday_is_none(self, text):
        answer = read(text)
        assert not isinstance(answer, Understood) or answer.time.utc > wall("2026-12-01 00:00")

    @pytest.mark.parametrize("text", ["friday eod", "tomorrow eod"])
    def test_the_end_of_the_day_may_come_last(self, text):
        assert isinstance(read(text), Understood)

    def test_what_was_typed_is_kept(self):
        answer = read("tomorrow 17:00")
        assert isinstance(answer, Understood)
        assert answer.time.raw == "tomorrow 17:00"

    def test_of_two_dates_the_past_one_is_not_offered(self):
        answer = read("11/12/2026")
        assert isinstance(answer, Understood)
        assert answer.time.utc == wall("2026-12-11 17:00")
