"""`tocsin postmortem …`: render, remark and take back what people edited."""

import asyncio
import getpass
import sys
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.cli.shared import DATABASE, fail, settings

T = TypeVar("T")
FORMATS = ("markdown", "html", "pdf", "canvas", "json", "svg", "png")
_PACK = click.option("--pack", help="Template pack, instead of the incident's own.")


@click.group()
def postmortem() -> None:
    """Render a postmortem, look for what it lacks, take an edited one back."""


@postmortem.command()
@click.argument("incident")
@click.option("--format", "wanted", type=click.Choice(FORMATS), default="markdown", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else it is printed."
)
@_PACK
@DATABASE
def render(incident: str, wanted: str, out: Path | None, pack: str | None, database: str | None) -> None:
    """Render the postmortem of INCIDENT (INC-7 or 7) as it stands."""
    from bot import taking_back as work

    found = settings()
    content = _run(work.render(found, database or found.database, number_or_fail(incident), wanted, pack))
    if out:
        out.write_bytes(content)
        click.echo(f"Written to {out}.")
    else:
        sys.stdout.buffer.write(content)


@postmortem.command()
@click.argument("incident")
@click.option("--all", "everything", is_flag=True, help="Also what is only worth knowing.")
@_PACK
@DATABASE
def lint(incident: str, everything: bool, pack: str | None, database: str | None) -> None:
    """Say what the postmortem of INCIDENT lacks. Ends with 1 when there are errors."""
    from bot import taking_back as work
    from bot.views.lint import Level, worst

    found = settings()
    findings = _run(work.remarks(found, database or found.database, number_or_fail(incident), pack))
    for finding in findings:
        if everything or finding.level is not Level.INFO:
            where = f" [{finding.where}]" if finding.where else ""
            hint = f"\n        {finding.hint}" if finding.hint else ""
            click.echo(f"{finding.level.value:<6}{finding.rule}: {finding.text}{where}{hint}")
    count = Counter(finding.level for finding in findings)
    click.echo(f"{count[Level.ERROR]} errors, {count[Level.WARN]} warnings, {count[Level.INFO]} hints.")
    if worst(findings) is Level.ERROR:
        sys.exit(1)


@postmortem.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", default=getpass.getuser, help="Who changed it; else the user of this machine.")
@DATABASE
def import_(file: Path, by: str, database: str | None) -> None:
    """Take an edited Markdown export back into the record; what both sides changed is shown, and nothing is lost."""
    from bot import taking_back as work

    found = settings()
    text = file.read_text(encoding="utf-8-sig")
    made = _run(work.take_back(found, database or found.database, text, by))
    for line in (*made.remarks, *made.conflicts):
        click.echo(line)
    click.echo(f"INC-{made.incident}: {made.changes} changes taken over.")
    if made.conflicts:
        fail("Settle the conflicts in the file (export it anew) or in Slack, and import again.")


def _run(job: Coroutine[Any, Any, T]) -> T:
    """The job's result; what it refuses is told in its own words."""
    from bot.app.ports import MissingPart
    from bot.documents.marks import NotAnExport
    from bot.taking_back import NoSuchIncident
    from storage.engine import DatabaseInUse, DatabaseMissing

    try:
        return asyncio.run(job)
    except (NoSuchIncident, NotAnExport, MissingPart, DatabaseInUse, DatabaseMissing) as refused:
        fail(str(refused))


def number_or_fail(incident: str) -> int:
    """The number of INC-7 or 7; ends with 1 when it is neither."""
    from bot.taking_back import number_of

    number = number_of(incident)
    if number is None:
        fail(f"{incident} is not the name of an incident. Try INC-7.")
    return number
