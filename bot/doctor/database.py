"""The database: reachable, of this version, whole, on a local disk with room; and the channels of open incidents."""

import asyncio
import importlib.util
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.finding import Finding, State
from storage import migrate
from storage.disk import network_disk
from storage.engine import Db, parse_url
from storage.store import open_store

#: Less room than this fills up within a long incident with images.
ROOM_MB = 500


async def database(url: str, open_channels: list[str]) -> AsyncIterator[Finding]:
    """``open_channels`` is filled with the channels in which Tocsin has to be able to speak."""
    try:
        parsed = parse_url(url)
    except ValueError as error:
        yield Finding("database", State.WRONG, str(error), "mend TOCSIN_DATABASE.")
        return
    shown = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "postgresql" and importlib.util.find_spec("psycopg") is None:
        yield Finding(
            "database", State.WRONG, "The driver is not installed.", "pip install 'tocsin[postgres]'"
        )
        return
    path = Db(url).path
    if path:
        for found in _disk(path):
            yield found
        if not path.exists():
            yield Finding(
                "database", State.OK, f"There is no database at {path} yet; the first start makes it."
            )
            return
    try:
        found = await asyncio.to_thread(_look, url, shown)
        yield found
        if found.state is State.OK and await asyncio.to_thread(migrate.current, url) is not None:
            async with open_store(url, read_only=True) as store:
                open_channels += [s.channel for s in await store.summaries(open_only=True) if s.channel]
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        yield Finding(
            "database",
            State.WRONG,
            f"{shown} cannot be read: {reason}.",
            "see that it runs and that the address is right.",
        )


def _disk(path: Path) -> list[Finding]:
    found = []
    folder = next(each for each in path.resolve().parents if each.exists())
    if kind := network_disk(folder):
        found.append(
            Finding(
                "disk",
                State.WARNING,
                f"{path} is on a network disk ({kind}), where SQLite's locks do not hold.",
                "move it to a local disk, or use PostgreSQL: tocsin migrate-to postgresql://…",
            )
        )
    free = shutil.disk_usage(folder).free // 1_000_000
    state = State.OK if free >= ROOM_MB else State.WARNING
    do = "" if free >= ROOM_MB else "make room: nothing is recorded on a full disk."
    found.append(Finding("disk", state, f"{free:,} MB are free at {folder}.", do))
    return found


def _look(url: str, shown: str) -> Finding:
    revision, newest = migrate.current(url), migrate.head()
    if revision is None:
        return Finding("database", State.OK, f"{shown} is empty; the first start makes its tables.")
    if revision not in migrate.known():
        return Finding(
            "database",
            State.WRONG,
            f"{shown} is of a newer Tocsin ({revision}).",
            "upgrade this one, or restore the backup from before.",
        )
    if revision != newest:
        return Finding(
            "database",
            State.WARNING,
            f"{shown} is at {revision}, this Tocsin wants {newest}.",
            "make a backup, then start the bot or: tocsin migrate",
        )
    if broken := _broken(url):
        return Finding(
            "database",
            State.WRONG,
            f"{shown} is damaged: {broken}.",
            "restore the newest backup (docs/operating.md).",
        )
    return Finding("database", State.OK, f"{shown} is whole and of this version.")


def _broken(url: str) -> str | None:
    """SQLite's own check of every page (https://sqlite.org/pragma.html#pragma_quick_check)."""
    with migrate.connected(url) as connection:
        if connection.dialect.name != "sqlite":
            return None
        said = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    return None if said == "ok" else said
