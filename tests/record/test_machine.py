"""Whatever people do and however Slack delivers it, in the end the record is what Slack shows.

People write, edit, delete, react and pin; deliveries come late, twice, in any order, or never; the bot is restarted, and
reads history while things are on their way. Afterwards every message and every tag is compared with the sandbox's own.
"""

import atexit
import functools

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.app.recorder import tag_of
from bot.domain.transcript import PINNED
from sandbox.errors import SlackError
from sandbox.state import SYSTEM_SUBTYPES
from tests.record.inprocess import Bench, Talk

EMOJI = ("pushpin", "red_circle", "green_heart", "memo", "eyes")
WORDS = ("eror", "error", "errors at 40 %", "")


@functools.cache
def bench():
    made = Bench()
    atexit.register(made.close)
    return made


class Recording(RuleBasedStateMachine):
    said = Bundle("said")

    @initialize()
    def begin(self):
        self.talk = Talk(bench())
        self.lossy = self.repaired = False
        self.wordings, self.last_tags = {}, {}

    def run_(self, awaitable):
        return bench().run(awaitable)

    @property
    def workspace(self):
        return self.talk.workspace

    def there(self, ts):
        message = self.talk.channel.messages.get(ts)
        return message if message and message.get("subtype") != "tombstone" else None

    def person(self, index):
        return self.talk.people[index]

    # --- people ------------------------------------------------------------------------------------------------------

    @rule(target=said, who=st.integers(0, 2), text=st.sampled_from(WORDS[:3]))
    def say(self, who, text):
        ts = self.workspace.post(self.talk.channel, self.person(who), text)["ts"]
        self.wordings[ts] = [text]
        return ts

    @rule(target=said, root=said, who=st.integers(0, 2), text=st.sampled_from(WORDS[:3]), cast=st.booleans())
    def reply(self, root, who, text, cast):
        try:
            made = self.workspace.post(
                self.talk.channel, self.person(who), text, thread_ts=root, broadcast=cast
            )
        except SlackError:
            return root
        self.wordings[made["ts"]] = [text]
        return made["ts"]

    @rule(ts=said, text=st.sampled_from(WORDS))
    def edit(self, ts, text):
        if message := self.there(ts):
            self.workspace.edit_words(self.talk.channel, message, message["user"], text)
            self.wordings[ts].append(text)

    @rule(ts=said)
    def delete(self, ts):
        if message := self.there(ts):
            self.last_tags[ts] = self.names(message)
            self.workspace.delete(self.talk.channel, message)

    @rule(ts=said, who=st.integers(0, 2), name=st.sampled_from(EMOJI), present=st.booleans())
    def react(self, ts, who, name, present):
        if message := self.there(ts):
            self.quietly(self.workspace.react, message, self.person(who).id, name, present=present)

    @rule(ts=said, who=st.integers(0, 2), present=st.booleans())
    def pin(self, ts, who, present):
        if message := self.there(ts):
            self.quietly(self.workspace.pin, message, self.person(who).id, present=present)

    def quietly(self, act, message, *how, **more):
        try:
            act(self.talk.channel, message, *how, **more)
        except SlackError:
            return

    @rule(seconds=st.sampled_from([0.4, 1, 3700]))
    def time_passes(self, seconds):
        self.talk.clock.advance(seconds)

    # --- Slack's deliveries ------------------------------------------------------------------------------------------

    @precondition(lambda self: self.talk.way)
    @rule(data=st.data())
    def deliver_one_of_them(self, data):
        index = data.draw(st.integers(0, len(self.talk.way) - 1))
        self.deliver(self.talk.way.pop(index))

    @precondition(lambda self: self.talk.delivered)
    @rule(data=st.data())
    def deliver_one_again(self, data):
        index = data.draw(st.integers(0, len(self.talk.delivered) - 1))
        self.run_(self.talk.deliver(self.talk.delivered[index]))

    @precondition(lambda self: self.talk.way)
    @rule()
    def deliver_all(self):
        while self.talk.way:
            self.deliver(self.talk.way.pop(0))

    @precondition(lambda self: self.talk.way)
    @rule()
    def disconnect(self):
        """What was on its way never comes."""
        self.lossy = True
        self.talk.way.clear()

    def deliver(self, event):
        self.run_(self.talk.deliver(event))
        self.talk.delivered.append(event)

    # --- the bot -----------------------------------------------------------------------------------------------------

    @rule()
    def restart(self):
        self.talk.restart()

    @rule(refuse=st.sampled_from([None, 0, 1, 2]))
    def repair(self, refuse):
        """Also while things are on their way, and when Slack wants to be spared in the middle."""
        self.repaired = True
        self.talk.client.refuse = refuse
        self.run_(self.talk.repair())

    # --- the promise -------------------------------------------------------------------------------------------------

    def names(self, message):
        given = {reaction["name"] for reaction in message.get("reactions", ())}
        return given | ({PINNED} if message["ts"] in self.talk.channel.pins else set())

    def teardown(self):
        if not hasattr(self, "talk"):
            return
        self.talk.client.refuse = None
        while self.talk.way:
            self.deliver(self.talk.way.pop())  # backwards
        if self.lossy:
            self.run_(self.talk.repair())
        messages, tags = self.run_(self.talk.recorded())
        shown = {
            ts: message
            for ts, message in self.talk.channel.messages.items()
            if message.get("subtype") not in SYSTEM_SUBTYPES - {"tombstone"}
        }
        for ts, message in shown.items():
            if message.get("subtype") == "tombstone":
                assert messages[ts].deleted
                continue
            recorded = messages[ts]
            root = message.get("thread_ts")
            assert (recorded.text, recorded.user, recorded.deleted) == (
                message["text"],
                message["user"],
                False,
            )
            assert recorded.thread_ts == root or root == ts, "a root does not know of its thread at first"
            assert tags.get(ts) == self.meaning(self.names(message)), ts
        assert all(recorded.deleted for ts, recorded in messages.items() if ts not in shown)
        if not self.lossy:
            assert set(messages) == set(self.wordings), "what was deleted has its stub"
            for ts, names in self.last_tags.items():
                assert tags.get(ts) == self.meaning(names), (
                    "a deleted message keeps its place on the timeline"
                )
        if not self.lossy and not self.repaired:
            self.check_revisions(messages)

    def meaning(self, names):
        tag = tag_of(self.talk.recorder.tags, names)
        return (tag.kind, tag.marker) if tag else None

    def check_revisions(self, messages):
        for ts, wordings in self.wordings.items():
            revisions = self.run_(self.talk.store.revisions(messages[ts].ref))
            assert [each.text for each in revisions if not each.deleted] == wordings


def test_a_pin_heard_of_before_its_deleted_message_outlives_a_repair():
    """Slack shows neither message nor pin to the repair: that says nothing of a message that is still on its way."""
    talk = Talk(bench())
    message = talk.workspace.post(talk.channel, talk.people[0], "error")
    talk.workspace.pin(talk.channel, message, talk.people[0].id, present=True)
    talk.workspace.delete(talk.channel, message)
    pinned = next(event for event in talk.way if event["type"] == "pin_added")
    bench().run(talk.deliver(pinned))
    bench().run(talk.repair())
    for event in reversed(talk.way):
        bench().run(talk.deliver(event))
    messages, tags = bench().run(talk.recorded())
    assert messages[message["ts"]].deleted
    assert message["ts"] in tags


def test_a_reply_to_a_root_that_was_never_heard_is_found_to_be_deleted():
    talk = Talk(bench())
    root = talk.workspace.post(talk.channel, talk.people[0], "error")
    talk.way.clear()
    reply = talk.workspace.post(talk.channel, talk.people[1], "same here", thread_ts=root["ts"])
    for event in talk.way:
        bench().run(talk.deliver(event))
    talk.workspace.delete(talk.channel, reply)
    talk.workspace.delete(talk.channel, root)
    bench().run(talk.repair())
    messages, _ = bench().run(talk.recorded())
    assert messages[reply["ts"]].deleted


@pytest.mark.parametrize("part", range(4))
@pytest.mark.timeout(600)
def test_in_the_end_the_record_is_what_slack_shows(part):
    """2,000 examples, in four parts that may run side by side."""

    class Part(Recording):
        pass

    Part.__name__ = f"Recording{part}"
    run_state_machine_as_test(
        Part,
        settings=settings(
            max_examples=500,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
