"""`tocsin actions …`: action items for other tools."""

import asyncio
import sys
from pathlib import Path

import click

from bot.cli.shared import DATABASE, fail, settings


@click.group()
def actions() -> None:
    """Action items for other tools."""


@actions.command()
@click.option(
    "--format", "wanted", type=click.Choice(["csv", "json", "ics"]), default="csv", show_default=True
)
@click.option("--out", type=click.Path(path_type=Path), help="Write here; else to standard output.")
@click.option("--open", "open_only", is_flag=True, help="Only what waits for a decision.")
@click.option("--owner", help="Only what this person (Slack id or name) owns.")
@click.option("--private", is_flag=True, help="Also items of private incidents.")
@DATABASE
def export(
    wanted: str, out: Path | None, open_only: bool, owner: str | None, private: bool, database: str | None
) -> None:
    """All action items as CSV or JSON, or their due dates as a calendar (ics). Works beside a running bot."""
    from bot.service import export_actions
    from storage.engine import DatabaseMissing

    url = database or settings().database
    try:
        content = asyncio.run(export_actions(url, wanted, private=private, open_only=open_only, owner=owner))
    except DatabaseMissing as missing:
        fail(str(missing))
    if out:
        out.write_bytes(content)
        click.echo(f"Written to {out}.")
    else:
        sys.stdout.buffer.write(content)
