"""`tocsin backup`, `tocsin migrate-to`: the whole database elsewhere, proved to be whole."""

from collections.abc import Mapping
from pathlib import Path

import click

from bot.cli.shared import DATABASE, fail, settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@DATABASE
def backup(file: Path, database: str | None) -> None:
    """Copy everything into FILE, an SQLite database, also while the bot runs, and check the copy.

    To restore: `tocsin run --database sqlite:///FILE`, or `tocsin migrate-to … --database sqlite:///FILE`.
    """
    from storage.copying import NotEmpty, NotTheSame, back_up
    from storage.engine import DatabaseMissing
    from storage.migrate import WrongRevision

    try:
        counts = back_up(database or settings().database, file)
    except (NotEmpty, NotTheSame, DatabaseMissing, WrongRevision, ValueError) as refused:
        fail(str(refused))
    click.echo(f"{file}: {_told(counts)}, compared row by row.")


@click.command("migrate-to")
@click.argument("target", metavar="URL")
@DATABASE
def migrate_to(target: str, database: str | None) -> None:
    """Move everything to the empty database at URL, postgresql://… or sqlite:///…; stop the bot first."""
    from storage.copying import NotEmpty, NotTheSame, move
    from storage.engine import DatabaseInUse, DatabaseMissing
    from storage.migrate import WrongRevision

    try:
        counts = move(database or settings().database, target)
    except (NotEmpty, NotTheSame, DatabaseInUse, DatabaseMissing, WrongRevision, ValueError) as refused:
        fail(str(refused))
    click.echo(
        f"{_told(counts)}, compared row by row. Set TOCSIN_DATABASE to the new address and start the bot."
    )


def _told(counts: Mapping[str, int]) -> str:
    return (
        f"{counts['incidents']} incidents, {counts['messages']} messages, {sum(counts.values())} rows in all"
    )
