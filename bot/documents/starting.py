"""A pack to begin with: what a team changes most, with the words of the pack that it builds on."""

from pathlib import Path

from bot.documents.packs import Pack

_PACK = """\
# A pack says only what differs from the one that it extends. See docs/templates.md.
name: {name}
title: {title}
version: "1"
extends: {above}

# display: {{clock: 24h, dates: rows, order: asc, system_entries: true, names: full}}

# Change single sections; `tocsin template check {name}` says what is wrong.
# sections:
#   {first}: {{heading: Our words for it}}
#   conclusion: {{show: never}}
#   region: {{heading: Region, source: custom.region, after: {first}}}
"""
_FIELDS = """\
# Fields of your own, at custom.<name>: type is text, number, choice, date, user or list.
# region: {label: Region, type: choice, choices: [EU, US], ask: declare}
"""
_STRINGS = (
    "# Other words, or another language: what the pack says, then what you say.\n# Summary: Zusammenfassung\n"
)


class NotStarted(Exception):  # noqa: N818 - it is told to a person as it stands
    """Why no pack was made, without the full stop."""


def start_pack(name: str, above: Pack, folder: Path) -> Path:
    """The new pack's folder with three files. Raises `NotStarted` and never overwrites."""
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise NotStarted(f"'{name}' is no name for a folder: letters, digits, - and _ are expected")
    made = folder / name
    if made.exists():
        raise NotStarted(f"there is a {name} already")
    made.mkdir(parents=True)
    first = above.sections[0].id if above.sections else "summary"
    pack = _PACK.format(name=name, title=above.title, above=above.name, first=first)
    for file, text in (("pack.yaml", pack), ("fields.yaml", _FIELDS), ("strings.yaml", _STRINGS)):
        (made / file).write_text(text, encoding="utf-8")
    return made
