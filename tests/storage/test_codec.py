"""Every event comes back from JSON exactly as it was, and what a newer version wrote is not misread."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import events as e
from bot.domain.details import Due
from bot.domain.people import Person
from bot.domain.times import Precision, Time
from storage import codec

moments = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))
people = st.from_regex(r"[UW][A-Z0-9]{2,9}", fullmatch=True) | st.text(min_size=1)
stated = st.builds(
    Time,
    utc=moments,
    precision=st.sampled_from([p for p in Precision if p is not Precision.NONE]),
    approx=st.booleans(),
    raw=st.none() | st.text(),
    tz=st.none() | st.text(),
    end_utc=st.none() | moments,
    open_ended=st.booleans(),
    source=st.sampled_from(["slack_ts", "typed", "import", "derived"]),
)
times = stated | st.builds(Time, utc=st.none(), precision=st.just(Precision.NONE), raw=st.text())
values = (
    st.text()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.lists(st.text()).map(tuple)
    | times
)

st.register_type_strategy(Person, people.map(Person.of))
st.register_type_strategy(Time, times)
st.register_type_strategy(Due, st.builds(Due, at=st.none() | moments))

#: Where the annotation alone would make things that the domain never makes: naive moments, NaN.
FIELDS = {
    e.UpdatePosted: {"next_at": st.none() | moments},
    e.ActionSnoozed: {"until": moments},
    e.HandoffOffered: {"expires_at": moments},
    e.NudgesSnoozed: {"until": st.none() | moments},
    e.FieldSet: {"value": st.none() | values},
    e.ItemAdded: {"values": st.dictionaries(st.text(), values)},
    e.ItemChanged: {"values": st.dictionaries(st.text(), values)},
}


def through_json(event):
    kind, version, body = codec.encode(event)
    return codec.decode(kind, version, json.loads(json.dumps(body, allow_nan=False)))


def exactly(value):
    """A value in which True is not 1, and 1 is not 1.0."""
    if dataclasses.is_dataclass(value):
        return type(value), {f.name: exactly(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return dict, {key: exactly(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple, [exactly(each) for each in value]
    return type(value), value


@pytest.mark.parametrize("cls", get_args(e.Event), ids=lambda cls: cls.__name__)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_event_comes_back_as_it_was(cls, data):
    event = data.draw(st.builds(cls, **FIELDS.get(cls, {})))
    assert exactly(through_json(event)) == exactly(event)


@pytest.mark.parametrize(
    "value",
    [True, False, 1, 0, 1.0, 1e16, "1", "true", "", (), ("1",), "2026-03-05T09:00:00Z", 10**30,
     Time(utc=datetime(2026, 3, 5, tzinfo=UTC) + timedelta(microseconds=1))],
    ids=repr,
)  # fmt: skip
def test_values_that_look_alike_stay_apart(value):
    assert exactly(through_json(e.FieldSet(path="x", value=value)).value) == exactly(value)


def test_the_kind_is_the_name_of_the_class():
    kind, version, body = codec.encode(e.ChannelOpened(channel="C1", name="inc-1"))
    assert (kind, version, body) == (
        "channel_opened",
        1,
        {"channel": "C1", "name": "inc-1", "adopted": False},
    )


@pytest.mark.parametrize(("kind", "version"), [("coffee_made", 1), ("renamed", 2)])
def test_an_event_of_a_newer_version_is_said_to_be_one(kind, version):
    with pytest.raises(codec.UnknownEvent, match="newer Tocsin"):
        codec.decode(kind, version, {"title": "x"})


def test_an_old_version_is_lifted_step_by_step(monkeypatch):
    monkeypatch.setitem(codec.UPCASTERS, ("renamed", 1), lambda body: {"words": body["name"]})
    monkeypatch.setitem(codec.UPCASTERS, ("renamed", 2), lambda body: {"title": body["words"]})
    assert codec.decode("renamed", 1, {"name": "x"}) == e.Renamed(title="x")
    assert codec.encode(e.Renamed(title="x")) == ("renamed", 3, {"title": "x"})
