"""A replay case turned into an incident without Slack: its steps become events, its messages a transcript."""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import events as e
from bot.domain.details import ActionDetails, Due, EntryDetails, MessageRef, Severity
from bot.domain.evolve import fold
from bot.domain.fields import FIELDS, LISTS, FieldType, Value
from bot.domain.incident import Incident
from bot.domain.people import Person
from bot.domain.times import Precision, Time, format_duration
from bot.domain.transcript import Message, Profile
from bot.domain.vocabulary import (
    ActionKind,
    ActionState,
    DocumentStatus,
    EntryKind,
    Horizon,
    Marker,
    Status,
    TagKind,
    TimeName,
)
from bot.replay.typed import tracker
from bot.views.document import build_document

CASES = Path(__file__).parents[1] / "cases"
ROLES = {"Incident Commander": "commander"}
TIMES = {"impact_start": TimeName.IMPACT_STARTED}
ACCOUNTS = {"human", "bot"}


def load(name: str) -> dict[str, Any]:
    return json.loads(next(CASES.glob(f"{name}*.json")).read_text(encoding="utf-8"))


def document_of(case: dict[str, Any]) -> dict[str, Any]:
    """The document as of the case's last step."""
    told = Telling(case)
    incident = told.incident()
    return build_document(
        incident,
        messages=told.messages,
        profiles=told.profiles,
        now=told.at,
        display_zone=case["workspace"].get("display_tz"),
    )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def read_time(said: dict[str, Any] | str) -> Time:
    if isinstance(said, str):
        return Time(utc=moment(said))
    precision = Precision(said.get("precision", "minute"))
    return Time(
        utc=moment(said["utc"]) if said.get("utc") else None,
        precision=precision,
        approx=bool(said.get("approx")),
        raw=said.get("raw"),
        tz=said.get("tz"),
        end_utc=moment(said["end"]["utc"]) if said.get("end") else None,
        open_ended=bool(said.get("open_ended")),
    )


def flat(fields: dict[str, Any], above: str = "") -> dict[str, Any]:
    """``{"impact.users": {"count": 3}}`` as dotted paths."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        path = f"{above}{name}"
        found |= flat(value, f"{path}.") if isinstance(value, dict) else {path: value}
    return found


@dataclass
class Telling:
    """The events of a case, one after another."""

    case: dict[str, Any]
    recorded: list[e.Recorded] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    refs: dict[str, MessageRef] = field(default_factory=dict)
    actions: dict[str, ActionDetails] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    at: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    by: str = "system"

    def __post_init__(self) -> None:
        self.users = {user["id"]: user for user in self.case["workspace"]["users"]}
        self.profiles = {
            self.id(key): Profile(id=self.id(key), name=user["name"], zone=user.get("tz") or "UTC")
            for key, user in self.users.items()
            if user["kind"] == "human"
        }

    def incident(self) -> Incident:
        for step in self.case["steps"]:
            self.at, self.by = moment(step["at"]), self.id(step["by"])
            getattr(self, step["do"])(step.get("in"), **step.get("args", {}))
        state = fold(self.recorded)
        assert state is not None
        return state

    # --- people and places

    def id(self, key: str) -> str:
        """`U_JD` is written `UJD` in Slack."""
        return key.replace("_", "")

    def person(self, key: str) -> Person:
        user = self.users.get(key)
        known = user and user["kind"] in ACCOUNTS
        return Person(slack_id=self.id(key)) if known else Person(name=user["name"] if user else key)

    def name(self, text: str | None) -> str | None:
        return self.users[text]["name"] if text in self.users else text

    def add(self, event: e.Event) -> None:
        if isinstance(event, e.Declared) or self.recorded:
            number = len(self.recorded) + 1
            self.recorded.append(e.Recorded(incident=1, number=number, at=self.at, by=self.by, event=event))

    # --- steps, by the names of the format

    def message(self, place, text, **said):
        user = self.users[next(k for k in self.users if self.id(k) == self.by)]
        ts = f"{int(self.at.timestamp())}.{len(self.messages):06d}"
        ref = MessageRef(channel=self.id(place), ts=ts)
        slack = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        slack = re.sub(r"(https?://\S+)", r"<\1>", slack)
        bot = user["kind"] == "bot"
        self.refs[said["id"]] = ref
        self.messages[ref.key] = Message(
            ref=ref,
            user=None if bot else self.by,
            bot_name=user["name"] if bot else None,
            text=slack,
            permalink=f"https://example.slack.com/archives/{ref.channel}/p{ts.replace('.', '')}",
        )

    def declare(self, place, title, severity, services=(), template=None, note=None, **more):
        self.add(
            e.Declared(
                title=title,
                severity=Severity(**severity) if severity else None,
                services=tuple(services),
                template=template,
                symptom=note,
            )
        )
        if more.get("customers"):
            self.add(e.FieldSet(path="incident.customers", value=tuple(more["customers"])))
        if more.get("ref"):
            self.item("related", {"title": title, "ref": more["ref"], "kind": "incident"})
        if more.get("started_raw"):
            clock = datetime.strptime(more["started_raw"], "%H:%M" if ":" in more["started_raw"] else "%H%M")
            began = self.at.replace(hour=clock.hour, minute=clock.minute)
            self.add(e.TimeSet(which=TimeName.IMPACT_STARTED, time=Time(utc=began, raw=more["started_raw"])))

    def assign_role(self, place, role, user):
        self.add(e.RoleAssigned(role=ROLES.get(role, role), person=self.person(user)))

    def mark(self, place, message, **said):
        tag = TagKind(said.pop("as"))
        self.add(
            e.MessageTagged(
                entry=f"E-{message}", message=self.refs[message], tag=tag, details=self.details(**said)
            )
        )

    def timeline_add(self, place, ref, time, evidence=None, end=None, open_ended=False, **said):
        time = {**time, "end": end, "open_ended": open_ended}
        links = [evidence] if isinstance(evidence, str) else evidence or []
        shown = [
            f"https://example.slack.com/archives/{self.refs[x].key}" if x in self.refs else x for x in links
        ]
        details = replace(self.details(**said), evidence=tuple(shown))
        self.add(e.NoteAdded(entry=f"E-{ref}", time=read_time(time), details=details))

    def details(
        self, text=None, marker=None, actor=None, action=None, label=None, order=None, kind=None, **_
    ):
        return EntryDetails(
            text=text,
            marker=Marker(marker.lower().replace(" ", "_")) if marker else None,
            actor=actor,
            action=action,
            label=label,
            order=order,
            kind=EntryKind(kind) if kind else None,
        )

    def set_time(self, place, which, time):
        self.add(e.TimeSet(which=TIMES.get(which) or TimeName(which), time=read_time(time)))

    def set_status(self, place, status):
        self.add(e.StatusChanged(status=Status(status)))

    def resolve(self, place, time=None, outcome=None):
        self.add(e.StatusChanged(status=Status.RESOLVED, time=read_time(time) if time else None))
        if outcome:
            self.add(e.FieldSet(path="resolution.outcome", value=outcome))

    def reopen(self, place, reason=None, time=None):
        self.add(
            e.StatusChanged(
                status=Status.INVESTIGATING, reason=reason, time=read_time(time) if time else None
            )
        )

    def set_severity(self, place, severity, reason=None):
        self.add(e.SeverityChanged(severity=Severity(**severity), reason=reason))

    def timeline_import(self, place, lines, tz="UTC", kind=None, **_):
        for number, line in enumerate(lines):
            said = line["time"]
            if isinstance(said, str):
                said = {
                    "utc": datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(tz)).isoformat(),
                    "precision": "second",
                }
            time = replace(read_time(said), source="import")
            entry = f"E-import-{len(self.recorded)}-{number}"
            self.add(e.NoteAdded(entry=entry, time=time, details=self.details(text=line["text"], kind=kind)))

    def close(self, place):
        self.add(e.StatusChanged(status=Status.CLOSED))

    def set_fields(self, place, fields):
        for path, value in flat(fields).items():
            if path in LISTS:
                for text in value:
                    self.item(path, {"text": text})
            elif value is not None:
                self.add(e.FieldSet(path=path, value=self.value(path, value)))

    def value(self, path: str, value: Any) -> Value:
        kind = FIELDS[path].type
        if kind is FieldType.TIME:
            return read_time(value)
        return tuple(value) if isinstance(value, list) else value

    def item(self, path: str, values: dict[str, Any]) -> None:
        columns = {column.name: column for column in LISTS[path].columns}
        kept = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items() if v is not None}
        assert set(kept) <= set(columns), (path, set(kept) - set(columns))
        self.items[path] = self.items.get(path, 0) + 1
        self.add(e.ItemAdded(path=path, item=str(self.items[path]), values=kept))

    def add_item(self, place, **values):
        self.item(values.pop("list"), values)

    def sla_set(self, place, budget_s=None, used_before_s=None, **values):
        budget = format_duration(budget_s) if budget_s is not None else None
        used = format_duration(used_before_s) if used_before_s is not None else None
        self.item("sla", {**values, "budget": budget, "used_before": used})

    def comms_add(self, place, time, **values):
        self.item("comms", {**values, "at": read_time(time)})

    def related_add(self, place, **values):
        self.item("related", values)

    def link_add(self, place, **values):
        self.item("links", values)

    def signoff_add(self, place, **values):
        self.item("doc.signoff", values)

    def update_add(self, place, date, text):
        self.item("doc.updates", {"date": date["iso"], "text": text})

    def checklist_add(self, place, name, sections):
        lines: list[str] = []
        for section in sections:
            lines.append(f"# {section['title']}")
            lines += [f"[{'x' if item['done'] else ' '}] {item['text']}" for item in section["items"]]
        self.item("checklists", {"name": name, "items": "\n".join(lines)})

    def followup_schedule(self, place, days_after_resolve, date, agenda):
        for name, value in (("days", days_after_resolve), ("date", date), ("agenda", tuple(agenda))):
            self.add(e.FieldSet(path=f"doc.followup.{name}", value=value))

    def action_add(self, place, ref, text, status="open", **said):
        self.actions[ref] = self.item_of(ActionDetails(text=text), said)
        self.add(e.ActionAdded(action=ref, details=self.actions[ref], state=ActionState(status)))

    def action_update(self, place, ref, status=None, reason=None, **said):
        changed = self.item_of(self.actions[ref], said)
        if changed != self.actions[ref]:
            self.actions[ref] = changed
            self.add(e.ActionEdited(action=ref, details=changed))
        if status:
            self.add(e.ActionStateChanged(action=ref, state=ActionState(status), reason=reason))

    def item_of(self, known: ActionDetails, said: dict[str, Any]) -> ActionDetails:
        """What is said of an item, over what was known of it."""
        read = {
            "kind": ActionKind,
            "owners": lambda owners: tuple(self.person(owner) for owner in owners),
            "due": self.due,
            "horizon": Horizon,
            "details": tuple,
            "tracker": tracker,
        }
        given = {name: value for name, value in said.items() if value is not None}
        return replace(known, **{name: read.get(name, lambda v: v)(value) for name, value in given.items()})

    def due(self, said: dict[str, Any] | None) -> Due | None:
        if said is None:
            return None
        at = (
            datetime.combine(datetime.fromisoformat(said["date"]), time(17), UTC)
            if said.get("date")
            else None
        )
        return Due(at=at, raw=said.get("raw"), day_only=at is not None, derived=bool(said.get("derived")))

    def doc_status(self, place, status, **_):
        self.add(e.DocumentStatusChanged(status=DocumentStatus(status.lower().replace(" ", "_"))))

    def generate(self, place, formats):
        self.add(e.DocumentRequested(revision=1, formats=tuple(formats)))
