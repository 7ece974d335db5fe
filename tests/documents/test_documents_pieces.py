"""A document is written in pieces, and nobody can tell from what they read."""

from bot.documents.html import render_html
from bot.documents.pieces import ROWS, pieces

TABLE = "| at | what |\n|---|---|\n"
LONG = 2 * ROWS + 50


def body(markdown):
    return render_html(markdown).partition("<main>")[2]


def table(rows):
    return TABLE + "".join(f"| 2026-03-04 14:05 | step {n} |\n" for n in range(rows))


def test_a_long_table_is_one_table_with_every_row_in_order():
    written = body(f"# T\n\n{table(LONG)}\nafter\n")
    assert len(list(pieces(table(LONG)))) > 2
    assert written.count("<table>") == written.count("<thead>") == written.count("</table>") == 1
    assert [n for n in range(LONG) if f"<td>step {n}</td>" in written] == list(range(LONG))
    assert written.index("step 0<") < written.index(f"step {ROWS}<") < written.index(f"step {LONG - 1}<")
    assert written.index("</table>") < written.index("<p>after</p>")


def test_a_table_that_fills_its_pieces_exactly_is_closed_once():
    for rows in (ROWS, 2 * ROWS, 2 * ROWS + 1):
        written = body(table(rows))
        assert written.count("<tbody>") == written.count("</tbody>") == 1
        assert written.count("<tr>") == rows + 1


def test_what_stands_in_a_fence_is_neither_a_table_nor_a_heading():
    fenced = f"```\n{table(LONG)}# no heading\n```\n"
    written = body(f"# T\n\n{fenced}\nafter\n")
    assert "<table>" not in written
    assert written.count("<pre>") == 1
    assert "# no heading\n</code></pre>" in written


def test_headings_of_one_name_keep_anchors_of_their_own_across_pieces():
    written = body(f"# T\n\n## Steps\n\n{table(LONG)}\n## Steps\n\nmore\n")
    assert 'id="steps"' in written
    assert 'id="steps-1"' in written


def test_only_the_table_before_the_first_section_holds_the_facts():
    written = body(f"# T\n\n{table(LONG)}\n## One\n\n{table(1)}")
    assert written.count('class="table facts"') == 1
    assert written.count('class="table"') == 1
