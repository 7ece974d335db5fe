"""Wherever somebody acts, they are answered: in a closed incident, an archived channel, as a guest, outside."""

import pytest
from inline_snapshot import snapshot

from tests.scenarios.workspace import PEOPLE, Refused, text_of


async def test_a_closed_incident_still_takes_what_people_remember(slack):
    await slack.declare()
    await slack.command("ana", "close now")

    assert "T1 recorded" in await slack.command("bea", "note the cache was cold --at 14:00 UTC")
    assert "*A1* warm the cache" in await slack.command("bea", "followup warm the cache @bea due 2d")
    assert "Incident Commander is now" in await slack.command("bea", "role commander me")
    assert "INC-1" in await slack.command("bea", "catchup")
    assert (await slack.incident()).status.value == "closed"


async def test_for_an_archived_channel_everything_is_kept_and_the_person_told_what_is_missing(slack):
    await slack.declare()
    await slack.hands._post("archive", channel=slack.channel, user=PEOPLE["ana"])
    await slack.settle()

    for line in ("INC-1 update still fine", "INC-1 note late --at 14:01 UTC", "INC-1 role scribe @chen"):
        answer = await slack.command("ana", line, "C0GENERAL")
        assert "is archived, so nothing is shown there" in answer
        assert "choose to unarchive it" in answer
    assert "still fine" in await slack.command("ana", "INC-1 status", "C0GENERAL")


async def test_a_guest_runs_an_incident_where_they_were_invited(slack):
    await slack.declare()
    with pytest.raises(Refused, match="not_in_channel"):  # Slack itself lets guests act nowhere else
        await slack.command("eli", "status")
    await slack.hands._post("join", channel=slack.channel, user=PEOPLE["eli"], inviter=PEOPLE["ana"])
    await slack.settle()

    assert "Incident Commander is now <@U0ELI>" in await slack.command("eli", "role commander me")
    assert "the update is posted" in await slack.command("eli", "update looking --next 30m")
    assert "IC @Eli" in await slack.topic()


async def test_a_guest_who_is_given_a_role_but_cannot_be_invited_is_told_of_to_who_declared(slack):
    await slack.declare()
    slack.sandbox.faults.add("conversations.invite", "error", value="user_is_restricted", count=1)
    await slack.command("ana", f"role scribe <@{PEOPLE['eli']}>")

    _, dms = await slack.dms("ana")
    told = [text_of(message) for message in dms]
    assert [text for text in told if "<@U0ELI>" in text and "guest" in text], told


async def test_commands_with_no_incident_anywhere_say_how_to_declare_one(slack):
    for line in ("status", "update all is well", "resolve", "note x", "timeline", "catchup", "roles"):
        answer = await slack.command("bea", line, "C0GENERAL")
        assert "no incident is open" in answer, line
        assert "/incident checkout is down" in answer


async def test_what_stands_in_slack(slack):
    """Banner, topic, announcement and bookmark, as people see them."""
    await slack.declare("ana", "checkout is down --sev 2")
    await slack.command("ana", f"role commander <@{PEOPLE['bea']}>")
    await slack.command("bea", "update rolling back v41 --status identified --next 30m")
    await slack.command("bea", "task roll back v41 @chen due 30m")
    await slack.command("chen", "link https://status.example.com/42 status page")

    [channel] = await slack.incident_channels()
    announcement = (await slack.messages("C0INCIDENTS", by_bot=True))[0]
    assert text_of(await slack.banner()) == snapshot("""\
INC-1 · checkout is down
:dart: *identified* · *SEV2*
*Incident Commander*
<@U0BEA>
*Next update*
14:30 UTC
*Open action items*
1
*Last update* (<@U0BEA>, 14:00 UTC)
rolling back v41
<https://status.example.com/42|status page>
Declared by <@U0ANA> 2026-11-18 14:00 UTC (14:00 UTC)
since 2026-11-18 14:00 UTC (14:00 UTC)
Update
Roles
Action item
Timeline
Resolve
More…\
""")
    assert await slack.topic() == snapshot("SEV2 · identified · IC @Bea · next update 14:30 UTC")
    assert text_of(announcement) == snapshot("""\
INC-1 · checkout is down
:dart: *identified* · *SEV2*
*Incident Commander*
<@U0BEA>
*Next update*
14:30 UTC
*Open action items*
1
*Last update* (<@U0BEA>, 14:00 UTC)
rolling back v41
<https://status.example.com/42|status page>
Declared by <@U0ANA> 2026-11-18 14:00 UTC (14:00 UTC)
since 2026-11-18 14:00 UTC (14:00 UTC)
<#C000000001>\
""")
    assert [(mark["title"], mark["emoji"]) for mark in channel["bookmarks"]] == snapshot(
        [("INC-1 status", "")]
    )
