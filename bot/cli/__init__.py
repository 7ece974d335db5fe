"""`tocsin …`: what an operator types. Slow parts are imported where they are needed."""

import asyncio
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.actions import actions
from bot.cli.backfill import backfill
from bot.cli.config import config
from bot.cli.database import backup, migrate_to
from bot.cli.doctor import doctor
from bot.cli.incident import incident
from bot.cli.postmortem import postmortem
from bot.cli.shared import DATABASE, fail, settings
from bot.cli.template import template
from bot.logs import configure
from bot.starting import loading

if TYPE_CHECKING:
    from bot.replay.driver import Outcome


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("tocsin"), prog_name="tocsin")
def main() -> None:
    """Tocsin, a Slack bot for live incident response."""
    configure("warning")


for command in (actions, backfill, backup, config, doctor, incident, migrate_to, postmortem, template):
    main.add_command(command)


@main.command()
@DATABASE
def run(database: str | None) -> None:
    """Run the bot in your Slack workspace (its tokens in the environment or in .env)."""
    with loading():
        from bot.config.reading import BadConfig
        from bot.service import MissingTokens, serve
        from bot.web.address import CannotListen

    found = settings()
    configure(found.log_level)
    try:
        asyncio.run(serve(found, database or found.database))
    except (MissingTokens, CannotListen, BadConfig) as refused:
        fail(str(refused))
    except KeyboardInterrupt:
        return


@main.command()
@click.option(
    "--port", default=8765, show_default=True, help="Where the page and its control interface listen."
)
@click.option("--no-browser", is_flag=True, help="Do not open the page.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="Keep the database here; else it is forgotten at the end."
)
def demo(port: int, no_browser: bool, data: Path | None) -> None:
    """Run the bot in a local Slack, in your browser. Needs no account and no network."""
    from bot.demo import serve

    try:
        asyncio.run(serve(port=port, open_browser=not no_browser, data=data))
    except KeyboardInterrupt:
        click.echo("\nStopped.")


@main.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder for document.md, .html and .json."
)
@click.option("--pack", help="Template pack, instead of the case's own.")
@click.option(
    "--database", metavar="URL", help="Keep the incident here; else in a database that is forgotten."
)
@click.option("--twice", is_flag=True, help="Deliver everything twice; the document must not change.")
@click.option("--verbose", is_flag=True, help="Name every step as it is played.")
def replay(case: Path, out: Path, pack: str | None, database: str | None, twice: bool, verbose: bool) -> None:
    """Play a written incident through the whole bot, on a local Slack and its own clock."""
    from bot.replay.case import BadCase, load

    configure("error")
    try:
        loaded = load(case)
    except BadCase as bad:
        fail(str(bad))
    from bot.replay.play import play

    bar = click.progressbar(length=len(loaded.steps), label=loaded.id, show_pos=True, file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder, bar:

        def stepped(_: "Outcome") -> None:
            bar.update(1)

        url = database or f"sqlite:///{folder}/replay.db"
        played = asyncio.run(play(loaded, database=url, out=out, pack=pack, twice=twice, progress=stepped))
    for outcome in played.outcomes:
        if outcome.problem or verbose:
            click.echo(_told(outcome), err=True)
    refused = [o for o in played.outcomes if o.problem and not o.unbuilt]
    unbuilt = [o for o in played.outcomes if o.unbuilt]
    total = len(played.outcomes)
    click.echo(
        f"{loaded.id}: {total - len(refused) - len(unbuilt)} of {total} steps played; documents in {out}"
    )
    if unbuilt:
        click.echo(f"{len(unbuilt)} steps are not built yet (named above).")
    if refused:
        fail(f"{len(refused)} steps were refused (named above).")


def _told(outcome: "Outcome") -> str:
    step = outcome.step
    state = "not built" if outcome.unbuilt else "refused" if outcome.problem else "done"
    return f"step {step.number} {step.at:%Y-%m-%d %H:%M:%S} {step.do} by {step.by}: {state}" + (
        f": {outcome.problem}" if outcome.problem else ""
    )


@main.command()
@DATABASE
def migrate(database: str | None) -> None:
    """Bring the database to the newest shape. `run` and `demo` do it by themselves."""
    from storage.migrate import current, head, upgrade

    url = database or settings().database
    before = current(url)
    upgrade(url)
    click.echo(f"{before or 'empty'} -> {current(url)} (newest: {head()})")


@main.command()
@DATABASE
def rebuild(database: str | None) -> None:
    """Make the query tables anew from the events."""
    from bot.service import rebuild_tables
    from storage.engine import DatabaseInUse

    try:
        count = asyncio.run(rebuild_tables(database or settings().database))
    except DatabaseInUse as used:
        fail(str(used))
    click.echo(f"{count} incidents rebuilt from their events.")


if __name__ == "__main__":
    main()
