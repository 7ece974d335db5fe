"""Channels: names, membership, archives, topics, bookmarks, scopes."""

from dataclasses import replace

import pytest
from sandbox_kit import APP, QUICK, Bot, soon, word
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.config import WorkspaceConfig
from sandbox.people import People, Refused
from sandbox.server import Sandbox


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "invalid_name_required"),
        ("Big", "invalid_name_specials"),
        ("a b", "invalid_name_specials"),
        ("--", "invalid_name_punctuation"),
        ("x" * 81, "invalid_name_maxlength"),
        ("general", "name_taken"),
    ],
)
async def test_a_name_must_be_one_that_slack_takes(client: AsyncWebClient, name: str, expected: str):
    assert await word(client.conversations_create(name=name)) == expected


async def test_private_and_archived_channels_hold_their_names(client: AsyncWebClient, people: People):
    await people.make_channel("ana", "secret", is_private=True)
    assert await word(client.conversations_create(name="secret")) == "name_taken"
    old = await client.conversations_create(name="old")
    await client.conversations_archive(channel=old["channel"]["id"])
    assert await word(client.conversations_create(name="old")) == "name_taken"


async def test_a_private_channel_is_unknown_to_who_is_not_in_it(client: AsyncWebClient, people: People):
    made = await people.make_channel("ana", "secret", is_private=True)
    assert await word(client.conversations_info(channel=made["id"])) == "channel_not_found"


async def test_one_bad_guest_fails_the_whole_invitation_unless_forced(client: AsyncWebClient, room: str):
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_invite(channel=room, users="U0CHEN,U404")
    assert caught.value.response["errors"] == [{"user": "U404", "ok": False, "error": "user_not_found"}]
    assert await word(client.conversations_invite(channel=room, users="U0BOT")) == "cant_invite_self"
    assert await word(client.conversations_invite(channel=room, users="U0ANA")) == "already_in_channel"
    await client.conversations_invite(channel=room, users="U0CHEN,U404", force=True)
    members = await client.conversations_members(channel=room)
    assert "U0CHEN" in members["members"]


async def test_joining_is_told_and_leaves_a_line(bot: Bot, people: People, room: str):
    await people.join("chen", room)
    joined = (await soon(lambda: [e for e in bot.of("member_joined_channel") if e["user"] == "U0CHEN"]))[0]
    assert joined["channel"] == room
    assert "inviter" not in joined
    line = await soon(lambda: [e for e in bot.of("message", "channel_join") if e["user"] == "U0CHEN"])
    assert line[0]["text"] == "<@U0CHEN> has joined the channel"


async def test_a_guest_enters_only_when_invited(people: People, room: str):
    with pytest.raises(Refused, match="user_is_restricted"):
        await people.join("eli", room)
    await people.join("eli", room, inviter="ana")


async def test_the_bot_hears_nothing_from_where_it_is_not(bot: Bot, people: People, room: str):
    await people.say("ana", "#general", "unheard")
    await people.say("ana", room, "heard")
    await soon(lambda: bot.of("message", None))
    await people.settled()
    assert [e["text"] for e in bot.of("message", None)] == ["heard"]


async def test_a_topic_is_said_once_and_not_longer_than_250(
    client: AsyncWebClient, people: People, room: str
):
    for _ in range(2):
        await client.conversations_setTopic(channel=room, topic="SEV1")
    lines = [m for m in await people.messages(room) if m.get("subtype") == "channel_topic"]
    assert len(lines) == 1
    assert await word(client.conversations_setTopic(channel=room, topic="x" * 251)) == "too_long"
    await client.conversations_setPurpose(channel=room, purpose="run it")
    info = await client.conversations_info(channel=room)
    assert info["channel"]["topic"]["value"] == "SEV1"
    assert info["channel"]["purpose"]["value"] == "run it"


async def test_an_archived_channel_takes_nothing_and_the_bot_cannot_open_it_again(
    bot: Bot, client: AsyncWebClient, people: People, room: str
):
    posted = await client.chat_postMessage(channel=room, text="x")
    await client.conversations_archive(channel=room)
    assert await word(client.chat_postMessage(channel=room, text="x")) == "is_archived"
    assert await word(client.chat_update(channel=room, ts=posted["ts"], text="y")) == "is_inactive"
    assert await word(client.conversations_setTopic(channel=room, topic="y")) == "is_archived"
    assert await word(client.conversations_unarchive(channel=room)) == "not_in_channel"
    assert await word(client.conversations_archive(channel=room)) == "already_archived"
    await people.unarchive("ana", room)
    assert await soon(lambda: bot.of("channel_unarchive"))


async def test_only_its_own_channels_are_the_bots_to_rename(
    bot: Bot, client: AsyncWebClient, people: People, room: str
):
    await client.conversations_rename(channel=room, name="inc-1-checkout")
    renamed = (await soon(lambda: bot.of("channel_rename")))[0]
    assert renamed["channel"]["name"] == "inc-1-checkout"
    await client.conversations_join(channel="C0DEPLOYS")
    assert await word(client.conversations_rename(channel="C0DEPLOYS", name="mine")) == "not_authorized"
    await people.rename_channel("ana", room, "other")


async def test_bookmarks_are_links_that_people_may_take_away(client: AsyncWebClient, room: str):
    made = await client.bookmarks_add(channel_id=room, title="Doc", type="link", link="https://x.y")
    bookmark = made["bookmark"]["id"]
    await client.bookmarks_edit(channel_id=room, bookmark_id=bookmark, title="Banner")
    listed = await client.bookmarks_list(channel_id=room)
    assert [each["title"] for each in listed["bookmarks"]] == ["Banner"]
    await client.bookmarks_remove(channel_id=room, bookmark_id=bookmark)
    assert await word(client.bookmarks_edit(channel_id=room, bookmark_id=bookmark, title="x")) == "not_found"
    assert (
        await word(client.bookmarks_add(channel_id=room, title="x", type="link", link="ftp:x"))
        == "invalid_link"
    )


async def test_people_have_names_zones_and_may_leave(bot: Bot, client: AsyncWebClient, people: People):
    ana = await client.users_info(user="U0ANA")
    assert ana["user"]["tz"] == "Europe/Madrid"
    assert ana["user"]["tz_offset"] in {3600, 7200}
    found = await client.users_lookupByEmail(email="bea@example.com")
    assert found["user"]["id"] == "U0BEA"
    assert await word(client.users_lookupByEmail(email="x@y.z")) == "users_not_found"
    groups = await client.usergroups_list(include_users=True)
    assert groups["usergroups"][0]["users"] == ["U0ANA", "U0CHEN"]
    await people.deactivate("bea")
    assert (await soon(lambda: bot.of("user_change")))[0]["user"]["deleted"] is True
    assert await word(client.chat_postMessage(channel="U0BEA", text="x")) == "user_disabled"
    await people.add_user("gus", tz="Asia/Tokyo")
    assert (await soon(lambda: bot.of("team_join")))[0]["user"]["name"] == "gus"


class TestScopes:
    @pytest.fixture
    def config(self) -> WorkspaceConfig:
        scopes = frozenset(
            {"chat:write", "channels:manage", "channels:history", "channels:read", "users:read", "commands"}
        )
        return WorkspaceConfig(app=replace(APP, scopes=scopes), timing=QUICK)

    async def test_a_method_needs_its_scope_for_the_kind_of_channel(self, client: AsyncWebClient, room: str):
        with pytest.raises(SlackApiError) as caught:
            await client.pins_list(channel=room)
        assert caught.value.response["needed"] == "pins:read"
        assert "chat:write" in caught.value.response["provided"]
        assert await word(client.conversations_create(name="p", is_private=True)) == "missing_scope"
        assert await word(client.chat_postMessage(channel="C0GENERAL", text="x")) == "not_in_channel"
        assert (
            await word(client.conversations_list(types="public_channel,private_channel")) == "missing_scope"
        )
        await client.conversations_history(channel=room)

    async def test_the_answer_lists_what_was_granted(self, client: AsyncWebClient):
        answer = await client.auth_test()
        assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")

    async def test_an_event_without_its_scope_does_not_come(self, bot: Bot, people: People, room: str):
        said = await people.say("ana", room, "x")
        await people.react("ana", said, "eyes")
        await people.settled()
        assert bot.of("message", None)
        assert bot.of("reaction_added") == []

    async def test_addresses_are_for_who_may_see_them(self, client: AsyncWebClient):
        ana = await client.users_info(user="U0ANA")
        assert "email" not in ana["user"]["profile"]


async def test_only_subscribed_events_come():
    config = WorkspaceConfig(app=replace(APP, events=frozenset({"message.groups"})), timing=QUICK)
    sandbox = Sandbox(config)
    await sandbox.start()
    try:
        sandbox.workspace.create_channel("open", sandbox.workspace.bot, private=False)
        assert sandbox.delivery.pending == 0
        sandbox.workspace.create_channel("shut", sandbox.workspace.bot, private=True)
        assert sandbox.delivery.pending == 1
    finally:
        await sandbox.stop()
