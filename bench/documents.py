"""Rendering long timelines: time by length, and peak memory beside the output."""

import gc
import time
import tracemalloc
from datetime import UTC, datetime, timedelta

from bench.row import Row
from bot.documents.renderer import PackRenderer
from bot.domain import events as e
from bot.domain.details import EntryDetails, Severity
from bot.domain.evolve import fold
from bot.domain.times import Precision, Time
from bot.domain.vocabulary import Marker
from bot.views.document import build_document

FORMATS = ("markdown", "html", "json")
START = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
#: Twice the length may take this much more than twice the time.
LINEAR = 1.3
MOST_MEMORY = 20


async def rows(scale):
    renderer = PackRenderer()
    documents = [document_of(entries) for entries in scale.entries]
    renderer.render(documents[0], pack="default", format="html")
    return [_row(renderer, documents, scale.entries, form) for form in FORMATS]


def _row(renderer, documents, entries, form):
    short, long = _seconds(renderer, documents, form)
    peak, size = peak_of(renderer, documents[1], form)
    growth = long / short / (entries[1] / entries[0])
    said = (
        f"{short:.2f} s for {entries[0]:,}, {long:.2f} s: {growth:.2f} x linear; "
        f"peak {peak / size:.1f} x of {size / 1e6:.1f} MB"
    )
    goal = f"linear; peak ≤ {MOST_MEMORY} x the output"
    met = growth <= LINEAR and peak <= MOST_MEMORY * size
    return Row(f"a document of {entries[1]:,} entries, {form}", goal, said, met)


def incident_of(entries):
    """An incident with so many entries of ordinary words, one every three seconds."""
    events = [e.Declared(title="Checkout is down", severity=Severity(level=1, label="SEV1"))]
    for n in range(entries):
        at = Time(utc=START + timedelta(seconds=3 * n), precision=Precision.SECOND)
        words = f"Step {n}: *restarted* the `queue` on node {n % 40}, error rate <{n % 9}% | still watching"
        marker = Marker.DEGRADED if n % 500 == 0 else None
        events.append(e.NoteAdded(entry=f"E{n}", time=at, details=EntryDetails(text=words, marker=marker)))
    recorded = [
        e.Recorded(incident=1, number=n, at=START + timedelta(seconds=3 * n), by="Ana", event=event)
        for n, event in enumerate(events, 1)
    ]
    return fold(recorded)


def document_of(entries):
    return build_document(incident_of(entries), messages={}, profiles={}, now=START + timedelta(days=2))


def _seconds(renderer, documents, form):
    """The best of three alternating tries of each: what disturbs a run only ever makes it longer."""
    tries = [[_once(renderer, document, form) for document in documents] for _ in range(3)]
    return [min(times) for times in zip(*tries, strict=True)]


def _once(renderer, document, form):
    began = time.perf_counter()
    renderer.render(document, pack="default", format=form)
    return time.perf_counter() - began


def peak_of(renderer, document, form):
    """Peak bytes allocated while rendering, and bytes of output."""
    gc.collect()
    tracemalloc.start()
    output = renderer.render(document, pack="default", format=form)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, len(output)
