"""Doors: which databases are taken, one process per SQLite file, readers that cannot write."""

import asyncio
import subprocess
import sys

import pytest
from sqlalchemy.exc import DBAPIError
from store_helpers import declare

from storage.engine import DatabaseInUse, DatabaseMissing, Db, parse_url
from storage.migrate import WrongRevision
from storage.store import open_store
from storage.tables import IncidentRow


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("data/tocsin.db", "sqlite+aiosqlite:///data/tocsin.db"),
        ("sqlite:///data/tocsin.db", "sqlite+aiosqlite:///data/tocsin.db"),
        ("sqlite:////var/lib/tocsin.db", "sqlite+aiosqlite:////var/lib/tocsin.db"),
        (
            "postgresql://u:p%40ss@host/name?sslmode=require",
            "postgresql+psycopg://u:p%40ss@host/name?sslmode=require",
        ),
        ("postgres://host/name", "postgresql+psycopg://host/name"),
        ("postgresql+asyncpg://host/name", "postgresql+psycopg://host/name"),
    ],
)
def test_friendly_urls_are_understood(given, understood):
    assert parse_url(given).render_as_string(hide_password=False) == understood


@pytest.mark.parametrize("url", ["mysql://host/name", "sqlite://", "sqlite:///:memory:", ":memory:"])
def test_other_databases_are_refused_with_what_to_use(url):
    with pytest.raises(ValueError, match="Tocsin cannot use"):
        parse_url(url)


async def test_a_file_belongs_to_one_bot(tmp_path):
    url = str(tmp_path / "deep" / "down" / "tocsin.db")
    async with open_store(url):
        with pytest.raises(DatabaseInUse, match="in use by another Tocsin"):
            await open_store(url).__aenter__()
        other = "import asyncio, sys; from storage.store import open_store; asyncio.run(open_store(sys.argv[1]).__aenter__())"
        found = subprocess.run(
            [sys.executable, "-c", other, url], capture_output=True, text=True, check=False
        )
        assert "DatabaseInUse" in found.stderr
    async with open_store(url):
        pass


async def test_one_may_read_beside_a_running_bot(store, url):
    await declare(store)
    async with open_store(url, read_only=True) as reader:
        assert len(await reader.summaries()) == 1
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            await declare(reader)
        await declare(store)
        assert len(await reader.summaries()) == 2


async def test_reading_makes_no_database(tmp_path):
    path = tmp_path / "none.db"
    with pytest.raises(DatabaseMissing, match=r"none\.db"):
        await open_store(str(path), read_only=True).__aenter__()
    assert list(tmp_path.iterdir()) == []


async def test_reading_an_old_database_says_what_to_do(empty, backend, tmp_path):
    if backend == "sqlite":
        (tmp_path / "tocsin.db").touch()
    with pytest.raises(WrongRevision, match="Start the bot once"):
        await open_store(empty, read_only=True).__aenter__()


async def test_the_reader_door_cannot_write(store):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        async with store._db.reader.begin() as connection:
            await connection.execute(IncidentRow.__table__.delete())


async def test_a_read_sees_one_moment(store):
    """Two queries in one read agree, whatever is written between them."""
    await declare(store)
    query = IncidentRow.__table__.select()
    async with store._db.reader.connect() as connection:
        before = (await connection.execute(query)).all()
        await declare(store)
        assert (await connection.execute(query)).all() == before


async def test_readers_do_not_wait_for_a_writer(store):
    await declare(store)
    async with store.transaction() as transaction:
        await transaction.next_number()
        async with asyncio.timeout(2):
            assert len(await store.summaries()) == 1


async def test_sqlite_is_set_up_to_survive_a_power_cut_and_to_check_its_references(tmp_path):
    db = Db(str(tmp_path / "x.db"))
    async with db.writer.connect() as connection:
        found = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "query_only")
        }
    await db.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "query_only": 0}


async def test_a_postgresql_that_falls_silent_is_asked_whether_it_is_there(store, backend):
    if backend == "sqlite":
        pytest.skip("a file is not far away")
    async with store._db.writer.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        said = {name: int(value) for name, value in raw.info.get_parameters().items() if value.isdigit()}
    assert said["keepalives_idle"] + said["keepalives_interval"] * said["keepalives_count"] <= 30
    assert said["tcp_user_timeout"] <= 30_000
    assert said["connect_timeout"] <= 10


def test_what_the_operator_says_of_the_connection_counts():
    assert Db("postgresql://host/name?connect_timeout=3").writer.url.query["connect_timeout"] == "3"


async def test_a_caller_who_is_cancelled_leaves_no_lock_behind(store):
    """The cancelled tasks are kept, and with them their tracebacks, on which an unfinished statement hangs."""
    await declare(store)
    tasks = []
    for n in range(60):
        tasks.append(asyncio.create_task(declare(store)))
        await asyncio.sleep(n / 12_000)
        tasks[-1].cancel()
        async with asyncio.timeout(2):
            await asyncio.wait([tasks[-1]])
    async with asyncio.timeout(2):
        await declare(store)
    assert store._db.writer.pool.checkedout() == 0
    # A commit that was under way may be done: its caller only never heard of it.
    assert len(await store.summaries()) >= 2 + sum(not task.cancelled() for task in tasks)


async def test_who_is_cancelled_while_a_commit_waits_for_the_disk_leaves_a_connection_that_works(tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/x.db") as store:
        for _ in range(20):
            task = asyncio.create_task(_write(store))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await _write(store)


async def _write(store):
    async with store.transaction() as transaction:
        await transaction.next_number()
