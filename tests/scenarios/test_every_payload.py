"""Every event that the manifest subscribes to is heard, and every button that exists is answered: really sent and pressed."""

import pytest

from bot.manifest import load_manifest
from bot.slack.ids import Action
from bot.views.notices import Choice, Notice
from tests.scenarios.workspace import PEOPLE, text_of

#: By one way: what is shown here is our own table, not how Slack reaches it.
pytestmark = pytest.mark.once

EVENTS = load_manifest()["settings"]["event_subscriptions"]["bot_events"]
#: What a button may carry: enough for each of them.
IDS = {
    "incident": 1,
    "action": "A1",
    "role": "scribe",
    "handoff": 1,
    "into": 2,
    "which": "impact_started",
    "until": "hour",
    "asked": "",
    "first": 0,
    "section": "cause",
    "list": "doc.signoff",
    "item": "1",
}
#: A link that Slack opens; what is only shown where there is no channel; what turns the page on which it stands.
LEAVE_ALONE = {Action.OPEN_CHANNEL, Action.RETRY_CHANNEL, Action.TURN}


@pytest.mark.parametrize("action", [a for a in Action if a not in {Action.CHOOSE, Action.ENTRY}], ids=str)
async def test_every_button_is_answered(slack, action):
    """``choose`` carries a question that was kept (`test_anywhere`), ``entry`` is a menu of the timeline's page."""
    await slack.declare()
    await slack.declare("ana", "search is slow")
    slack.channel = (await slack.incident()).channel
    await slack.command("ana", f"task roll back v41 <@{PEOPLE['bea']}> due 2h")
    await slack.command("ana", "role scribe me")
    await slack.command("ana", f"handoff <@{PEOPLE['bea']}>")
    before = (await slack.incident(1), len(await slack.calls("views.open")), len(await slack.whispers("bea")))
    view = Notice(
        lines=(("A message with this button.",),), choices=(Choice(label="Press", does=action, ids=IDS),)
    )
    await slack.bot.upkeep.chat.post(slack.channel, view, key="button")
    message = (await slack.messages(by_bot=True))[-1]
    await slack.click("bea", "Press", message)

    told = await slack.whispers("bea")
    assert not any("went wrong" in said for said in told), told
    after = (await slack.incident(1), len(await slack.calls("views.open")), len(told))
    assert after != before or action in LEAVE_ALONE, (
        "the press changed nothing, showed nothing and said nothing"
    )


async def _said(slack):
    ts = await slack.say("bea", "hello")
    return ts in {m.ref.ts for m in await slack.store.messages(slack.channel)}


async def _said_in_private(slack):
    await slack.declare("ana", "payroll leak --private")
    ts = await slack.say("ana", "hello")
    return ts in {m.ref.ts for m in await slack.store.messages(slack.channel)}


async def _tagged(slack):
    ts = await slack.say("bea", "hello")
    await slack.react("bea", ts, "pushpin")
    return len((await slack.incident()).tagged) == 1


async def _untagged(slack):
    ts = await slack.say("bea", "hello")
    await slack.react("bea", ts, "pushpin")
    await slack.react("bea", ts, "pushpin", present=False)
    return len((await slack.incident()).tagged) == 0


async def _pinned(slack):
    ts = await slack.say("bea", "hello")
    await slack.hands._post("pin", channel=slack.channel, ts=ts, user=PEOPLE["bea"])
    await slack.settle()
    return len((await slack.incident()).tagged) == 1


async def _unpinned(slack):
    banner = await slack.banner()
    body = {"channel": slack.channel, "ts": banner["ts"], "user": PEOPLE["bea"]}
    await slack.hands._post("pin", **body, present=False)
    await slack.settle()
    return (await slack.banner())["ts"] == banner["ts"]


async def _renamed(slack):
    await slack.hands._post("rename-channel", channel=slack.channel, user=PEOPLE["ana"], name="other-name")
    await slack.settle()
    return (await slack.incident()).channel_name == "other-name"


async def _archived(slack):
    await slack.hands._post("archive", channel=slack.channel, user=PEOPLE["ana"])
    await slack.settle()
    return (await slack.incident()).archived


async def _back(slack):
    await _archived(slack)
    await slack.hands._post("unarchive", channel=slack.channel, user=PEOPLE["ana"])
    await slack.settle()
    return (await slack.incident()).unarchived == 1


async def _joined(slack):
    return any("Welcome" in said for said in await slack.whispers("bea"))


async def _home(slack):
    await slack.hands._post("open-home", user=PEOPLE["bea"])
    await slack.settle()
    return "INC-1" in text_of((await slack.hands._get(f"homes/{PEOPLE['bea']}"))["view"])


async def _changed(slack):
    await slack.hands._post("change-user", user=PEOPLE["bea"], tz="Asia/Tokyo")
    await slack.settle()
    return (await slack.store.profiles([PEOPLE["bea"]]))[PEOPLE["bea"]].zone == "Asia/Tokyo"


def _private(act):
    async def in_private(slack):
        await slack.declare("ana", "payroll leak --private")
        number = (await slack.store.in_channel(slack.channel))[0].number
        slack.incident = lambda: slack.store.incident(number)
        return await act(slack)

    return in_private


HEARD = {
    "message.channels": _said,
    "message.groups": _said_in_private,
    "reaction_added": _tagged,
    "reaction_removed": _untagged,
    "pin_added": _pinned,
    "pin_removed": _unpinned,
    "channel_rename": _renamed,
    "group_rename": _private(_renamed),
    "channel_archive": _archived,
    "group_archive": _private(_archived),
    "channel_unarchive": _back,
    "member_joined_channel": _joined,
    "app_home_opened": _home,
    "user_change": _changed,
}
#: Who left a channel is known at once: `tests/scenarios/test_merge_and_private.py`. A private channel that is brought
#: back is told of only while we are in it, and then as a public one is.
ELSEWHERE = {"member_left_channel", "group_unarchive"}


@pytest.mark.parametrize("event", sorted(HEARD))
async def test_every_event_is_heard(slack, event):
    await slack.declare()
    assert await HEARD[event](slack)


def test_no_event_is_subscribed_to_in_vain():
    assert set(HEARD) | ELSEWHERE == set(EVENTS)
