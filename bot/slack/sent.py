"""A submitted form: what was typed into its inputs, read, or words under the input that could not be read."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.domain.details import Due, EntryDetails, MessageRef, Severity
from bot.domain.fields import Column, Field, FieldType, Value
from bot.domain.incident import Incident
from bot.domain.times import Time
from bot.domain.vocabulary import EntryKind, Marker, Phase
from bot.language.fill import Unreadable, read_field, read_value
from bot.language.intents import Context
from bot.language.reading import Ambiguous, NotUnderstood, Understood, offers
from bot.language.said import Unclear, due, try_time
from bot.language.typed import visible


class FieldErrors(Exception):  # noqa: N818 - it is what the form answers
    """Words under the fields that could not be read; the form stays open with everything typed."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A submitted form: typed values by block id, the ids it carried, and what is known of the typist."""

    values: Mapping[str, Any]
    carried: Mapping[str, Any]
    context: Context
    #: The incident as it is now, where the form is about one.
    incident: Incident | None = None

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return value.strip() or None if isinstance(value, str) else None

    def lines(self, name: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in (self.text(name) or "").splitlines() if line.strip())

    def many(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        return tuple(value) if isinstance(value, list | tuple) else ()


def typed_values(state: Mapping[str, Any]) -> dict[str, Any]:
    """``view.state.values`` as block id -> text, list of ids, or None (Slack sends None for what was left alone)."""
    return {block: _element_value(next(iter(actions.values()), {})) for block, actions in state.items()}


def _element_value(element: Mapping[str, Any]) -> Any:
    if isinstance(typed := element.get("value"), str):
        return visible(typed)
    for name in ("value", "selected_user", "selected_date", "selected_conversation", "selected_channel"):
        if name in element:
            return element[name]
    if "selected_option" in element:
        chosen = element["selected_option"]
        return chosen["value"] if chosen else None
    for name in ("selected_users", "selected_conversations"):
        if name in element:
            return list(element[name] or [])
    return [option["value"] for option in element.get("selected_options") or []]


def carried_message(sent: Sent) -> MessageRef:
    """The message on which a shortcut was used."""
    return MessageRef(channel=str(sent.carried["message_channel"]), ts=str(sent.carried["message_ts"]))


def time_in(sent: Sent, name: str) -> Time | None:
    text = sent.text(name)
    if text is None:
        return None
    answer = try_time(text, sent.context)
    match answer:
        case Understood():
            return answer.time
        case Ambiguous():
            # A form has no buttons under a field: who types an offered reading has answered.
            meant = next((r.time for r in answer.readings if r.label == text), None)
            if meant is None:
                raise FieldErrors({name: f"`{text}` {answer.why} {offers(answer)}"})
            return meant
        case NotUnderstood():
            raise FieldErrors({name: f"{answer.why} {answer.hint}"})


def due_in(sent: Sent, name: str) -> Due | None:
    """When something is owed; raises `FieldErrors` where that has to be asked."""
    text = sent.text(name)
    if text is None:
        return None
    with _asked_under(name):
        return due(text, sent.context)


def severity_in(sent: Sent) -> Severity | None:
    label = sent.text("severity")
    return next((rung.severity for rung in sent.context.severities if rung.severity.label == label), None)


def whole_in(sent: Sent, name: str) -> int | None:
    text = sent.text(name)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise FieldErrors({name: "This must be a whole number, such as 2."}) from None


def details_in(sent: Sent) -> EntryDetails:
    marker, kind, phase = sent.text("marker"), sent.text("kind"), sent.text("phase")
    return EntryDetails(
        text=sent.text("text"),
        marker=Marker(marker) if marker else None,
        action=sent.text("action"),
        actor=sent.text("actor"),
        label=sent.text("label"),
        order=whole_in(sent, "order"),
        kind=EntryKind(kind) if kind else None,
        evidence=sent.lines("evidence"),
        key="key" in sent.many("flags"),
        phase=Phase(phase) if phase else None,
    )


def value_in(name: str, spec: Field | Column, sent: Sent) -> Value | None:
    """What stands in an input. Words stay as they were typed, and only lines divide lines. Raises `FieldErrors`."""
    text = sent.text(name)
    if text is None:
        return None
    match spec.type:
        case FieldType.LINE:
            return " ".join(text.split())
        case FieldType.TEXT:
            return text
        case FieldType.LINES:
            return sent.lines(name)
        case FieldType.TIME:
            return time_in(sent, name)
        case _:
            with _asked_under(name):
                answer = read_value(text, spec.type, spec.choices, sent.context)
            if isinstance(answer, Unreadable):
                raise FieldErrors({name: f"{answer.why} {answer.hint}"})
            return answer


def filled_in(fields: Iterable[Field], sent: Sent) -> dict[str, Value | None]:
    """Fields by path, with what their numbers say of neighbours that were left empty. Raises `FieldErrors`."""
    values: dict[str, Value | None] = {}
    said: dict[str, Value] = {}
    for field in fields:
        values[field.path] = None
        if field.type is FieldType.NUMBER:
            said |= number_in(field, sent)
        else:
            values[field.path] = value_in(field.path, field, sent)
    return values | {path: value for path, value in said.items() if values.get(path) is None}


def number_in(field: Field, sent: Sent) -> Mapping[str, Value]:
    """A number and what it says of its neighbours: ``~1200``, ``500 EUR``, ``12 %``. Raises `FieldErrors`."""
    text = sent.text(field.path)
    if text is None:
        return {}
    with _asked_under(field.path):
        answer = read_field(field, text, sent.context)
    if isinstance(answer, Unreadable):
        raise FieldErrors({field.path: f"{answer.why} {answer.hint}"})
    return answer


@contextmanager
def _asked_under(name: str) -> Iterator[None]:
    """What has several readings is asked about under its input: a form has no buttons there."""
    try:
        yield
    except Unclear as unclear:
        raise FieldErrors({name: f"{unclear.why} {unclear.hint}"}) from None
