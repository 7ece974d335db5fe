"""A database of any age is brought to the newest shape, once, without losing rows, also from an installed wheel."""

import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from store_helpers import NOW, declare

from storage import migrate
from storage.store import open_store
from storage.tables import metadata

ROOT = Path(__file__).parents[2]


def test_the_models_equal_the_migrated_tables(empty):
    assert migrate.current(empty) is None
    migrate.upgrade(empty)
    assert migrate.current(empty) == migrate.head()
    assert migrate.check_drift(empty) == []


def test_drift_is_seen(empty):
    migrate.upgrade(empty)
    with migrate.connected(empty, write=True) as connection:
        connection.execute(text("ALTER TABLE profiles ADD COLUMN shoe_size INTEGER"))
    assert [change[0] for change in migrate.check_drift(empty)] == ["remove_column"]


def test_every_index_and_reference_stands(url):
    with migrate.connected(url) as connection:
        found = inspect(connection)
        for name, table in metadata.tables.items():
            indexes = {index["name"] for index in found.get_indexes(name)}
            assert indexes == {index.name for index in table.indexes}, name
            keys = {key["name"] for key in found.get_foreign_keys(name)}
            assert keys == {key.name for key in table.foreign_key_constraints}, name


async def test_upgrading_twice_changes_nothing(store, url):
    await declare(store)
    migrate.upgrade(url)
    assert len(await store.summaries()) == 1


def test_asking_for_the_revision_makes_no_file(tmp_path):
    assert migrate.current(str(tmp_path / "none.db")) is None
    assert list(tmp_path.iterdir()) == []


def test_two_processes_may_upgrade_at_once(empty):
    run = "import sys; from storage.migrate import upgrade; upgrade(sys.argv[1])"
    with ThreadPoolExecutor() as pool:
        ended = list(
            pool.map(lambda _: subprocess.run([sys.executable, "-c", run, empty], check=False), range(2))
        )
    assert [process.returncode for process in ended] == [0, 0]
    assert migrate.check_drift(empty) == []


def test_there_is_a_way_back(empty):
    migrate.upgrade(empty)
    with migrate.connected(empty, write=True) as connection:
        command.downgrade(migrate.config(connection), "base")
    assert migrate.current(empty) is None
    migrate.upgrade(empty)
    assert migrate.check_drift(empty) == []


async def test_a_database_of_a_newer_tocsin_is_left_alone(empty):
    migrate.upgrade(empty)
    with migrate.connected(empty, write=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrate.WrongRevision, match="newer Tocsin"):
        await open_store(empty).__aenter__()
    assert migrate.current(empty) == "9999"


def test_rows_that_point_nowhere_undo_a_migration_on_sqlite(tmp_path):
    path = str(tmp_path / "x.db")
    migrate.upgrade(path)
    with migrate.connected(path, write=True) as connection:
        command.downgrade(migrate.config(connection), "-1")
        connection.execute(text("INSERT INTO role_holders VALUES (99, 'scribe', 'U1')"))
    with pytest.raises(migrate.BrokenReferences, match="1 rows point nowhere"):
        migrate.upgrade(path)


async def test_rows_survive_a_table_made_anew(tmp_path):
    """With foreign keys on, SQLite would delete an incident's events with the old table."""
    path = str(tmp_path / "x.db")
    async with open_store(path) as store:
        await declare(store)
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    with migrate.connected(path, write=True) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("incidents", recreate="always") as batch:
            batch.alter_column("title", new_column_name="title")
        migrate._check_references(connection)
    async with open_store(path) as store:
        assert len(await store.record(1)) == 1
        assert (await store.summaries())[0].declared_at == NOW


def test_an_installed_wheel_migrates(tmp_path):
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(built, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "100% site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    run = (
        "import sys; sys.path.insert(0, sys.argv[1]); import storage; from storage import migrate;"
        "assert storage.__file__.startswith(sys.argv[1]); migrate.upgrade('x.db');"
        "assert migrate.current('x.db') == migrate.head(); assert not migrate.check_drift('x.db')"
    )
    subprocess.run([sys.executable, "-c", run, str(site)], cwd=tmp_path, check=True)


def test_the_newest_revision_is_known_by_the_names_of_the_scripts():
    assert migrate.newest() == migrate.head()
