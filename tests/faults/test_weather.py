"""A whole incident in bad weather: afterwards people see, and the record holds, what they would without it.

Small scale; `make soak` has every weather in every shape, and longer.
"""

import asyncio

import pytest

from tests.databases import new_database
from tests.faults.crash import differences
from tests.faults.fleet import Shape, fleet
from tests.faults.postgres import postgres
from tests.faults.story import STORY, lived
from tests.faults.weather import Away, Deliveries, DiskFull, EachMethod, Kills, NightDown, Weather

pytestmark = pytest.mark.timeout(500)

AT_ONCE = 4
#: The acts that bring each kind of work: a channel, a record, a card, a reminder, files.
ACTS = tuple(act for act in STORY if act.name in {"declare", "talk", "task", "wait", "night", "resolve"})


async def after(shape, weather):
    async with fleet(shape) as bots:
        try:
            return await lived(bots, weather, ACTS), bots
        except AssertionError:
            print(weather.name, bots.logged()[-5000:])
            raise


async def expect_no_difference(tried):
    """Several at once: they mostly wait."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(shape, weather):
        async with slots:
            return await after(shape, weather)

    (expected, _), *outcomes = await asyncio.gather(*(one(*each) for each in [(Shape(), Weather()), *tried]))
    for (_, weather), (found, _) in zip(tried, outcomes, strict=True):
        assert weather.struck, f"{weather.name} never struck"
        assert found == expected, (weather.name, differences(expected, found))
    return [bots for _, bots in outcomes]


async def test_whatever_slack_the_disk_or_the_night_do_nothing_is_lost_and_nothing_doubled():
    hurried = Shape(call_timeout_s=1.0)
    await expect_no_difference(
        [
            (hurried, EachMethod("429", kind="ratelimited", value=1)),
            (hurried, EachMethod("done, but the answer is lost", kind="lost_answer")),
            (Shape(), Deliveries("tripled, late, out of order", duplicate=2, delay_ms=300, reorder=True)),
            (Shape(), DiskFull("disk full", length_s=1.0)),
            (Shape(), NightDown("nobody there all night")),
        ]
    )


async def test_two_bots_on_one_postgresql_are_as_one_while_they_and_the_database_come_and_go():
    with postgres() as server, new_database(server.url) as one, new_database(server.url) as two:
        bots = await expect_no_difference(
            [
                (Shape(bots=2, transport="http", database=one), Kills("bots killed in turn")),
                (Shape(bots=2, database=two), Deliveries("tripled, over two sockets", duplicate=2)),
            ]
        )
        assert all(bots[0].balancer.answered.values()), "the balancer gave work to each"
        with new_database(server.url) as three:
            away = Away("database away", server=server, length_s=2, acts=("talk", "task", "resolve"))
            await expect_no_difference([(Shape(bots=2, transport="http", database=three), away)])
