"""What the groups of commands share: options, and how a refusal is told."""

import sys
from typing import NoReturn

import click

DATABASE = click.option(
    "--database",
    metavar="URL",
    help="sqlite:///path or postgresql://…; else TOCSIN_DATABASE, else data/tocsin.db.",
)


def fail(message: str) -> NoReturn:
    """Tell the operator what was not done, and end with 1."""
    click.echo(message, err=True)
    sys.exit(1)
