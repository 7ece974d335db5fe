"""Exported action items as files: CSV, JSON, and an iCalendar feed of due dates (RFC 5545)."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.vocabulary import ActionState
from bot.views.action_export import ExportedItem

if TYPE_CHECKING:
    from icalendar import Event

#: What a spreadsheet would take for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    """An event without length for each item with a due moment. ``UID`` stays, so that a subscribed calendar follows.

    Events and not to-dos: of subscribed calendars most programs show nothing else. Programs are asked to look hourly
    (RFC 7986, section 5.7; older ones know only ``X-PUBLISHED-TTL``).
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Tocsin//action items//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Tocsin action items")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for item in items:
        if item.due is not None:
            calendar.add_component(_event(item, item.due))
    made: bytes = calendar.to_ical()
    return made


def _event(item: ExportedItem, due: datetime) -> "Event":
    from icalendar import Event

    event = Event()
    owners = ", ".join(item.owners) or "nobody yet"
    done = "Done: " if item.state == ActionState.DONE else ""
    said: dict[str, Any] = {
        "uid": f"{item.id}@tocsin",
        "dtstamp": item.changed.astimezone(UTC),
        "last-modified": item.changed.astimezone(UTC),
        "summary": f"{done}{item.id} {item.text}",
        "description": f"{item.incident_title}\nOwner: {owners}\nState: {item.state}",
        "status": "CANCELLED" if item.state == ActionState.CANCELLED else "CONFIRMED",
        "dtstart": due.astimezone(UTC),
        "transp": "TRANSPARENT",
    }
    for name, value in said.items():
        event.add(name, value)
    if item.tracker and item.tracker.startswith(("http://", "https://")):
        event.add("url", item.tracker)
    return event


FORMATS: Mapping[str, Callable[[Iterable[ExportedItem]], bytes]] = {
    "csv": as_csv,
    "json": as_json,
    "ics": as_calendar,
}
