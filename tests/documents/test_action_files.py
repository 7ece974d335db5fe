"""Action items as other tools read them."""

import csv
import io
import json
from datetime import UTC, datetime

import icalendar

from bot.documents.action_files import as_calendar, as_csv, as_json
from bot.domain import events as e
from bot.domain.details import ActionDetails, Due
from bot.domain.evolve import fold
from bot.domain.people import Person
from bot.domain.transcript import Profile
from bot.domain.vocabulary import ActionState
from bot.views.action_export import exported

NOW = datetime(2026, 11, 18, 14, tzinfo=UTC)
DUE = datetime(2026, 11, 20, 17, tzinfo=UTC)


def items():
    bea, team = Person(slack_id="U0BEA"), Person(name="Naxa team")
    happened = [
        e.Declared(title="Checkout, down"),
        e.ActionAdded(action="A1", details=ActionDetails(text="=cmd()", owners=(bea, team), due=Due(at=DUE))),
        e.ActionAdded(action="A2", details=ActionDetails(text="Line; one\nwith, comma", parent="A1")),
        e.ActionStateChanged(action="A1", state=ActionState.DONE),
    ]
    record = [
        e.Recorded(incident=7, number=n + 1, at=NOW, by="U0ANA", event=event)
        for n, event in enumerate(happened)
    ]
    return list(exported([fold(record)], {"U0BEA": Profile(id="U0BEA", name="Bea")}))


def test_a_spreadsheet_reads_every_line_and_runs_none():
    rows = list(csv.DictReader(io.StringIO(as_csv(items()).decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ["INC-7:A1", "INC-7:A2"]
    assert rows[0]["text"] == "'=cmd()"
    assert rows[0]["owners"] == "Bea; Naxa team"
    assert rows[0]["due"] == "2026-11-20T17:00:00+00:00"
    assert (rows[1]["parent"], rows[1]["due"]) == ("INC-7:A1", "")


def test_json_holds_ids_and_names():
    first, _ = json.loads(as_json(items()))["items"]
    assert (first["owners"], first["owner_ids"]) == (["Bea", "Naxa team"], ["U0BEA", "Naxa team"])
    assert first["state"] == "done"


def test_a_calendar_knows_what_is_due_and_what_is_done():
    calendar = icalendar.Calendar.from_ical(as_calendar(items()))
    (event,) = calendar.walk("VEVENT")
    assert event["UID"] == "INC-7:A1@tocsin"
    assert event.decoded("DTSTART") == DUE
    assert event["SUMMARY"] == "Done: INC-7:A1 =cmd()"
    assert "Bea, Naxa team" in event["DESCRIPTION"]
