"""`tocsin backfill`: repair an incident's record by hand."""

import asyncio
from typing import TYPE_CHECKING

import click

from bot.cli.postmortem import number_or_fail
from bot.cli.shared import DATABASE, fail, settings

if TYPE_CHECKING:
    from bot.domain.transcript import Progress


@click.command()
@click.argument("incident")
@DATABASE
def backfill(incident: str, database: str | None) -> None:
    """Read the channel of INCIDENT (INC-7 or 7) from Slack again and record what was missed, also beside a running bot.

    What Slack shows wins, and nothing is recorded twice. In Slack: `/incident backfill`.
    """
    from bot.backfilling import NoChannel, NoToken, read_again
    from bot.taking_back import NoSuchIncident
    from bot.views.backfill import told
    from storage.engine import DatabaseMissing
    from storage.migrate import WrongRevision

    found, number = settings(), number_or_fail(incident)
    try:
        job = read_again(found, database or found.database, number, waiting=_waiting)
        came = asyncio.run(job)
    except (NoToken, NoChannel, NoSuchIncident, DatabaseMissing, WrongRevision) as refused:
        fail(str(refused))
    said = f"INC-{number}: {told(came)}"
    if came.refused:
        fail(said)
    click.echo(said)


def _waiting(came: "Progress") -> None:
    wait = f"{came.waits_s:.0f} s"
    click.echo(
        f"Slack answers nothing more for now; {came.found} found so far, going on in {wait}.", err=True
    )
