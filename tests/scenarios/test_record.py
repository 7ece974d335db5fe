"""What was said is in the record, whole and once: pins, markers, shared channels, forms, secrets, images."""

import base64

import pytest

from bot.domain.details import MessageRef
from tests.scenarios.workspace import words

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def timeline(incident):
    """What stands on it: (ts of the message, marker)."""
    shown = [e for e in incident.entries.values() if e.message and not e.hidden]
    return [(e.message.ts, e.details.marker and e.details.marker.value) for e in shown]


async def pin(slack, who, ts, *, present=True):
    user = {"ana": "U0ANA", "bea": "U0BEA"}[who]
    await slack.hands._post("pin", channel=slack.channel, ts=ts, user=user, present=present)
    await slack.settle()


@pytest.mark.postgresql
async def test_a_pin_puts_a_message_on_the_timeline_and_taking_it_off_takes_it_off(slack):
    await slack.declare()
    ts = await slack.say("ana", "the pool is exhausted")
    await pin(slack, "ana", ts)
    (entry,) = (await slack.incident()).entries.values()
    assert (entry.message.ts, entry.via, entry.added_by) == (ts, "pin", "U0ANA")

    await slack.react("bea", ts, "pushpin")
    await pin(slack, "bea", ts, present=False)
    assert timeline(await slack.incident()) == [(ts, None)], "the emoji still holds it"
    await slack.react("bea", ts, "pushpin", present=False)
    assert timeline(await slack.incident()) == []


async def test_our_own_pinned_banner_is_no_entry(slack):
    await slack.declare()
    assert (await slack.incident()).entries == {}


async def test_a_marker_goes_with_its_emoji_and_the_entry_stays_while_another_holds_it(slack):
    await slack.declare()
    ts = await slack.say("ana", "checkout answers 500")
    await slack.react("bea", ts, "pushpin")
    await slack.react("bea", ts, "red_circle")
    assert timeline(await slack.incident()) == [(ts, "failure")]
    await slack.react("bea", ts, "red_circle", present=False)
    assert timeline(await slack.incident()) == [(ts, None)]


async def test_a_marker_set_by_hand_outlives_the_emoji(slack):
    await slack.declare()
    ts = await slack.say("ana", "checkout answers 500")
    await slack.react("bea", ts, "red_circle")
    await slack.react("bea", ts, "pushpin")
    await slack.command("ana", "edit T1 --marker degraded")
    await slack.react("bea", ts, "red_circle", present=False)
    assert timeline(await slack.incident()) == [(ts, "degraded")]


async def test_what_somebody_hid_is_not_shown_again_by_one_more_emoji(slack):
    await slack.declare()
    ts = await slack.say("ana", "checkout answers 500")
    await slack.react("bea", ts, "pushpin")
    await slack.command("ana", "hide T1")
    await slack.react("chen", ts, "red_circle")
    assert timeline(await slack.incident()) == []


async def test_in_a_shared_channel_a_message_belongs_to_the_incident_that_was_going_on_when_it_was_said(
    slack,
):
    slack.channel = "C0GENERAL"
    before = await slack.say("ana", "this looks bad")
    await slack.pass_time(minutes=5)
    await slack.command("ana", "checkout is down --here")
    first = await slack.say("ana", "errors at 40 %")
    await slack.pass_time(minutes=30)
    await slack.command("ana", "close now")
    await slack.pass_time(hours=1)
    await slack.command("ana", "search is down --here")
    second = await slack.say("ana", "search is empty")
    for ts in (before, first, second):
        await slack.react("bea", ts, "pushpin")

    assert {ts for ts, _ in timeline(await slack.incident(1))} == {before, first}
    assert {ts for ts, _ in timeline(await slack.incident(2))} == {second}


async def test_a_form_that_is_cancelled_keeps_nothing_of_the_message(slack):
    await slack.declare()
    ts = await slack.say("bea", "queries are slow since 13:50", "C0GENERAL")
    await slack.shortcut("ana", "add_to_timeline", ts, "C0GENERAL")
    form = await slack.form("ana")
    await slack.hands._post("close-view", user="U0ANA", view_id=form["id"])
    await slack.settle()

    ref = MessageRef(channel="C0GENERAL", ts=ts)
    assert await slack.store.message(ref) is None
    async with slack.store.transaction() as transaction:
        assert await transaction.take_held(ref) is None


async def test_a_form_that_is_sent_keeps_the_message_from_elsewhere(slack):
    await slack.declare()
    ts = await slack.say("bea", "queries are slow since 13:50", "C0GENERAL")
    await slack.shortcut("ana", "add_to_timeline", ts, "C0GENERAL")
    await slack.send("ana", {"incident": "1"})

    kept = await slack.store.message(MessageRef(channel="C0GENERAL", ts=ts))
    assert (kept.text, kept.via) == ("queries are slow since 13:50", "shortcut")


async def test_a_secret_is_masked_when_it_is_recorded_and_its_author_is_told_once(slack):
    await slack.declare()
    key = "AKIA" + "IOSFODNN7EXAMPLE"
    ts = await slack.say("ana", f"try with {key}")
    await slack.edit("ana", ts, f"try again with {key}")

    found = await slack.store.revisions(MessageRef(channel=slack.channel, ts=ts))
    assert [m.text for m in found] == [
        "try with [masked: AWS access key]",
        "try again with [masked: AWS access key]",
    ]
    told = [note for note in await slack.whispers("ana") if "Masked in the record" in note]
    assert len(told) == 1
    assert key not in told[0]


async def test_secrets_in_what_is_typed_are_masked_too(slack):
    key = "ghp_" + "a1B2" * 9
    await slack.declare(text=f"leaked {key} --sev 2")
    await slack.command("ana", f"note found {key} in the logs")
    await slack.command("ana", f"update we revoked {key}")

    record = repr(await slack.store.record(1))
    assert key not in record
    assert record.count("[masked: GitHub token]") == 3
    assert not [m for m in await slack.messages(by_bot=True) if key in words(m)]
    assert any("GitHub token" in note for note in await slack.whispers("ana"))


async def upload(slack, name, content, mimetype, text="see"):
    file = {"name": name, "mimetype": mimetype, "content_base64": base64.b64encode(content).decode()}
    answer = await slack.hands._post("message", channel=slack.channel, user="U0ANA", text=text, files=[file])
    await slack.settle()
    return answer["message"]["ts"]


async def test_an_image_on_the_timeline_is_copied_and_others_are_not(slack):
    await slack.declare()
    shown = await upload(slack, "graph.png", PNG, "image/png")
    other = await upload(slack, "cat.png", PNG, "image/png")
    log = await upload(slack, "app.log", b"...", "text/plain")
    for ts in (shown, log):
        await slack.react("bea", ts, "pushpin")

    (image,) = await slack.store.images(MessageRef(channel=slack.channel, ts=shown))
    assert (image.mimetype, image.content) == ("image/png", PNG)
    for ts in (other, log):
        assert await slack.store.images(MessageRef(channel=slack.channel, ts=ts)) == []
    message = await slack.store.message(MessageRef(channel=slack.channel, ts=log))
    assert [(f.name, f.mimetype, f.permalink is not None) for f in message.files] == [
        ("app.log", "text/plain", True)
    ]


async def alert(slack, **said):
    answer = await slack.hands._post("message", channel=slack.channel, user="U0DEPLOY", as_bot=True, **said)
    await slack.settle()
    return answer["message"]["ts"]


async def test_what_apps_say_in_attachments_or_blocks_is_recorded(slack):
    await slack.declare()
    firing = {
        "fallback": "not this",
        "title": "[FIRING:1] HighErrorRate",
        "text": "checkout at 41 %",
        "fields": [{"title": "Service", "value": "checkout", "short": True}],
    }
    first = await alert(slack, attachments=[firing])
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*v42* is live"}}
    link = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": "by "}, {"type": "user", "user_id": "U0ANA"}],
    }
    second = await alert(
        slack, blocks=[section, {"type": "divider"}, {"type": "rich_text", "elements": [link]}]
    )
    preview = {"from_url": "https://example.com", "title": "Example", "text": "a page"}
    third = await alert(slack, text="look at <https://example.com>", attachments=[preview])
    fourth = await alert(slack, attachments=[{"fallback": "disk full on db-3"}])

    said = {m.ref.ts: m.text for m in await slack.store.messages(slack.channel)}
    assert said[first] == "[FIRING:1] HighErrorRate\ncheckout at 41 %\nService: checkout"
    assert said[second] == "*v42* is live\nby <@U0ANA>"
    assert "a page" not in said[third]
    assert said[fourth] == "disk full on db-3"
    await slack.bot.gaps.after_silence()
    await slack.settle()
    revisions = await slack.store.revisions(MessageRef(channel=slack.channel, ts=first))
    assert len(revisions) == 1, "history says the same"


async def test_a_form_leaves_out_what_nobody_can_see_and_no_database_keeps(slack):
    await slack.declare()
    await slack.command("ana", "note")
    await slack.send("ana", {"text": "rolled\x00 back\u200b v41\non node 7"})
    (entry,) = (await slack.incident()).entries.values()
    assert entry.details.text == "rolled back v41\non node 7"


async def html(slack):
    await slack.command("ana", "postmortem html")
    return next(text for name, text in (await slack.files()).items() if name.endswith(".html"))


@pytest.mark.postgresql
async def test_the_html_shows_the_copy_so_that_it_needs_no_sign_in(slack):
    await slack.declare()
    shown = await upload(slack, "graph.png", PNG, "image/png")
    other = await upload(slack, "cat.png", PNG, "image/png")
    await slack.react("bea", shown, "pushpin")
    page = await html(slack)

    data = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert f'<img src="{data}" alt="graph.png" class="copy" />' in page
    assert page.count("data:image/") == 1
    assert other not in page
    await slack.command("ana", "redact T1")
    assert "data:image/" not in (await html(slack))


async def test_every_entry_of_the_document_links_to_its_message(slack):
    await slack.declare()
    root = await slack.say("ana", "the pool is exhausted")
    reply = await slack.reply("bea", root, "restarting it")
    gone = await slack.say("chen", "never mind")
    for ts in (root, reply, gone):
        await slack.react("ana", ts, "pushpin")
    await slack.delete("chen", gone)
    page = await html(slack)

    place = f"{slack.sandbox.url}/archives/{slack.channel}/p"
    assert f'href="{place}{root.replace(".", "")}"' in page
    assert f'href="{place}{reply.replace(".", "")}?thread_ts={root}&amp;cid={slack.channel}"' in page
    assert gone.replace(".", "") not in page


async def test_mentions_are_names_in_the_document_and_ids_in_the_record(slack):
    await slack.declare(text="payments are down --private")
    private = slack.channel
    await slack.declare()
    said = f"<@U0BEA> and <#C0GENERAL> or <#C0GENERAL|>, not <#{private}>, <!here>, says <#C0GONE>"
    ts = await slack.say("ana", said)
    await slack.react("ana", ts, "pushpin")
    page = await html(slack)

    assert "@Bea and #general or #general, not #private-channel, @here, says #C0GONE" in page
    kept = await slack.store.message(MessageRef(channel=slack.channel, ts=ts))
    assert kept.text == said


async def test_me_messages_old_bots_and_broadcasts_are_speech_and_joins_are_not(slack):
    await slack.declare()
    me = await slack.say("ana", "/me is looking")
    old = await slack.hands._post(
        "message", channel=slack.channel, user="U0DEPLOY", text="v42", subtype="bot_message", username="CI"
    )
    root = await slack.say("bea", "root")
    cast = await slack.hands._post(
        "message", channel=slack.channel, user="U0BEA", text="all", thread_ts=root, reply_broadcast=True
    )
    await slack.settle()
    await slack.hands._post("set-topic", channel=slack.channel, user="U0ANA", topic="hm")
    await slack.settle()

    recorded = {m.ref.ts: m for m in await slack.store.messages(slack.channel)}
    assert list(recorded) == [me, old["message"]["ts"], root, cast["message"]["ts"]]
    assert recorded[me].text == "is looking"
    assert recorded[old["message"]["ts"]].bot_name == "CI"
    assert recorded[cast["message"]["ts"]].thread_ts == root
