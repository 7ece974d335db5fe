"""What Slack said is kept once, in any order of arrival, and is on disk before anybody is told so."""

import asyncio
import os
import signal
import subprocess
import sys
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_helpers import ALICE, BOB, NOW, declare, message, reaction, ref

from bot.app.group import GroupWriter
from bot.domain.transcript import File, Profile
from storage import transcript
from storage.store import open_store

ORIGINAL = message("helo", files=(File(id="F1", name="graph.png", mimetype="image/png"),))
EDIT = message("hello", revision="1772701205.000200")
SECOND_EDIT = message("hello!", revision="1772701209.000100")
DELETION = message("", revision="1772701207.000100", deleted=True)


async def test_a_message_comes_back_as_it_was(store):
    full = message(
        "hi", thread_ts="1772701100.000100", permalink="https://x", via="backfill", files=ORIGINAL.files
    )
    await store.record_message(full)
    assert await store.message(full.ref) == full
    assert await store.message(ref("1772709999.000000")) is None


async def test_recording_the_same_message_twice_keeps_one_and_the_first(store):
    async with store.transaction() as transaction:
        assert await transaction.record_message(ORIGINAL)
        assert not await transaction.record_message(ORIGINAL)
    await store.record_message(message("another wording of the original"))
    assert await store.messages("C0INC") == [ORIGINAL]


@pytest.mark.parametrize(
    ("revisions", "present"),
    [
        ([ORIGINAL, EDIT], EDIT),
        ([ORIGINAL, EDIT, SECOND_EDIT], SECOND_EDIT),
        ([ORIGINAL, DELETION], DELETION),
        ([ORIGINAL, EDIT, SECOND_EDIT, DELETION], DELETION),
    ],
    ids=["edited", "edited twice", "deleted", "an edit that seems to follow a deletion"],
)
async def test_any_order_of_arrival_gives_the_same_wording(store, revisions, present):
    for n, order in enumerate(permutations(revisions)):
        for each in order:
            await store.record_message(in_channel(each, f"C{n}"))
        assert await store.message(ref(channel=f"C{n}")) == in_channel(present, f"C{n}")


def in_channel(each, channel):
    return transcript.Message(
        **{f: getattr(each, f) for f in each.__slots__ if f != "ref"}, ref=ref(each.ref.ts, channel)
    )


revisions = st.builds(
    message,
    text=st.text(max_size=5),
    ts=st.sampled_from(["1772701200.000100", "1772701200.000200", "1772701300.000100"]),
    revision=st.sampled_from(["", "1772701400.000100", "1772701400.000200"]),
    deleted=st.booleans(),
)
unique = st.lists(revisions, max_size=8, unique_by=lambda m: (m.ref.ts, m.revision))
examples = iter(range(10**6))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=unique, data=st.data())
async def test_shuffled_and_repeated_deliveries_leave_the_same_picture(store, first, data):
    second = data.draw(st.permutations(first + first[:3]))
    pages = []
    for delivered in (first, second):
        channel = f"C{next(examples)}"
        await asyncio.gather(*(store.record_message(in_channel(each, channel)) for each in delivered))
        pages.append([in_channel(each, "C") for each in await store.messages(channel)])
    assert pages[0] == pages[1]
    assert len(pages[0]) == len({each.ref.ts for each in first})


async def test_pages_follow_one_another_without_gaps_or_repeats(store):
    sent = [
        message(f"{n}", ts=f"17727012{n:02}.000100", thread_ts="1772701200.000100" if n % 3 else None)
        for n in range(25)
    ]
    await asyncio.gather(*map(store.record_message, reversed(sent)))
    await store.record_message(message("edited", ts=sent[7].ref.ts, revision="1772701299.000100"))
    await store.record_message(message("elsewhere", channel="C0OTHER"))
    found, after = [], ""
    while page := await store.messages("C0INC", after=after, limit=10):
        assert len(page) <= 10
        found += page
        after = page[-1].ref.ts
    assert [each.text for each in found] == [f"{n}" if n != 7 else "edited" for n in range(25)]


async def test_threads_are_those_with_a_reply_that_stands_their_roots_known_or_not(store):
    known, unknown, emptied = "1772701100.000100", "1772701110.000100", "1772701120.000100"
    replies = [
        message("a root", ts=known, thread_ts=known),
        message("one", ts="1772701200.000100", thread_ts=known),
        message("two", ts="1772701201.000100", thread_ts=known),
        message("three", ts="1772701202.000100", thread_ts=unknown),
        message("four", ts="1772701203.000100", thread_ts=emptied),
        message("", ts="1772701203.000100", thread_ts=emptied, revision="1772701300.000100", deleted=True),
    ]
    for each in replies:
        await store.record_message(each)
    assert await store.threads("C0INC", oldest="0", newest="9") == [known, unknown]
    assert await store.threads("C0INC", oldest=unknown, newest="9") == [unknown]
    assert await store.threads("C0ELSE", oldest="0", newest="9") == []


async def test_a_message_is_on_disk_when_recording_returns(store, url):
    await store.record_message(ORIGINAL)
    async with open_store(url, read_only=True) as other:
        assert await other.message(ORIGINAL.ref) == ORIGINAL


async def test_many_callers_share_one_commit(store, monkeypatch):
    groups = []
    record_all = transcript.record_all

    async def spy(connection, batch):
        groups.append(len(batch))
        await record_all(connection, batch)

    monkeypatch.setattr(transcript, "record_all", spy)
    sent = [message(f"{n}", ts=f"1772701200.{n:06}") for n in range(300)]
    await asyncio.gather(*map(store.record_message, sent))
    assert sum(groups) == 300
    assert len(groups) <= 4
    assert len(await store.messages("C0INC")) == 300


async def test_a_commit_that_fails_fails_everybody_in_it_and_nobody_after(store, monkeypatch):
    record_all = transcript.record_all

    async def full(connection, batch):
        await record_all(connection, batch)
        raise OSError("disk full")

    sent = [message(f"{n}", ts=f"1772701200.{n:06}") for n in range(5)]
    with monkeypatch.context() as patch:
        patch.setattr(transcript, "record_all", full)
        outcomes = await asyncio.gather(*map(store.record_message, sent), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OSError] * 5
    assert await store.messages("C0INC") == []
    await store.record_message(sent[0])
    assert await store.messages("C0INC") == [sent[0]]


async def test_a_caller_who_goes_away_does_not_disturb_the_others(store):
    sent = [message(f"{n}", ts=f"1772701200.{n:06}") for n in range(5)]
    tasks = [asyncio.create_task(store.record_message(each)) for each in sent]
    await asyncio.sleep(0)
    tasks[2].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome] == [asyncio.CancelledError]
    assert len(await store.messages("C0INC")) == 5


async def test_stopping_writes_what_waits_and_takes_nothing_more(url):
    async with open_store(url) as store:
        tasks = [
            asyncio.create_task(store.record_message(message(ts=f"1772701200.{n:06}"))) for n in range(500)
        ]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    with pytest.raises(RuntimeError, match="stopped"):
        await store.record_message(ORIGINAL)
    async with open_store(url) as again:
        assert len(await again.messages("C0INC")) == 500


async def test_nobody_waits_for_ever_for_a_writer_that_was_cancelled():
    never = asyncio.Event()

    async def commit(_items):
        await never.wait()

    writer = GroupWriter(commit)
    tasks = [asyncio.create_task(writer.write(n)) for n in range(3)]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(writer.write(3)))
    await asyncio.sleep(0)
    writer._writing.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 4


async def test_one_odd_message_does_not_cost_the_others(store):
    odd = message("nul \0 and half a smile \ud83d", ts="1772701200.000999")
    await asyncio.gather(store.record_message(odd), store.record_message(ORIGINAL))
    assert (await store.message(odd.ref)).text == "nul \ufffd and half a smile \ufffd"
    assert await store.message(ORIGINAL.ref) == ORIGINAL


CRASHER = """
import asyncio, sys
from bot.domain.details import MessageRef
from bot.domain.transcript import Message
from storage.store import open_store

async def main():
    async with open_store(sys.argv[1]) as store:
        async def one(n):
            while True:
                ref = MessageRef(channel="C0INC", ts=f"17727012{n % 100:02}.{n:06}")
                await store.record_message(Message(ref=ref, text="x"))
                print(ref.ts, flush=True)
                n += 10
        await asyncio.gather(*(one(n) for n in range(10)))

asyncio.run(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
async def test_what_was_acknowledged_survives_a_kill(url):
    process = subprocess.Popen([sys.executable, "-c", CRASHER, url], stdout=subprocess.PIPE, text=True)
    acknowledged = [process.stdout.readline().strip() for _ in range(200)]
    process.send_signal(signal.SIGKILL)
    acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    process.wait()
    async with open_store(url) as store:
        kept = set()
        while page := await store.messages("C0INC", after=max(kept, default="")):
            kept |= {each.ref.ts for each in page}
    assert set(acknowledged) <= kept


# --- reactions ---------------------------------------------------------------------------------------------------


async def record(store, each):
    async with store.transaction() as transaction:
        return await transaction.record_reaction(each)


async def test_reactions_present_now_are_told(store):
    pin, flag = reaction("pushpin"), reaction("flag", user=BOB, event_ts="1772701202.000000")
    assert await record(store, pin) == (pin,)
    assert await record(store, flag) == (pin, flag)
    assert await record(store, reaction("pushpin", present=False, event_ts="1772701203.000000")) == (flag,)
    assert list(await store.reactions(ref())) == [flag]


async def test_the_newest_word_of_a_person_counts_in_any_order_of_arrival(store):
    words = [
        reaction(present=present, event_ts=f"177270120{n}.000000")
        for n, present in enumerate([True, False, True])
    ]
    for order in permutations(words):
        async with store._db.writer.begin() as connection:
            await connection.execute(transcript.reactions.delete())
        for each in (*order, order[0]):
            await record(store, each)
        assert list(await store.reactions(ref())) == [words[2]]


async def test_two_reactions_at_once_are_decided_one_after_the_other(replicas):
    given_, taken = reaction("pushpin"), reaction("flag", present=False, event_ts="1772701205.000000")
    await record(replicas[0], reaction("flag"))

    async with replicas[0].transaction() as transaction:
        await transaction.record_reaction(given_)
        other = asyncio.create_task(record(replicas[1], taken))
        await asyncio.sleep(0.1)
        assert not other.done()
    assert await other == (given_,)


# --- profiles ----------------------------------------------------------------------------------------------------


async def test_profiles_are_kept_and_overwritten(store):
    await store.keep_profile(Profile(id=ALICE, name="Alice", zone="Europe/Paris"), NOW)
    await store.keep_profile(Profile(id=ALICE, name="Alice B.", deleted=True), NOW)
    await store.keep_profile(Profile(id=BOB, name="Bob", is_bot=True), NOW)
    assert await store.profiles([ALICE, "U0NOBODY"]) == {
        ALICE: Profile(id=ALICE, name="Alice B.", deleted=True)
    }
    assert set(await store.profiles([ALICE, BOB])) == {ALICE, BOB}
    assert await store.profiles([]) == {}


async def test_the_transcript_needs_no_incident(store):
    await store.record_message(ORIGINAL)
    assert (await declare(store)).number == 1
