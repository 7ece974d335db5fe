"""Many incidents at once on a Slack that enforces its limits: nothing is refused, nothing is lost, people go first."""

from bot.slack.pace import Pace
from sandbox.clock import VirtualClock
from tests.scenarios.workspace import START, config_of, text_of, workspace

INCIDENTS = 25


def pace_of(clock):
    def seconds():
        return (clock.now() - START).total_seconds()

    return Pace(seconds)


async def test_twenty_five_incidents_in_a_minute_stay_within_slacks_limits(tmp_path):
    clock = VirtualClock(START)
    async with workspace(
        tmp_path, clock=clock, config=config_of(rate_limits=True), pace=pace_of(clock)
    ) as slack:
        for number in range(INCIDENTS):
            assert f"INC-{number + 1}" in await slack.command("ana", f"declare fault {number}", "C0GENERAL")
            await slack.pass_time(seconds=2)
        for number in range(INCIDENTS):
            await slack.command("bea", f"INC-{number + 1} sev 1", "C0GENERAL")
        for _ in range(60):
            await slack.pass_time(seconds=6)

        refused = [c for c in await slack.calls() if c.get("error") == "ratelimited"]
        assert refused == []
        made = await slack.incident_channels()
        assert len(made) == INCIDENTS
        for channel in made:
            slack.channel = channel["id"]
            assert "*SEV1*" in text_of(await slack.banner())
            assert (await slack.topic()).startswith("SEV1")
            told = [text_of(m) for m in await slack.messages(by_bot=True)]
            assert len([text for text in told if " · fault " in text.splitlines()[0]]) == 1, "one banner"


async def test_a_flood_of_updates_is_posted_in_order_of_what_slack_takes(tmp_path):
    clock = VirtualClock(START)
    async with workspace(
        tmp_path, clock=clock, config=config_of(rate_limits=True), pace=pace_of(clock)
    ) as slack:
        await slack.declare("ana", "checkout is down")
        for number in range(30):
            await slack.command("ana", f"update step {number}")
        for _ in range(60):
            await slack.pass_time(seconds=2)

        assert [c for c in await slack.calls() if c.get("error") == "ratelimited"] == []
        said = [text_of(m) for m in await slack.messages(by_bot=True)]
        assert sum("Update ·" in text for text in said) == 30
