"""A database moved or backed up: nothing missing, nothing changed, and it goes on where it was."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.replay.case import load
from bot.replay.play import play
from storage.copying import NotEmpty, back_up, move
from storage.disk import kind_of
from storage.engine import DatabaseInUse, DatabaseMissing
from storage.migrate import connected
from storage.store import open_store
from storage.tables import metadata
from tests.databases import new_database

CASE = Path(__file__).parent.parent / "cases" / "004-url-shortener.json"


@pytest.fixture(scope="session")
def played(tmp_path_factory) -> bytes:
    """The file of a database in which a whole incident was played."""
    folder = tmp_path_factory.mktemp("played")
    asyncio.run(play(load(CASE), database=f"sqlite:///{folder}/a.db", out=folder))
    with sqlite3.connect(folder / "a.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return (folder / "a.db").read_bytes()


@pytest.fixture
def full(played, tmp_path):
    (tmp_path / "full.db").write_bytes(played)
    return f"sqlite:///{tmp_path}/full.db"


def everything(url):
    """All rows of all tables, as a set of their JSON: however a database orders them."""
    with connected(url) as connection:
        return {
            table.name: sorted(
                json.dumps(list(row), default=str, sort_keys=True)
                for row in connection.execute(table.select())
            )
            for table in metadata.sorted_tables
        }


async def test_moved_to_postgresql_and_back_every_row_is_the_same(full, server, tmp_path):
    before = everything(full)
    back = f"sqlite:///{tmp_path}/back.db"
    with new_database(server) as postgresql:
        counts = await asyncio.to_thread(move, full, postgresql)
        assert everything(postgresql) == before
        await asyncio.to_thread(move, postgresql, back)
    assert everything(back) == before
    assert counts["incidents"] == 1
    assert counts["messages"] > 3
    async with open_store(back) as store:
        tables = await store.projections()
        await store.rebuild()
        assert await store.projections() == tables


async def test_a_backup_made_beside_a_running_bot_is_a_database_that_goes_on(full, tmp_path):
    async with open_store(full):
        await asyncio.to_thread(back_up, full, tmp_path / "b.db")
    async with open_store(f"sqlite:///{tmp_path}/b.db") as restored:
        assert (await restored.incident(1)).title
        before = await restored.projections()
        await restored.rebuild()
        assert await restored.projections() == before
        async with restored.transaction() as transaction:
            assert await transaction.next_number() == 2


def test_nothing_is_written_over(full, tmp_path):
    (tmp_path / "there.db").write_bytes(b"mine")
    with pytest.raises(NotEmpty, match="exists"):
        back_up(full, tmp_path / "there.db")
    assert (tmp_path / "there.db").read_bytes() == b"mine"

    (tmp_path / "other.db").write_bytes(Path(full.removeprefix("sqlite:///")).read_bytes())
    before = everything(full)
    with pytest.raises(NotEmpty, match="holds counters already"):
        move(full, f"sqlite:///{tmp_path}/other.db")
    assert everything(full) == before


async def test_a_bot_that_runs_is_not_moved(full, tmp_path):
    async with open_store(full):
        with pytest.raises(DatabaseInUse):
            await asyncio.to_thread(move, full, f"sqlite:///{tmp_path}/new.db")
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("do", [move, lambda url, to: back_up(url, Path(to.removeprefix("sqlite:///")))])
def test_what_is_not_there_is_not_copied(do, tmp_path):
    with pytest.raises(DatabaseMissing):
        do(f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}/new.db")
    assert list(tmp_path.iterdir()) == []


def test_the_commands_say_what_was_copied(full, tmp_path):
    def tocsin(*arguments):
        return CliRunner().invoke(main, [*arguments, "--database", full])

    made = tocsin("backup", f"{tmp_path}/b.db")
    assert (made.exit_code, "1 incidents" in made.output, "compared row by row" in made.output) == (
        0,
        True,
        True,
    )
    again = tocsin("backup", f"{tmp_path}/b.db")
    assert (again.exit_code, again.output) == (
        1,
        f"Nothing was copied: {tmp_path}/b.db exists. Name a new file.\n",
    )
    moved = tocsin("migrate-to", f"sqlite:///{tmp_path}/c.db")
    assert "Set TOCSIN_DATABASE to the new address" in moved.output
    assert "Tocsin cannot use mysql" in tocsin("migrate-to", "mysql://a/b").output


MOUNTS = """/dev/sda1 / ext4 rw 0 0
server:/vol /data nfs4 rw 0 0
//nas/x /mnt/two\\040words cifs rw 0 0
tmpfs /data/local tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/a.db", "ext4"),
        ("/data/a.db", "nfs4"),
        ("/data/local/a.db", "tmpfs"),
        ("/mnt/two words/a.db", "cifs"),
    ],
)
def test_a_network_disk_is_known_by_its_mount(path, kind):
    assert kind_of(Path(path), MOUNTS) == kind
