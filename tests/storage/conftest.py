"""Every test that asks for a database runs on SQLite and on a real PostgreSQL (from a wheel, or TEST_PG_URL)."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from storage import migrate
from storage.store import SqlStore, open_store
from storage.tables import metadata
from tests.databases import execute, new_database


@pytest.fixture(scope="session")
def migrated(server) -> Iterator[str]:
    """One database for all tests: making another takes longer than most of them. They leave it empty."""
    with new_database(server) as url:
        migrate.upgrade(url)
        yield url


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> bytes:
    """A migrated SQLite file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate.upgrade(str(path))
    return path.read_bytes()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request) -> str:
    return request.param


@pytest.fixture
def empty(backend, request, tmp_path) -> Iterator[str]:
    """The URL of a database of the test's own, without tables."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'tocsin.db'}"
        return
    with new_database(request.getfixturevalue("server")) as url:
        yield url


@pytest.fixture
def url(backend, request, tmp_path) -> Iterator[str]:
    """The URL of a migrated database without rows."""
    if backend == "sqlite":
        path = tmp_path / "tocsin.db"
        path.write_bytes(request.getfixturevalue("template"))
        yield f"sqlite:///{path}"
        return
    found = request.getfixturevalue("migrated")
    yield found
    execute(found, *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)))


@pytest.fixture
async def store(url) -> AsyncIterator[SqlStore]:
    async with open_store(url) as opened:
        yield opened


@pytest.fixture
async def replicas(url, backend) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    """Two bots on one database; on SQLite there is only ever one, which then plays both."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(open_store(url))
        if backend == "sqlite":
            yield first, first
            return
        yield first, await stack.enter_async_context(open_store(url))
