"""The forms that fill the record: resolving, closing, a field or a group of fields, a line of a list."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.fields import FIELDS, GROUPS, LISTS, ListField
from bot.domain.incident import ActionItem
from bot.domain.vocabulary import TimeName
from bot.slack import blocks as b
from bot.slack.ids import Form
from bot.slack.inputs import TIME_HINT, Asked, column_input, field_input, modal, select, text
from bot.views.actions import incomplete

#: More than these would make the form too long to be filled in.
ITEMS_ASKED = 8


def _resolve(asked: Asked) -> dict[str, Any]:
    blocks = [
        text(asked, "at", "When was it resolved?", hint=f"Empty: now. {TIME_HINT}"),
        text(asked, "outcome", "How did it end?", multiline=True),
    ]
    if asked.incident and TimeName.IMPACT_STARTED not in asked.incident.times:
        blocks.append(text(asked, "impact_started", "When did the impact start?", hint=TIME_HINT))
    for item in incomplete(asked.incident)[:ITEMS_ASKED] if asked.incident else ():
        blocks += _completing(item)
    return modal(Form.RESOLVE, asked, "Resolve", blocks, "Resolve")


def _completing(item: ActionItem) -> list[b.Block]:
    """Asks for the owner and the due date that an item lacks; both may stay empty."""
    made = [b.section(f"*{item.id}* {b.escape(b.cut(item.details.text, 200))}")]
    if not item.details.owners:
        element = {"type": "users_select", "action_id": "owner", "placeholder": b.plain("Nobody yet")}
        made.append(b.input_block(f"owner:{item.id}", f"Who does {item.id}?", element))
    if item.details.due is None:
        due = b.text_input("due", placeholder="friday, 2d, 2026-12-01")
        made.append(b.input_block(f"due:{item.id}", f"{item.id} is due", due))
    return made


def _close(asked: Asked) -> dict[str, Any]:
    """Asks for what the postmortem still lacks; everything may stay empty."""
    incident = asked.incident
    missing = [
        path
        for path in ("summary", "impact.level", "cause.root", "detection.method")
        if incident is None or path not in incident.fields
    ]
    blocks = [field_input(FIELDS[path], None) for path in missing]
    if incident is None or not incident.lists.get("cause.contributing"):
        blocks.append(text(asked, "factor", "A contributing factor", multiline=True))
    intro = "The final postmortem is rendered when you close. What you leave empty can be added later."
    return modal(Form.CLOSE, asked, "Close", [b.section(intro), *blocks], "Close it")


def _set(asked: Asked) -> dict[str, Any]:
    """The inputs of one field, or of all fields of a group such as ``impact.users``."""
    path = asked.text("field") or "summary"
    values = asked.incident.fields if asked.incident else {}
    fields = (
        GROUPS.get(path) or GROUPS.get(FIELDS[path].group if path in FIELDS else "", ()) or (FIELDS[path],)
    )
    return modal(Form.SET, asked, "Postmortem", [field_input(f, values.get(f.path)) for f in fields], "Save")


def _add(asked: Asked) -> dict[str, Any]:
    """The columns of one list; without one, a choice of the lists whose items are plain text."""
    path = asked.text("field")
    if path is None:
        plain = [(spec.path, spec.label) for spec in LISTS.values() if spec.main.name == "text"]
        columns = LISTS["lessons.general"].columns
        first = [select(asked, "list", "To which list?", plain, needed=True)]
        return modal(Form.ADD, asked, "Add", [*first, *(column_input(c) for c in columns)], "Add")
    spec: ListField = LISTS[path]
    carried = dict(asked.carried or {}, list=path)
    with_list = Asked(policy=asked.policy, incident=asked.incident, channel=asked.channel, carried=carried)
    label = b.section(f"*{b.escape(spec.label)}*")
    return modal(Form.ADD, with_list, "Add", [label, *(column_input(c) for c in spec.columns)], "Add")


def _redact(asked: Asked) -> dict[str, Any]:
    intro = (
        "Removes this message's words, files and earlier wordings from the record and its documents, for good. "
        "That it was done, by whom and when stays. The message itself stays in Slack until its author or an admin "
        "deletes it."
    )
    return modal(
        Form.REDACT, asked, "Redact", [b.section(intro), text(asked, "reason", "Why?")], "Redact for good"
    )


BUILDERS: Mapping[Form, Callable[[Asked], dict[str, Any]]] = {
    Form.RESOLVE: _resolve,
    Form.CLOSE: _close,
    Form.SET: _set,
    Form.ADD: _add,
    Form.REDACT: _redact,
}
