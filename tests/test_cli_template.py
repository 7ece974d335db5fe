"""`tocsin template`: begin a pack, see what is wrong with it by file and line, look at it; a broken one stops nothing."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.documents.packs import builtin, pack_names
from bot.documents.renderer import PackRenderer
from bot.documents.samples import samples


def tocsin(*arguments):
    return CliRunner().invoke(main, ["template", *map(str, arguments)])


@pytest.fixture
def pack(tmp_path):
    """A folder with the pack `ours`, file by file."""

    def made(**files):
        folder = tmp_path / "ours"
        folder.mkdir(exist_ok=True)
        for name, text in {"pack": "extends: default\n", **files}.items():
            file = folder / {"pack": "pack.yaml", "fields": "fields.yaml"}.get(name, f"sections/{name}.md.j2")
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        return tmp_path

    return made


def checked(folder):
    made = tocsin("check", "ours", "--folder", folder)
    return made.exit_code, made.output


@pytest.mark.parametrize("name", pack_names([builtin()]))
def test_every_built_in_pack_is_in_order(name):
    made = tocsin("check", name)
    assert (made.exit_code, made.output) == (0, f"{name} is in order.\n")


@pytest.mark.parametrize("above", pack_names([builtin()]))
def test_a_new_pack_builds_on_any_other_and_is_in_order(above, tmp_path):
    begun = tocsin("new", "ours", "--extends", above, "--folder", tmp_path)
    assert begun.exit_code == 0, begun.output
    assert checked(tmp_path) == (0, "ours is in order.\n")

    lines = (tmp_path / "ours/pack.yaml").read_text().splitlines()
    hinted = [
        line.removeprefix("# ") for line in lines if line.startswith(("# sections", "#   ", "# display"))
    ]
    (tmp_path / "ours/pack.yaml").write_text("\n".join([f"extends: {above}", *hinted]))
    fields = (tmp_path / "ours/fields.yaml").read_text()
    (tmp_path / "ours/fields.yaml").write_text(fields.replace("# region:", "region:"))
    assert checked(tmp_path) == (0, "ours is in order.\n"), "what is written there as a hint works"


def test_beginning_a_pack_overwrites_nothing(tmp_path):
    tocsin("new", "ours", "--folder", tmp_path)
    again = tocsin("new", "ours", "--folder", tmp_path)

    assert again.exit_code == 1
    assert "ours was not begun: there is a ours already" in again.output


@pytest.mark.parametrize("name", ["../away", "a b", "", "ü"])
def test_a_name_that_is_no_folder_is_refused(name, tmp_path):
    made = tocsin("new", name, "--folder", tmp_path / "packs")

    assert made.exit_code == 1
    assert not (tmp_path / "packs").exists()
    assert not (tmp_path / "away").exists()


def test_an_unknown_pack_to_build_on_is_refused(tmp_path):
    made = tocsin("new", "ours", "--extends", "nothing", "--folder", tmp_path)
    assert made.exit_code == 1
    assert "there is no pack 'nothing'" in made.output


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"pack": "extends: default\nsectoins: []\n"}, "pack.yaml, line 2: sectoins is no setting"),
        ({"pack": "extends: default\ndisplay:\n  clock: 13h\n"}, "pack.yaml, line 3: clock is '13h'"),
        ({"pack": "extends: nothing\n"}, "it extends 'nothing', and there is no such pack"),
        ({"pack": "extends: default\nsections:\n  x: {heading: X, source: impact.usres}\n"}, "impact.usres"),
        ({"pack": "extends: default\nrequired: {published: [sumary]}\n"}, "requires sumary"),
        ({"pack": "extends: [\n"}, "pack.yaml, line"),
        ({"fields": "region: {type: colour}\n"}, "fields.yaml, line 1"),
        ({"summary": "fine\n{% if %}\n"}, "sections/summary.md.j2, line 2"),
        ({"summary": "\n\n{{ sumary.text }}\n"}, "sections/summary.md.j2, line 3"),
        ({"summary": "{{ impact }}\n"}, "a group cannot be printed"),
        ({"summary": "{{ summary.__class__.__mro__ }}\n"}, "sections/summary.md.j2, line 1"),
        ({"summary": "{% include '/etc/passwd' %}\n"}, "passwd"),
        ({"summary": "{% for a in range(99999999) %}{{ a }}{% endfor %}"}, "sections/summary.md.j2, line 1"),
        ({"summary": "{{ summary | safe }}\n"}, "line 1"),
    ],
    ids=lambda value: None if isinstance(value, str) else next(iter(value)),
)
def test_a_mistake_is_told_with_its_place(pack, files, said):
    code, told = checked(pack(**files))

    assert code == 1
    assert said in told
    assert "to mend; until then" in told


@pytest.mark.parametrize("wanted", ["markdown", "html", "canvas", "json"])
def test_a_preview_shows_a_whole_incident_in_each_format(wanted, pack):
    folder = pack(fields="region: {label: Region, type: choice, choices: [EU, US]}\n")
    made = tocsin("preview", "ours", "--format", wanted, "--folder", folder)

    assert made.exit_code == 0
    assert "Checkout is down" in made.output
    assert "EU" in made.output
    if wanted == "json":
        assert json.loads(made.output)["custom"] == {"region": "EU"}


def test_a_preview_after_publication_has_no_guidance():
    draft = tocsin("preview", "rca-full").output
    published = tocsin("preview", "rca-full", "--published").output

    assert "Not published yet" in draft
    assert "Not published yet" not in published


def test_a_broken_pack_gives_way_to_the_default_in_every_format_and_says_so(pack):
    folder = pack(summary="{{ nothing.of | that }}")
    renderer, document = PackRenderer([folder]), samples()["full"]

    for wanted in ("markdown", "html", "canvas"):
        told = renderer.render(document, pack="ours", format=wanted).decode()
        assert "could not be rendered" in told
        assert "sections/summary.md.j2, line 1" in told
        assert "Timeline" in told
    assert json.loads(renderer.render(document, pack="ours", format="json"))
    assert renderer.render(document, pack="ours", format="pdf").startswith(b"%PDF")


def test_what_a_template_takes_too_much_of_is_told_and_the_document_is_there(pack):
    folder = pack(summary="{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}")
    told = PackRenderer([folder]).render(samples()["bare"], pack="ours", format="markdown").decode()

    assert "could not be rendered" in told
    assert "# Postmortem: Checkout is down" in told
