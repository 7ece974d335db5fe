"""`tocsin template …`: see what is wrong with a template pack, begin one, look at one."""

from pathlib import Path

import click

from bot.cli.shared import fail, settings

FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where your packs are; else TOCSIN_TEMPLATE_DIR.",
)


@click.group()
def template() -> None:
    """Template packs of the postmortem: check, begin or look at one."""


@template.command()
@click.argument("pack")
@FOLDER
def check(pack: str, folder: Path | None) -> None:
    """Render PACK with sample incidents, and say what is wrong, with file and line."""
    from bot.documents.checking import check_pack

    found = check_pack(pack, _folders(folder))
    for mistake in found:
        click.echo(mistake)
    if found:
        fail(
            f"{len(found)} to mend; until then postmortems are rendered with the default pack where it fails."
        )
    click.echo(f"{pack} is in order.")


@template.command()
@click.argument("pack")
@click.option("--extends", "above", default="default", show_default=True, help="The pack to build on.")
@FOLDER
def new(pack: str, above: str, folder: Path | None) -> None:
    """Begin PACK in your folder: a pack.yaml that builds on another one, ready to change."""
    from bot.documents.packs import BadPack, builtin, load_pack
    from bot.documents.starting import NotStarted, start_pack

    folders = _folders(folder)
    if not folders:
        fail(f"{pack} was not begun: say where, with --folder or TOCSIN_TEMPLATE_DIR.")
    try:
        made = start_pack(pack, load_pack(above, [*folders, builtin()]), folders[0])
    except (BadPack, NotStarted) as error:
        fail(f"{pack} was not begun: {error}.")
    click.echo(f"{made} begun. Change it, then: tocsin template check {pack} --folder {folders[0]}")


@template.command()
@click.argument("pack")
@click.option("--published", is_flag=True, help="As it reads after publication; else as a draft.")
@click.option(
    "--format",
    "wanted",
    type=click.Choice(["markdown", "html", "canvas", "json"]),
    default="markdown",
    show_default=True,
)
@FOLDER
def preview(pack: str, published: bool, wanted: str, folder: Path | None) -> None:
    """Print a sample incident's postmortem by PACK."""
    from bot.documents.renderer import PackRenderer
    from bot.documents.samples import samples

    folders = _folders(folder)
    document = samples(published=published)["full"]
    click.echo(PackRenderer(folders).render(document, pack=pack, format=wanted), nl=False)


def _folders(folder: Path | None) -> list[Path]:
    """Where packs are looked for; the fields that they declare are filled in the samples."""
    from bot.documents.custom_fields import custom_fields
    from bot.domain import custom

    folders = [folder] if folder else settings().template_folders()
    custom.declare(custom_fields(folders))
    return folders
