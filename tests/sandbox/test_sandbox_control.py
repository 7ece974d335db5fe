"""The control interface: scripts act for people, move the clock, make faults, and see everything."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from sandbox_kit import APP, QUICK, Bot, word
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import VirtualClock
from sandbox.config import AppConfig, WorkspaceConfig
from sandbox.people import People, Refused
from sandbox.server import Sandbox

START = datetime(2026, 1, 29, 9, 0, tzinfo=UTC)


class TestVirtualClock:
    @pytest.fixture
    async def sandbox(self):
        made = Sandbox(WorkspaceConfig(app=APP, timing=QUICK), VirtualClock(START))
        await made.start()
        yield made
        await made.stop()

    async def test_messages_carry_the_clocks_time_and_still_differ(self, people: People):
        first = await people.say("ana", "#general", "a")
        second = await people.say("ana", "#general", "b")
        assert first["ts"] == "1769677200.000000"
        assert second["ts"] == "1769677200.000001"
        assert await people.clock(advance_s=60) == "2026-01-29T09:01:00+00:00"
        assert (await people.say("ana", "#general", "c"))["ts"] == "1769677260.000000"

    async def test_a_ts_can_be_given_by_hand_once(self, people: People):
        said = await people.say("ana", "#general", "a", ts="1769677100.000200")
        assert said["ts"] == "1769677100.000200"
        with pytest.raises(Refused, match="ts_taken"):
            await people.say("ana", "#general", "b", ts="1769677100.000200")

    async def test_what_was_scheduled_is_posted_when_the_clock_comes_to_it(
        self, people: People, client: AsyncWebClient, room: str
    ):
        at = int(START.timestamp()) + 60
        await client.chat_scheduleMessage(channel=room, text="now", post_at=at)
        lost = {"event_type": "x", "event_payload": {}}
        await client.chat_scheduleMessage(channel=room, text="never", post_at=at, metadata=lost)
        await people.clock(now="2026-01-29T09:02:00Z")
        texts = [m["text"] for m in await people.messages(room)]
        assert "now" in texts
        assert "never" not in texts


async def test_a_real_clock_is_not_moved(people: People):
    with pytest.raises(Refused, match="clock is real"):
        await people.clock(advance_s=1)
    with pytest.raises(Refused, match="needs a virtual clock"):
        await people.say("ana", "#general", "a", ts="1769677100.000200")


async def test_people_act_only_where_they_are_and_on_what_is_theirs(people: People):
    said = await people.say("ana", "#general", "mine")
    with pytest.raises(Refused, match="cant_update_message"):
        await people.edit("bea", said, "yours")
    with pytest.raises(Refused, match="cant_delete_message"):
        await people.delete("bea", said)
    await people.leave("bea", "#general")
    with pytest.raises(Refused, match="not_in_channel"):
        await people.say("bea", "#general", "x")


async def test_a_bot_among_people_speaks_as_a_bot(people: People):
    said = await people.say("deploybot", "#deploys", "v1 is out")
    assert said["bot_profile"]["name"] == "Deploy Bot"
    assert "client_msg_id" not in said
    other = await people.say("ana", "#deploys", "x", as_bot=True)
    assert other["bot_id"] == "B0ANA"


async def test_every_change_wakes_who_waits_for_it(people: People, sandbox: Sandbox):
    seq = (await people.state())["seq"]

    async def changes(since: int, timeout: float) -> int:
        async with aiohttp.ClientSession() as session:
            query = {"since": since, "timeout": timeout}
            async with session.get(f"{sandbox.url}/_control/changes", params=query) as answer:
                return int((await answer.json())["seq"])

    assert await changes(seq, 0.05) == seq
    waiting = asyncio.create_task(changes(seq, 5))
    await asyncio.sleep(0.05)
    await people.say("ana", "#general", "x")
    assert await asyncio.wait_for(waiting, 1) > seq


async def test_the_state_tells_what_there_is(people: People, client: AsyncWebClient, room: str):
    state = await people.state()
    assert {"workspace", "apps", "users", "channels", "views", "homes"} <= set(state)
    channel = next(each for each in state["channels"] if each["id"] == room)
    assert channel["members"] == ["U0ANA", "U0BEA", "U0BOT"]
    assert {"is_private", "is_archived", "topic", "purpose", "pins", "bookmarks"} <= set(channel)
    log = await people.log()
    assert [line["method"] for line in log if line["kind"] == "api"] == [
        "conversations.create",
        "conversations.invite",
    ]
    assert {"at", "direction", "status"} <= set(log[0])


async def test_a_reset_brings_the_configured_workspace_back_and_keeps_the_bot(
    bot: Bot, people: People, room: str
):
    await people.say("ana", room, "x")
    await people.reset()
    assert [c["name"] for c in (await people.state())["channels"]] == [
        "general",
        "incidents",
        "alerts",
        "deploys",
    ]
    made = await bot.client.conversations_create(name="again")
    await people.settled()
    assert any(e.get("channel") == made["channel"]["id"] for e in bot.of("member_joined_channel"))


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_a_page_from_elsewhere_cannot_act(sandbox: Sandbox, headers: dict[str, str]):
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.url}/_control/state", headers=headers) as answer,
    ):
        assert answer.status == 403


class TestFaults:
    async def test_rate_limits_say_how_long_to_wait(self, client: AsyncWebClient, people: People, room: str):
        await people.faults("chat.postMessage", "ratelimited", value=7, count=1)
        with pytest.raises(Exception, match="ratelimited") as caught:
            await client.chat_postMessage(channel=room, text="x")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "7"
        await client.chat_postMessage(channel=room, text="x")

    async def test_a_lost_answer_was_done_all_the_same(
        self, client: AsyncWebClient, people: People, room: str
    ):
        await people.faults("chat.postMessage", "lost_answer", count=1)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.chat_postMessage(channel=room, text="done")
        assert (await people.messages(room))[-1]["text"] == "done"

    async def test_a_timeout_never_answers_and_does_nothing(
        self, sandbox: Sandbox, people: People, room: str
    ):
        impatient = AsyncWebClient(
            sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=0.1
        )
        await people.faults("chat.postMessage", "timeout", count=1)
        with pytest.raises(TimeoutError):
            await impatient.chat_postMessage(channel=room, text="x")
        assert "x" not in [m["text"] for m in await people.messages(room)]

    async def test_errors_skip_and_end_as_told(self, client: AsyncWebClient, people: People):
        await people.faults("*", "error", value="fatal_error", count=1, skip=1)
        await client.auth_test()
        assert await word(client.auth_test()) == "fatal_error"
        await client.auth_test()
        await people.faults("auth.test", "http_500")
        with pytest.raises(SlackApiError) as caught:
            await client.auth_test()
        assert caught.value.response.status_code == 500
        await people.clear_faults()
        await client.auth_test()

    async def test_latency_delays(self, client: AsyncWebClient, people: People):
        await people.faults("auth.test", "latency", value=80, count=1)
        started = asyncio.get_running_loop().time()
        await client.auth_test()
        assert asyncio.get_running_loop().time() - started >= 0.08

    async def test_a_hook_sees_each_call_before_and_after(
        self, client: AsyncWebClient, sandbox: Sandbox, room: str
    ):
        seen = []

        def hook(method, args, phase):
            seen.append((method, phase, len(sandbox.workspace.channels[room].messages)))

        sandbox.on_call = hook
        await client.chat_postMessage(channel=room, text="x")
        (_, before, count), (_, after, more) = seen
        assert (before, after, more - count) == ("before", "after", 1)


class TestCanvases:
    async def test_a_channel_has_one_canvas(self, client: AsyncWebClient, people: People, room: str):
        content = {"type": "markdown", "markdown": "# Title\n\ntext"}
        made = await client.conversations_canvases_create(channel_id=room, document_content=content)
        again = client.conversations_canvases_create(channel_id=room, document_content=content)
        assert await word(again) == "channel_canvas_already_exists"
        info = await client.conversations_info(channel=room)
        assert info["channel"]["properties"]["canvas"]["file_id"] == made["canvas_id"]
        assert (await people.canvases())[0]["markdown"] == "# Title\n\ntext"

    async def test_a_section_is_found_and_changed_one_at_a_time(self, client: AsyncWebClient, people: People):
        content = {"type": "markdown", "markdown": "# One\nfirst\n\n## Two\nsecond"}
        canvas = (await client.canvases_create(title="t", document_content=content))["canvas_id"]
        found = await client.canvases_sections_lookup(canvas_id=canvas, criteria={"section_types": ["h2"]})
        change = {
            "operation": "insert_after",
            "section_id": found["sections"][0]["id"],
            "document_content": {"type": "markdown", "markdown": "between"},
        }
        await client.canvases_edit(canvas_id=canvas, changes=[change])
        assert (await people.canvases())[0]["markdown"] == "# One\n\nfirst\n\n## Two\n\nbetween\n\nsecond"
        assert (
            await word(client.canvases_edit(canvas_id=canvas, changes=[change, change]))
            == "invalid_arguments"
        )

    async def test_a_list_in_a_quote_is_not_taken(self, client: AsyncWebClient):
        content = {"type": "markdown", "markdown": "> - x"}
        assert await word(client.canvases_create(document_content=content)) == "canvas_creation_failed"


def test_a_manifest_says_what_the_app_may(tmp_path: Path):
    manifest = {
        "features": {"bot_user": {"display_name": "x"}, "slash_commands": [{"command": "/x"}]},
        "oauth_config": {"scopes": {"bot": ["chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
    }
    app = AppConfig.from_manifest(manifest)
    assert (app.name, app.scopes, app.events) == ("x", frozenset({"chat:write"}), frozenset({"app_mention"}))
    path = tmp_path / "w.json"
    path.write_text(
        json.dumps(
            {"manifest": manifest, "users": [{"id": "U1", "name": "zoe"}], "app": {"bot_token": "xoxb-1"}}
        )
    )
    config = WorkspaceConfig.load(path)
    assert (config.app.name, config.app.bot_token, config.users[0].name) == ("x", "xoxb-1", "zoe")


async def test_it_runs_by_itself():
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        "--virtual-clock",
        "2026-01-29T09:00:00Z",
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 10)).decode()
        async with People(line.split()[0]) as people:
            assert (await people.say("ana", "#general", "x"))["ts"] == "1769677200.000000"
    finally:
        process.terminate()
        await process.wait()
