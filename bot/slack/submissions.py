"""What was typed into a form, as a command of the domain, or as words under the field that could not be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import commands as c
from bot.domain.events import ActionDetails, Due, EntryDetails, MessageRef, Severity
from bot.domain.fields import FIELDS, LISTS, Column, Field, FieldType, Value
from bot.domain.people import Person
from bot.domain.times import Time, parse_duration
from bot.domain.vocabulary import (
    ActionKind,
    ActionState,
    EntryKind,
    Horizon,
    Kind,
    Marker,
    Status,
    TagKind,
    TimeName,
)
from bot.language.due import read_due
from bot.language.intents import Context
from bot.language.running import is_url, merge_command, read_ref
from bot.language.values import Unreadable, read_value
from bot.language.when import Ambiguous, NotUnderstood, Understood, read_time
from bot.slack.ids import Form


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


def read(form: Form, sent: Sent) -> tuple[c.Command, ...]:
    """The commands that the form asks for, in order. Raises `FieldErrors`."""
    return _READERS[form](sent)


# --- pieces ------------------------------------------------------------------------------------------------------


def _time(sent: Sent, name: str) -> Time | None:
    text = sent.text(name)
    if text is None:
        return None
    context = sent.context
    answer = read_time(
        text, now=context.now, zone=context.zone, near=context.near, date_order=context.date_order
    )
    match answer:
        case Understood():
            return answer.time
        case Ambiguous():
            readings = "; ".join(reading.label for reading in answer.readings)
            raise FieldErrors(
                {name: f"This can be read in more than one way: {readings}. Type the one you mean."}
            )
        case NotUnderstood():
            raise FieldErrors({name: f"{answer.why} {answer.hint}"})


def _due(sent: Sent, name: str) -> Due | None:
    """A moment where the words can be read, else the words themselves: nothing typed is lost."""
    text = sent.text(name)
    if text is None:
        return None
    answer = read_due(text, now=sent.context.now, zone=sent.context.zone)
    if isinstance(answer, Understood) and answer.time.utc:
        return Due(at=answer.time.utc, raw=text, day_only=answer.time.precision == "day")
    if isinstance(answer, Ambiguous):
        readings = "; ".join(reading.label for reading in answer.readings)
        raise FieldErrors(
            {name: f"This can be read in more than one way: {readings}. Type the one you mean."}
        )
    return Due(raw=text)


def _severity(sent: Sent) -> Severity | None:
    label = sent.text("severity")
    return next((rung.severity for rung in sent.context.severities if rung.severity.label == label), None)


def _whole(sent: Sent, name: str) -> int | None:
    text = sent.text(name)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise FieldErrors({name: "This must be a whole number, such as 2."}) from None


def _details(sent: Sent) -> EntryDetails:
    marker, kind = sent.text("marker"), sent.text("kind")
    return EntryDetails(
        text=sent.text("text"),
        marker=Marker(marker) if marker else None,
        action=sent.text("action"),
        actor=sent.text("actor"),
        label=sent.text("label"),
        order=_whole(sent, "order"),
        kind=EntryKind(kind) if kind else None,
        evidence=sent.lines("evidence"),
    )


def _value(name: str, spec: Field | Column, sent: Sent) -> Value | None:
    text = sent.text(name)
    if text is None:
        return None
    if spec.type is FieldType.TIME:
        return _time(sent, name)
    answer = read_value(text, spec.type, spec.choices, sent.context)
    if isinstance(answer, Unreadable):
        raise FieldErrors({name: f"{answer.why} {answer.hint}"})
    return answer


# --- forms -------------------------------------------------------------------------------------------------------


def _declare(sent: Sent) -> tuple[c.Command, ...]:
    flags = sent.many("flags")
    kind = next((kind for kind in (Kind.TEST, Kind.DRILL, Kind.RETROACTIVE) if kind in flags), Kind.NORMAL)
    first: tuple[c.Command, ...] = ()
    if "message_ts" in sent.carried:
        first = (c.TagMessage(message=_carried_message(sent), via="shortcut"),)
    return (
        c.Declare(
            title=sent.text("title") or "",
            severity=_severity(sent),
            symptom=sent.text("symptom"),
            services=sent.lines("services"),
            private="private" in flags,
            kind=kind,
            declared_from=sent.carried.get("channel"),
            here="here" in flags,
        ),
        *first,
    )


def _more(sent: Sent) -> tuple[c.Command, ...]:
    """It has nothing to send; its buttons open the other forms."""
    del sent
    return ()


def _rename(sent: Sent) -> tuple[c.Command, ...]:
    return (c.Rename(title=sent.text("title") or ""),)


def _link(sent: Sent) -> tuple[c.Command, ...]:
    url = sent.text("url") or ""
    if not is_url(url):
        raise FieldErrors({"url": "This is no link. Give one that begins with https:// or http://."})
    return (c.AddItem(path="links", values={"label": sent.text("label") or url, "url": url}),)


def _duplicate(sent: Sent) -> tuple[c.Command, ...]:
    into = read_ref(sent.text("into") or "", sent.context)
    if into is None:
        raise FieldErrors({"into": "Name the other incident, such as INC-7."})
    return (merge_command(into, sent.context),)


def _update(sent: Sent) -> tuple[c.Command, ...]:
    following: datetime | None = None
    if (text := sent.text("next")) is not None:
        seconds = parse_duration(text.removeprefix("in "))
        answer = None if seconds else read_due(text, now=sent.context.now, zone=sent.context.zone)
        if seconds:
            following = sent.context.now.fromtimestamp(
                sent.context.now.timestamp() + seconds, sent.context.now.tzinfo
            )
        elif isinstance(answer, Understood):
            following = answer.time.utc
        else:
            raise FieldErrors({"next": "Give a time ahead, such as 30m or 15:30."})
    status = sent.text("status")
    return (
        c.PostUpdate(
            text=sent.text("text") or "",
            status=Status(status) if status else None,
            severity=_severity(sent),
            next_at=following,
        ),
    )


def _note(sent: Sent) -> tuple[c.Command, ...]:
    time = _time(sent, "at") or Time.at(sent.context.now)
    return (c.AddNote(time=time, details=_details(sent)),)


def _tag(sent: Sent) -> tuple[c.Command, ...]:
    message = _carried_message(sent)
    tag = TagKind(sent.text("tag") or TagKind.TIMELINE)
    return (c.TagMessage(message=message, tag=tag, details=_details(sent), via="shortcut"),)


def _carried_message(sent: Sent) -> MessageRef:
    """The message on which a shortcut was used."""
    return MessageRef(channel=str(sent.carried["message_channel"]), ts=str(sent.carried["message_ts"]))


def _role(sent: Sent) -> tuple[c.Command, ...]:
    role = sent.text("other_role") or sent.text("role")
    if role is None:
        raise FieldErrors({"role": "Choose a role, or name another one below."})
    user, name = sent.text("user"), sent.text("name")
    if user is None and name is None:
        raise FieldErrors({"user": "Choose who takes it, or name somebody below."})
    person = Person(slack_id=user) if user else Person(name=name)
    return (c.AssignRole(role=role, person=person),)


def _action(sent: Sent) -> tuple[c.Command, ...]:
    owners = [Person(slack_id=user) for user in sent.many("owners")]
    owners += [Person.of(name) for name in sent.lines("other_owners")]
    kind, horizon, state = sent.text("kind"), sent.text("horizon"), sent.text("state")
    details = ActionDetails(
        text=sent.text("text") or "",
        kind=ActionKind(kind) if kind else ActionKind.FOLLOW_UP,
        owners=tuple(dict.fromkeys(owners)),
        due=_due(sent, "due"),
        priority=sent.text("priority"),
        horizon=Horizon(horizon) if horizon else None,
        type=sent.text("type"),
        group=sent.text("group"),
        label=sent.text("label"),
        details=sent.lines("details"),
        parent=sent.text("parent"),
        order=_whole(sent, "order"),
        tracker=sent.text("tracker"),
    )
    return (c.AddAction(details=details, state=ActionState(state) if state else ActionState.OPEN),)


def _resolve(sent: Sent) -> tuple[c.Command, ...]:
    started = _time(sent, "impact_started")
    first = (c.SetTime(which=TimeName.IMPACT_STARTED, time=started),) if started else ()
    time = _time(sent, "at")
    return (*first, c.ChangeStatus(status=Status.RESOLVED, time=time, outcome=sent.text("outcome")))


def _close(sent: Sent) -> tuple[c.Command, ...]:
    fields = {name: _value(name, FIELDS[name], sent) for name in sent.values if name in FIELDS}
    filled = {name: value for name, value in fields.items() if value is not None}
    before: list[c.Command] = [c.SetFields(values=filled)] if filled else []
    if (factor := sent.text("factor")) is not None:
        before.append(c.AddItem(path="cause.contributing", values={"text": factor}))
    return (*before, c.ChangeStatus(status=Status.CLOSED))


def _set(sent: Sent) -> tuple[c.Command, ...]:
    return (
        c.SetFields(
            values={name: _value(name, FIELDS[name], sent) for name in sent.values if name in FIELDS}
        ),
    )


def _add(sent: Sent) -> tuple[c.Command, ...]:
    path = str(sent.carried.get("list") or sent.text("list") or "")
    if path not in LISTS:
        raise FieldErrors({"list": "Choose where it belongs."})
    columns = {column.name: column for column in LISTS[path].columns}
    typed = {name: _value(name, columns[name], sent) for name in sent.values if name in columns}
    return (c.AddItem(path=path, values={name: value for name, value in typed.items() if value is not None}),)


def _cancel(sent: Sent) -> tuple[c.Command, ...]:
    action = str(sent.carried["action"])
    return (c.ChangeActionState(action=action, state=ActionState.CANCELLED, reason=sent.text("reason")),)


def _severity_form(sent: Sent) -> tuple[c.Command, ...]:
    severity = _severity(sent)
    if severity is None:
        raise FieldErrors({"severity": "Choose a severity."})
    return (c.ChangeSeverity(severity=severity, reason=sent.text("reason")),)


def _status(sent: Sent) -> tuple[c.Command, ...]:
    return (c.ChangeStatus(status=Status(str(sent.text("status"))), reason=sent.text("reason")),)


def _time_form(sent: Sent) -> tuple[c.Command, ...]:
    return (c.SetTime(which=TimeName(str(sent.text("which"))), time=_time(sent, "at")),)


_READERS: Mapping[Form, Callable[[Sent], tuple[c.Command, ...]]] = {
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
    Form.TIME: _time_form,
    Form.MORE: _more,
    Form.RENAME: _rename,
    Form.LINK: _link,
    Form.DUPLICATE: _duplicate,
}
