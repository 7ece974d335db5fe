"""Messages by the bot and by people, and the events that follow."""

from sandbox_kit import Bot, soon, word
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.people import People
from sandbox.server import Sandbox

SECTION = [{"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}]


async def test_a_post_is_in_the_history_newest_first(client: AsyncWebClient, room: str):
    for text in ("one", "two"):
        await client.chat_postMessage(channel=room, text=text)
    answer = await client.conversations_history(channel=room, limit=2)
    assert [m["text"] for m in answer["messages"]] == ["two", "one"]
    assert answer["has_more"] is True
    following = await client.conversations_history(
        channel=room, cursor=answer["response_metadata"]["next_cursor"]
    )
    assert "one" not in [m["text"] for m in following["messages"]]


async def test_a_window_leaves_out_its_edges_unless_it_includes_them(client: AsyncWebClient, room: str):
    stamps = [(await client.chat_postMessage(channel=room, text=t))["ts"] for t in "abc"]

    async def texts(**window: object) -> str:
        answer = await client.conversations_history(channel=room, **window)
        return "".join(m["text"] for m in answer["messages"])

    assert await texts(oldest=stamps[0], latest=stamps[2]) == "b"
    assert await texts(oldest=stamps[0], latest=stamps[2], inclusive=True) == "cba"
    assert await texts(oldest=stamps[1]) == "c"
    assert await word(client.conversations_history(channel=room, oldest="soon")) == "invalid_ts_oldest"
    assert await word(client.conversations_history(channel=room, cursor="x")) == "invalid_cursor"


async def test_markdown_text_stands_alone(client: AsyncWebClient, room: str):
    posted = await client.chat_postMessage(channel=room, markdown_text="**bold**")
    assert posted["message"]["blocks"][0]["type"] == "markdown"
    both = client.chat_postMessage(channel=room, text="x", markdown_text="y")
    assert await word(both) == "markdown_text_conflict"


async def test_two_messages_never_share_a_ts(client: AsyncWebClient, room: str):
    stamps = [(await client.chat_postMessage(channel=room, text="x"))["ts"] for _ in range(20)]
    assert stamps == sorted(set(stamps))


async def test_text_is_stored_with_its_three_characters_escaped_and_mentions_live(
    client: AsyncWebClient, room: str
):
    answer = await client.chat_postMessage(channel=room, text="a < b & <@U0ANA> &amp; <https://x.y|z>")
    assert answer["message"]["text"] == "a &lt; b &amp; <@U0ANA> &amp; <https://x.y|z>"


async def test_metadata_is_kept_and_shown_to_who_asks(client: AsyncWebClient, room: str):
    metadata = {"event_type": "note", "event_payload": {"key": "k1"}}
    await client.chat_postMessage(channel=room, text="x", metadata=metadata)
    plain = await client.conversations_history(channel=room, limit=1)
    full = await client.conversations_history(channel=room, limit=1, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


async def test_replies_are_told_with_their_parent_and_not_in_the_history(client: AsyncWebClient, room: str):
    root = await client.chat_postMessage(channel=room, text="root")
    await client.chat_postMessage(channel=room, text="reply", thread_ts=root["ts"])
    await client.chat_postMessage(channel=room, text="loud", thread_ts=root["ts"], reply_broadcast=True)
    history = await client.conversations_history(channel=room)
    assert [m["text"] for m in history["messages"]][:2] == ["loud", "root"]
    assert history["messages"][1]["reply_count"] == 2
    thread = await client.conversations_replies(channel=room, ts=root["ts"])
    assert [m["text"] for m in thread["messages"]] == ["root", "reply", "loud"]


async def test_updating_with_text_alone_takes_the_blocks_away(client: AsyncWebClient, room: str):
    posted = await client.chat_postMessage(channel=room, text="x", blocks=SECTION)
    await client.chat_update(channel=room, ts=posted["ts"], text="y")
    history = await client.conversations_history(channel=room, limit=1)
    assert "blocks" not in history["messages"][0]


async def test_a_message_of_somebody_else_is_not_the_bots_to_change(
    client: AsyncWebClient, people: People, room: str
):
    said = await people.say("ana", room, "mine")
    assert await word(client.chat_update(channel=room, ts=said["ts"], text="x")) == "cant_update_message"
    assert await word(client.chat_delete(channel=room, ts=said["ts"])) == "cant_delete_message"


async def test_refusals_have_slacks_own_words(client: AsyncWebClient, room: str):
    assert await word(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    assert await word(client.api_call("chat.postMessage", json={"channel": room})) == "no_text"
    assert await word(client.chat_postMessage(channel=room, text="x", thread_ts="1.2")) == "thread_not_found"
    assert await word(client.chat_update(channel=room, ts="1.2", text="x")) == "message_not_found"
    posted = await client.chat_postMessage(channel=room, text="x")
    assert await word(client.chat_update(channel=room, ts=posted["ts"], text="x" * 4001)) == "msg_too_long"
    assert await word(client.api_call("chat.nonsense")) == "unknown_method"
    assert (
        await word(AsyncWebClient("xoxb-x", base_url=client.base_url, retry_handlers=[]).auth_test())
        == "invalid_auth"
    )


async def test_an_ephemeral_message_is_for_one_person_and_in_no_history(
    client: AsyncWebClient, people: People, room: str
):
    await client.chat_postEphemeral(channel=room, user="U0ANA", text="psst")
    assert [note["text"] for note in await people.ephemeral("ana", room)] == ["psst"]
    assert await people.ephemeral("bea", room) == []
    assert "psst" not in [m["text"] for m in await people.messages(room)]
    assert (
        await word(client.chat_postEphemeral(channel=room, user="U0CHEN", text="x")) == "user_not_in_channel"
    )


async def test_posting_to_a_person_opens_the_direct_message(client: AsyncWebClient, people: People):
    answer = await client.chat_postMessage(channel="U0ANA", text="hello")
    opened = await client.conversations_open(users="U0ANA")
    assert answer["channel"] == opened["channel"]["id"]
    assert [m["text"] for m in await people.dm("ana")] == ["hello"]


async def test_a_conversation_with_several_people_is_its_own_kind(
    bot: Bot, client: AsyncWebClient, people: People
):
    opened = await client.conversations_open(users="U0ANA,U0BEA")
    again = await client.conversations_open(users="U0BEA,U0ANA")
    assert opened["channel"]["id"] == again["channel"]["id"]
    await people.say("ana", opened["channel"]["id"], "hi both")
    assert (await soon(lambda: bot.of("message", None)))[0]["channel_type"] == "mpim"


async def test_what_people_say_arrives_as_slack_sends_it(bot: Bot, people: People, room: str):
    said = await people.say("ana", room, "look <@U0BEA> & see")
    event = (await soon(lambda: bot.of("message", None)))[0]
    assert event["channel_type"] == "channel"
    assert event["text"] == "look <@U0BEA> &amp; see"
    assert event["ts"] == event["event_ts"] == said["ts"]
    assert event["client_msg_id"]
    elements = event["blocks"][0]["elements"][0]["elements"]
    assert elements[1] == {"type": "user", "user_id": "U0BEA"}
    assert elements[2] == {"type": "text", "text": " & see"}


async def test_a_mention_of_the_bot_comes_twice_with_the_same_ts(bot: Bot, people: People, room: str):
    await people.say("ana", room, "<@U0BOT> help")
    mention = (await soon(lambda: bot.of("app_mention")))[0]
    message = (await soon(lambda: bot.of("message", None)))[0]
    assert mention["ts"] == message["ts"]
    assert len({body["event_id"] for body in bot.bodies}) == len(bot.bodies)


async def test_an_edit_tells_before_and_after(bot: Bot, people: People, room: str):
    said = await people.say("ana", room, "old")
    await people.edit("ana", said, "new")
    event = (await soon(lambda: bot.of("message", "message_changed")))[0]
    assert (event["previous_message"]["text"], event["message"]["text"]) == ("old", "new")
    assert event["message"]["edited"]["ts"].endswith(".000000")
    assert event["hidden"] is True
    assert "user" not in event
    assert event["ts"] != said["ts"] == event["message"]["ts"]
    assert event["message"]["blocks"][0]["elements"][0]["elements"][0]["text"] == "new"


async def test_a_deleted_message_is_gone_and_told(
    bot: Bot, people: People, client: AsyncWebClient, room: str
):
    said = await people.say("ana", room, "oops")
    await people.delete("ana", said)
    event = (await soon(lambda: bot.of("message", "message_deleted")))[0]
    assert event["deleted_ts"] == said["ts"]
    assert event["previous_message"]["text"] == "oops"
    history = await client.conversations_history(channel=room)
    assert said["ts"] not in [m["ts"] for m in history["messages"]]


async def test_the_root_of_a_thread_stays_as_a_tombstone(
    bot: Bot, people: People, client: AsyncWebClient, room: str
):
    root = await people.say("ana", room, "root")
    await people.say("bea", room, "reply", thread_ts=root["ts"])
    await people.delete("ana", root)
    event = (await soon(lambda: bot.of("message", "message_changed")))[0]
    assert event["message"]["subtype"] == "tombstone"
    assert event["message"]["user"] == "USLACKBOT"
    assert event["message"]["reply_count"] == 1
    assert event["previous_message"]["text"] == "root"
    assert bot.of("message", "message_deleted") == []
    history = await client.conversations_history(channel=room)
    assert history["messages"][0]["subtype"] == "tombstone"


async def test_reactions_are_told_with_whose_message_it_was(
    bot: Bot, people: People, client: AsyncWebClient, room: str
):
    said = await people.say("ana", room, "fixed it")
    await people.react("bea", said, "eyes")
    event = (await soon(lambda: bot.of("reaction_added")))[0]
    assert event["item"] == {"type": "message", "channel": room, "ts": said["ts"]}
    assert (event["user"], event["item_user"], event["reaction"]) == ("U0BEA", "U0ANA", "eyes")
    await client.reactions_add(channel=room, timestamp=said["ts"], name="eyes")
    assert (
        await word(client.reactions_add(channel=room, timestamp=said["ts"], name="eyes")) == "already_reacted"
    )
    got = await client.reactions_get(channel=room, timestamp=said["ts"])
    assert got["message"]["reactions"] == [{"name": "eyes", "users": ["U0BEA", "U0BOT"], "count": 2}]
    await people.unreact("bea", said, "eyes")
    assert await soon(lambda: bot.of("reaction_removed"))


async def test_a_pin_is_told_and_leaves_a_line(bot: Bot, people: People, client: AsyncWebClient, room: str):
    said = await people.say("ana", room, "important")
    await people.pin("bea", said)
    event = (await soon(lambda: bot.of("pin_added")))[0]
    assert event["item"]["message"]["permalink"].endswith(said["ts"].replace(".", ""))
    assert (event["user"], event["pin_count"], event["has_pins"]) == ("U0BEA", 1, True)
    assert await soon(lambda: bot.of("message", "pinned_item"))
    assert await word(client.pins_add(channel=room, timestamp=said["ts"])) == "already_pinned"
    pinned = await client.pins_list(channel=room)
    assert [item["message"]["ts"] for item in pinned["items"]] == [said["ts"]]
    await client.pins_remove(channel=room, timestamp=said["ts"])
    assert await word(client.pins_remove(channel=room, timestamp=said["ts"])) == "no_pin"


async def test_files_of_people_and_of_the_bot_are_shared_as_messages(
    bot: Bot, people: People, client: AsyncWebClient, room: str
):
    await people.upload("ana", room, "log.txt", b"boom", text="see")
    event = (await soon(lambda: bot.of("message", "file_share")))[0]
    assert event["files"][0]["name"] == "log.txt"
    done = await client.files_upload_v2(
        channel=room, content="# Title", filename="pm.md", initial_comment="done"
    )
    info = await client.files_info(file=done["file"]["id"])
    assert info["file"]["shares"]["public"][room]
    assert info["file"]["size"] == 7


async def test_a_scheduled_message_can_be_listed_and_taken_back(
    client: AsyncWebClient, sandbox: Sandbox, room: str
):
    at = sandbox.clock.now().timestamp()
    later = await client.chat_scheduleMessage(channel=room, text="later", post_at=int(at) + 500)
    listed = await client.chat_scheduledMessages_list(channel=room)
    assert [each["id"] for each in listed["scheduled_messages"]] == [later["scheduled_message_id"]]
    await client.chat_deleteScheduledMessage(channel=room, scheduled_message_id=later["scheduled_message_id"])
    assert (
        await word(client.chat_scheduleMessage(channel=room, text="x", post_at=int(at) - 5)) == "time_in_past"
    )
    assert (
        await word(client.chat_scheduleMessage(channel=room, text="x", post_at=int(at) + 121 * 86400))
        == "time_too_far"
    )
