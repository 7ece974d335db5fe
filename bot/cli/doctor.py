"""`tocsin doctor`: everything that an operator can get wrong, and what to do about it."""

import asyncio
import sys

import click

from bot.cli.shared import DATABASE, settings


@click.command()
@DATABASE
@click.option("--offline", is_flag=True, help="Do not ask Slack.")
def doctor(database: str | None, offline: bool) -> None:
    """Check tokens, scopes, events, database, channels, clock, disk, templates and configuration; change nothing.

    Ends with 1 when something is wrong, with 0 when there are only warnings.
    """
    from bot.clock import SystemClock
    from bot.doctor import Finding, State, examine

    marks = {State.OK: "ok     ", State.SKIPPED: "-      ", State.WARNING: "warning", State.WRONG: "WRONG  "}
    found = settings()
    seen: list[Finding] = []

    async def look() -> None:
        async for each in examine(found, database or found.database, SystemClock(), offline=offline):
            seen.append(each)
            click.echo(f"{marks[each.state]}  {each.subject}: {each.said}")
            if each.do:
                click.echo(f"         do: {each.do}")

    asyncio.run(look())
    wrong = sum(each.state is State.WRONG for each in seen)
    warnings = sum(each.state is State.WARNING for each in seen)
    click.echo(f"{wrong} wrong, {warnings} to be looked at, {len(seen) - wrong - warnings} others.")
    sys.exit(1 if wrong else 0)
