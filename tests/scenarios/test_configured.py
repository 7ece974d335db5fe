"""A workspace with ways of its own: ladder, words, roles, names and invitations, from the file to the channel."""

import pytest

from bot.config.policy import policy_of
from bot.config.reading import parse_config
from tests.scenarios.workspace import PEOPLE, text_of, workspace

FILE = """
naming: {prefix: case, channel: "{prefix}_{number}-{severity}-{title}"}
channels: {announce: C0ALERTS}
severities:
  scheme: colour
  levels:
    - {name: Red, definition: Everything stands still, aliases: [stop], emoji: red_circle}
    - {name: Amber, definition: It hurts, emoji: large_orange_circle}
    - {name: Green sheet, definition: A nuisance}
statuses: {identified: cause known}
roles:
  - {key: captain, label: Captain of the Watch, aliases: [cap], guide: Keep calm and say so.}
  - {key: hands, label: Hands, holders: many}
emoji: {receipt: eyes, tags: {fire: failure}}
invite:
  - {severity: [Red], groups: [S0ONCALL]}
  - {service: [checkout], people: [U0FAY]}
"""


@pytest.fixture
async def own(tmp_path):
    async with workspace(tmp_path, policy=policy_of(parse_config(FILE))) as made:
        yield made


async def members(slack):
    channel = next(c for c in (await slack.hands.state())["channels"] if c["id"] == slack.channel)
    return channel["members"]


async def test_a_ladder_of_its_own_is_typed_shown_and_printed(own):
    made = await own.declare("ana", "checkout is down --sev amber")
    assert made["name"] == "case_1-amber-checkout-is-down"
    assert ":large_orange_circle: *Amber*" in text_of(await own.banner())
    assert "Amber · triage" in await own.topic()
    (announced,) = [m for m in await own.messages("C0ALERTS", by_bot=True) if m.get("blocks")]
    assert "Amber" in text_of(announced)

    assert "is now Red" in await own.command("bea", "sev stop it is worse")
    assert "is now Green sheet" in await own.command("bea", "sev green sheet")
    refused = await own.command("bea", "sev 9")
    assert "there is no severity `9`" in refused
    assert "Red" in refused
    await own.command("bea", "resolve now")
    await own.command("bea", "close now")
    document = next(
        text for name, text in (await own.files()).items() if name.endswith(".md") and "draft" not in name
    )
    assert "Green sheet" in document
    assert "SEV" not in document


async def test_the_form_offers_the_ladder(own):
    await own.command("ana", "", "C0GENERAL")
    form = await own.form("ana")
    shown = [
        option["text"]["text"]
        for block in form["blocks"]
        for option in (block.get("element") or {}).get("options", ())
    ]
    assert [label for label in shown if label in {"Red", "Amber", "Green sheet", "SEV1"}] == [
        "Red",
        "Amber",
        "Green sheet",
    ]


async def test_a_status_is_called_as_the_workspace_calls_it(own):
    await own.declare()
    await own.command("ana", "status identified")
    assert "*cause known*" in text_of(await own.banner())
    assert "cause known" in await own.topic()


async def test_its_words_for_roles_and_statuses_are_used_wherever_people_read(own):
    await own.declare()
    assert "Captain of the Watch is now" in await own.command("ana", "role cap @bea")
    assert "is now cause known" in await own.command("ana", "status identified")
    for asked in ("status", "catchup"):
        said = await own.command("ana", asked)
        assert "cause known" in said
        assert "Captain of the Watch" in said
    assert "Captain of the Watch" in await own.command("ana", "roles")
    assert "cause known" in await own.command("ana", "list")

    await own.hands._post("open-home", user=PEOPLE["bea"])
    await own.settle()
    home = str((await own.hands._get(f"homes/{PEOPLE['bea']}"))["view"])
    assert "you are Captain of the Watch" in home
    assert "cause known" in home
    assert "Leave Captain of the Watch" in home

    await own.command("bea", "handoff @chen")
    _, asked = await own.dms("chen")
    assert any("take over as *Captain of the Watch*" in text_of(m) for m in asked)
    await own.command("bea", "resolve now")
    document = next(text for name, text in (await own.files()).items() if name.endswith(".md"))
    assert "Captain of the Watch" in document


async def test_roles_of_its_own_have_guides_and_may_be_held_by_many(own):
    await own.declare()
    await own.command("ana", "role cap @bea")
    _, letters = await own.dms("bea")
    assert any("Keep calm and say so." in text_of(m) for m in letters)

    for who in ("bea", "chen"):
        await own.command("ana", f"role hands @{who}")
    await own.command("ana", "role cap @dana")
    roles = (await own.incident()).roles
    assert [p.slack_id for p in roles["hands"]] == [PEOPLE["bea"], PEOPLE["chen"]]
    assert [p.slack_id for p in roles["captain"]] == [PEOPLE["dana"]]


async def test_an_emoji_of_its_own_tags_and_the_usual_ones_do_not(own):
    await own.declare()
    first, second = await own.say("bea", "smoke in the hall"), await own.say("bea", "still smoke")
    await own.react("bea", first, "fire")
    await own.react("bea", second, "pushpin")
    (entry,) = (await own.incident()).entries.values()
    assert (entry.message.ts, entry.details.marker) == (first, "failure")
    assert "eyes" in [r["name"] for m in await own.messages() if m["ts"] == first for r in m["reactions"]]


async def test_the_rules_invite_by_severity_and_by_service(own):
    await own.command("bea", "everything stands still --sev red", "C0GENERAL")
    own.channel = (await own.incident_channels())[0]["id"]
    assert {PEOPLE["ana"], PEOPLE["chen"], PEOPLE["bea"]} == set(await members(own)) & set(PEOPLE.values())

    await own.command("bea", "set services checkout", own.channel)
    assert PEOPLE["fay"] in await members(own)


async def test_nobody_is_invited_into_what_is_private(own):
    await own.command("bea", "everything stands still --sev red --private", "C0GENERAL")
    own.channel = (await own.incident_channels())[0]["id"]
    assert set(await members(own)) & set(PEOPLE.values()) == {PEOPLE["bea"]}
