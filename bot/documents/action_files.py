"""Exported action items as files: CSV, JSON, and an iCalendar feed of due dates (RFC 5545)."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Todo

from bot.domain.vocabulary import ActionState
from bot.views.action_export import ExportedItem

#: What a spreadsheet would take for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_STATUS: Mapping[str, str] = {
    ActionState.OPEN: "NEEDS-ACTION",
    ActionState.IN_PROGRESS: "IN-PROCESS",
    ActionState.BLOCKED: "NEEDS-ACTION",
    ActionState.DONE: "COMPLETED",
    ActionState.CANCELLED: "CANCELLED",
}


def as_csv(items: Iterable[ExportedItem]) -> bytes:
    """One line for each item, lists joined by semicolons; UTF-8 with a mark, so that spreadsheets read it as that."""
    columns = [field.name for field in fields(ExportedItem)]
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(columns)
    for item in items:
        writer.writerow([_cell(getattr(item, name)) for name in columns])
    return written.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    text = _plain(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat()
        case tuple():
            return "; ".join(value)
        case _:
            return str(value)


def as_json(items: Iterable[ExportedItem]) -> bytes:
    found = [asdict(item) for item in items]
    return json.dumps({"items": found}, default=datetime.isoformat, ensure_ascii=False, indent=2).encode()


def as_calendar(items: Iterable[ExportedItem]) -> bytes:
    """A to-do for each item with a due moment. ``UID`` stays, so that a subscribed calendar follows changes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tocsin//action items//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Tocsin action items")
    for item in items:
        if item.due is not None:
            calendar.add_component(_todo(item, item.due))
    made: bytes = calendar.to_ical()
    return made


def _todo(item: ExportedItem, due: datetime) -> Todo:
    todo = Todo()
    utc = ZoneInfo("UTC")
    owners = ", ".join(item.owners) or "nobody yet"
    said: dict[str, Any] = {
        "uid": f"{item.id}@tocsin",
        "dtstamp": item.changed.astimezone(utc),
        "last-modified": item.changed.astimezone(utc),
        "summary": f"{item.id} {item.text}",
        "description": f"{item.incident_title}\nOwner: {owners}\nState: {item.state}",
        "status": _STATUS[item.state],
        "due": due.astimezone(utc),
    }
    for name, value in said.items():
        todo.add(name, value)
    if item.done:
        todo.add("completed", item.done.astimezone(utc))
    if item.tracker and item.tracker.startswith(("http://", "https://")):
        todo.add("url", item.tracker)
    return todo


FORMATS: Mapping[str, Callable[[Iterable[ExportedItem]], bytes]] = {
    "csv": as_csv,
    "json": as_json,
    "ics": as_calendar,
}
