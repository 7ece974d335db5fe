"""Forms and Home pages: triggers, stacks, what is typed, and what Slack refuses to send."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_kit import Bot, soon, word

from sandbox.people import People, Refused
from sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def field(
    label: str, element: dict[str, Any], block_id: str | None = None, *, optional: bool = False
) -> dict[str, Any]:
    made = {
        "type": "input",
        "label": plain(label),
        "optional": optional,
        "element": {"action_id": "a", **element},
    }
    return {**made, "block_id": block_id} if block_id else made


def options(*texts: str) -> list[dict[str, Any]]:
    return [{"text": plain(text), "value": text.lower()} for text in texts]


TEXT = {"type": "plain_text_input"}
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Declare"),
    "submit": plain("Go"),
    "private_metadata": "m",
    "blocks": [
        field("Title", TEXT, "title"),
        field("Why", {**TEXT, "initial_value": "because"}, "why", optional=True),
    ],
}


class Desk:
    """A bot that opens a form for a shortcut and keeps what is sent."""

    def __init__(self, bot: Bot) -> None:
        self.form = FORM
        self.triggers: list[str] = []
        self.sent: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.answer: Callable[[], dict[str, Any]] = dict

        @bot.app.shortcut("declare")
        async def declare(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            self.triggers.append(body["trigger_id"])
            if self.form:
                await client.views_open(trigger_id=body["trigger_id"], view=self.form)

        @bot.app.view("form")
        async def submitted(ack: Any, body: dict[str, Any]) -> None:
            self.sent.append(body)
            await ack(**self.answer())

        @bot.app.view_closed("form")
        async def closed(ack: Any, body: dict[str, Any]) -> None:
            self.closed.append(body)
            await ack()

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.sent[-1]["view"]["state"]["values"])


@pytest.fixture
def desk(bot: Bot) -> Desk:
    return Desk(bot)


async def opened(people: People) -> dict[str, Any]:
    await people.shortcut("ana", "declare")
    return await people.view("ana")


async def test_what_is_typed_arrives_with_what_was_filled_in(desk: Desk, people: People):
    view = await opened(people)
    answer = await people.submit("ana", view, {"Title": "Checkout is down"})
    assert "errors" not in answer
    assert desk.values["title"]["a"] == {"type": "plain_text_input", "value": "Checkout is down"}
    assert desk.values["why"]["a"]["value"] == "because"
    assert desk.sent[0]["view"]["private_metadata"] == "m"
    assert "channel" not in desk.sent[0]
    assert await people.views("ana") == []


async def test_a_required_field_left_empty_is_not_sent(desk: Desk, people: People):
    view = await opened(people)
    answer = await people.submit("ana", view, {"Title": "  "})
    assert answer["errors"] == {"title": "Please complete this required field."}
    assert desk.sent == []
    with pytest.raises(Refused, match="no 'Titel', only Title, Why"):
        await people.submit("ana", view, {"Titel": "x"})


async def test_every_kind_of_field_has_its_own_shape(desk: Desk, people: People):
    kinds: dict[str, tuple[dict[str, Any], Any, dict[str, Any]]] = {
        "static_select": ({"options": options("One", "Two")}, "Two", {"selected_option": options("Two")[0]}),
        "multi_static_select": (
            {"options": options("One", "Two")},
            ["one"],
            {"selected_options": options("One")},
        ),
        "radio_buttons": ({"options": options("One")}, "one", {"selected_option": options("One")[0]}),
        "checkboxes": ({"options": options("Yes")}, True, {"selected_options": options("Yes")}),
        "users_select": ({}, "bea", {"selected_user": "U0BEA"}),
        "multi_users_select": ({}, ["ana", "U0BEA"], {"selected_users": ["U0ANA", "U0BEA"]}),
        "conversations_select": ({}, "C0GENERAL", {"selected_conversation": "C0GENERAL"}),
        "channels_select": ({}, "C0GENERAL", {"selected_channel": "C0GENERAL"}),
        "datepicker": ({}, "2026-01-29", {"selected_date": "2026-01-29"}),
        "timepicker": ({}, "09:30", {"selected_time": "09:30"}),
        "datetimepicker": ({}, 1769695200, {"selected_date_time": 1769695200}),
        "number_input": ({"is_decimal_allowed": False}, 3, {"value": "3"}),
        "email_text_input": ({}, "a@b.cd", {"value": "a@b.cd"}),
        "url_text_input": ({}, "https://x.y", {"value": "https://x.y"}),
    }
    blocks = [
        field(kind, {"type": kind, **more}, kind, optional=True) for kind, (more, _, _) in kinds.items()
    ]
    blocks.append(field("rich", {"type": "rich_text_input"}, "rich", optional=True))
    desk.form = {**FORM, "blocks": blocks}
    await people.submit("ana", await opened(people))
    untouched = desk.values
    assert untouched["users_select"]["a"] == {"type": "users_select", "selected_user": None}
    assert untouched["multi_users_select"]["a"]["selected_users"] == []
    assert untouched["rich"]["a"]["rich_text_value"] is None

    typed = {kind: value for kind, (_, value, _) in kinds.items()}
    await people.submit("ana", await opened(people), {**typed, "rich": "hello"})
    for kind, (_, _, shape) in kinds.items():
        assert desk.values[kind]["a"] == {"type": kind, **shape}
    assert desk.values["rich"]["a"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "hello"


async def test_what_is_no_number_or_address_is_not_sent(desk: Desk, people: People):
    desk.form = {
        **FORM,
        "blocks": [
            field("Number", {"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}, "n"),
            field("Mail", {"type": "email_text_input"}, "m"),
            field("Short", {**TEXT, "max_length": 3}, "s"),
        ],
    }
    view = await opened(people)
    answer = await people.submit("ana", view, {"Number": "12", "Mail": "nobody", "Short": "long"})
    assert sorted(answer["errors"]) == ["m", "n", "s"]
    desk.form = {
        **FORM,
        "blocks": [field("Sev", {"type": "static_select", "options": options("One")}, "sev")],
    }
    view = await opened(people)
    with pytest.raises(Refused, match="there is no option"):
        await people.submit("ana", view, {"Sev": "Nine"})


async def test_the_bots_errors_keep_the_form_open(desk: Desk, people: People):
    desk.answer = lambda: {"response_action": "errors", "errors": {"title": "too vague"}}
    view = await opened(people)
    answer = await people.submit("ana", view, {"Title": "x"})
    assert (answer["response_action"], answer["errors"]) == ("errors", {"title": "too vague"})
    assert (await people.view("ana"))["errors"] == {"title": "too vague"}


async def test_a_form_can_be_changed_stacked_and_cleared_by_the_answer(desk: Desk, people: People):
    desk.answer = lambda: {"response_action": "push", "view": {**FORM, "title": plain("Second")}}
    await people.submit("ana", await opened(people), {"Title": "x"})
    second = await people.view("ana")
    assert second["title"]["text"] == "Second"
    assert second["root_view_id"] == second["previous_view_id"] != second["id"]

    desk.answer = lambda: {"response_action": "update", "view": {**FORM, "title": plain("Changed")}}
    await people.submit("ana", second, {"Title": "kept"})
    changed = await people.view("ana")
    assert (changed["id"], changed["title"]["text"]) == (second["id"], "Changed")
    assert changed["hash"] != second["hash"]
    assert changed["state"]["values"]["title"]["a"]["value"] == "kept"

    desk.answer = lambda: {"response_action": "clear"}
    await people.submit("ana", changed)
    assert await people.views("ana") == []


async def test_typing_is_lost_where_an_id_changes(desk: Desk, bot: Bot, people: People):
    view = await opened(people)
    desk.answer = lambda: {"response_action": "errors", "errors": {"title": "no"}}
    await people.submit("ana", view, {"Title": "typed", "Why": "mine"})
    blocks = [
        field("Title", TEXT, "title"),
        field("Why", {**TEXT, "action_id": "other"}, "why", optional=True),
    ]
    await bot.client.views_update(view_id=view["id"], view={**FORM, "blocks": blocks})
    values = (await people.view("ana"))["state"]["values"]
    assert values["title"]["a"]["value"] == "typed"
    assert values["why"]["other"]["value"] is None


async def test_an_old_hash_is_a_conflict(desk: Desk, bot: Bot, people: People):
    view = await opened(people)
    await bot.client.views_update(view_id=view["id"], hash=view["hash"], view=FORM)
    assert (
        await word(bot.client.views_update(view_id=view["id"], hash=view["hash"], view=FORM))
        == "hash_conflict"
    )
    assert await word(bot.client.views_update(view_id="V404", view=FORM)) == "not_found"


async def test_a_trigger_serves_once_and_not_for_long(desk: Desk, bot: Bot, people: People):
    await opened(people)
    used = desk.triggers[0]
    assert await word(bot.client.views_open(trigger_id=used, view=FORM)) == "exchanged_trigger_id"
    assert await word(bot.client.views_open(trigger_id="1.2.3", view=FORM)) == "invalid_trigger_id"
    desk.form = {}
    await people.shortcut("ana", "declare")
    await soon(lambda: len(desk.triggers) == 2)
    await asyncio.sleep(0.4)
    assert await word(bot.client.views_open(trigger_id=desk.triggers[1], view=FORM)) == "expired_trigger_id"


async def test_three_forms_lie_on_each_other_and_no_fourth(
    desk: Desk, bot: Bot, people: People, sandbox: Sandbox
):
    await opened(people)
    for _ in range(2):
        await bot.client.views_push(trigger_id=sandbox.forms.trigger("U0ANA"), view=FORM)
    fourth = bot.client.views_push(trigger_id=sandbox.forms.trigger("U0ANA"), view=FORM)
    assert await word(fourth) == "push_limit_reached"


async def test_an_external_id_is_for_one_form(desk: Desk, bot: Bot, people: People, sandbox: Sandbox):
    desk.form = {**FORM, "external_id": "e1"}
    await opened(people)
    again = bot.client.views_open(trigger_id=sandbox.forms.trigger("U0BEA"), view=desk.form)
    assert await word(again) == "duplicate_external_id"
    await bot.client.views_update(external_id="e1", view={**FORM, "external_id": "e1"})


async def test_closing_is_told_to_who_asked_for_it(desk: Desk, people: People):
    desk.form = {**FORM, "notify_on_close": True}
    await people.close_view("ana", await opened(people))
    assert desk.closed[0]["is_cleared"] is False
    assert await people.views("ana") == []


async def test_a_home_page_is_published_opened_and_clicked(bot: Bot, people: People):
    clicks: list[dict[str, Any]] = []

    @bot.app.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        clicks.append(body)

    button = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "v"}
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    assert await word(bot.client.views_publish(user_id="U0ANA", view=FORM)) == "invalid_arguments"
    await people.open_home("ana")
    assert "view" not in (await soon(lambda: bot.of("app_home_opened")))[0]
    published = await bot.client.views_publish(user_id="U0ANA", view=home)
    await people.open_home("ana")
    event = (await soon(lambda: bot.of("app_home_opened")[1:]))[0]
    assert (event["tab"], event["view"]["id"]) == ("home", published["view"]["id"])
    await people.click("ana", await people.home("ana"), "Go")
    assert clicks[0]["actions"][0]["value"] == "v"
    assert clicks[0]["view"]["type"] == "home"


async def test_a_message_shortcut_brings_the_message(bot: Bot, people: People):
    bodies: list[dict[str, Any]] = []

    @bot.app.shortcut("note")
    async def note(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        bodies.append(body)

    said = await people.say("ana", "#general", "look at this")
    await people.shortcut("bea", "note", said)
    assert bodies[0]["type"] == "message_action"
    assert bodies[0]["message"]["text"] == "look at this"
    assert bodies[0]["message_ts"] == said["ts"]
    assert bodies[0]["response_url"]
