"""The postmortem in every form that a channel can hold: PDF, canvas, a picture of the timeline."""

from bot.documents import pdf
from tests.scenarios.workspace import text_of


async def test_a_pdf_is_posted_on_request(slack):
    await slack.declare()
    answer = await slack.command("ana", "postmortem pdf")

    assert "being rendered" in answer
    assert (await slack.files())["2026-11-18-inc-1-draft-r1.pdf"].startswith("%PDF-")


async def test_the_timeline_is_posted_as_a_picture(slack):
    await slack.declare()
    await slack.command("bea", "note --at 10:05 --marker degraded errors climb")
    answer = await slack.command("bea", "timeline picture")

    assert "the timeline is being drawn" in answer
    assert (await slack.files())["2026-11-18-inc-1-timeline-1.png"][1:4] == "PNG"
    assert any("the timeline as it stands" in text_of(m) for m in await slack.messages(by_bot=True))
    await slack.command("bea", "timeline svg")
    assert "errors climb" in (await slack.files())["2026-11-18-inc-1-timeline-2.svg"]


async def test_a_picture_is_no_revision_of_the_postmortem(slack):
    await slack.declare()
    await slack.command("ana", "close now")
    await slack.command("ana", "publish because agreed")
    before = await slack.incident()
    await slack.command("ana", "note --at 14:00 errors climb")
    await slack.command("ana", "timeline picture")

    after = await slack.incident()
    assert after.renderings == before.renderings
    assert after.lists.get("doc.updates") == before.lists.get("doc.updates")
    assert "2026-11-18-inc-1-timeline-1.png" in await slack.files()


async def test_without_the_extra_the_channel_gets_html_and_is_told(slack, monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(pdf, "import_module", missing)
    await slack.declare()
    await slack.command("ana", "postmortem pdf")

    assert "2026-11-18-inc-1-draft-r1.html" in await slack.files()
    assert any("This is HTML, not PDF" in text_of(m) for m in await slack.messages(by_bot=True))


async def test_the_canvas_is_one_and_follows_the_record(slack):
    await slack.declare()
    await slack.command("ana", "postmortem canvas")
    await slack.command("ana", "set summary The index was missing")
    await slack.command("ana", "postmortem canvas")

    canvases = await slack.canvases()
    assert [canvas["channel"] for canvas in canvases] == [slack.channel]
    assert "The index was missing" in canvases[0]["markdown"]


async def test_a_canvas_whose_answer_was_lost_is_found_again(slack):
    await slack.declare()
    await slack.hands._post("faults", method="conversations.canvases.create", kind="lost_answer", count=1)
    await slack.command("ana", "postmortem canvas")
    await slack.pass_time(minutes=2)

    assert len(await slack.canvases()) == 1
    assert await slack.calls("canvases.edit")


async def test_a_workspace_without_canvases_is_told_once_and_keeps_the_file(slack):
    await slack.declare()
    word = "team_tier_cannot_create_channel_canvases"
    await slack.hands._post("faults", method="conversations.canvases.create", kind="error", value=word)
    await slack.command("ana", "postmortem canvas markdown")
    await slack.command("ana", "postmortem canvas")

    told = [text_of(m) for m in await slack.messages(by_bot=True)]
    assert len([line for line in told if "the workspace's plan has no canvases" in line]) == 1
    assert "2026-11-18-inc-1-draft-r1.md" in await slack.files()
