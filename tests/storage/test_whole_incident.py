"""A whole written incident on either database: the same bot, the same document."""

import json
from pathlib import Path

import pytest

from bot.replay.case import load
from bot.replay.play import play
from storage.store import open_store
from tests.cases.grade import grade

CASE = Path(__file__).parent.parent / "cases" / "000-hot-tasking-manager.json"


@pytest.mark.timeout(120)
async def test_a_written_incident_is_whole_and_its_tables_are_what_a_rebuild_makes(empty, tmp_path):
    played = await play(load(CASE), database=empty, out=tmp_path, twice=True)

    assert [o for o in played.outcomes if o.problem] == []
    facts = grade(json.loads(CASE.read_text()), (tmp_path / "document.md").read_text())
    assert [what for _, ok, what in facts if not ok] == []
    async with open_store(empty) as store:
        before = await store.projections()
        await store.rebuild()
        assert await store.projections() == before
