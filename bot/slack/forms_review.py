"""The guided review: what is missing section by section, and the forms that fill it.

Three forms deep, which is the most that Slack takes (docs: views.push): the review, a section, one of its lists.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.fields import FIELDS, LISTS, Column, Field, FieldType, ListField, Value
from bot.domain.incident import Incident, Item
from bot.domain.people import Person
from bot.domain.sections import TIMES, Section, filled, label_of, missing, section_called, sections
from bot.domain.vocabulary import DocumentStatus
from bot.slack import blocks as b
from bot.slack.dates import moment
from bot.slack.drawn import marks, row_mark, value_at
from bot.slack.forms_asking import advice, errors, unsettled_inputs
from bot.slack.ids import Action, Form
from bot.slack.inputs import TIME_HINT, Asked, modal, shown, text, typed_input
from bot.slack.messages import mention, value_of, write
from bot.views.text import who

#: Empty rows that a list's form offers beyond its items.
_FREE_ROWS = {"cause.five_whys": 5}
_PLAIN_ROWS, _WIDE_ROWS = 3, 1
_WIDE = 4  # columns
_ROW_BLOCKS = 90
_PREVIEW = 600


def _incident(asked: Asked) -> Incident:
    assert asked.incident is not None, "reviews are of an incident"
    return asked.incident


# --- the review --------------------------------------------------------------------------------------------------------


def review(asked: Asked) -> dict[str, Any]:
    """Every section with what it lacks and who usually knows; nothing is typed here."""
    incident = _incident(asked)
    lacking = sum(bool(missing(incident, section)) for section in sections())
    state = f"*{incident.document.label}*"
    left = f"{lacking} sections lack something" if lacking != 1 else "1 section lacks something"
    said = f"{state} · {left if lacking else 'nothing that is usually asked is missing'}."
    blocks = [
        b.section(said),
        b.context("Nothing here is required. What you leave empty can be added later."),
    ]
    for section in sections():
        blocks += _line(asked, incident, section)
    value = value_of(incident=incident.number)
    steps = [b.button("Render a draft", Action.RENDER, value)]
    if incident.document is DocumentStatus.DRAFT:
        steps.append(b.button("Ask for review…", Action.REVIEWERS, value))
    if incident.document is not DocumentStatus.PUBLISHED:
        steps.append(b.button("Publish…", Action.PUBLISH, value, style="primary"))
    return modal(Form.REVIEW, asked, "Postmortem", [*blocks, b.divider(), b.actions(steps)], None)


def _line(asked: Asked, incident: Incident, section: Section) -> list[b.Block]:
    lacks = missing(incident, section)
    count = filled(incident, section)
    emoji = ":white_circle:" if lacks else ":white_check_mark:" if count else ":heavy_minus_sign:"
    said = f"Missing: {', '.join(lacks)}" if lacks else f"{count} filled" if count else "Empty"
    lines = [f"{emoji} *{section.title}*", b.escape(b.cut(said, 300))]
    if any(ask.section == section.key for ask in incident.asks):
        lines.append(_asked_line(incident, section))
    value = value_of(incident=incident.number, section=section.key)
    if not lacks:
        return [b.section("\n".join(lines), accessory=b.button("Change", Action.SECTION, value))]
    lines.append(f"Usually knows: {_knowing(asked, incident, section)}")
    buttons = [
        b.button("Fill in", Action.SECTION, value),
        b.button("Ask somebody…", Action.ASK, value),
    ]
    return [b.section("\n".join(lines)), b.actions(buttons)]


def _knowing(asked: Asked, incident: Incident, section: Section) -> str:
    held = [
        f"{', '.join(mention(p) for p in incident.holders(role))} ({b.escape(asked.policy.role_label(role))})"
        for role in section.ask
        if incident.holders(role)
    ]
    return ", ".join(held) or ", ".join(b.escape(asked.policy.role_label(role)) for role in section.ask)


def _asked_line(incident: Incident, section: Section) -> str:
    last = [ask for ask in incident.asks if ask.section == section.key][-1]
    if last.answered:
        return f"{mention(last.person)} answered {moment(last.answered.at, 'date')}"
    return f"{mention(last.person)} was asked {moment(last.at, 'date')}"


# --- a section ---------------------------------------------------------------------------------------------------------


def section(asked: Asked) -> dict[str, Any]:
    """A section's fields as inputs, and its lists with a button each."""
    incident = _incident(asked)
    part = section_called(asked.text("section") or "summary")
    if part.key == "actions":
        return _unsettled(asked, incident, part)
    inputs = [block for path in part.paths if path not in LISTS for block in _inputs(incident, path)]
    lists = [_list_block(incident, LISTS[path]) for path in part.paths if path in LISTS]
    carried = dict(asked.carried or {}, section=part.key, drawn=marks(incident, part.paths))
    blocks = [*inputs, *([b.divider()] if inputs and lists else []), *lists, *_written(incident, part)]
    return modal(
        Form.SECTION, replace(asked, carried=carried), part.title, blocks, "Save" if inputs else None
    )


def _written(incident: Incident, part: Section) -> list[b.Block]:
    """Who wrote here last."""
    said = [
        f"{b.escape(label_of(path))}: {write((who(known.by),))}, {moment(known.at, 'date')}"
        for path in part.paths
        if (known := incident.written.get(path))
    ]
    return [b.context(f"Last written: {'; '.join(said)}")] if said else []


def _inputs(incident: Incident, path: str) -> list[b.Block]:
    value = value_at(incident, path)
    if path.startswith(TIMES):
        name = label_of(path)
        element = b.text_input(path, initial=shown(value))
        return [b.input_block(path, name.capitalize(), element, hint=TIME_HINT)]
    field = FIELDS[path]
    if field.person:
        return list(person_inputs(path, label_of(path), value, many=field.type is FieldType.LINES))
    written = shown(value)
    if written and len(written) > b.INPUT_VALUE:
        return [_too_long(field, written)]
    return [typed_input(path, field.label, field.type, field.choices, written, needed=False)]


def _too_long(field: Field, written: str) -> b.Block:
    """An input would cut it, and saving would lose the rest."""
    return b.section(
        f"*{b.escape(field.label)}* has {len(written):,} characters, more than a form can hold. "
        f"`/incident set {field.path} …` replaces it."
    )


def person_inputs(path: str, label: str, value: Value | None, *, many: bool) -> Iterator[b.Block]:
    """A choice of people in Slack, and a line for those outside."""
    lines = value if isinstance(value, tuple) else (str(value),) if value else ()
    people = [Person.typed_as(line) for line in lines if line.strip()]
    slack = [person.user for person in people if person.user]
    names = "\n".join(person.typed for person in people if not person.user)
    yield b.input_block(path, label, b.users(path, slack, many=many))
    plural = "one per line" if many else "by name"
    element = b.text_input(f"{path}:names", initial=names, multiline=many)
    yield b.input_block(f"{path}:names", f"{label}: people outside Slack, {plural}", element)


def _list_block(incident: Incident, spec: ListField) -> b.Block:
    items = incident.lists.get(spec.path, ())
    lines = [f"• {b.escape(b.cut(_item_line(spec, item), 120))}" for item in items]
    body = b.cut("\n".join(lines), _PREVIEW) if lines else "_Nothing yet._"
    value = value_of(incident=incident.number, list=spec.path)
    button = b.button("Edit…" if items else "Add…", Action.LIST, value)
    return b.section(f"*{b.escape(spec.label)}*\n{body}", accessory=button, block_id=f"list:{spec.path}")


def _item_line(spec: ListField, item: Item) -> str:
    """An item in one line: its columns as typed; a person by name is shown as such, a mention stays one."""
    parts = [shown(item.values.get(column.name)) for column in spec.columns]
    return " · ".join(" ".join(part.split()) for part in parts if part)


# --- a list ------------------------------------------------------------------------------------------------------------


def items(asked: Asked) -> dict[str, Any]:
    """All items of a list with their columns, and empty rows for new ones."""
    incident = _incident(asked)
    spec = LISTS[asked.text("list") or "lessons.general"]
    known = incident.lists.get(spec.path, ())
    free = _FREE_ROWS.get(spec.path, _WIDE_ROWS if len(spec.columns) >= _WIDE else _PLAIN_ROWS)
    height = 1 + sum(2 if column.person else 1 for column in spec.columns)
    room = max(1, _ROW_BLOCKS // height - free)
    drawn = known[-room:]
    blocks = [b.context("Empty a line's fields to take it out.")] if drawn else []
    if len(drawn) < len(known):
        blocks.append(b.context(f"{len(known) - len(drawn)} earlier lines stay as they are."))
    for item in drawn:
        blocks += _row(spec, item.id, item.values, f"Line {item.id}")
    for number in range(1, free + 1):
        blocks += _row(spec, f"new{number}", {}, "New")
    carried = dict(
        asked.carried or {},
        list=spec.path,
        drawn={item.id: row_mark(spec.columns, item.values) for item in drawn},
    )
    return modal(Form.LIST, replace(asked, carried=carried), spec.label, blocks, "Save")


def _row(spec: ListField, row: str, values: Mapping[str, Value], head: str) -> Iterator[b.Block]:
    yield b.divider()
    # A question stands before its answer.
    for column in sorted(spec.columns, key=lambda column: column.name != "question"):
        yield from _cell(f"{row}:{column.name}", column, values.get(column.name), head)


def _cell(name: str, column: Column, value: Value | None, head: str) -> Iterator[b.Block]:
    label = f"{head}: {column.label}" if column.required else column.label
    if column.person:
        yield from person_inputs(name, label, value, many=False)
        return
    yield typed_input(name, label, column.type, column.choices, shown(value), needed=False)


# --- action items that lack something ----------------------------------------------------------------------------------


def _unsettled(asked: Asked, incident: Incident, part: Section) -> dict[str, Any]:
    inputs = unsettled_inputs(incident, most=40)
    value = value_of(incident=incident.number)
    more = b.actions([b.button("New action item…", Action.ACTION, value)])
    none = [] if inputs else [b.section("Every open action item has an owner and a date.")]
    carried = dict(asked.carried or {}, section=part.key, drawn={})
    return modal(
        Form.SECTION,
        replace(asked, carried=carried),
        part.title,
        [*none, *inputs, more],
        "Save" if inputs else None,
    )


# --- asking and deciding -----------------------------------------------------------------------------------------------


def ask(asked: Asked) -> dict[str, Any]:
    """Whom to send a section to."""
    incident = _incident(asked)
    part = section_called(asked.text("section") or "summary")
    knows = next((p.slack_id for role in part.ask for p in incident.holders(role) if p.slack_id), None)
    lacks = missing(incident, part)
    about = f"*{b.escape(part.title)}*" + (f"\nMissing: {b.escape(', '.join(lacks))}" if lacks else "")
    blocks = [
        b.section(about),
        b.input_block(
            "person", "Who knows?", b.users("person", [knows] if knows else (), many=False), optional=False
        ),
        text(asked, "note", "A word to them", multiline=True),
        b.context(
            "They get a message with a button that opens this section. You see here when they answered."
        ),
    ]
    if incident.private:
        blocks.append(b.context(":lock: They learn that this private incident exists, and its title."))
    carried = dict(asked.carried or {}, section=part.key)
    return modal(Form.ASK, replace(asked, carried=carried), "Ask somebody", blocks, "Send")


def reviewers(asked: Asked) -> dict[str, Any]:
    """Who wrote it and who is to read it, before a review begins."""
    incident = _incident(asked)
    holders = [p.typed for role in ("commander", "scribe") for p in incident.holders(role)]
    authors = incident.fields.get("doc.authors") or tuple(dict.fromkeys(holders))
    blocks = [
        *person_inputs("doc.authors", "Authors", authors, many=True),
        *person_inputs("doc.reviewers", "Reviewers", incident.fields.get("doc.reviewers"), many=True),
        b.context("Reviewers get a message, and the sign-off gets its buttons in the channel."),
        _list_block(incident, LISTS["doc.signoff"]),
    ]
    carried = dict(asked.carried or {}, drawn=marks(incident, ("doc.authors", "doc.reviewers")))
    return modal(Form.REVIEWERS, replace(asked, carried=carried), "Review", blocks, "Ask for review")


def publish(asked: Asked) -> dict[str, Any]:
    """What publishing does, and what the document still lacks."""
    incident = _incident(asked)
    lacks = [
        f"• *{b.escape(part.title)}*: {b.escape(', '.join(words))}"
        for part in sections()
        if (words := missing(incident, part))
    ]
    said = "Published, it is rendered once more. After that it changes only by new revisions, each told in its updates."
    blocks = [b.section(said)]
    if lacks:
        blocks.append(b.section(b.cut("It still lacks:\n" + "\n".join(lacks), b.TEXT_LIMIT)))
    pending = [i for i in incident.lists.get("doc.signoff", ()) if i.values.get("state") in {None, "pending"}]
    if pending:
        roles = ", ".join(str(item.values["role"]) for item in pending)
        blocks.append(b.section(f"Not signed yet: {b.escape(roles)}."))
    wrong = errors(asked)
    label = "Why publish in spite of this?" if wrong else "Anything to note?"
    blocks += [*advice(asked), text(asked, "reason", label, needed=bool(wrong))]
    carried = dict(asked.carried or {}, errors=len(wrong))
    return modal(Form.PUBLISH, replace(asked, carried=carried), "Publish", blocks, "Publish")


def waive(asked: Asked) -> dict[str, Any]:
    blocks = [text(asked, "reason", "Why is this signature not needed?", multiline=True, needed=True)]
    return modal(Form.WAIVE, asked, "Waive", blocks, "Waive it")


BUILDERS: Mapping[Form, Callable[[Asked], dict[str, Any]]] = {
    Form.REVIEW: review,
    Form.SECTION: section,
    Form.LIST: items,
    Form.ASK: ask,
    Form.REVIEWERS: reviewers,
    Form.PUBLISH: publish,
    Form.WAIVE: waive,
}
