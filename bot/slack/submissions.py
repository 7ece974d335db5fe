"""What was typed into a form, as a command of the domain, or as words under the field that could not be read."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain import commands as c
from bot.domain.fields import FIELDS, LISTS, Value
from bot.domain.people import Person
from bot.domain.times import Time, parse_duration
from bot.domain.vocabulary import (
    Kind,
    Status,
    TagKind,
    TimeName,
)
from bot.language.due import read_due
from bot.language.reading import Understood
from bot.language.roles import assignment
from bot.language.running import is_url, merge_command, read_ref
from bot.language.spelled import spell
from bot.slack import submissions_items, submissions_review
from bot.slack.forms_record import RESOLVE_TIMES
from bot.slack.ids import Form
from bot.slack.sent import (
    FieldErrors,
    Sent,
    carried_message,
    details_in,
    filled_in,
    severity_in,
    time_in,
    typed_values,
    value_in,
)
from bot.slack.submissions_review import settled_in

__all__ = ["FieldErrors", "Sent", "read", "typed_values"]


def read(form: Form, sent: Sent) -> tuple[c.Command, ...]:
    """The commands that the form asks for, in order. Raises `FieldErrors`."""
    return _READERS[form](sent)


# --- forms -------------------------------------------------------------------------------------------------------


def _declare(sent: Sent) -> tuple[c.Command, ...]:
    flags = sent.many("flags")
    kind = next((kind for kind in (Kind.TEST, Kind.DRILL, Kind.RETROACTIVE) if kind in flags), Kind.NORMAL)
    first: tuple[c.Command, ...] = ()
    if "message_ts" in sent.carried:
        first = (c.TagMessage(message=carried_message(sent), via="shortcut"),)
    return (
        c.Declare(
            title=sent.text("title") or "",
            severity=severity_in(sent),
            symptom=sent.text("symptom"),
            services=sent.lines("services"),
            private="private" in flags,
            kind=kind,
            declared_from=sent.carried.get("channel"),
            here="here" in flags,
        ),
        *first,
        *_filled(sent),
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
        *_filled(sent),
        c.PostUpdate(
            text=sent.text("text") or "",
            status=Status(status) if status else None,
            severity=severity_in(sent),
            next_at=following,
        ),
    )


def _note(sent: Sent) -> tuple[c.Command, ...]:
    time = time_in(sent, "at") or Time.at(sent.context.now)
    return (c.AddNote(time=time, details=details_in(sent)),)


def _tag(sent: Sent) -> tuple[c.Command, ...]:
    message = carried_message(sent)
    tag = TagKind(sent.text("tag") or TagKind.TIMELINE)
    return (c.TagMessage(message=message, tag=tag, details=details_in(sent), via="shortcut"),)


def _edit_entry(sent: Sent) -> tuple[c.Command, ...]:
    """All that the form shows; a time that was left as it was drawn is no new time."""
    name = str(sent.carried["entry"])
    entry = sent.incident.entries.get(name) if sent.incident else None
    left_alone = entry is not None and sent.text("at") == spell(entry.time)
    details = details_in(sent)
    return (
        c.ChangeEntry(
            entry=name,
            time=None if left_alone else time_in(sent, "at"),
            details=details,
            whole=True,
            seen=int(sent.carried["seen"]),
        ),
    )


def _merge_entry(sent: Sent) -> tuple[c.Command, ...]:
    into = (sent.text("into") or "").upper()
    return (c.MergeEntry(entry=str(sent.carried["entry"]), into=into, seen=int(sent.carried["seen"])),)


def _use_time(sent: Sent) -> tuple[c.Command, ...]:
    which = TimeName(str(sent.text("which")))
    return (c.UseEntryTime(entry=str(sent.carried["entry"]), which=which, seen=int(sent.carried["seen"])),)


def _redact(sent: Sent) -> tuple[c.Command, ...]:
    return (c.Redact(message=carried_message(sent), reason=sent.text("reason")),)


def _role(sent: Sent) -> tuple[c.Command, ...]:
    role = sent.text("other_role") or sent.text("role")
    user, name = sent.text("user"), sent.text("name")
    by = Person(slack_id=sent.context.by)
    named = Person(slack_id=user) if user else Person(name=name) if name else None
    how = sent.text("how")
    if how == "release":
        return (c.ReleaseRole(role=role, person=named or by),)
    if named is None:
        raise FieldErrors({"user": "Choose who takes it, or name somebody below."})
    if how == "ask":
        return (c.OfferHandoff(to=named, by=by, role=role),)
    if role is None:
        raise FieldErrors({"role": "Choose a role, or name another one below."})
    return (assignment(role, named, sent.context),)


def _resolve(sent: Sent) -> tuple[c.Command, ...]:
    said = ((name, time_in(sent, name.value)) for name in RESOLVE_TIMES)
    times = [c.SetTime(which=name, time=time) for name, time in said if time]
    resolved = c.ChangeStatus(status=Status.RESOLVED, time=time_in(sent, "at"), outcome=sent.text("outcome"))
    symptom = sent.text("symptom")
    seen = [c.AddItem(path="impact.experience", values={"text": symptom})] if symptom else []
    return (*times, *_filled(sent), *seen, *settled_in(sent), resolved)


def _filled(sent: Sent) -> tuple[c.Command, ...]:
    """Fields of the document that the form asked for, and that were not left empty."""
    filled = {name: value for name, value in _fields(sent).items() if value is not None}
    return (c.SetFields(values=filled),) if filled else ()


def _fields(sent: Sent) -> dict[str, Value | None]:
    return filled_in((FIELDS[name] for name in sent.values if name in FIELDS), sent)


def _close(sent: Sent) -> tuple[c.Command, ...]:
    factor = sent.text("factor")
    factors = [c.AddItem(path="cause.contributing", values={"text": factor})] if factor else []
    return (*_filled(sent), *factors, *settled_in(sent), c.ChangeStatus(status=Status.CLOSED))


def _set(sent: Sent) -> tuple[c.Command, ...]:
    return (c.SetFields(values=_fields(sent)),)


def _add(sent: Sent) -> tuple[c.Command, ...]:
    path = str(sent.carried.get("list") or sent.text("list") or "")
    if path in FIELDS:
        return (c.AddLines(path=path, lines=sent.lines(path)),)
    if path not in LISTS:
        raise FieldErrors({"list": "Choose where it belongs."})
    columns = {column.name: column for column in LISTS[path].columns}
    typed = {name: value_in(name, columns[name], sent) for name in sent.values if name in columns}
    return (c.AddItem(path=path, values={name: value for name, value in typed.items() if value is not None}),)


def _severity_form(sent: Sent) -> tuple[c.Command, ...]:
    severity = severity_in(sent)
    if severity is None:
        raise FieldErrors({"severity": "Choose a severity."})
    return (c.ChangeSeverity(severity=severity, reason=sent.text("reason")),)


def _status(sent: Sent) -> tuple[c.Command, ...]:
    return (c.ChangeStatus(status=Status(str(sent.text("status"))), reason=sent.text("reason")),)


def _time_form(sent: Sent) -> tuple[c.Command, ...]:
    return (c.SetTime(which=TimeName(str(sent.text("which"))), time=time_in(sent, "at")),)


_READERS: Mapping[Form, Callable[[Sent], tuple[c.Command, ...]]] = {
    Form.DECLARE: _declare,
    Form.UPDATE: _update,
    Form.NOTE: _note,
    Form.TAG: _tag,
    Form.EDIT_ENTRY: _edit_entry,
    Form.MERGE_ENTRY: _merge_entry,
    Form.USE_TIME: _use_time,
    Form.REDACT: _redact,
    Form.ROLE: _role,
    Form.RESOLVE: _resolve,
    Form.CLOSE: _close,
    Form.SET: _set,
    Form.ADD: _add,
    Form.SEVERITY: _severity_form,
    Form.STATUS: _status,
    Form.TIME: _time_form,
    Form.MORE: _more,
    Form.RENAME: _rename,
    Form.LINK: _link,
    Form.DUPLICATE: _duplicate,
    **submissions_items.READERS,
    **submissions_review.READERS,
}
