"""What is asked again and again is answered from an index of its own, however much has been recorded."""

import sqlite3
from datetime import UTC, datetime

import pytest
from sqlalchemy.dialects import sqlite

from storage import files, transcript, work
from storage.store import open_store

NOW = str(datetime(2026, 11, 18, tzinfo=UTC))


@pytest.mark.parametrize(
    ("asked", "values", "index"),
    [
        (transcript.REDACTED, {"channels": ["C0INC"]}, "ix_messages_redacted"),
        (files.WAITING, {"now": NOW, "most": 5}, "ix_kept_files_wanted"),
        (work.WAITING, {"now": NOW, "most": 5}, "ix_work_dirty"),
    ],
)
async def test_sqlite_takes_the_index_that_was_made_for_it(tmp_path, asked, values, index):
    async with open_store(f"sqlite:///{tmp_path}/tocsin.db"):
        pass
    compiled = asked.params(values).compile(dialect=sqlite.dialect(paramstyle="named"))
    written = compiled.construct_expanded_state()
    with sqlite3.connect(tmp_path / "tocsin.db") as database:
        plan = database.execute(f"EXPLAIN QUERY PLAN {written.statement}", written.parameters).fetchall()
    assert any(index in row[3] for row in plan), plan
