"""A long transcript: read page by page, copied, and rendered, with the most memory that each needs at a time."""

import asyncio
import gc
import tempfile
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.databases import sqlite
from bench.row import Row
from bench.slack import PEOPLE, WORDS
from bot.app.directory import Directory
from bot.app.policy import Policy
from bot.app.postmortem import Postmortems
from bot.clock import SystemClock
from bot.documents.renderer import PackRenderer
from bot.domain import events as e
from bot.domain.details import MessageRef
from bot.domain.incident import Rendering
from bot.domain.people import SYSTEM
from bot.domain.transcript import Message, Profile
from sandbox.clock import micros, ts_of
from storage.copying import back_up
from storage.store import open_store

CHANNEL = "C0LONG"
TAGGED_EVERY = 100
AT_ONCE = 1_000


async def rows(scale):
    with sqlite() as url, tempfile.TemporaryDirectory() as folder:
        async with open_store(url) as store:
            incident = await _fill(store, scale.transcript)
            weight = await _peak(_held(store))
            listed = await _peak(_listed(store, scale.transcript))
            rendered = await _peak(_rendered(store, incident))
            copied = await _peak(asyncio.to_thread(back_up, url, Path(folder) / "copy.db"))
    shares = {"listing": listed, "a backup": copied, "rendering": rendered}
    said = ", ".join(f"{what} {peak / weight:.2f} x" for what, peak in shares.items())
    return [
        Row(
            f"memory for {scale.transcript:,} messages of one incident, {scale.transcript // TAGGED_EVERY:,} tagged",
            "never the whole twice (< 2 x)",
            f"{said}, of the {weight / 1e6:.0f} MB that all messages weigh",
            max(shares.values()) < 2 * weight,
        )
    ]


async def _peak(work):
    """The most bytes allocated at a time while ``work`` is done."""
    gc.collect()
    tracemalloc.start()
    await work
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


async def _fill(store, messages):
    """An incident in whose channel so much was said; every hundredth message is on the timeline."""
    now = datetime.now(UTC)
    for person in PEOPLE:
        await store.keep_profile(Profile(id=person, name=person, zone="UTC"), now)
    refs = [
        MessageRef(channel=CHANNEL, ts=ts_of(micros(now + timedelta(seconds=n)))) for n in range(messages)
    ]
    for first in range(0, messages, AT_ONCE):
        await asyncio.gather(
            *(
                store.record_message(
                    Message(ref=refs[n], user=PEOPLE[n % len(PEOPLE)], text=WORDS[n % len(WORDS)].format(n=n))
                )
                for n in range(first, min(first + AT_ONCE, messages))
            )
        )
    events = [e.Declared(title="A long one"), e.ChannelOpened(channel=CHANNEL, name="inc-1-a-long-one")]
    events += [e.MessageTagged(entry=f"E{n}", message=ref) for n, ref in enumerate(refs[::TAGGED_EVERY], 1)]
    async with store.transaction() as transaction:
        number = await transaction.next_number()
        return await transaction.append(number, None, events, by=PEOPLE[0], at=now)


async def _pages(store):
    after = ""
    while page := await store.messages(CHANNEL, after=after):
        after = page[-1].ref.ts
        yield page


async def _held(store):
    """All of it at once: what must not be needed twice."""
    return [message async for page in _pages(store) for message in page]


async def _listed(store, wanted):
    found = 0
    async for page in _pages(store):
        found += len(page)
    assert found == wanted, f"{wanted} messages were recorded and {found} listed"


async def _rendered(store, incident):
    directory = Directory(store, None, SystemClock())
    postmortems = Postmortems(store, directory, PackRenderer(), Policy())
    rendering = Rendering(revision=1, formats=("html",), final=True, at=datetime.now(UTC), by=SYSTEM)
    made = await postmortems.render(incident, rendering, "html")
    assert made.content.count(b"<tr>") >= len(incident.entries), "every tagged message is in the document"
