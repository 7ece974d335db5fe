"""Whatever people type is what readers see: no markup, no lost rows, no injected tags."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from document_helpers import document, note, typed
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.documents.escaping import inline, link, paragraphs
from bot.documents.html import render_html
from bot.documents.renderer import PackRenderer
from bot.domain import events as e
from bot.domain.details import ActionDetails, Due
from bot.domain.people import Person

FRAGMENTS = [
    *"\\`*_{}[]()<>#+-.!|~&=:;\"'$^@ \n\t", "```", "``", "**", "__", "~~", "](", "](<", "<br>", "<b>", "</td>", "<!--",
    "&lt;", "&#60;", "&amp;", "- ", "1. ", "1) ", "# ", "## ", "> ", "---", "===", ":--", "|---|", "\\\n", "\n\n", "    x",
    "[ ] ", "[x] ", "https://", "https://a.b/c_d", "http://x|y", "javascript:", "<https://e.x>", "word", "é", "✗", "🔴",
    "{{ x }}", "{% x %}", "\r\n", "\x0b", "\u2028", "\x00", "\ud800", "\xa0",
]  # fmt: skip
words = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))


class Page(HTMLParser):
    """Tags and text of the page's main part."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.links += [value for name, value in attrs if name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.text += data


RENDERER = PackRenderer()


def squeezed(text: str) -> str:
    """Without what Markdown cannot keep: blanks, control characters; and the ticks that turn words into code."""
    return re.sub(r"[\s`\x00-\x1f\x7f\x85\ud800-\udfff]+", "", text)


def page(markdown: str) -> Page:
    return Page(render_html(markdown).partition("<main>")[2])


@given(words)
@settings(max_examples=400, deadline=None)
@example("a\n|---|\nb")
@example("`a|b` `` `c` ``")
@example("x\n===\ny")
@example("\\http://0")
def test_any_text_stays_literal_in_any_place(text):
    assume(squeezed(text))
    told = inline(text)
    wanted = squeezed(text)
    for place in (
        f"{told}",
        f"- {told}",
        f"# {told}",
        f"| h |\n|---|\n| {told} |",
        f"**x**: {told}",
        f"{paragraphs(text)}",
    ):
        assert squeezed(page(place).text).endswith(wanted) or wanted in squeezed(page(place).text)


def filled(text: str) -> dict:
    """A document with the text in every kind of place."""
    details = {"label": text, "action": text, "actor": text, "evidence": (text,)}
    action = ActionDetails(
        text=text,
        label=text,
        details=(text,),
        owners=(Person(name=text),),
        due=Due(raw=text),
        tracker=text,
        source=text,
    )
    return document(
        note("E1", typed(1), text, **details),
        e.UpdatePosted(text=text),
        e.FieldSet(path="summary", value=text),
        e.FieldSet(path="impact.users.basis", value=text),
        e.FieldSet(path="doc.authors", value=(text, text)),
        e.ItemAdded(path="cause.contributing", item="1", values={"text": text, "details": (text,)}),
        e.ItemAdded(path="cause.five_whys", item="1", values={"text": text, "question": text}),
        e.ItemAdded(path="links", item="1", values={"label": text, "url": text}),
        e.ItemAdded(path="doc.signoff", item="1", values={"role": text, "name": text}),
        e.ItemAdded(path="checklists", item="1", values={"name": text, "items": "[ ] one"}),
        e.ActionAdded(action="A1", details=action),
        e.ActionAdded(action="A2", details=ActionDetails(text=text, parent="A1")),
        declared=e.Declared(title=text),
    )


#: What a text may add to a page: code, line breaks, links and further paragraphs.
OWN = {"code", "br", "a", "p"}


@given(words)
@settings(max_examples=60, deadline=None)
def test_no_text_changes_the_shape_of_the_document(text):
    assume(squeezed(text).strip("#"))
    # What Slack put between the words is read as Slack's; here only typed words count.
    assume(not re.search(r":[a-z0-9_+-]+:|<[@#!]|<https?:|<mailto:", text))
    plain = Page(render_html(RENDERER.markdown(filled("x"), "default")))
    told = Page(render_html(RENDERER.markdown(filled(text), "default")))

    assert {t: n for t, n in told.tags.items() if t not in OWN} == {
        t: n for t, n in plain.tags.items() if t not in OWN
    }
    assert squeezed(text) in squeezed(told.text)
    assert not [
        href for href in told.links if href.lower().strip().startswith(("javascript:", "data:", "vbscript:"))
    ]


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Error rate <1% and >5%", r"Error rate \<1% and >5%"),
        ("a | b", r"a \| b"),
        ("call `.toString()` on `undefined`", "call `.toString()` on `undefined`"),
        ("default value `'{}'`", "default value `'{}'`"),
        ("```<str>``` or strings", "`<str>` or strings"),
        ("0008_add_user_preferences", "0008_add_user_preferences"),
        ("_so_ *it* is", r"\_so\_ \*it\* is"),
        ("# 1 reason", r"\# 1 reason"),
        ("1. first", r"1\. first"),
        ("two\nlines", "two<br>lines"),
        ("see https://e.org/a_b_. Then", "see <https://e.org/a_b>\\_. Then"),
        ("~2 minutes", "~2 minutes"),
        ("R&D &lt;", "R&D &amp;lt;"),
    ],
)
def test_escaping_is_no_louder_than_it_must_be(text, markdown):
    assert inline(text) == markdown


def test_a_link_goes_only_where_links_may_go():
    assert link("the|graph", "https://e.org/a b|c") == r"[the\|graph](<https://e.org/a%20b%7Cc>)"
    assert link("x", "javascript:alert(1)") == "x (javascript:alert(1))"
    assert link("Rollback", "./ROLLBACK.md") == "[Rollback](<./ROLLBACK.md>)"
    assert link("only words", None) == "only words"
