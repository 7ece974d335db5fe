"""What people change in the exported Markdown comes back: marks, words and merges."""

import pytest
from document_helpers import document
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.documents.escaping import inline, paragraphs
from bot.documents.marks import NotAnExport, plain, read_export
from bot.documents.merge import Conflict, Merged, merge
from bot.documents.renderer import PackRenderer
from bot.domain import events as e


def exported(*events):
    return PackRenderer().render(document(*events), pack="default", format="markdown").decode()


def field(path, value):
    return e.FieldSet(path=path, value=value)


def well(number, text):
    return e.ItemAdded(path="lessons.went_well", item=str(number), values={"text": text})


def test_an_export_tells_what_it_was_made_from_and_holds_the_words():
    back = read_export(exported(field("summary", "One *two*\n\nthree"), well(1, "the page | the rollback")))

    assert (back.incident, back.version, back.pack) == (7, 3, "default")
    assert plain(back.texts["summary"]) == "One *two*\n\nthree"
    assert plain(back.texts["lessons.went_well.1"]) == "the page | the rollback"
    assert back.added == ()


def test_a_new_line_in_a_list_belongs_to_that_list():
    text = exported(well(1, "first"), well(2, "second"))
    mark = text.index("first")
    line_end = text.index("\n", mark)
    back = read_export(text[:line_end] + "\n- a new one\n" + text[line_end + 1 :])

    assert back.added == (("lessons.went_well", "a new one"),)


def test_marks_are_not_shown_where_they_would_be_seen():
    told = document(field("summary", "words"))
    renderer = PackRenderer()

    for format_ in ("html", "canvas"):
        assert "tocsin:" not in renderer.render(told, pack="default", format=format_).decode()


def test_a_mark_that_somebody_typed_is_text():
    back = read_export(
        exported(
            field("summary", "<!-- tocsin:background -->x<!-- /tocsin --> \ufdd0background\ufdd1y\ufdd2")
        )
    )

    assert set(back.texts) == {"summary"}


def test_a_file_without_marks_is_refused_in_words():
    with pytest.raises(NotAnExport, match="Export it anew"):
        read_export("# Postmortem\n")


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"))
        | st.sampled_from(" \n"),
        max_size=60,
    )
)
@settings(max_examples=200, deadline=None)
def test_what_was_written_is_read_back(text):
    lines = [line.strip() for line in text.strip().split("\n")]
    assume("`" not in text and "&" not in text and not any("\ufdd0" <= c <= "\ufdef" for c in text))
    assume("\n\n\n" not in "\n".join(lines))

    assert plain(str(paragraphs(text))) == "\n".join(lines)
    assert plain(str(inline(text))) == "\n".join(filter(None, lines))


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        ("a\nb\nc", "a\nB\nc", "a\nB\nc"),
        ("a\nb\nc\nd", "A\nb\nc", "A\nb\nc\nd"),
        ("b\nc", "a\nb\nc\nz", "b\nc\nz"),
        ("a\nX\nc", "a\nX\nc", "a\nX\nc"),
        ("", "a\nb\nc", ""),
    ],
)
def test_changes_of_both_sides_are_kept(ours, theirs, merged):
    assert merge("a\nb\nc", ours, theirs) == Merged(merged)


def test_where_both_changed_the_same_it_is_a_conflict_and_ours_stands():
    assert merge("a\nb\nc", "a\nours\nc", "a\ntheirs\nc") == Merged(
        "a\nours\nc", (Conflict("b", "ours", "theirs"),)
    )


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abcx")), st.lists(st.sampled_from("abcy")))
@settings(max_examples=300, deadline=None)
def test_nothing_that_a_side_added_is_lost(base, ours, theirs):
    b, o, t = ("\n".join(side) for side in (base, ours, theirs))
    made = merge(b, o, t)
    kept = made.text + "\n".join(conflict.theirs for conflict in made.conflicts)

    assert kept.count("y") >= t.count("y") or "y" not in t
    assert made.text.count("x") == o.count("x")
