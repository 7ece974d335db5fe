"""Catching up: only for the one who asks, and offered to who comes in."""

from tests.scenarios.workspace import PEOPLE, buttons, text_of


async def busy(slack):
    await slack.declare()
    await slack.command("ana", "role commander me")
    for number in range(1, 5):
        await slack.command("ana", f"update part {number} is done")
    await slack.command("ana", "note --marker failure nobody can pay")
    ts = await slack.say("chen", "the index is gone")
    await slack.react("chen", ts, "pushpin")
    await slack.command("ana", f"task roll back v41 <@{PEOPLE['chen']}>")


async def test_catching_up_tells_all_that_matters_and_nobody_else(slack):
    await busy(slack)
    before = len(await slack.messages(by_bot=True))
    answer = await slack.command("dana", "catchup")

    assert "INC-1" in answer
    assert "part 1" not in answer, "the last three updates"
    parts = (
        "part 2",
        "part 4",
        "FAILURE",
        "nobody can pay",
        "the index is gone",
        "roll back v41",
        "<@U0CHEN>",
        "<@U0ANA>",
    )
    assert all(part in answer for part in parts), answer
    assert len(await slack.messages(by_bot=True)) == before


async def test_catching_up_from_anywhere_by_the_incidents_name(slack):
    await busy(slack)
    assert "nobody can pay" in await slack.command("dana", "catch up INC-1", "C0GENERAL")


async def test_an_empty_incident_has_nothing_to_catch_up_on_and_says_so(slack):
    await slack.declare()
    answer = await slack.command("dana", "catchup")

    assert "none yet" in answer
    assert "nothing is on the timeline yet" in answer
    assert "Incident Commander*: nobody" in answer


async def test_who_comes_into_the_channel_is_offered_to_catch_up_and_nobody_else_sees_it(slack):
    await busy(slack)
    found = await slack.hands._get(f"messages/{slack.channel}", user=PEOPLE["fay"])
    offer = next(note for note in found["ephemeral"] if "Welcome" in text_of(note))
    assert [b["text"]["text"] for b in buttons(offer)] == ["Catch up"]
    assert not any("Welcome" in said for said in await slack.whispers("ana")), (
        "who declared has missed nothing"
    )

    await slack.click("fay", "Catch up", offer)
    assert any("nobody can pay" in said for said in await slack.whispers("fay"))
