"""Bringing a database to the newest shape, by Alembic, from scripts inside the package.

Foreign keys are off while SQLite tables are rebuilt (with them on, dropping the old table deletes the child rows)
and are checked afterwards. Several processes may start at once: one migrates, the others wait.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, create_engine, event, inspect
from sqlalchemy.pool import NullPool

from storage.engine import parse_url
from storage.tables import metadata

if (
    TYPE_CHECKING
):  # a restart finds the newest tables and needs no Alembic, which takes as long to import as all of ours
    from alembic.config import Config
    from alembic.script import ScriptDirectory

LOCK_KEY = 7_063_746  # any number; on PostgreSQL all of Tocsin's migrations wait for one another on it


class BrokenReferences(Exception):  # noqa: N818 - told to the operator
    """Rows point at rows that do not exist; the migration was undone."""


class WrongRevision(Exception):  # noqa: N818 - told to the operator as it stands
    """The tables are not of this version of Tocsin."""


def upgrade(url: str | URL) -> None:
    """To the newest revision; nothing happens when it is there already. Safe to run from several processes.

    Raises `WrongRevision` when a newer Tocsin has been here, and `BrokenReferences`.
    """
    if current(url) == newest():
        return
    from alembic import command

    with connected(url, write=True) as connection:
        found = _revision(connection)
        if found is not None and found not in known():
            raise WrongRevision(
                f"The database was migrated by a newer Tocsin (to {found}). Upgrade this one."
            )
        command.upgrade(config(connection), "head")
        _check_references(connection)


def current(url: str | URL) -> str | None:
    """The revision that the database is at; None for an empty or missing one."""
    parsed = parse_url(url) if isinstance(url, str) else url
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return None  # connecting would make the file
    with connected(url) as connection:
        return _revision(connection)


def head() -> str | None:
    """The newest revision that this version knows."""
    return _scripts().get_current_head()


def newest() -> str:
    """The same by the names of the scripts, which begin with their revision."""
    names = [script.name for script in (_folder() / "versions").iterdir()]
    return max(name.partition("_")[0] for name in names if name[:1].isdigit())


def require_newest(url: str | URL) -> None:
    """Raises `WrongRevision` unless the database is at `head`."""
    found = current(url)
    if found != newest():
        raise WrongRevision(
            f"The database is at revision {found}, this Tocsin needs {newest()}. Start the bot once."
        )


def check_drift(url: str | URL) -> list[Any]:
    """How the database differs from the models; empty when it does not."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def config(connection: Connection | None) -> "Config":
    """Alembic's settings, without a file."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def _folder() -> Path:
    return Path(str(files("storage") / "migrations"))


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config(None))


def known() -> set[str]:
    """Every revision that this version knows."""
    return {script.revision for script in _scripts().walk_revisions()}


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def _check_references(connection: Connection) -> None:
    """PostgreSQL never lets go of its foreign keys; SQLite is asked."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise BrokenReferences(
            f"{len(broken)} rows point nowhere, first: {tuple(broken[0])}. Nothing was changed."
        )


@contextmanager
def connected(url: str | URL, *, write: bool = False) -> Iterator[Connection]:
    """One transaction on the plain synchronous driver."""
    parsed = parse_url(url) if isinstance(url, str) else url
    if parsed.get_backend_name() == "sqlite":
        parsed = parsed.set(drivername="sqlite")
    engine = create_engine(parsed, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        _prepare(engine, Path(parsed.database or ""), write=write)
    try:
        with engine.begin() as connection:
            if write and engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")
            yield connection
    finally:
        engine.dispose()


def _prepare(engine: Any, path: Path, *, write: bool) -> None:
    if write:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # For its owner only; SQLite gives the files beside it the same rights.
        path.touch(mode=0o600)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=15000")
        connection.execute("PRAGMA foreign_keys=OFF")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
