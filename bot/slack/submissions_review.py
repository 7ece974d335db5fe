"""What was typed into the forms of the guided review. Only what was changed becomes a command."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.domain import commands as c
from bot.domain.fields import FIELDS, LISTS, Column, FieldType, ListField, Value
from bot.domain.incident import Incident
from bot.domain.people import Person
from bot.domain.sections import TIMES, label_of, section_called
from bot.domain.times import Time
from bot.domain.vocabulary import DocumentStatus, TimeName
from bot.slack.drawn import ROW, mark, row_mark, value_at
from bot.slack.ids import Form
from bot.slack.inputs import shown
from bot.slack.sent import FieldErrors, Sent, due_in, number_in, time_in, value_in

Commands = tuple[c.Command, ...]


def _incident(sent: Sent) -> Incident:
    assert sent.incident is not None, "reviews are of an incident"
    return sent.incident


# --- fields ------------------------------------------------------------------------------------------------------------


def _section(sent: Sent) -> Commands:
    part = section_called(str(sent.carried["section"]))
    return (*fields_in(sent, part.paths), *settled_in(sent))


def fields_in(sent: Sent, paths: tuple[str, ...]) -> Commands:
    """Fields and times that the person changed. Raises `FieldErrors` where somebody else changed them meanwhile."""
    drawn: Mapping[str, str] = sent.carried.get("drawn", {})
    errors: dict[str, str] = {}
    values: dict[str, Value | None] = {}
    times: list[c.Command] = []
    for path in paths:
        seen = drawn.get(path, mark(None))
        if path not in sent.values or mark(_typed(sent, path)) == seen:
            continue
        try:
            value = _read(sent, path)
        except FieldErrors as unread:
            errors |= unread.errors
            continue
        now = shown(value_at(_incident(sent), path))
        if now == shown(value):
            continue
        if mark(now) != seen:
            errors[path] = _meanwhile(path, now)
        elif path.startswith(TIMES):
            times.append(_set_time(path, value))
        else:
            values[path] = value
            values |= {name: said for name, said in _said_beside(sent, path).items() if not sent.text(name)}
    if errors:
        raise FieldErrors(errors)
    return (*([c.SetFields(values=values)] if values else []), *times)


def _meanwhile(path: str, now: str | None) -> str:
    return (
        f"Somebody changed {label_of(path)} while this form was open; it is now: {(now or 'empty')[:500]}. "
        "Open the section again to change that."
    )


def _typed(sent: Sent, path: str) -> str | None:
    """What stands in a field's inputs, as `shown` would write it."""
    field = FIELDS.get(path)
    if field and field.person:
        return shown(_people(sent, path, many=field.type is FieldType.LINES))
    return sent.text(path)


def _read(sent: Sent, path: str) -> Value | None:
    if path.startswith(TIMES):
        return time_in(sent, path)
    field = FIELDS[path]
    if field.person:
        return _people(sent, path, many=field.type is FieldType.LINES)
    return value_in(path, field, sent)


def _said_beside(sent: Sent, path: str) -> Mapping[str, Value]:
    """What a typed number says of its neighbours."""
    field = FIELDS[path]
    said = number_in(field, sent) if field.type is FieldType.NUMBER else {}
    return {name: value for name, value in said.items() if name != path}


def _set_time(path: str, value: Value | None) -> c.SetTime:
    return c.SetTime(
        which=TimeName(path.removeprefix(TIMES)), time=value if isinstance(value, Time) else None
    )


def _people(sent: Sent, name: str, *, many: bool) -> Value | None:
    """Those chosen in Slack, then those named."""
    chosen = sent.many(name) if many else tuple(filter(None, (sent.text(name),)))
    typed = sent.lines(f"{name}:names")
    if not many and chosen and typed:
        raise FieldErrors({f"{name}:names": "Choose somebody above, or name somebody here, not both."})
    people = (*(Person(slack_id=user).typed for user in chosen), *typed)
    if many:
        return people or None
    return people[0] if people else None


# --- lists -------------------------------------------------------------------------------------------------------------


def _items(sent: Sent) -> Commands:
    spec = LISTS[str(sent.carried["list"])]
    drawn: Mapping[str, str] = sent.carried.get("drawn", {})
    commands: list[c.Command] = []
    for row in dict.fromkeys(name.partition(":")[0] for name in sent.values):
        typed = mark(ROW.join(_typed_cell(sent, f"{row}:{column.name}", column) for column in spec.columns))
        if typed == drawn.get(row, row_mark(spec.columns, {})):
            continue
        values = _row(sent, spec, row)
        if row in drawn:
            commands += _changed(sent, spec, row, values)
        else:
            commands.append(c.AddItem(path=spec.path, values=values))
    return tuple(commands)


def _changed(sent: Sent, spec: ListField, row: str, values: Mapping[str, Value]) -> Iterator[c.Command]:
    """The command for a row that was typed into. Raises `FieldErrors` where somebody else was quicker."""
    now = next((item for item in _incident(sent).lists.get(spec.path, ()) if item.id == row), None)
    known = row_mark(spec.columns, now.values if now else {})
    if known == row_mark(spec.columns, values):
        return  # it is so already
    if known != sent.carried["drawn"][row] or now is None:
        raise FieldErrors({f"{row}:{spec.main.name}": _LINE_CHANGED})
    columns = {column.name for column in spec.columns}
    others = {name: value for name, value in now.values.items() if name not in columns}
    yield c.ChangeItem(path=spec.path, item=row, values={**others, **values} if values else None)


_LINE_CHANGED = (
    "Somebody changed or took out this line while the form was open. Open the list again to see it."
)


def _row(sent: Sent, spec: ListField, row: str) -> dict[str, Value]:
    """What stands in one row's inputs, read; an empty row is empty. Raises `FieldErrors`."""
    read = ((column.name, _cell(sent, f"{row}:{column.name}", column)) for column in spec.columns)
    values = {name: value for name, value in read if value is not None}
    if values and not values.get(spec.main.name):
        said = f"{spec.main.label} is empty. Fill it in, or empty the whole line."
        raise FieldErrors({f"{row}:{spec.main.name}": said})
    return values


def _cell(sent: Sent, name: str, column: Column) -> Value | None:
    return _people(sent, name, many=False) if column.person else value_in(name, column, sent)


def _typed_cell(sent: Sent, name: str, column: Column) -> str:
    """What stands in a cell's inputs, as `shown` would write it."""
    typed = shown(_people(sent, name, many=False)) if column.person else sent.text(name)
    return typed or ""


# --- action items that lacked something ----------------------------------------------------------------------------------


def settled_in(sent: Sent) -> Commands:
    """Owners and dates given to items, as ``owner:A3`` and ``due:A3``; what an item got meanwhile stays."""
    actions = dict.fromkeys(name.partition(":")[2] for name in sent.values if name.startswith(_SETTLING))
    return tuple(_settled(sent, action) for action in actions if _settles(sent, action))


_SETTLING = ("owner:", "due:")


def _settles(sent: Sent, action: str) -> bool:
    return any(sent.text(f"{name}{action}") for name in _SETTLING)


def _settled(sent: Sent, action: str) -> c.EditAction:
    details = _incident(sent).actions[action].details
    owner, due = sent.text(f"owner:{action}"), due_in(sent, f"due:{action}")
    if owner and not details.owners:
        details = replace(details, owners=(Person(slack_id=owner),))
    if due and details.due is None:
        details = replace(details, due=due)
    return c.EditAction(action=action, details=details)


# --- asking and deciding -----------------------------------------------------------------------------------------------


def _ask(sent: Sent) -> Commands:
    person = Person(slack_id=str(sent.text("person")))
    return (c.AskSection(section=str(sent.carried["section"]), person=person, note=sent.text("note")),)


def _reviewers(sent: Sent) -> Commands:
    people = fields_in(sent, ("doc.authors", "doc.reviewers"))
    return (*people, c.ChangeDocumentStatus(status=DocumentStatus.IN_REVIEW))


def _publish(sent: Sent) -> Commands:
    """What the advice calls an error is overridden by the commander, or by anybody where there is none."""
    commanders = [person.user for person in _incident(sent).holders("commander") if person.user]
    if sent.carried.get("errors") and commanders and sent.context.by not in commanders:
        said = "The advice calls something an error: only the incident commander publishes in spite of that."
        raise FieldErrors({"reason": said})
    return (c.ChangeDocumentStatus(status=DocumentStatus.PUBLISHED, reason=sent.text("reason")),)


def _waive(sent: Sent) -> Commands:
    person = Person(slack_id=sent.context.by)
    return (c.SignOff(item=str(sent.carried["item"]), person=person, waived=sent.text("reason") or ""),)


READERS: Mapping[Form, Callable[[Sent], Commands]] = {
    Form.REVIEW: lambda _: (),
    Form.SECTION: _section,
    Form.LIST: _items,
    Form.ASK: _ask,
    Form.REVIEWERS: _reviewers,
    Form.PUBLISH: _publish,
    Form.WAIVE: _waive,
}
