"""How the bot is reached: sockets, retries, disorder, signed requests; and what people see when it does not answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from sandbox_kit import APP, QUICK, Bot, soon
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.config import WorkspaceConfig
from sandbox.people import People, Refused
from sandbox.server import Sandbox


class Line:
    """One raw Socket Mode connection that acknowledges only what it is told to."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> dict[str, Any]:
        return dict(json.loads(await self.socket.receive_str(timeout=3)))

    async def ack(self, frame: dict[str, Any], payload: Any = None) -> None:
        await self.socket.send_json(
            {"envelope_id": frame["envelope_id"], **({"payload": payload} if payload else {})}
        )


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


async def connect(sandbox: Sandbox, session: aiohttp.ClientSession) -> Line:
    client = AsyncWebClient(base_url=sandbox.api_url, retry_handlers=[])
    opened = await client.apps_connections_open(app_token=sandbox.app_token)
    return Line(await session.ws_connect(opened["url"]))


async def test_a_ticket_is_for_one_connection(sandbox: Sandbox, session: aiohttp.ClientSession):
    client = AsyncWebClient(base_url=sandbox.api_url, retry_handlers=[])
    opened = await client.apps_connections_open(app_token=sandbox.app_token)
    line = Line(await session.ws_connect(opened["url"]))
    hello = await line.next()
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(opened["url"])


async def test_the_eleventh_connection_is_one_too_many(sandbox: Sandbox, session: aiohttp.ClientSession):
    lines = []
    for count in range(1, 11):
        lines.append(await connect(sandbox, session))
        assert (await lines[-1].next())["num_connections"] == count
    refused = await (await connect(sandbox, session)).next()
    assert refused == {"type": "disconnect", "reason": "too_many_websockets"}


async def test_each_envelope_goes_to_any_one_connection(
    sandbox: Sandbox, session: aiohttp.ClientSession, people: People, room: str
):
    lines = [await connect(sandbox, session) for _ in range(2)]
    seen: list[str] = []

    async def take(line: Line) -> None:
        while True:
            frame = await line.next()
            if frame["type"] == "events_api":
                seen.append(frame["payload"]["event_id"])
                await line.ack(frame)

    takers = [asyncio.create_task(take(line)) for line in lines]
    for text in "abcd":
        await people.say("ana", room, text)
    await people.settled()
    for taker in takers:
        taker.cancel()
    await asyncio.gather(*takers, return_exceptions=True)
    assert len(seen) == len(set(seen)) >= 4


async def test_what_is_not_acknowledged_comes_again_with_its_number_and_reason(
    sandbox: Sandbox, session: aiohttp.ClientSession, people: People
):
    line = await connect(sandbox, session)
    await line.next()
    sandbox.workspace.join(sandbox.workspace.channels["C0GENERAL"], "U0BOT")
    first = [await line.next() for _ in range(2)]
    for frame in first:
        assert frame["retry_attempt"] == 0
        assert frame["accepts_response_payload"] is False
    again = [await line.next() for _ in range(2)]
    assert {f["retry_attempt"] for f in again} == {1}
    assert {f["retry_reason"] for f in again} == {"timeout"}
    assert {f["payload"]["event_id"] for f in again} == {f["payload"]["event_id"] for f in first}
    for frame in again:
        await line.ack(frame)
    await people.settled()


async def test_three_retries_and_then_no_more(sandbox: Sandbox, session: aiohttp.ClientSession):
    line = await connect(sandbox, session)
    await line.next()
    sandbox.acts.open_home("U0ANA")
    attempts = [(await line.next())["retry_attempt"] for _ in range(4)]
    assert attempts == [0, 1, 2, 3]
    await sandbox.settled()


async def test_events_wait_for_a_bot_that_restarts_and_come_as_retries(
    sandbox: Sandbox, people: People, room: str
):
    await people.say("ana", room, "while you were away")
    await asyncio.sleep(0.3)
    bot = Bot(sandbox)
    await bot.connect()
    try:
        event = (await soon(lambda: bot.of("message", None)))[0]
        assert event["text"] == "while you were away"
        assert set(bot.attempts) == {1}
        await people.settled()
    finally:
        await bot.close()


async def test_a_bot_that_is_asked_to_reconnect_misses_nothing(bot: Bot, people: People, room: str):
    for number in range(6):
        await people.say("ana", room, str(number))
        if number == 2:
            await people.deliveries(refresh=True)
        if number == 4:
            await people.deliveries(drop_connection=True)
    await soon(lambda: {e["text"] for e in bot.of("message", None)} >= set("012345"), 8.0)


async def test_duplicates_disorder_and_pauses_on_request(bot: Bot, people: People, room: str):
    await people.settled()
    bot.bodies.clear()
    await people.deliveries(duplicate=1)
    await people.say("ana", room, "twice")
    await people.settled()
    assert len(bot.of("message", None)) == 2
    assert len({body["event_id"] for body in bot.bodies}) == 1

    bot.bodies.clear()
    await people.deliveries(reorder=True)
    for text in "abc":
        await people.say("ana", room, text)
    await people.settled()
    assert [e["text"] for e in bot.of("message", None)] != ["a", "b", "c"]
    assert sorted(e["text"] for e in bot.of("message", None)) == ["a", "b", "c"]

    bot.bodies.clear()
    await people.deliveries(pause=True)
    await people.say("ana", room, "held")
    await asyncio.sleep(0.1)
    assert bot.bodies == []
    await people.deliveries()
    await people.settled()
    assert [e["text"] for e in bot.of("message", None)] == ["held"]


async def test_a_command_is_answered_to_the_person_alone(bot: Bot, people: People):
    @bot.app.command("/incident")
    async def incident(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"got {command['text']} in {command['channel_name']}")

    answer = await people.command("ana", "#general", "/incident page @bea about #deploys and <@U0CHEN>")
    expected = "got page <@U0BEA> about <#C0DEPLOYS|deploys> and <@U0CHEN> in general"
    assert answer["response"]["text"] == expected
    notes = await people.ephemeral("ana", "#general")
    assert "got page" in notes[0]["text"]
    assert [m for m in await people.messages("#general") if not m.get("subtype")] == []


async def test_mentions_stay_as_typed_without_should_escape(bot: Bot, people: People):
    @bot.app.command("/plain")
    async def plain(ack: Any, command: dict[str, Any]) -> None:
        await ack({"response_type": "in_channel", "text": command["text"]})

    answer = await people.command("ana", "#general", "/plain @bea")
    assert answer["response"]["text"] == "@bea"
    assert [m["text"] for m in await people.messages("#general") if not m.get("subtype")] == ["@bea"]


async def test_a_command_that_nobody_declared_is_refused(bot: Bot, people: People):
    with pytest.raises(Refused, match="/foo is not a valid command"):
        await people.command("ana", "#general", "/foo")


async def test_a_command_without_an_answer_times_out_and_is_not_sent_again(bot: Bot, people: People):
    heard: list[str] = []

    @bot.app.command("/incident")
    async def incident(command: dict[str, Any]) -> None:
        heard.append(command["text"])

    with pytest.raises(Refused, match="operation_timeout"):
        await people.command("ana", "#general", "/incident x")
    await asyncio.sleep(0.5)
    assert heard == ["x"]


async def test_without_a_connection_a_command_fails_at_once(people: People):
    with pytest.raises(Refused, match="dispatch_failed"):
        await people.command("ana", "#general", "/incident x")


async def test_a_response_url_serves_five_times(bot: Bot, people: People, session: aiohttp.ClientSession):
    urls: list[str] = []

    @bot.app.command("/incident")
    async def incident(ack: Any, respond: Any, command: dict[str, Any]) -> None:
        await ack()
        urls.append(command["response_url"])
        await respond("first")

    await people.command("ana", "#general", "/incident x")
    await people.until(lambda: people.ephemeral("ana", "#general"))
    codes = []
    for number in range(5):
        body = {"text": str(number), "response_type": "in_channel"}
        async with session.post(urls[0], json=body) as answer:
            codes.append(answer.status)
    assert codes == [200, 200, 200, 200, 404]
    assert [m["text"] for m in await people.messages("#general") if not m.get("subtype")] == list("0123")


async def test_an_ephemeral_message_is_replaced_and_deleted_through_its_response_url(
    bot: Bot, people: People, client: AsyncWebClient, room: str
):
    @bot.app.action("go")
    async def go(ack: Any, respond: Any, body: dict[str, Any]) -> None:
        await ack()
        assert "message" not in body
        assert body["container"]["is_ephemeral"] is True
        await respond(text="done", replace_original=True)

    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    await client.chat_postEphemeral(
        channel=room, user="U0ANA", text="?", blocks=[{"type": "actions", "elements": [button]}]
    )
    note = (await people.ephemeral("ana", room))[0]
    await people.click("ana", note, "Go")

    async def done() -> bool:
        return [n["text"] for n in await people.ephemeral("ana", room)] == ["done"]

    await people.until(done)


async def test_a_click_carries_the_message_and_what_was_chosen(
    bot: Bot, people: People, client: AsyncWebClient, room: str
):
    bodies: list[dict[str, Any]] = []

    @bot.app.action("pick")
    async def pick(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        bodies.append(body)

    options = [{"text": {"type": "plain_text", "text": t}, "value": t[0]} for t in ("Minor", "Severe")]
    select = {
        "type": "static_select",
        "action_id": "pick",
        "placeholder": {"type": "plain_text", "text": "Sev"},
        "options": options,
    }
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "accessory": select}
    await client.chat_postMessage(channel=room, text="x", blocks=[section])
    message = (await people.messages(room))[-1]
    await people.click("ana", message, "Sev", "Severe")
    body = bodies[0]
    action = body["actions"][0]
    assert action["selected_option"]["value"] == "S"
    assert body["message"]["ts"] == message["ts"] == body["container"]["message_ts"]
    assert body["channel"] == {"id": room, "name": "inc-1"}
    assert body["state"]["values"][action["block_id"]]["pick"]["selected_option"]["value"] == "S"


class Receiver:
    """A bot's HTTP side that answers as the test wants."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.answers: list[web.Response] = []

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append(({k.lower(): v for k, v in request.headers.items()}, await request.text()))
        return self.answers.pop(0) if self.answers else web.Response()


class TestHttp:
    @pytest.fixture
    async def receiver(self) -> AsyncIterator[Receiver]:
        made = Receiver()
        app = web.Application()
        app.router.add_post("/slack", made.take)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        made.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/slack"
        yield made
        await runner.cleanup()

    @pytest.fixture
    def config(self, receiver: Receiver) -> WorkspaceConfig:
        return WorkspaceConfig(app=replace(APP, request_url=receiver.url), timing=QUICK)

    async def test_events_are_signed_json(self, sandbox: Sandbox, receiver: Receiver):
        sandbox.acts.open_home("U0ANA")
        await sandbox.settled()
        headers, body = receiver.requests[0]
        assert SignatureVerifier(sandbox.signing_secret).is_valid_request(body, headers)
        assert headers["content-type"].startswith("application/json")
        assert "x-slack-retry-num" not in headers
        assert json.loads(body)["event"]["type"] == "app_home_opened"

    async def test_a_failure_is_tried_three_times_more_with_its_reason(
        self, sandbox: Sandbox, receiver: Receiver
    ):
        receiver.answers = [web.Response(status=500) for _ in range(4)]
        sandbox.acts.open_home("U0ANA")
        await sandbox.settled()
        numbers = [headers.get("x-slack-retry-num") for headers, _ in receiver.requests]
        assert numbers == [None, "1", "2", "3"]
        assert receiver.requests[1][0]["x-slack-retry-reason"] == "http_error"

    async def test_the_bot_may_ask_for_no_retry(self, sandbox: Sandbox, receiver: Receiver):
        receiver.answers = [web.Response(status=500, headers={"x-slack-no-retry": "1"})]
        sandbox.acts.open_home("U0ANA")
        await sandbox.settled()
        assert len(receiver.requests) == 1

    async def test_commands_are_forms_and_plain_text_is_an_answer(self, people: People, receiver: Receiver):
        receiver.answers = [web.Response(text="hello")]
        answer = await people.command("ana", "#general", "/incident a & b")
        fields = {name: values[0] for name, values in parse_qs(receiver.requests[0][1]).items()}
        assert fields["command"] == "/incident"
        assert fields["is_enterprise_install"] == "false"
        assert answer["response"]["text"] == "hello"

    async def test_a_command_that_fails_is_not_sent_again(self, people: People, receiver: Receiver):
        receiver.answers = [web.Response(status=500)]
        with pytest.raises(Refused, match="http_service_error"):
            await people.command("ana", "#general", "/incident x")
        assert len(receiver.requests) == 1

    async def test_a_real_bolt_app_takes_it(self, people: People, sandbox: Sandbox, receiver: Receiver):
        from slack_bolt.request.async_request import AsyncBoltRequest

        app = AsyncApp(
            client=AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[]),
            token=sandbox.bot_token,
            signing_secret=sandbox.signing_secret,
        )

        @app.shortcut("declare")
        async def declare(ack: Any) -> None:
            await ack()

        await people.shortcut("ana", "declare")
        headers, body = receiver.requests[0]
        answer = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        assert answer.status == 200
