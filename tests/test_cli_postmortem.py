"""Postmortems on the command line: rendered, remarked, edited in a file and taken back without losing a word."""

import asyncio
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from bot.app.incidents import Incidents, Request
from bot.cli import main
from bot.domain import commands as c
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import DocumentStatus
from storage.store import open_store

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


def tocsin(*arguments):
    return CliRunner().invoke(main, list(arguments))


class Record:
    """An incident in a database of its own, changed as the bot would."""

    def __init__(self, folder):
        self.url = f"sqlite:///{folder}/a.db"
        self.file = folder / "export.md"
        self.do(c.Declare(title="Checkout is down"), incident=None)

    def do(self, *commands, incident=1):
        asyncio.run(self._do(commands, incident))

    async def _do(self, commands, incident):
        async with open_store(self.url) as store:
            for command in commands:
                request = Request(command=command, by="U0ANA", at=AT, incident=incident)
                assert not isinstance(await Incidents(store, lambda _: None).handle(request), Refusal)

    def state(self):
        return asyncio.run(self._state())

    async def _state(self):
        async with open_store(self.url, read_only=True) as store:
            return await store.incident(1), await store.record(1)

    def export(self):
        made = tocsin("postmortem", "render", "INC-1", "--out", str(self.file), "--database", self.url)
        assert made.exit_code == 0, made.output
        return self.file.read_text()

    def edit(self, before, after):
        text = self.file.read_text()
        assert before in text
        self.file.write_text(text.replace(before, after, 1))

    def take(self, by="Bea Novak"):
        return tocsin("postmortem", "import", str(self.file), "--by", by, "--database", self.url)


@pytest.fixture
def record(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Record(tmp_path)
    made.do(
        c.SetFields(
            values={"summary": "The index was missing.\n\nOrders were slow.", "cause.root": "A *full* scan"}
        ),
        c.AddItem(
            path="lessons.went_well", values={"text": "The page came at once", "details": ("in 20 s",)}
        ),
        c.AddItem(path="lessons.went_well", values={"text": "The rollback was short"}),
    )
    made.export()
    return made


def wells(incident):
    return [item.values["text"] for item in incident.lists["lessons.went_well"]]


def test_an_unchanged_file_changes_nothing(record):
    before, _ = record.state()
    made = record.take()

    assert made.output == "INC-1: 0 changes taken over.\n"
    assert record.state()[0] == before


def test_edited_words_come_back_as_events_of_their_author(record):
    record.edit("The index was missing.", "The index on `orders` was missing.")
    record.edit("A \\*full\\* scan", "A *very* full scan")
    made = record.take()

    incident, events = record.state()
    assert made.output == "INC-1: 2 changes taken over.\n"
    assert incident.fields["summary"] == "The index on `orders` was missing.\n\nOrders were slow."
    assert incident.fields["cause.root"] == "A *very* full scan"
    assert {event.by for event in events[-2:]} == {"Bea Novak"}


def test_lines_of_a_list_are_changed_added_and_taken_out(record):
    text = record.file.read_text().split("\n")
    at = next(n for n, line in enumerate(text) if "The rollback was short" in line)
    text[at] = "- The customers were told"
    record.file.write_text("\n".join(text))
    record.edit("The page came at once", "The page came in seconds")
    record.take()
    incident, _ = record.state()

    assert wells(incident) == ["The page came in seconds", "The customers were told"]
    assert incident.lists["lessons.went_well"][0].values["details"] == ("in 20 s",)


def test_taking_the_same_file_twice_adds_nothing_twice(record):
    record.edit("The page came at once", "The page came in seconds")
    record.edit("  - in 20 s", "  - in 20 s\n- The customers were told")
    record.take()
    once = wells(record.state()[0])
    made = record.take()

    assert made.exit_code == 0, made.output
    assert wells(record.state()[0]) == once


def test_what_both_sides_changed_apart_is_merged(record):
    record.do(c.SetFields(values={"summary": "The index was missing.\n\nOrders were slow for 2 h."}))
    record.edit("The index was missing.", "The index on orders was missing.")
    record.take()

    assert (
        record.state()[0].fields["summary"] == "The index on orders was missing.\n\nOrders were slow for 2 h."
    )


def test_what_both_changed_alike_is_shown_and_the_record_keeps_its_words(record):
    record.do(c.SetFields(values={"cause.root": "No index"}))
    record.edit("A \\*full\\* scan", "A forgotten index")
    made = record.take()

    assert made.exit_code == 1
    for words in (
        "exported: A *full* scan",
        "record:   No index",
        "file:     A forgotten index",
        "Settle the conflicts",
    ):
        assert words in made.output
    assert record.state()[0].fields["cause.root"] == "No index"


def test_a_line_taken_out_here_and_changed_there_is_a_conflict(record):
    item = record.state()[0].lists["lessons.went_well"][1]
    record.do(
        c.ChangeItem(path="lessons.went_well", item=item.id, values={"text": "The rollback took 2 min"})
    )
    lines = record.file.read_text().split("\n")
    record.file.write_text("\n".join(line for line in lines if "The rollback was short" not in line))
    made = record.take()

    assert made.exit_code == 1
    assert "(taken out)" in made.output
    assert "The rollback took 2 min" in wells(record.state()[0])


def test_a_section_without_its_marks_is_left_alone_and_told(record):
    text = record.file.read_text()
    record.file.write_text(text.replace("<!-- tocsin:summary -->", ""))
    made = record.take()

    assert "Summary has lost its marks" in made.output
    assert record.state()[0].fields["summary"].startswith("The index")


def test_a_published_document_gets_another_revision(record):
    record.do(c.ChangeDocumentStatus(status=DocumentStatus.PUBLISHED, reason="agreed"))
    record.export()
    before = len(record.state()[0].renderings)
    record.edit("Orders were slow.", "Orders were very slow.")
    record.take()

    assert len(record.state()[0].renderings) == before + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# hello\n", "no mark that says what it was made from"),
        ("<!-- tocsin-export: INC-1, 999 events, pack default -->", "It is of another database"),
        ("<!-- tocsin-export: INC-44, 9 events, pack default -->", "There is no INC-44"),
    ],
)
def test_a_file_of_elsewhere_is_refused_in_words(record, text, said):
    record.file.write_text(text)
    made = record.take()

    assert made.exit_code == 1
    assert said in made.output


def test_lint_tells_errors_and_ends_with_1(record):
    made = tocsin("postmortem", "lint", "INC-1", "--database", record.url)

    assert made.exit_code == 1
    assert "error NO_DETECTION_TIME: Nobody said when it was detected. [times.detected]" in made.output
    assert "errors" in made.output.splitlines()[-1]


def test_a_name_that_is_no_incident_is_refused(record):
    made = tocsin("postmortem", "lint", "checkout", "--database", record.url)

    assert made.exit_code == 1
    assert "checkout is not the name of an incident" in made.output
