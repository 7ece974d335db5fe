"""Empty databases to measure on: an SQLite file, and PostgreSQL from a wheel (or the server at TEST_PG_URL)."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.databases import new_database, postgresql_server


@contextmanager
def sqlite():
    """A URL; the file is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


__all__ = ["new_database", "postgresql_server", "sqlite"]
