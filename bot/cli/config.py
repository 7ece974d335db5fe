"""`tocsin config …`: look at the configuration before the bot does."""

from pathlib import Path

import click

from bot.cli.shared import fail, settings


@click.group()
def config() -> None:
    """The configuration file: check it, or print an example."""


@config.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def check(file: Path | None) -> None:
    """Say everything that is wrong with FILE (else TOCSIN_CONFIG, else tocsin.yaml), each with its line."""
    from bot.config.reading import BadConfig, read_config

    path = file or settings().config_path
    if path is None:
        fail("Nothing was checked: there is no tocsin.yaml here, and TOCSIN_CONFIG is not set. Name a file.")
    try:
        read_config(path)
    except BadConfig as bad:
        count = len(str(bad).splitlines())
        fail(f"{bad}\n{count} mistake{'s' if count > 1 else ''}; Tocsin will not start with this file.")
    click.echo(f"{path} is in order.")


@config.command()
def example() -> None:
    """Print a file with every setting, its default and what it is for."""
    click.echo((Path(__file__).parents[1] / "config" / "example.yaml").read_text(encoding="utf-8"), nl=False)
