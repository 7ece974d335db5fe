"""Both ladders rung by rung, in the owner's own time, and what ends them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.app.policy import Policy
from bot.domain.working_time import WorkingTime
from sandbox.clock import VirtualClock
from tests.scenarios.workspace import ANNOUNCEMENTS, PEOPLE, START, config_of, text_of, workspace

BEA, CHEN = (f"<@{PEOPLE[name]}>" for name in ("bea", "chen"))
GROUP = "<!subteam^S0PLATFORM|@platform>"


@pytest.fixture
async def slack(slack):
    """Everybody's clock shows UTC, unless a test says otherwise."""
    await utc_clocks(slack)
    return slack


async def utc_clocks(slack):
    for who in PEOPLE:
        await zone(slack, who, "UTC")


async def zone(slack, who, name):
    await slack.hands._post("change-user", user=PEOPLE[who], tz=name)


async def until(slack, moment, *, who=(), every=timedelta(hours=1)):
    """Let time pass; returns when whom was told something, and what."""
    told = []
    counts = {name: len((await slack.dms(name))[1]) for name in who}
    while slack.clock.now() < moment:
        slack.clock.advance(min(every, moment - slack.clock.now()).total_seconds())
        await slack.settle()
        for name in who:
            _, dms = await slack.dms(name)
            told += [(slack.clock.now(), name, text_of(m)) for m in dms[counts[name] :]]
            counts[name] = len(dms)
    return told


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


async def test_every_rung_of_a_follow_up(slack):
    """Due on Wednesday a week ahead at 17:00: two days before, due, three digests, the commander, then the channel."""
    await slack.declare()
    await slack.command("ana", f"role commander {CHEN}")
    await slack.command("ana", f"followup write the playbook {BEA} due 2026-11-25 17:00")
    await slack.command("ana", "resolve now")
    await slack.command("ana", "close now")
    told = await until(slack, utc(2026, 12, 17, 12), who=("bea", "chen"))

    bea = [(at, text) for at, name, text in told if name == "bea" and "INC-1 A1" in text]
    assert [at for at, _ in bea] == [
        utc(2026, 11, 23, 17)
        + timedelta(hours=16),  # two days before, 17:00, is after work: the next morning
        utc(2026, 11, 25, 17) + timedelta(hours=16),
        utc(2026, 11, 27, 9),
        utc(2026, 11, 30, 9),
        utc(2026, 12, 3, 9),
        utc(2026, 12, 7, 9),
        utc(2026, 12, 10, 9),
        utc(2026, 12, 17, 9),
    ]
    assert "is due" in bea[0][1]
    assert "is overdue since" in bea[2][1]
    chen = [at for at, name, text in told if name == "chen" and "INC-1 A1" in text]
    assert chen == [utc(2026, 12, 7, 9), utc(2026, 12, 10, 9), utc(2026, 12, 17, 9)]
    said = [
        m for m in await slack.messages(by_bot=True) if "INC-1 A1" in text_of(m) and "overdue" in text_of(m)
    ]
    assert len(said) == 2
    assert BEA in text_of(said[0]), "the channel reads who owns it"


async def test_every_rung_of_a_task(slack):
    await slack.declare()
    await slack.command("ana", f"role commander {CHEN}")
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    told = await until(slack, START + timedelta(minutes=130), who=("bea", "chen"), every=timedelta(minutes=5))
    minutes = [
        (int((at - START).total_seconds() // 60), name) for at, name, text in told if "INC-1 A1" in text
    ]
    both = [(90, "bea"), (90, "chen"), (120, "bea"), (120, "chen")]
    assert minutes == [(30, "bea"), (50, "bea"), (60, "bea"), *both]


async def test_a_task_that_outlives_its_incident_becomes_patient(slack):
    await slack.declare()
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    await slack.pass_time(minutes=60)
    await slack.command("ana", "resolve now")
    told = await until(slack, START + timedelta(days=2), who=("bea",))
    assert [at for at, _, text in told if "INC-1 A1" in text] == [utc(2026, 11, 20, 9)]


@pytest.mark.parametrize(
    "ending", ["done A1", "cancel A1 because it is gone", "delete A1", "decline a false alarm"]
)
async def test_it_ends_with_a_decision(slack, ending):
    await slack.declare()
    await slack.command("ana", f"followup write the playbook {BEA} due 2d")
    await slack.command("ana", ending)
    told = await until(slack, START + timedelta(days=20), who=("bea",), every=timedelta(hours=12))
    assert not [text for _, _, text in told if "INC-1 A1" in text and "due" in text]


async def test_merging_ends_it_too(slack):
    await slack.declare()
    await slack.declare("ana", "checkout again --sev 2")
    await slack.command("ana", f"followup write the playbook {BEA} due 2d")
    await slack.command("ana", "duplicate INC-1")
    told = await until(slack, START + timedelta(days=9), who=("bea",), every=timedelta(hours=12))
    assert not [text for _, _, text in told if "INC-2 A1" in text and "due" in text]


async def test_everything_overdue_of_a_day_is_one_digest(slack):
    await slack.declare()
    for text, due in (
        ("one", "2026-11-19 11:00"),
        ("two", "2026-11-19 13:00"),
        ("three", "2026-11-19 15:30"),
    ):
        await slack.command("ana", f"followup {text} {BEA} due {due}")
    told = await until(slack, utc(2026, 11, 20, 16), who=("bea",), every=timedelta(minutes=30))
    day = [(at, text) for at, _, text in told if at.date() == date(2026, 11, 20)]
    assert day == []
    told = await until(slack, utc(2026, 11, 23, 12), who=("bea",))
    ((at, _, text),) = told
    assert at == utc(2026, 11, 23, 9), "Friday noon is over, so Monday morning"
    assert "3 things wait for you" in text
    assert all(f"A{n}" in text for n in (1, 2, 3))


async def test_a_digest_comes_in_the_owners_own_morning(slack):
    await zone(slack, "bea", "Asia/Kathmandu")
    await zone(slack, "chen", "America/New_York")
    await slack.declare()
    await slack.command("ana", f"followup one {BEA} due 2026-11-19 10:00")
    await slack.command("ana", f"followup two {CHEN} due 2026-11-19 10:00")
    told = await until(slack, utc(2026, 11, 20, 23), who=("bea", "chen"), every=timedelta(minutes=15))
    digests = {name: at for at, name, text in told if "overdue" in text}
    local = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Kathmandu"))
    assert digests["bea"] == local
    assert digests["chen"] == datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(("begins", "due"), [("2027-03-26", "2027-03-27"), ("2026-10-23", "2026-10-24")])
async def test_a_change_of_clocks_moves_no_morning(tmp_path, begins, due):
    """Berlin's clocks change in the night to Sunday; nine o'clock stays nine o'clock."""
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime.fromisoformat(f"{begins}T12:00:00+00:00")
    async with workspace(tmp_path, clock=VirtualClock(start)) as slack:
        await zone(slack, "bea", "Europe/Berlin")
        await slack.declare()
        await slack.command("ana", f"followup one {BEA} due {due} 10:00")
        told = await until(slack, start + timedelta(days=5), who=("bea",), every=timedelta(minutes=30))
        digests = [at.astimezone(berlin) for at, _, text in told if "overdue" in text]
        assert {(at.hour, at.minute) for at in digests} == {(9, 0)}


async def test_holidays_and_weekends_are_free(tmp_path):
    hours = WorkingTime(holidays=frozenset({date(2026, 11, 20), date(2026, 11, 23)}))
    policy = Policy(announce_in=ANNOUNCEMENTS, hours=hours)
    async with workspace(tmp_path, policy=policy) as slack:
        await utc_clocks(slack)
        await slack.declare()
        await slack.command("ana", f"followup one {BEA} due 2026-11-19 10:00")
        told = await until(slack, utc(2026, 11, 24, 12), who=("bea",))
        assert [at for at, _, text in told if "overdue" in text] == [utc(2026, 11, 24, 9)]


async def test_do_not_disturb_holds_all_back_but_a_sev1_task(slack):
    await slack.declare("ana", "everything is down --sev 1")
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    await slack.declare("ana", "search is slow --sev 3")
    await slack.command("ana", f"task clear the cache {BEA} due 1h")
    await slack.hands._post("quiet", user=PEOPLE["bea"], seconds=3 * 3600)
    told = await until(slack, START + timedelta(minutes=65), who=("bea",), every=timedelta(minutes=5))
    assert len([text for _, _, text in told if "INC-1 A1" in text]) == 3
    assert not [text for _, _, text in told if "INC-2 A1" in text]
    told = await until(slack, START + timedelta(minutes=185), who=("bea",), every=timedelta(minutes=5))
    late = [at for at, _, text in told if "INC-2 A1" in text]
    assert late == [START + timedelta(hours=3)], "one message when the quiet is over"


async def test_an_undated_item_is_not_forgotten(slack):
    await slack.declare()
    await slack.command("ana", f"followup write the playbook {BEA}")
    told = await until(slack, START + timedelta(days=16), who=("bea",), every=timedelta(hours=1))
    assert [at for at, _, text in told if "has no due date yet" in text] == [
        utc(2026, 11, 26, 9),
        utc(2026, 12, 3, 9),
    ]


async def test_nobodys_item_is_the_commanders(slack):
    await slack.declare()
    await slack.command("ana", f"role commander {CHEN}")
    await slack.command("ana", "task roll back v41 due 1h")
    told = await until(slack, START + timedelta(minutes=61), who=("chen",), every=timedelta(minutes=5))
    assert "Nobody owns it yet, so you are told" in told[0][2]


async def test_a_team_outside_slack_is_asked_through_the_commander(slack):
    await slack.declare()
    await slack.command("ana", 'task ring the vendor owner "Naxa team" due 1h')
    told = await until(slack, START + timedelta(minutes=31), who=("ana",), every=timedelta(minutes=5))
    assert "Naxa team is not in Slack, so you are told" in told[0][2]


async def test_an_address_of_somebody_in_slack_is_that_person(slack):
    await slack.hands._post("change-user", user=PEOPLE["bea"], email="bea@example.com")
    await slack.declare()
    await slack.command("ana", "task roll back v41 --owner bea@example.com --due 1h")
    (owner,) = (await slack.incident()).actions["A1"].details.owners
    assert owner.slack_id == PEOPLE["bea"]
    await slack.command("ana", "task call them --owner sales@vendor.example")
    (owner,) = (await slack.incident()).actions["A2"].details.owners
    assert owner.name == "sales@vendor.example"


@pytest.mark.parametrize("word", ["messages_tab_disabled", "user_disabled", "user_not_visible"])
async def test_whom_slack_does_not_reach_the_commander_hears_for(slack, word):
    await slack.declare()
    await slack.command("ana", f"role commander {CHEN}")
    await slack.hands._post("unreachable", user=PEOPLE["bea"], word=word)
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    _, dms = await slack.dms("chen")
    assert any("cannot be told" in text_of(m) and word in text_of(m) for m in dms)
    told = await until(slack, START + timedelta(minutes=31), who=("chen",), every=timedelta(minutes=5))
    assert f"{BEA} cannot be reached by direct message, so you are told" in told[0][2]


async def test_where_nobody_is_reached_the_channel_is_told(slack):
    await slack.declare()
    for name in ("ana", "bea"):
        await slack.hands._post("unreachable", user=PEOPLE[name], word="messages_tab_disabled")
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    await slack.pass_time(minutes=31)
    await slack.pass_time(minutes=1)
    await slack.pass_time(minutes=1)
    said = [text_of(m) for m in await slack.messages(by_bot=True)]
    assert any("INC-1 A1" in text and "cannot be reached" in text for text in said)


async def test_who_left_slack_is_not_asked_and_the_commander_is(slack):
    await slack.declare()
    await slack.command("ana", f"role commander {CHEN}")
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    await slack.hands._post("deactivate-user", user=PEOPLE["bea"])
    await slack.settle()
    told = await until(slack, START + timedelta(minutes=31), who=("chen",), every=timedelta(minutes=5))
    assert "cannot be reached by direct message" in told[0][2]


async def test_a_group_is_asked_in_the_channel(tmp_path):
    async with workspace(tmp_path, config=config_of()) as slack:
        await slack.declare()
        await slack.command("ana", f"task roll back v41 {GROUP} due 1h")
        said = [text_of(m) for m in await slack.messages(by_bot=True)]
        assert any("roll back v41" in text and "<!subteam^S0PLATFORM>" in text for text in said)
        await slack.pass_time(minutes=31)
        said = [text_of(m) for m in await slack.messages(by_bot=True)]
        assert any("INC-1 A1" in text and "is due" in text for text in said)


async def test_downtime_brings_one_message_for_many_items(slack):
    await slack.declare()
    for n in range(5):
        await slack.command("ana", f"task job {n} {BEA} due {60 + n}m")
    _, before = await slack.dms("bea")
    slack.clock.advance(8 * 3600)
    await slack.settle()
    _, after = await slack.dms("bea")
    (letter,) = after[len(before) :]
    assert "5 things wait for you" in text_of(letter)


async def test_a_clock_set_back_repeats_nothing(slack):
    await slack.declare()
    await slack.command("ana", f"task roll back v41 {BEA} due 1h")
    await slack.pass_time(minutes=31)
    slack.clock.advance(-1800)
    told = await until(slack, START + timedelta(minutes=49), who=("bea",), every=timedelta(minutes=5))
    assert told == []
    told = await until(slack, START + timedelta(minutes=52), who=("bea",), every=timedelta(minutes=1))
    assert len(told) == 1


async def test_ladders_are_configurable(tmp_path):
    policy = Policy(announce_in=ANNOUNCEMENTS)
    actions = replace(policy.rules.actions, task_before=(timedelta(minutes=5),))
    policy = replace(policy, rules=replace(policy.rules, actions=actions))
    async with workspace(tmp_path, policy=policy) as slack:
        await utc_clocks(slack)
        await slack.declare()
        await slack.command("ana", f"task roll back v41 {BEA} due 1h")
        told = await until(slack, START + timedelta(minutes=61), who=("bea",), every=timedelta(minutes=5))
        assert [(at - START) // timedelta(minutes=1) for at, _, _ in told] == [55, 60]
