"""What every form is made of: for whom it is drawn, and its inputs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.app.policy import Policy
from bot.domain.fields import Column, Field, FieldType, Value
from bot.domain.incident import Incident
from bot.domain.times import Time
from bot.language.spelled import spell
from bot.slack import blocks as b
from bot.slack.ids import Form
from bot.slack.messages import value_of
from bot.views.lint import Finding

DUE_HINT = "30m, tomorrow 17:00, friday, 2026-12-01; other words are kept as they are"
TIME_HINT = "14:05, 2:05 PM CET, yesterday 23:50, 10 min ago; without a zone, your own counts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For whom and of what a form is drawn."""

    policy: Policy
    incident: Incident | None = None
    filled: Mapping[str, str] | None = None
    #: Where the answer goes after the form is sent.
    channel: str | None = None
    #: Extra ids that come back with the submission.
    carried: Mapping[str, Any] | None = None
    #: Advice on the document as it stands, for the forms that end it.
    findings: tuple[Finding, ...] = ()

    def text(self, name: str) -> str | None:
        return (self.filled or {}).get(name)


def modal(
    form: Form, asked: Asked, title: str, blocks: Iterable[b.Block], submit: str | None
) -> dict[str, Any]:
    ids: dict[str, Any] = dict(asked.carried or {})
    if asked.incident:
        ids["incident"] = asked.incident.number
        named = f"{asked.incident.ref} {title}"
        title = named if len(named) <= b.VIEW_TITLE else title
    if asked.channel:
        ids["channel"] = asked.channel
    made = b.view(form.value, title, list(blocks), submit=submit, metadata=value_of(**ids))
    # A message is held before its form; what is closed unsent is forgotten.
    return {**made, "notify_on_close": True} if "message_ts" in ids else made


def text(
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


def select(
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


def words(values: Iterable[Any]) -> list[tuple[str, str]]:
    return [(value.value, value.value.replace("_", " ")) for value in values]


def severity(asked: Asked, initial: str | None = None) -> b.Block:
    options = [b.option(r.severity.label, r.severity.label, r.definition) for r in asked.policy.severities]
    return b.input_block(
        "severity", "Severity", b.select("severity", options, asked.text("severity") or initial)
    )


def field_input(field: Field, value: Value | None) -> b.Block:
    return typed_input(field.path, field.label, field.type, field.choices, shown(value), needed=False)


def column_input(column: Column) -> b.Block:
    return typed_input(column.name, column.label, column.type, column.choices, None, needed=column.required)


def typed_input(
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


def shown(value: Value | None) -> str | None:
    """A field's value as a person would type it."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "\n".join(value)
        case Time():
            return spell(value)
        case _:
            return str(value)
