"""Importing log lines: a form takes them, a preview shows what was understood, and only its button adds them, all at once."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.app.ports import Unfinished
from bot.domain import commands as c
from bot.domain.details import EntryDetails
from bot.domain.vocabulary import EntryKind, Marker
from bot.language.intents import Context
from bot.language.loglines import LogRead, read_log
from bot.language.zones import read_zone
from bot.slack import blocks as b
from bot.slack.desk import Desk
from bot.slack.ids import Form
from bot.slack.inputs import Asked, modal
from bot.slack.places import Place
from bot.slack.sent import FieldErrors, Sent
from bot.slack.spans import write
from bot.views.text import Stated

SHOWN = 40
LEFT_OUT_SHOWN = 15


@dataclass(slots=True)
class Importing:
    desk: Desk

    async def preview(self, sent: Sent, place: Place) -> dict[str, Any]:
        """The form was sent: what was pasted is kept, and shown as it was understood. Raises `FieldErrors`."""
        body = {name: sent.text(name) for name in ("text", "zone", "day", "kind", "marker")}
        found = _read(body, sent.context)
        if not found.lines:
            why = found.unread[0].why if found.unread else "nothing was pasted."
            raise FieldErrors(
                {"text": f"No line could be read: {why} Each begins with a time, such as 14:05."}
            )
        key = uuid.uuid4().hex
        now = sent.context.now
        await self.desk.store.keep_unfinished(Unfinished(key=key, by=place.user, at=now, body=body))
        asked = Asked(
            policy=self.desk.policy,
            incident=place.incident,
            channel=place.channel,
            carried={"import": key, "pushed": "yes"},
        )
        known = _known(found, place)
        view = modal(
            Form.IMPORT_PREVIEW,
            asked,
            "Import",
            _preview(found, sent.context, known),
            f"Import {len(found.lines)}",
        )
        return {"response_action": "push", "view": view}

    async def commands(self, sent: Sent, place: Place) -> tuple[c.Command, ...]:
        """The preview was confirmed: the lines are read again as of when they were pasted. Raises `FieldErrors`."""
        kept = await self.desk.store.unfinished(str(sent.carried["import"]))
        if kept is None or kept.by != place.user:
            return ()
        found = _read(kept.body, replace(sent.context, now=kept.at))
        kind, marker = kept.body.get("kind"), kept.body.get("marker")
        details = EntryDetails(
            kind=EntryKind(kind) if kind else None, marker=Marker(marker) if marker else None
        )
        return (c.ImportEntries(lines=found.lines, details=details),)


def _read(body: Mapping[str, Any], context: Context) -> LogRead:
    zone = day = None
    if name := body.get("zone"):
        zone = read_zone(name)
        if zone is None:
            raise FieldErrors({"zone": f"`{name}` is no zone. Try UTC, CET, +05:30 or Europe/Berlin."})
    if typed := body.get("day"):
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            raise FieldErrors({"day": "Type the date as 2026-01-31."}) from None
        if day > context.now.date():
            raise FieldErrors({"day": f"`{typed}` is in the future."})
    return read_log(body.get("text") or "", context, zone=zone, day=day)


def _known(found: LogRead, place: Place) -> int:
    """How many of the lines were imported before."""
    assert place.incident, "lines are imported into an incident"
    there = {
        (x.time.utc, x.details.text) for x in place.incident.entries.values() if x.time.source == "import"
    }
    return sum((line.time.utc, line.text) in there for line in found.lines)


def _preview(found: LogRead, context: Context, known: int) -> list[b.Block]:
    again = f", {known} of which stand there already and are not added again" if known else ""
    head = f"*Understood: {len(found.lines)}*{again}"
    lines = [
        f"{write((Stated(line.time, context.zone),))} {b.escape(b.cut(line.text, 120))}"
        for line in found.lines[:SHOWN]
    ]
    if len(found.lines) > SHOWN:
        lines.append(f"… and {len(found.lines) - SHOWN} more")
    made = [b.section(head), *(b.section("\n".join(lines[i : i + 10])) for i in range(0, len(lines), 10))]
    if found.unread:
        made.append(b.section(f"*Left out: {len(found.unread)}.* Go back to mend them."))
        made += [
            b.context(f"{line.number}: `{b.escape(b.cut(line.text, 120))}`: {b.escape(line.why)}")
            for line in found.unread[:LEFT_OUT_SHOWN]
        ]
    return made
