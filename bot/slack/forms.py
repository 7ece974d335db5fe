"""Every form: what it asks, with what it is filled. Reading what was typed is `bot.slack.submissions`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.domain import custom
from bot.domain.fields import FIELDS
from bot.domain.vocabulary import (
    Status,
    TimeName,
)
from bot.slack import blocks as b
from bot.slack import forms_items, forms_record, forms_review, forms_timeline
from bot.slack.forms_asking import custom_inputs
from bot.slack.forms_timeline import details_filled
from bot.slack.ids import Action, Form
from bot.slack.inputs import TIME_HINT, Asked, field_input, modal, select, severity, text, words
from bot.slack.messages import value_of

__all__ = ["Asked", "build", "details_filled", "incident_picker"]


def build(form: Form, asked: Asked) -> dict[str, Any]:
    """The modal as views.open takes it."""
    return _BUILDERS[form](asked)


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
    return modal(
        Form.DECLARE,
        asked,
        "Declare an incident",
        [
            text(asked, "title", "What is wrong?", hint="A few words; it can be changed later."),
            severity(asked),
            text(asked, "symptom", "What do users see?", multiline=True),
            text(asked, "services", "Affected services, one per line", multiline=True),
            field_input(FIELDS["incident.customers"], None),
            *custom_inputs(asked, custom.Asked.DECLARE),
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
    return modal(Form.MORE, asked, "More", blocks, None)


def _rename(asked: Asked) -> dict[str, Any]:
    title = asked.incident.title if asked.incident else None
    element = b.text_input("title", initial=title)
    return modal(
        Form.RENAME, asked, "Rename", [b.input_block("title", "Title", element, optional=False)], "Save"
    )


def _link(asked: Asked) -> dict[str, Any]:
    blocks = [
        text(asked, "url", "Link", needed=True, hint="https://…"),
        text(asked, "label", "What is behind it?"),
    ]
    return modal(Form.LINK, asked, "Link", blocks, "Add")


def _duplicate(asked: Asked) -> dict[str, Any]:
    hint = "Its watchers get this one's; reminders of this one stop. It can be opened again."
    blocks = [text(asked, "into", "Of which incident?", needed=True, hint=f"Such as INC-7. {hint}")]
    return modal(Form.DUPLICATE, asked, "Duplicate", blocks, "Merge")


def _update(asked: Asked) -> dict[str, Any]:
    incident = asked.incident
    middle = (Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED)
    return modal(
        Form.UPDATE,
        asked,
        "Update",
        [
            text(asked, "text", "What should readers know?", multiline=True),
            select(
                asked, "status", "Status", words(middle), initial=incident.status.value if incident else None
            ),
            severity(asked, incident.severity.label if incident and incident.severity else None),
            text(asked, "next", "Next update in", hint="Such as 30m or 1h."),
            *custom_inputs(asked, custom.Asked.DURING),
        ],
        "Post",
    )


#: What the form of roles can do.
HOW_ROLES = (
    ("give", "Give it at once"),
    ("ask", "Ask whether they take it over (handoff)"),
    ("release", "Give it up, or take it away"),
)


def _role(asked: Asked) -> dict[str, Any]:
    roles = [(role.key, role.label) for role in asked.policy.roles]
    user = {"type": "users_select", "action_id": "user", "placeholder": b.plain("Who?")}
    return modal(
        Form.ROLE,
        asked,
        "Roles",
        [
            select(asked, "how", "What is to happen?", HOW_ROLES, initial="give"),
            select(asked, "role", "Role", roles),
            text(asked, "other_role", "Or another role, by name"),
            b.input_block("user", "Who?", user, hint="Empty, when a role is given up: you."),
            text(asked, "name", "Or somebody outside Slack, by name"),
        ],
        "Save",
    )


def _status(asked: Asked) -> dict[str, Any]:
    every = [status for status in Status if status is not Status.MERGED]
    blocks = [select(asked, "status", "Status", words(every), needed=True), text(asked, "reason", "Why?")]
    return modal(Form.STATUS, asked, "Status", blocks, "Save")


def _severity_form(asked: Asked) -> dict[str, Any]:
    return modal(Form.SEVERITY, asked, "Severity", [severity(asked), text(asked, "reason", "Why?")], "Save")


def _time(asked: Asked) -> dict[str, Any]:
    names = [(name.value, name.label) for name in TimeName]
    blocks = [
        select(asked, "which", "Which time?", names, needed=True),
        text(asked, "at", "When was it?", hint=TIME_HINT, needed=True),
    ]
    return modal(Form.TIME, asked, "Times", blocks, "Save")


def incident_picker(incidents: Iterable[tuple[int, str]]) -> b.Block:
    """Asks which incident is meant, where the place does not say."""
    options = [b.option(f"INC-{number} {title}", str(number)) for number, title in incidents]
    return b.input_block("incident", "Which incident?", b.select("incident", options), optional=False)


_BUILDERS: Mapping[Form, Callable[[Asked], dict[str, Any]]] = {
    Form.DECLARE: _declare,
    Form.UPDATE: _update,
    Form.ROLE: _role,
    Form.SEVERITY: _severity_form,
    Form.STATUS: _status,
    Form.TIME: _time,
    Form.MORE: _more,
    Form.RENAME: _rename,
    Form.LINK: _link,
    Form.DUPLICATE: _duplicate,
    **forms_items.BUILDERS,
    **forms_record.BUILDERS,
    **forms_review.BUILDERS,
    **forms_timeline.BUILDERS,
}
