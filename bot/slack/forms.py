"""Every form: what it asks, with what it is filled. Reading what was typed is `bot.slack.submissions`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.app.policy import Policy
from bot.domain.events import EntryDetails
from bot.domain.fields import FIELDS, GROUPS, LISTS, Column, Field, FieldType, ListField, Value
from bot.domain.incident import Incident
from bot.domain.times import Time
from bot.domain.vocabulary import (
    ActionKind,
    ActionState,
    EntryKind,
    Horizon,
    Marker,
    Status,
    TagKind,
    TimeName,
)
from bot.slack import blocks as b
from bot.slack.ids import Action, Form
from bot.slack.messages import value_of

PRIORITIES = ("P0", "P1", "P2", "P3", "High", "Medium", "Low")
TIME_HINT = "14:05, 2:05 PM CET, yesterday 23:50, 10 min ago; without a zone, your own counts"
DUE_HINT = "30m, tomorrow 17:00, friday, 2026-12-01; other words are kept as they are"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For whom and of what a form is drawn."""

    policy: Policy
    incident: Incident | None = None
    filled: Mapping[str, str] | None = None
    #: Where the answer goes after the form is sent.
    channel: str | None = None
    #: Extra ids that come back with the submission.
    carried: Mapping[str, str] | None = None

    def text(self, name: str) -> str | None:
        return (self.filled or {}).get(name)


def build(form: Form, asked: Asked) -> dict[str, Any]:
    """The modal as views.open takes it."""
    return _BUILDERS[form](asked)


def _view(
    form: Form, asked: Asked, title: str, blocks: Iterable[b.Block], submit: str | None
) -> dict[str, Any]:
    ids: dict[str, Any] = dict(asked.carried or {})
    if asked.incident:
        ids["incident"] = asked.incident.number
        title = f"{asked.incident.ref} {title}"
    if asked.channel:
        ids["channel"] = asked.channel
    return b.view(form.value, title, list(blocks), submit=submit, metadata=value_of(**ids))


def _text(
    asked: Asked,
    name: str,
    label: str,
    *,
    multiline: bool = False,
    hint: str | None = None,
    needed: bool = False,
) -> b.Block:
    element = b.text_input(name, initial=asked.text(name), multiline=multiline)
    return b.input_block(name, label, element, optional=not needed, hint=hint)


def _select(
    asked: Asked,
    name: str,
    label: str,
    choices: Iterable[tuple[str, str]],
    *,
    initial: str | None = None,
    needed: bool = False,
) -> b.Block:
    options = [b.option(text, value) for value, text in choices]
    return b.input_block(
        name, label, b.select(name, options, asked.text(name) or initial), optional=not needed
    )


def _words(values: Iterable[Any]) -> list[tuple[str, str]]:
    return [(value.value, value.value.replace("_", " ")) for value in values]


def _severity(asked: Asked, initial: str | None = None) -> b.Block:
    options = [b.option(r.severity.label, r.severity.label, r.definition) for r in asked.policy.severities]
    return b.input_block(
        "severity", "Severity", b.select("severity", options, asked.text("severity") or initial)
    )


# --- declare and run ---------------------------------------------------------------------------------------------


def _declare(asked: Asked) -> dict[str, Any]:
    flags = [
        b.option("Private: only people invited see it", "private"),
        b.option("Test: marked everywhere, left out of figures", "test"),
        b.option("Drill: an exercise", "drill"),
        b.option("Retroactive: it is over already", "retroactive"),
    ]
    if asked.channel:
        flags.append(b.option("Here: this channel becomes the incident's", "here"))
    kinds: b.Element = {"type": "checkboxes", "action_id": "flags", "options": flags}
    typed = (asked.text("flags") or "").split(",")
    if chosen := [flag for flag in flags if flag["value"] in typed]:
        kinds["initial_options"] = chosen
    return _view(
        Form.DECLARE,
        asked,
        "Declare an incident",
        [
            _text(asked, "title", "What is wrong?", hint="A few words; it can be changed later."),
            _severity(asked),
            _text(asked, "symptom", "What do users see?", multiline=True),
            _text(asked, "services", "Affected services, one per line", multiline=True),
            b.input_block("flags", "Kind", kinds),
        ],
        "Declare",
    )


def _more(asked: Asked) -> dict[str, Any]:
    """Everything the banner has no room for, as buttons that open their forms on top of this one."""
    assert asked.incident, "the banner of an incident opens it"
    value = value_of(incident=asked.incident.number, pushed=True)
    groups = (
        ("How it stands", (("Status", Action.STATUS), ("Severity", Action.SEVERITY), ("Times", Action.TIME))),
        ("Record", (("Note", Action.NOTE), ("Link", Action.LINK), ("Add to postmortem", Action.ADD))),
        ("The incident", (("Rename", Action.RENAME), ("Duplicate of…", Action.DUPLICATE))),
    )
    blocks = []
    for title, entries in groups:
        blocks.append(b.section(f"*{title}*"))
        blocks.append(b.actions([b.button(label, action, value) for label, action in entries]))
    blocks.append(b.context("`/incident help` shows what can be typed."))
    return _view(Form.MORE, asked, "More", blocks, None)


def _rename(asked: Asked) -> dict[str, Any]:
    title = asked.incident.title if asked.incident else None
    element = b.text_input("title", initial=title)
    return _view(
        Form.RENAME, asked, "Rename", [b.input_block("title", "Title", element, optional=False)], "Save"
    )


def _link(asked: Asked) -> dict[str, Any]:
    blocks = [
        _text(asked, "url", "Link", needed=True, hint="https://…"),
        _text(asked, "label", "What is behind it?"),
    ]
    return _view(Form.LINK, asked, "Link", blocks, "Add")


def _duplicate(asked: Asked) -> dict[str, Any]:
    hint = "Its watchers get this one's; reminders of this one stop. It can be opened again."
    blocks = [_text(asked, "into", "Of which incident?", needed=True, hint=f"Such as INC-7. {hint}")]
    return _view(Form.DUPLICATE, asked, "Duplicate", blocks, "Merge")


def _update(asked: Asked) -> dict[str, Any]:
    incident = asked.incident
    middle = (Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED)
    return _view(
        Form.UPDATE,
        asked,
        "Update",
        [
            _text(asked, "text", "What should readers know?", multiline=True),
            _select(
                asked, "status", "Status", _words(middle), initial=incident.status.value if incident else None
            ),
            _severity(asked, incident.severity.label if incident and incident.severity else None),
            _text(asked, "next", "Next update in", hint="Such as 30m or 1h."),
        ],
        "Post",
    )


def _role(asked: Asked) -> dict[str, Any]:
    roles = [(role.key, role.label) for role in asked.policy.roles]
    user = {"type": "users_select", "action_id": "user", "placeholder": b.plain("Who?")}
    return _view(
        Form.ROLE,
        asked,
        "Roles",
        [
            _select(asked, "role", "Role", roles),
            _text(asked, "other_role", "Or another role, by name"),
            b.input_block("user", "Who takes it?", user),
            _text(asked, "name", "Or somebody outside Slack, by name"),
        ],
        "Assign",
    )


def _status(asked: Asked) -> dict[str, Any]:
    every = [status for status in Status if status is not Status.MERGED]
    blocks = [_select(asked, "status", "Status", _words(every), needed=True), _text(asked, "reason", "Why?")]
    return _view(Form.STATUS, asked, "Status", blocks, "Save")


def _severity_form(asked: Asked) -> dict[str, Any]:
    return _view(Form.SEVERITY, asked, "Severity", [_severity(asked), _text(asked, "reason", "Why?")], "Save")


def _time(asked: Asked) -> dict[str, Any]:
    names = [(name.value, name.label) for name in TimeName]
    blocks = [
        _select(asked, "which", "Which time?", names, needed=True),
        _text(asked, "at", "When was it?", hint=TIME_HINT, needed=True),
    ]
    return _view(Form.TIME, asked, "Times", blocks, "Save")


def _resolve(asked: Asked) -> dict[str, Any]:
    blocks = [
        _text(asked, "at", "When was it resolved?", hint=f"Empty: now. {TIME_HINT}"),
        _text(asked, "outcome", "How did it end?", multiline=True),
    ]
    if asked.incident and TimeName.IMPACT_STARTED not in asked.incident.times:
        blocks.append(_text(asked, "impact_started", "When did the impact start?", hint=TIME_HINT))
    return _view(Form.RESOLVE, asked, "Resolve", blocks, "Resolve")


def _close(asked: Asked) -> dict[str, Any]:
    """Asks for what the postmortem still lacks; everything may stay empty."""
    incident = asked.incident
    missing = [
        path
        for path in ("summary", "impact.level", "cause.root", "detection.method")
        if incident is None or path not in incident.fields
    ]
    blocks = [_field_input(FIELDS[path], None) for path in missing]
    if incident is None or not incident.lists.get("cause.contributing"):
        blocks.append(_text(asked, "factor", "A contributing factor", multiline=True))
    intro = "The final postmortem is rendered when you close. What you leave empty can be added later."
    return _view(Form.CLOSE, asked, "Close", [b.section(intro), *blocks], "Close it")


def _cancel(asked: Asked) -> dict[str, Any]:
    blocks = [_text(asked, "reason", "Why is it not needed any more?", multiline=True, needed=True)]
    return _view(Form.CANCEL, asked, "Cancel item", blocks, "Cancel the item")


# --- timeline ----------------------------------------------------------------------------------------------------


def _details(asked: Asked) -> list[b.Block]:
    return [
        _select(asked, "marker", "Marker", [(m.value, m.label) for m in Marker]),
        _text(asked, "action", "Action taken", multiline=True),
        _text(asked, "actor", "By whom"),
        _text(asked, "label", "Label"),
        _text(asked, "order", "Step number"),
        _select(asked, "kind", "Kind of entry", _words(k for k in EntryKind if k is not EntryKind.SYSTEM)),
    ]


def _note(asked: Asked) -> dict[str, Any]:
    return _view(
        Form.NOTE,
        asked,
        "Note",
        [
            _text(asked, "text", "What happened?", multiline=True, needed=True),
            _text(asked, "at", "When?", hint=f"Empty: now. {TIME_HINT}"),
            *_details(asked),
            _text(asked, "evidence", "Evidence: links, one per line", multiline=True),
        ],
        "Add",
    )


def _tag(asked: Asked) -> dict[str, Any]:
    places = [(TagKind.TIMELINE.value, "The timeline"), (TagKind.NOTE.value, "The raw notes")]
    blocks = [
        _select(asked, "tag", "Where to?", places, initial=TagKind.TIMELINE.value),
        _text(asked, "text", "Wording, if not the message's own", multiline=True),
        *_details(asked),
    ]
    return _view(Form.TAG, asked, "Add to timeline", blocks, "Add")


def incident_picker(incidents: Iterable[tuple[int, str]]) -> b.Block:
    """Asks which incident is meant, where the place does not say."""
    options = [b.option(f"INC-{number} {title}", str(number)) for number, title in incidents]
    return b.input_block("incident", "Which incident?", b.select("incident", options), optional=False)


# --- action items ------------------------------------------------------------------------------------------------


def _action(asked: Asked) -> dict[str, Any]:
    owners = {"type": "multi_users_select", "action_id": "owners", "placeholder": b.plain("Nobody yet")}
    items = asked.incident.actions.values() if asked.incident else ()
    parents = [(item.id, f"{item.id} {item.details.text}") for item in list(items)[-b.OPTIONS :]]
    kinds = [(kind.value, kind.label) for kind in ActionKind]
    blocks = [
        _text(asked, "text", "What is to be done?", multiline=True, needed=True),
        _select(asked, "kind", "Kind", kinds, initial=ActionKind.FOLLOW_UP.value),
        b.input_block("owners", "Owners", owners),
        _text(
            asked,
            "other_owners",
            "Owners outside Slack: names, teams or addresses, one per line",
            multiline=True,
        ),
        _text(asked, "due", "Due", hint=DUE_HINT),
        _select(asked, "priority", "Priority", [(p, p) for p in PRIORITIES]),
        _select(asked, "horizon", "Horizon", _words(Horizon)),
        _select(asked, "state", "State", _words(s for s in ActionState if s is not ActionState.CANCELLED)),
        _text(asked, "label", "Label"),
        _text(asked, "details", "Details, one per line", multiline=True),
        _text(asked, "order", "Number in its list"),
        _text(asked, "type", "Type: prevent, detect, mitigate …"),
        _text(asked, "group", "Group"),
        _text(asked, "tracker", "Link to a tracker"),
    ]
    if parents:
        blocks.append(_select(asked, "parent", "Under which item?", parents))
    return _view(Form.ACTION, asked, "Action item", blocks, "Add")


# --- postmortem --------------------------------------------------------------------------------------------------


def _set(asked: Asked) -> dict[str, Any]:
    """The inputs of one field, or of all fields of a group such as ``impact.users``."""
    path = asked.text("field") or "summary"
    values = asked.incident.fields if asked.incident else {}
    fields = (
        GROUPS.get(path) or GROUPS.get(FIELDS[path].group if path in FIELDS else "", ()) or (FIELDS[path],)
    )
    return _view(Form.SET, asked, "Postmortem", [_field_input(f, values.get(f.path)) for f in fields], "Save")


def _add(asked: Asked) -> dict[str, Any]:
    """The columns of one list; without one, a choice of the lists whose items are plain text."""
    path = asked.text("field")
    if path is None:
        plain = [(spec.path, spec.label) for spec in LISTS.values() if spec.main.name == "text"]
        columns = LISTS["lessons.general"].columns
        first = [_select(asked, "list", "To which list?", plain, needed=True)]
        return _view(Form.ADD, asked, "Add", [*first, *(_column_input(c) for c in columns)], "Add")
    spec: ListField = LISTS[path]
    carried = dict(asked.carried or {}, list=path)
    with_list = Asked(policy=asked.policy, incident=asked.incident, channel=asked.channel, carried=carried)
    label = b.section(f"*{b.escape(spec.label)}*")
    return _view(Form.ADD, with_list, "Add", [label, *(_column_input(c) for c in spec.columns)], "Add")


def _field_input(field: Field, value: Value | None) -> b.Block:
    return _typed_input(field.path, field.label, field.type, field.choices, _shown(value), needed=False)


def _column_input(column: Column) -> b.Block:
    return _typed_input(column.name, column.label, column.type, column.choices, None, needed=column.required)


def _typed_input(
    name: str, label: str, kind: FieldType, choices: tuple[str, ...], value: str | None, *, needed: bool
) -> b.Block:
    hints = {FieldType.DATE: "Such as 2026-01-31", FieldType.TIME: TIME_HINT}
    if kind is FieldType.BOOL:
        choices = ("yes", "no")
    if choices:
        options = [b.option(choice.replace("_", " "), choice) for choice in choices]
        return b.input_block(name, label, b.select(name, options, value), optional=not needed)
    many = kind in {FieldType.TEXT, FieldType.LINES}
    element = b.text_input(name, initial=value, multiline=many)
    return b.input_block(name, label, element, optional=not needed, hint=hints.get(kind))


def _shown(value: Value | None) -> str | None:
    """A field's value as a person would type it."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "\n".join(value)
        case Time():
            return value.raw or (f"{value.utc:%Y-%m-%d %H:%M} UTC" if value.utc else "unknown")
        case _:
            return str(value)


def details_filled(details: EntryDetails) -> dict[str, str]:
    """An entry's marks as the form's inputs hold them."""
    named = {
        "text": details.text,
        "marker": details.marker.value if details.marker else None,
        "action": details.action,
        "actor": details.actor,
        "label": details.label,
        "order": str(details.order) if details.order is not None else None,
        "kind": details.kind.value if details.kind else None,
    }
    return {name: value for name, value in named.items() if value}


_BUILDERS: Mapping[Form, Callable[[Asked], dict[str, Any]]] = {
    Form.DECLARE: _declare,
    Form.UPDATE: _update,
    Form.NOTE: _note,
    Form.TAG: _tag,
    Form.ROLE: _role,
    Form.ACTION: _action,
    Form.RESOLVE: _resolve,
    Form.CLOSE: _close,
    Form.SET: _set,
    Form.ADD: _add,
    Form.CANCEL: _cancel,
    Form.SEVERITY: _severity_form,
    Form.STATUS: _status,
    Form.TIME: _time,
    Form.MORE: _more,
    Form.RENAME: _rename,
    Form.LINK: _link,
    Form.DUPLICATE: _duplicate,
}
