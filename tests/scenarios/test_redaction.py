"""Words that must not stay are removed everywhere, and that they were is told."""

import pytest

from bot.domain.details import MessageRef
from tests.scenarios.test_record import PNG, upload
from tests.scenarios.workspace import words

SECRET = "customer Jane Roe"


async def everything(slack):
    """All rows of the database and all that our bot shows, as text."""
    async with slack.store._db.reader.connect() as connection:
        found = []
        for name in ("events", "messages", "timeline_entries", "action_items", "held_messages", "posted"):
            rows = await connection.exec_driver_sql(f"SELECT * FROM {name}")
            found += [repr(tuple(row)) for row in rows.all()]
    found += [words(message) for message in await slack.messages(by_bot=True)]
    found += (await slack.files()).values()
    found += [canvas["markdown"] for canvas in await slack.canvases()]
    return "\n".join(found)


async def test_a_message_by_its_entry_is_gone_from_record_revisions_documents_and_files(slack):
    await slack.declare()
    ts = await slack.say("bea", f"{SECRET} is affected")
    await slack.edit("bea", ts, f"only {SECRET} is affected")
    await slack.react("bea", ts, "red_circle")
    await slack.command("ana", f"edit T1 it hits {SECRET}")
    await slack.command("ana", "resolve now")
    assert len(await slack.files()) == 2
    assert SECRET in await everything(slack)
    before = set(await slack.files())

    answer = await slack.command("ana", 'redact T1 --reason "personal data"')
    assert "T1 is redacted" in answer
    assert "only its author or an admin" in answer
    assert SECRET not in await everything(slack)
    assert not before & set(await slack.files()), "documents that held the words are taken back"
    assert any("redacted" in text for text in (await slack.files()).values()), "and made anew"
    last = (await slack.incident()).redactions[-1]
    assert (last.entry, last.by) == ("T1", "U0ANA")
    assert (await slack.incident()).entries["T1"].details.marker == "failure", "what is no words stays"


@pytest.mark.postgresql
async def test_every_form_in_which_the_words_were_shared_is_made_anew(slack):
    await slack.declare()
    await slack.command("ana", f"note {SECRET} is affected")
    for shared in ("postmortem canvas", "postmortem html", "timeline svg", "postmortem json", "timeline svg"):
        await slack.command("ana", shared)
    assert (await everything(slack)).count(SECRET) >= 5

    await slack.command("ana", "redact T1")
    assert SECRET not in await everything(slack)
    assert sorted(name.rpartition("-")[2] for name in await slack.files()) == ["3.svg", "r4.html", "r4.json"]
    assert "redacted" in (await slack.canvases())[0]["markdown"]


async def test_what_slack_still_delivers_of_a_redacted_message_is_kept_without_words(slack):
    await slack.declare()
    ts = await slack.say("bea", f"{SECRET} is affected")
    await slack.command("ana", f"redact {slack.sandbox.url}/archives/{slack.channel}/p{ts.replace('.', '')}")
    await slack.edit("bea", ts, f"{SECRET} again")
    await slack.bot.gaps.after_silence()
    await slack.settle()

    assert SECRET not in await everything(slack)
    assert (await slack.store.message(MessageRef(channel=slack.channel, ts=ts))).redacted


async def test_the_message_tagged_last_and_its_image(slack):
    await slack.declare()
    other = await slack.say("bea", "harmless")
    await slack.react("bea", other, "pushpin")
    await slack.pass_time(minutes=1)
    ts = await upload(slack, "jane.png", PNG, "image/png", text=SECRET)
    await slack.react("bea", ts, "pushpin")
    ref = MessageRef(channel=slack.channel, ts=ts)
    assert await slack.store.images(ref)
    await slack.command("ana", "redact last")

    assert await slack.store.images(ref) == []
    assert SECRET not in await everything(slack)
    assert (await slack.store.message(MessageRef(channel=slack.channel, ts=other))).text == "harmless"


async def test_an_update_of_ours_is_edited_where_it_stands(slack):
    await slack.declare()
    await slack.command("ana", "update all is well")
    await slack.command("ana", f"update {SECRET} is affected")
    ours = next(m for m in await slack.messages(by_bot=True) if SECRET in words(m) and "Update ·" in words(m))
    link = f"{slack.sandbox.url}/archives/{slack.channel}/p{ours['ts'].replace('.', '')}"
    assert "update 2 is redacted" in await slack.command("ana", f"redact <{link}>")

    assert SECRET not in await everything(slack)
    assert not [m for m in await slack.messages("C0INCIDENTS") if SECRET in words(m)]
    assert [m for m in await slack.messages(by_bot=True) if "all is well" in words(m)]


async def test_only_the_commander_redacts_and_others_are_told_whom_to_ask(slack):
    await slack.declare("ana")
    await slack.command("ana", "role commander @bea")
    ts = await slack.say("chen", SECRET)
    await slack.react("chen", ts, "pushpin")
    assert "only its commander may" in await slack.command("chen", "redact last")
    assert "only its commander may" in await slack.command("ana", "redact T1")
    assert (await slack.store.message(MessageRef(channel=slack.channel, ts=ts))).text == SECRET
    assert "T1 is redacted" in await slack.command("bea", "redact last")


async def test_an_action_item_made_of_the_message_loses_its_words_too(slack):
    await slack.declare()
    ts = await slack.say("bea", f"call {SECRET} back")
    await slack.react("bea", ts, "clipboard")
    await slack.react("bea", ts, "pushpin")
    await slack.command("ana", f"edit A1 call {SECRET} back today")
    await slack.command("ana", "assign A1 @bea")
    answer = await slack.command("ana", "redact T1")

    assert "so are those of A1" in answer
    assert SECRET not in await everything(slack)
    _, dms = await slack.dms("bea")
    assert not [dm for dm in dms if SECRET in words(dm)]
    assert (await slack.incident()).actions["A1"].details.text == "[redacted]"
    await slack.command("ana", "edit A1 call the customer back")
    assert (await slack.incident()).actions["A1"].details.text == "call the customer back"


async def test_from_the_messages_own_menu(slack):
    await slack.declare()
    ts = await slack.say("bea", SECRET)
    await slack.shortcut("ana", "redact_message", ts)
    await slack.send("ana", {"reason": "personal data"})
    assert SECRET not in await everything(slack)
    assert (await slack.incident()).redactions[-1].message.ts == ts


async def test_redacting_twice_changes_nothing_unless_there_are_new_words(slack):
    await slack.declare()
    await slack.command("ana", f"note {SECRET} called")
    await slack.command("ana", "redact T1")
    version = (await slack.incident()).version
    assert "is so already" in await slack.command("ana", "redact T1")
    assert (await slack.incident()).version == version
    await slack.command("ana", f"edit T1 {SECRET} again")
    await slack.command("ana", "redact T1")
    assert SECRET not in await everything(slack)


async def test_words_that_went_into_another_entry_by_merging_are_gone_there_too(slack):
    await slack.declare()
    await slack.command("ana", "note errors begin")
    await slack.command("ana", f"note {SECRET} sees errors")
    await slack.command("ana", "entry T1 merge T2")
    assert (await slack.incident()).entries["T2"].merged_into == "T1"
    await slack.command("ana", "redact T2")
    assert SECRET not in await everything(slack)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("redact T9", "no entry T9"),
        ("redact last", "no message was tagged"),
        ("redact https://example.com/x", "no link to one message"),
        ("redact https://acme.slack.com/archives/C0ELSEWHERE/p1736207085539649", "not in the record"),
    ],
)
async def test_what_cannot_be_redacted_is_said(slack, typed, why):
    await slack.declare()
    assert why in await slack.command("ana", typed)
