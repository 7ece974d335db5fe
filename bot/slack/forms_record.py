"""The forms that fill the record: resolving, closing, a field or a group of fields, a line of a list."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.domain import custom
from bot.domain.fields import FIELDS, GROUPS, LISTS, ListField
from bot.domain.incident import Incident
from bot.domain.vocabulary import TimeName
from bot.slack import blocks as b
from bot.slack.forms_asking import advice, custom_inputs, unsettled_inputs
from bot.slack.ids import Form
from bot.slack.inputs import TIME_HINT, Asked, column_input, field_input, modal, select, text

#: Times that responders know best, in their words.
RESOLVE_TIMES: Mapping[TimeName, str] = {
    TimeName.IMPACT_STARTED: "When did the impact start?",
    TimeName.DETECTED: "When was it detected?",
    TimeName.MITIGATED: "When was the impact mitigated, if earlier?",
}
#: What is asked at the resolution and at the close, where nobody has said it yet.
_AT_RESOLVE = ("impact.level", "impact.users.count", "detection.method")
_AT_CLOSE = ("summary", "impact.level", "cause.root", "detection.method")


def _resolve(asked: Asked) -> dict[str, Any]:
    """Asks while everybody still knows it; everything may stay empty."""
    blocks = [
        text(asked, "at", "When was it resolved?", hint=f"Empty: now. {TIME_HINT}"),
        text(asked, "outcome", "How did it end?", multiline=True),
    ]
    if asked.incident:
        known = asked.incident.times
        blocks += [
            text(asked, name.value, question, hint=TIME_HINT)
            for name, question in RESOLVE_TIMES.items()
            if name not in known
        ]
        if not asked.incident.lists.get("impact.experience"):
            blocks.append(text(asked, "symptom", "What did users see?", multiline=True))
        blocks += [*_unfilled(asked.incident, _AT_RESOLVE), *_items(asked.incident)]
    return modal(Form.RESOLVE, asked, "Resolve", blocks, "Resolve")


def _unfilled(incident: Incident, paths: Iterable[str]) -> list[b.Block]:
    return [field_input(FIELDS[path], None) for path in paths if path not in incident.fields]


def _items(incident: Incident) -> list[b.Block]:
    inputs = unsettled_inputs(incident)
    if not inputs:
        return []
    return [b.divider(), b.section("*Action items that nobody owns, or that have no date*"), *inputs]


def _close(asked: Asked) -> dict[str, Any]:
    """Asks for what the postmortem still lacks, and shows the advice on it; everything may stay empty."""
    incident = asked.incident
    intro = "The final postmortem is rendered when you close. What you leave empty can be added later."
    blocks = [b.section(intro), *advice(asked)]
    if incident:
        blocks += _unfilled(incident, _AT_CLOSE)
        if not incident.lists.get("cause.contributing"):
            blocks.append(text(asked, "factor", "A contributing factor", multiline=True))
        blocks += custom_inputs(asked, custom.Asked.CLOSE)
        blocks += _items(incident)
    return modal(Form.CLOSE, asked, "Close", blocks, "Close it")


def _set(asked: Asked) -> dict[str, Any]:
    """The inputs of one field, or of all fields of a group such as ``impact.users``."""
    path = asked.text("field") or "summary"
    values = asked.incident.fields if asked.incident else {}
    fields = (
        GROUPS.get(path) or GROUPS.get(FIELDS[path].group if path in FIELDS else "", ()) or (FIELDS[path],)
    )
    return modal(Form.SET, asked, "Postmortem", [field_input(f, values.get(f.path)) for f in fields], "Save")


def _add(asked: Asked) -> dict[str, Any]:
    """The columns of one list, or lines for a field of lines; without one, a choice of the lists whose items are plain text."""
    path = asked.text("field")
    if path is None:
        plain = [(spec.path, spec.label) for spec in LISTS.values() if spec.main.name == "text"]
        columns = LISTS["lessons.general"].columns
        first = [select(asked, "list", "To which list?", plain, needed=True)]
        return modal(Form.ADD, asked, "Add", [*first, *(column_input(c) for c in columns)], "Add")
    carried = dict(asked.carried or {}, list=path)
    with_list = Asked(policy=asked.policy, incident=asked.incident, channel=asked.channel, carried=carried)
    if path in FIELDS:
        return modal(Form.ADD, with_list, "Add", [field_input(FIELDS[path], None)], "Add")
    spec: ListField = LISTS[path]
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
