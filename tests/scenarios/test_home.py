"""App Home: what is open, what I hold and owe, and buttons that work from there."""

from tests.scenarios.workspace import PEOPLE, text_of


async def home(slack, who):
    await slack.hands._post("open-home", user=PEOPLE[who])
    await slack.settle()
    return (await slack.hands._get(f"homes/{PEOPLE[who]}"))["view"]


def buttons_of(view):
    return [e for block in view["blocks"] if block["type"] == "actions" for e in block["elements"]]


async def press(slack, who, word, view):
    button = next(b for b in buttons_of(view) if b["text"]["text"] == word)
    action = {"action_id": button["action_id"], "value": button.get("value")}
    await slack.hands._post("interact", user=PEOPLE[who], view_id=view["id"], action=action)
    await slack.settle()


async def test_declaring_from_home(slack):
    await press(slack, "bea", "Declare an incident", await home(slack, "bea"))
    await slack.send("bea", {"title": "checkout is down"})
    assert (await slack.incident()).declared_by == "U0BEA"


async def test_a_role_is_left_from_home_and_the_page_shows_it(slack):
    await slack.declare()
    await slack.command("bea", "role commander me")
    view = await home(slack, "bea")
    assert "you are Incident Commander" in text_of(view)

    await press(slack, "bea", "Leave Incident Commander", view)
    assert (await slack.incident()).roles == {}
    after = (await slack.hands._get(f"homes/{PEOPLE['bea']}"))["view"]
    assert "you are" not in text_of(after)


async def test_handing_over_from_home(slack):
    await slack.declare()
    await slack.command("bea", "role commander me")
    await press(slack, "bea", "Hand over Incident Commander", await home(slack, "bea"))
    await slack.send("bea", {"role": "commander", "how": "ask", "user": "U0CHEN"})

    _, dms = await slack.dms("chen")
    assert any("asks you to take over" in text_of(m) for m in dms)


async def test_catching_up_from_home_opens_what_was_missed(slack):
    await slack.declare()
    await slack.command("ana", "update rolling back v41")
    await press(slack, "dana", "Catch up", await home(slack, "dana"))

    assert "rolling back v41" in text_of(await slack.form("dana"))


async def test_a_private_incident_is_on_the_home_of_its_members_alone(slack):
    await slack.declare("ana", "payroll leak --private")
    assert "payroll leak" in text_of(await home(slack, "ana"))
    assert "payroll leak" not in text_of(await home(slack, "bea"))


async def test_lists_by_what_is_asked_for(slack):
    await slack.declare("ana", "checkout is down --sev 1")
    await slack.declare("bea", "search is slow --sev 3")
    await slack.command("bea", "resolve now")

    for line, shown, hidden in (
        ("list", "checkout", "search"),
        ("list all", "search", "nothing"),
        ("list mine", "checkout", "search"),
        ("list resolved", "search", "checkout"),
        ("list sev1", "checkout", "search"),
    ):
        answer = await slack.command("ana", line, "C0GENERAL")
        assert shown in answer, line
        assert hidden not in answer, line
    assert "is closed" in await slack.command("ana", "list closed", "C0GENERAL")
