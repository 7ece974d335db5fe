"""What the groups of commands share: options, and how a refusal is told."""

import sys
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from bot.settings import Settings

DATABASE = click.option(
    "--database",
    metavar="URL",
    help="sqlite:///path or postgresql://…; else TOCSIN_DATABASE, else data/tocsin.db.",
)


def fail(message: str) -> NoReturn:
    """Tell the operator what was not done, and end with 1."""
    click.echo(message, err=True)
    sys.exit(1)


def settings() -> "Settings":
    """What the environment says, or the end, with what is wrong with it."""
    from bot.settings import BadSettings, read_settings

    try:
        return read_settings()
    except BadSettings as bad:
        fail(str(bad))
