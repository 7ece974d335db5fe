"""`python -m bench.documents`: rendering a long timeline: time by length, and peak memory beside the output."""

import gc
import time
import tracemalloc
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table

from bot.documents.renderer import PackRenderer
from bot.domain import events as e
from bot.domain.evolve import fold
from bot.domain.times import Precision, Time
from bot.domain.vocabulary import Marker
from bot.views.document import build_document

LENGTHS = (1_000, 10_000)
FORMATS = ("markdown", "html", "json", "svg")
START = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)


def incident_of(entries):
    """An incident with so many entries of ordinary words, one every three seconds."""
    events = [e.Declared(title="Checkout is down", severity=e.Severity(level=1, label="SEV1"))]
    for n in range(entries):
        at = Time(utc=START + timedelta(seconds=3 * n), precision=Precision.SECOND)
        words = f"Step {n}: *restarted* the `queue` on node {n % 40}, error rate <{n % 9}% | still watching"
        marker = Marker.DEGRADED if n % 500 == 0 else None
        events.append(e.NoteAdded(entry=f"E{n}", time=at, details=e.EntryDetails(text=words, marker=marker)))
    recorded = [
        e.Recorded(incident=1, number=n, at=START + timedelta(seconds=3 * n), by="Ana", event=event)
        for n, event in enumerate(events, 1)
    ]
    return fold(recorded)


def document_of(entries):
    return build_document(incident_of(entries), messages={}, profiles={}, now=START + timedelta(days=2))


def seconds_of(renderer, document, form):
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


def main():
    renderer = PackRenderer()
    documents = {entries: document_of(entries) for entries in LENGTHS}
    renderer.render(documents[LENGTHS[0]], pack="default", format="html")
    table = Table(title=f"Rendering {LENGTHS[0]:,} and {LENGTHS[1]:,} entries")
    for column in ("format", *(f"{entries:,}" for entries in LENGTHS), "growth", "output", "peak / output"):
        table.add_column(column, justify="right")
    for form in FORMATS:
        short, long = (min(seconds_of(renderer, documents[n], form) for _ in range(2)) for n in LENGTHS)
        peak, size = peak_of(renderer, documents[LENGTHS[1]], form)
        growth = long / short / (LENGTHS[1] / LENGTHS[0])
        table.add_row(
            form,
            f"{short:.2f} s",
            f"{long:.2f} s",
            f"{growth:.2f} x linear",
            f"{size / 1e6:.1f} MB",
            f"{peak / size:.1f} x",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
