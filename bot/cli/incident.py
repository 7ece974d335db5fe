"""`tocsin incident …`: what is typed in Slack, typed in a terminal while Slack is down."""

import asyncio
import getpass

import click

from bot.cli.shared import DATABASE, fail, settings


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--as", "who", help="Your name or Slack id, for the record; else the name of your login.")
@DATABASE
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED)
def incident(who: str | None, database: str | None, words: tuple[str, ...]) -> None:
    """Type `/incident …` here while Slack is down, such as `tocsin incident checkout is down --sev 1`.

    Works beside a running bot, which shows everything in Slack as soon as Slack is back. Elsewhere than in Slack an
    incident is named: tocsin incident INC-7 update rolling back --next 30m
    """
    from bot.config.reading import BadConfig
    from bot.service import typed_in_terminal
    from storage.engine import DatabaseMissing
    from storage.migrate import WrongRevision

    found = settings()
    who = who or getpass.getuser()
    try:
        policy, folders = found.policy(), found.template_folders()
        told = asyncio.run(typed_in_terminal(database or found.database, policy, words, who, folders))
    except (DatabaseMissing, WrongRevision, BadConfig) as refused:
        fail(str(refused))
    if not told.done:
        fail(told.text)
    click.echo(told.text)
