"""What is asked again and again is answered from an index of its own, however much has been recorded."""

import sqlite3
from datetime import UTC, datetime

import pytest
from sqlalchemy.dialects import sqlite

from storage import files, letters, transcript, work
from storage.store import open_store

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
NOW = str(NOON)


@pytest.mark.parametrize(
    ("asked", "values", "index"),
    [
        (transcript.REDACTED, {"channels": ["C0INC"]}, "ix_messages_redacted"),
        (files.WAITING, {"now": NOW, "most": 5}, "ix_kept_files_wanted"),
        (work.WAITING, {"now": NOW, "most": 5}, "ix_work_dirty"),
    ],
)
async def test_sqlite_takes_the_index_that_was_made_for_it(tmp_path, asked, values, index):
    plan = await planned(tmp_path, asked, values)
    assert any(index in step for step in plan), plan


async def test_who_is_to_be_written_to_is_found_among_the_lines_that_have_waited_longest(tmp_path):
    """In the order of the index: sorting would be a look at all of them."""
    plan = await planned(tmp_path, letters.writable(NOON), {})
    assert any("ix_letter_lines_waiting" in step for step in plan), plan
    assert not any("CORRELATED" in step or "ORDER BY" in step for step in plan), plan


async def planned(folder, asked, values):
    """The steps of SQLite's plan on a fresh database, whose statistics nobody has gathered either."""
    async with open_store(f"sqlite:///{folder}/tocsin.db"):
        pass
    compiled = asked.params(values).compile(dialect=sqlite.dialect(paramstyle="named"))
    written = compiled.construct_expanded_state()
    values = {
        name: str(value) if isinstance(value, datetime) else value
        for name, value in written.parameters.items()
    }
    with sqlite3.connect(folder / "tocsin.db") as database:
        rows = database.execute(f"EXPLAIN QUERY PLAN {written.statement}", values).fetchall()
    return [row[3] for row in rows]
