"""Slack's limits are kept by us: whoever waits for an answer goes first, and nobody waits for another method."""

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.pace import CHANNEL_BURST, PER_MINUTE, Pace, Rank
from sandbox.rates import PER_MINUTE as SLACKS


class Watch:
    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


def test_our_limits_are_never_above_slacks():
    assert {m: n for m, n in PER_MINUTE.items() if n > SLACKS.get(m, n)} == {}
    assert set(PER_MINUTE) <= set(SLACKS) | {"chat.postMessage"}


@given(st.lists(st.floats(0, 5), min_size=1, max_size=300))
def test_no_minute_holds_more_than_the_limit(gaps):
    watch = Watch()
    pace, made = Pace(watch), []
    for gap in gaps:
        watch.at += gap
        if pace.wait("chat.update", "C1", Rank.NEWS) == 0:
            made.append(watch.at)

    for start in made:
        assert sum(start <= at < start + 60 for at in made) <= SLACKS["chat.update"]


def test_upkeep_leaves_room_for_news_and_news_for_people():
    pace = Pace(Watch())

    def calls(rank):
        count = 0
        while pace.wait("users.info", None, rank) == 0:
            count += 1
        return count

    assert calls(Rank.UPKEEP) == 35
    assert calls(Rank.NEWS) == 10
    assert calls(Rank.PERSON) == 5


@given(st.floats(0, 90), st.integers(0, 150), st.sampled_from(Rank))
def test_as_many_go_as_it_says_are_free(passed, made, rank):
    watch = Watch()
    pace = Pace(watch)
    for n in range(made):
        pace.wait("chat.postMessage", f"D{n}", Rank.PERSON)
    watch.at += passed
    free = pace.free("chat.postMessage", rank)
    assert [pace.wait("chat.postMessage", f"E{n}", rank) for n in range(free)] == [0] * free
    assert pace.wait("chat.postMessage", "F", rank) > 0


def test_one_channels_flood_does_not_hold_up_another():
    pace = Pace(Watch())
    for _ in range(CHANNEL_BURST):
        assert pace.wait("chat.postMessage", "C1", Rank.PERSON) == 0

    assert pace.wait("chat.postMessage", "C1", Rank.PERSON) == 1.0
    assert pace.wait("chat.postMessage", "C2", Rank.PERSON) == 0


def test_after_the_wait_the_call_goes():
    watch = Watch()
    pace = Pace(watch)
    while (wait := pace.wait("pins.add", None, Rank.UPKEEP)) == 0:
        pass
    watch.at += wait + 0.001

    assert pace.wait("pins.add", None, Rank.UPKEEP) == 0


@given(st.integers(1, 20), st.lists(st.floats(0, 3), min_size=20, max_size=200))
def test_all_replicas_together_stay_below_the_limit_of_a_minute(replicas, gaps):
    watch = Watch()
    paces, made = [Pace(watch, replicas=replicas) for _ in range(replicas)], []
    for gap in gaps:
        watch.at += gap
        made += [watch.at for pace in paces if pace.wait("chat.update", "C1", Rank.UPKEEP) == 0]

    assert made, "each may call at all"
    for start in made:
        assert sum(start <= at < start + 60 for at in made) <= SLACKS["chat.update"]
