"""`tocsin backfill`: repair an incident's record by hand."""

import asyncio
from typing import TYPE_CHECKING

import click

from bot.cli.postmortem import number_or_fail
from bot.cli.shared import DATABASE, fail, settings

if TYPE_CHECKING:
    from bot.app.gaps import Progress


@click.command()
@click.argument("incident")
@DATABASE
def backfill(incident: str, database: str | None) -> None:
    """Read the channel of INCIDENT (INC-7 or 7) from Slack again and record what was missed; the bot is stopped.

    While it runs, `/incident backfill` does the same. What Slack shows wins; nothing is recorded twice.
    """
    from bot.backfilling import NoChannel, NoToken, read_again
    from bot.taking_back import NoSuchIncident
    from bot.views.backfill import told
    from storage.engine import DatabaseInUse

    found, number = settings(), number_or_fail(incident)
    try:
        job = read_again(found, database or found.database, number, waiting=_waiting)
        came = asyncio.run(job)
    except (NoToken, NoChannel, NoSuchIncident) as refused:
        fail(str(refused))
    except DatabaseInUse as used:
        fail(f"{used} If it is the bot that runs, type `/incident backfill` in the incident's channel.")
    click.echo(f"INC-{number}: {told(found=came.found, refused=came.refused)}")
    if came.refused:
        fail("Nothing else was changed.")


def _waiting(came: "Progress") -> None:
    wait = f"{came.waits_s:.0f} s"
    click.echo(
        f"Slack answers nothing more for now; {came.found} found so far, going on in {wait}.", err=True
    )
