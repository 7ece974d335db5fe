"""The forms of the timeline: a note, a tag, an entry's correction, merging, the use of its time."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.details import EntryDetails
from bot.domain.vocabulary import EntryKind, Marker, Phase, TagKind, TimeName
from bot.slack import blocks as b
from bot.slack.ids import Form
from bot.slack.inputs import TIME_HINT, Asked, modal, select, text, words


def _details(asked: Asked) -> list[b.Block]:
    return [
        select(asked, "marker", "Marker", [(m.value, m.label) for m in Marker]),
        text(asked, "action", "Action taken", multiline=True),
        text(asked, "actor", "By whom"),
        text(asked, "label", "Label"),
        text(asked, "order", "Step number"),
        select(asked, "kind", "Kind of entry", words(EntryKind)),
        select(asked, "phase", "Phase", words(Phase)),
    ]


def _evidence(asked: Asked) -> b.Block:
    return text(asked, "evidence", "Evidence: links, one per line", multiline=True)


def _note(asked: Asked) -> dict[str, Any]:
    return modal(
        Form.NOTE,
        asked,
        "Note",
        [
            text(asked, "text", "What happened?", multiline=True, needed=True),
            text(asked, "at", "When?", hint=f"Empty: now. {TIME_HINT}"),
            *_details(asked),
            _evidence(asked),
        ],
        "Add",
    )


def _tag(asked: Asked) -> dict[str, Any]:
    places = [(TagKind.TIMELINE.value, "The timeline"), (TagKind.NOTE.value, "The raw notes")]
    blocks = [
        select(asked, "tag", "Where to?", places, initial=TagKind.TIMELINE.value),
        text(asked, "text", "Wording, if not the message's own", multiline=True),
        *_details(asked),
        _evidence(asked),
    ]
    return modal(Form.TAG, asked, "Add to timeline", blocks, "Add")


def _edit(asked: Asked) -> dict[str, Any]:
    """All that an entry says; what is emptied is taken away."""
    element: b.Element = {
        "type": "checkboxes",
        "action_id": "flags",
        "options": [b.option("A key moment", "key")],
    }
    if asked.text("key"):
        element["initial_options"] = element["options"]
    return modal(
        Form.EDIT_ENTRY,
        asked,
        str((asked.carried or {})["entry"]),
        [
            text(asked, "at", "When?", hint=f"A range: 14:00-14:25; going on: 14:00 onward. {TIME_HINT}"),
            text(
                asked,
                "text",
                "Wording",
                multiline=True,
                hint="A message's entry, left empty, keeps its words.",
            ),
            *_details(asked),
            _evidence(asked),
            b.input_block("flags", "Key", element),
            b.context(
                f"What stood before stays in the audit trail: `/incident entry {(asked.carried or {})['entry']}`."
            ),
        ],
        "Save",
    )


def _merge(asked: Asked) -> dict[str, Any]:
    assert asked.incident, "an entry is an incident's"
    name = str((asked.carried or {})["entry"])
    others = [x for x in asked.incident.entries.values() if x.id != name and not x.hidden]
    near = asked.incident.entries[name].time.sort_key[0]
    others.sort(key=lambda entry: abs(entry.time.sort_key[0] - near))
    choices = [(x.id, f"{x.id} {x.details.text or 'a message'}") for x in others[: b.OPTIONS]]
    intro = (
        f"{name} goes into the entry you choose, which keeps its own time and words and takes over the rest."
    )
    chosen = (
        [select(asked, "into", "Into which entry?", choices, needed=True)]
        if choices
        else [text(asked, "into", "Into which entry?", hint="Such as T5.", needed=True)]
    )
    return modal(Form.MERGE_ENTRY, asked, f"merge {name}", [b.section(intro), *chosen], "Merge")


def _use(asked: Asked) -> dict[str, Any]:
    name = str((asked.carried or {})["entry"])
    names = [(which.value, which.label) for which in TimeName]
    blocks = [select(asked, "which", f"The time of {name} is when it was …", names, needed=True)]
    return modal(Form.USE_TIME, asked, f"time of {name}", blocks, "Save")


def _import(asked: Asked) -> dict[str, Any]:
    return modal(
        Form.IMPORT,
        asked,
        "Import",
        [
            text(
                asked,
                "text",
                "Log lines",
                multiline=True,
                needed=True,
                hint="Each begins with a time, in nearly any format. You see how they are read before anything is added. "
                "Slack takes 3,000 characters at a time; what was added before is not added again.",
            ),
            text(
                asked,
                "zone",
                "Zone of times that name none",
                hint="Empty: your own. UTC, CET, Europe/Berlin …",
            ),
            text(
                asked,
                "day",
                "Date of times that name none",
                hint="Such as 2026-01-31. Empty: near the incident.",
            ),
            select(asked, "marker", "Marker", [(m.value, m.label) for m in Marker]),
            select(asked, "kind", "Kind of entry", words(EntryKind)),
        ],
        "Preview",
    )


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
        "phase": details.phase.value if details.phase else None,
        "key": "key" if details.key else None,
    }
    return {name: value for name, value in named.items() if value}


BUILDERS: Mapping[Form, Callable[[Asked], dict[str, Any]]] = {
    Form.NOTE: _note,
    Form.TAG: _tag,
    Form.EDIT_ENTRY: _edit,
    Form.MERGE_ENTRY: _merge,
    Form.USE_TIME: _use,
    Form.IMPORT: _import,
}
