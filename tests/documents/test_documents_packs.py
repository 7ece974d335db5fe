"""Packs of a workspace: found first, building on others, and never in the way of a postmortem."""

import pytest
from document_helpers import document

from bot.documents.packs import BadPack, builtin, load_pack
from bot.documents.renderer import PackRenderer
from bot.domain import events as e
from bot.domain.vocabulary import DocumentStatus

SUMMARY = e.FieldSet(path="summary", value="It *broke*.")


@pytest.fixture
def pack(tmp_path):
    """Writes a pack into the workspace's folder."""

    def write(name, **files):
        for path, text in files.items():
            file = (
                tmp_path
                / name
                / {"pack": "pack.yaml", "document": "document.md.j2", "strings": "strings.yaml"}.get(
                    path, path
                )
            )
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    return write


def rendered(tmp_path, name, *events):
    return PackRenderer([tmp_path]).markdown(document(SUMMARY, *events), name)


def test_a_pack_of_the_workspace_is_used(tmp_path, pack):
    pack("mine", pack="title: Mine", document="# {{ incident.title }}\n{{ summary }}")

    assert rendered(tmp_path, "mine") == "# Checkout is down\nIt \\*broke\\*.\n"


def test_a_pack_may_override_one_section_some_words_and_the_order(tmp_path, pack):
    pack(
        "ours",
        pack="extends: default\nsections:\n  - {id: lessons, heading: Learned, show: always}\n  - {id: summary, heading: Summary}",
        strings="Summary: Kurzfassung\nLearned: Gelernt",
        **{"sections/summary.md.j2": "In short: {{ summary }}"},
    )
    told = rendered(tmp_path, "ours")

    assert "## Gelernt\n\n_Not filled in yet_\n\n## Kurzfassung\n\nIn short: It \\*broke\\*." in told
    assert "## Timeline" not in told


def test_a_pack_may_extend_the_built_in_one_of_its_own_name(tmp_path, pack):
    pack(
        "default",
        pack="extends: default",
        document='{% extends "base/document.md.j2" %}{% block title %}# Ours{% endblock %}',
    )

    assert rendered(tmp_path, "default").startswith("# Ours\n")


def test_guidance_is_shown_in_drafts_only(tmp_path, pack):
    pack(
        "g", pack="extends: default\nsections: [{id: summary, heading: Summary, guidance: In 2-5 sentences}]"
    )

    assert "_In 2-5 sentences_" in rendered(tmp_path, "g")
    published = e.DocumentStatusChanged(status=DocumentStatus.PUBLISHED)
    assert "sentences" not in rendered(tmp_path, "g", published)


def test_an_unknown_pack_gives_way_with_a_note_at_the_top(tmp_path):
    told = rendered(tmp_path, "nope")

    assert told.startswith("> **Pack 'nope' was not found; rendered with default.**\n\n# Postmortem")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"document": "x"}, "pack.yaml is missing"),
        ({"pack": "a: [", "document": "x"}, "pack.yaml, line 2: it is not YAML"),
        ({"pack": "- a", "document": "x"}, "pack.yaml: names with values are expected"),
        ({"pack": "title: x", "document": "one\n{% if %}"}, "document.md.j2, line 2"),
        (
            {"pack": "title: x", "document": "one\n\n{{ incidnet.title }}"},
            "document.md.j2, line 3: the document has no incidnet",
        ),
        ({"pack": "title: x", "document": "{{ incident }}"}, "a group cannot be printed"),
        ({"pack": "title: x", "document": "{{ 1 // 0 }}"}, "document.md.j2, line 1"),
        ({"pack": "title: x"}, "document.md.j2"),
        ({"pack": "extends: other", "document": "x"}, "it extends 'other', and there is no such pack"),
        ({"pack": "extends: bad\nsections: [{id: x}]"}, "it extends 'bad', and there is no such pack"),
        (
            {"pack": "extends: default\nsections: [{id: x, show: sometimes}]"},
            "pack.yaml, line 2: x has show 'sometimes'",
        ),
        ({"pack": "title: x", "document": "{{ incident.title.__class__ }}"}, "unsafe"),
        ({"pack": "title: x", "document": "{{ actions.append(1) }}"}, "unsafe"),
    ],
)
def test_a_broken_pack_gives_way_and_says_why(tmp_path, pack, files, reason):
    pack("bad", **files)
    told = rendered(tmp_path, "bad")
    note, _, rest = told.partition("\n")

    assert note.startswith("> **Pack 'bad'")
    assert reason in note.replace("\\", "")
    assert str(tmp_path) not in told
    assert "# Postmortem: Checkout is down" in rest


def test_packs_that_extend_each_other_are_refused(tmp_path, pack):
    pack("a", pack="extends: b")
    pack("b", pack="extends: a")

    with pytest.raises(BadPack, match="extends itself"):
        load_pack("a", [tmp_path])


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".", "x" * 70])
def test_a_name_that_is_a_path_is_no_pack(tmp_path, name):
    assert "was not found" in rendered(tmp_path, name)


def test_missing_parts_are_empty_and_methods_hide_no_fields(tmp_path, pack):
    pack(
        "p",
        pack="title: x",
        document="[{{ impact.users.count }}|{{ doc.a.b.c }}|{% if impact.nope %}x{% endif %}]",
    )

    assert rendered(tmp_path, "p") == "[||]\n"


def test_joining_with_a_tilde_escapes_what_is_no_markdown_yet(tmp_path, pack):
    pack("p", pack="title: x", document='{{ link("a", "https://e.org") ~ " – " ~ summary }}')

    assert rendered(tmp_path, "p") == "[a](<https://e.org>) – It \\*broke\\*.\n"


def test_escaping_cannot_be_switched_off(tmp_path, pack):
    pack("p", pack="title: x", document="{{ summary|safe }}")

    assert "No filter named 'safe'" in rendered(tmp_path, "p").replace("\\", "")


def test_the_built_in_pack_is_found():
    assert load_pack("default", [builtin()]).sections[0].id == "summary"


def test_an_installed_bot_finds_the_packs_that_came_with_it(tmp_path, monkeypatch):
    inside = tmp_path / "_data" / "templates" / "postmortem"
    inside.mkdir(parents=True)
    monkeypatch.setattr("bot.documents.packs.files", lambda package: tmp_path)

    assert builtin() == inside
