"""From a typed line to an intent, or a refusal that says what to type instead. Never raises, whatever is typed."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches

from bot.domain import commands as c
from bot.domain.events import ActionDetails, Due, EntryDetails, Severity
from bot.domain.fields import GROUPS, Field, ListField, field_names, find_field
from bot.domain.people import Person
from bot.domain.refusals import Refusal
from bot.domain.times import Time
from bot.domain.vocabulary import (
    ActionKind,
    ActionState,
    DocumentStatus,
    EntryKind,
    Horizon,
    Kind,
    Marker,
    Status,
    TimeName,
)
from bot.language.due import read_due
from bot.language.grammar import BY_WORD, Verb
from bot.language.intents import Context, Do, Intent, OpenForm, Show
from bot.language.values import Unreadable, read_value
from bot.language.when import Ambiguous, NotUnderstood, Understood, read_time
from bot.language.words import Line, first_word, plain, split_options, take_people, take_ref, unlink, unquote

Parsed = c.Command | Show | OpenForm | Refusal

STATUS_WORDS: Mapping[str, Status] = {
    "triage": Status.TRIAGE,
    "investigating": Status.INVESTIGATING,
    "identified": Status.IDENTIFIED,
    "fixing": Status.IDENTIFIED,
    "monitoring": Status.MONITORING,
    "mitigated": Status.MONITORING,
    "stable": Status.MONITORING,
    "resolved": Status.RESOLVED,
    "fixed": Status.RESOLVED,
    "closed": Status.CLOSED,
    "declined": Status.DECLINED,
    "cancelled": Status.DECLINED,
}
TIME_WORDS: Mapping[str, TimeName] = {name.value: name for name in TimeName} | {
    "impact_start": TimeName.IMPACT_STARTED,
    "started": TimeName.IMPACT_STARTED,
    "impact": TimeName.IMPACT_STARTED,
    "start": TimeName.IMPACT_STARTED,
    "reported": TimeName.DETECTED,
    "acked": TimeName.ACKNOWLEDGED,
    "fixed": TimeName.RESOLVED,
    "ended": TimeName.RESOLVED,
}
_PRIORITY = re.compile(r"^P[0-4]$", re.IGNORECASE)
_DUE = re.compile(r"(?:^|\s)due\s+(.+)$", re.IGNORECASE)
_NEAR_MISS_WORDS = 3  # a longer line is a sentence that declares, whatever its first word looks like


def parse(text: str, context: Context) -> Intent | Refusal:
    """What a line behind `/incident` means."""
    incident, line = take_ref(unlink(plain(text)))
    if not line:
        return Show(what="status", incident=incident) if incident else OpenForm(form="declare")
    word, rest = first_word(line)
    verb = BY_WORD.get(word.lower().rstrip(":."))
    if verb is None and word.lower() in STATUS_WORDS:
        made = _status(Line(text=line), BY_WORD["status"], context)
    elif verb is None:
        near = _near_miss(word, line)
        made = near or _with_verb(BY_WORD["declare"], line, context)
    else:
        made = _with_verb(verb, rest, context)
    return _about(made, incident)


def _about(made: Parsed, incident: int | None) -> Intent | Refusal:
    match made:
        case Refusal():
            return made
        case Show():
            return Show(what=made.what, incident=incident, topic=made.topic)
        case OpenForm():
            return OpenForm(form=made.form, incident=incident, filled=made.filled)
        case _:
            return Do(command=made, incident=incident)


def _with_verb(verb: Verb, rest: str, context: Context) -> Parsed:
    if not rest and verb.form:
        return OpenForm(form=verb.form, filled={"kind": "task"} if verb.name == "task" else {})
    line = split_options(rest, verb.options, context) if verb.options else Line(text=rest)
    if line.unknown:
        known = ", ".join(f"`--{option.name}`" for option in verb.options)
        return Refusal(
            what="Nothing was changed",
            why=f"`{verb.name}` has no option `--{line.unknown[0]}`.",
            hint=f"It takes {known}.",
        )
    return _READERS[verb.name](line, verb, context)


def _near_miss(word: str, line: str) -> Refusal | None:
    """`reslove` is a slip of the finger, not an incident's title."""
    if len(line.split()) > _NEAR_MISS_WORDS or len(word) < 4:
        return None
    near = get_close_matches(word.lower(), [*BY_WORD, *STATUS_WORDS], n=1, cutoff=0.78)
    if not near:
        return None
    return Refusal(
        what="Nothing was changed",
        why=f"there is no command `{word}`.",
        hint=f"Did you mean `/incident {near[0]}`? To declare an incident with this title, type `/incident declare {line}`.",
    )


# --- pieces ----------------------------------------------------------------------------------------------------------


def _usage(verb: Verb, why: str) -> Refusal:
    return Refusal(
        what="Nothing was changed",
        why=why,
        hint=f"Type `/incident {verb.usage}`, such as `/incident {verb.example}`.",
    )


def read_severity(word: str, context: Context) -> Severity | Refusal:
    """`1`, `sev-1`, `SEV1`, `critical`, `p0`: by label, by alias, by level."""
    bare = re.sub(r"[\s_-]+", "", word.lower())
    for rung in context.severities:
        names = {rung.severity.label.lower(), *rung.aliases}
        if bare in {re.sub(r"[\s_-]+", "", name) for name in names}:
            return rung.severity
    for rung in context.severities:
        if bare in {str(rung.severity.level), f"sev{rung.severity.level}"}:
            return rung.severity
    ladder = ", ".join(rung.severity.label for rung in context.severities)
    return Refusal(
        what="Nothing was changed",
        why=f"there is no severity `{word}`.",
        hint=f"Use one of {ladder}.",
        field="severity",
    )


def _time(text: str, context: Context) -> Time | Refusal:
    answer = read_time(
        text, now=context.now, zone=context.zone, near=context.near, date_order=context.date_order
    )
    match answer:
        case Understood():
            return answer.time
        case Ambiguous():
            readings = " or ".join(f"`{reading.label}`" for reading in answer.readings)
            return Refusal(
                what="Nothing was changed",
                why=f"`{text}` can be read in more than one way.",
                hint=f"Type {readings}.",
            )
        case NotUnderstood():
            return Refusal(what="Nothing was changed", why=answer.why, hint=answer.hint)


def _ahead(text: str, context: Context) -> datetime | Refusal:
    answer = read_due(text, now=context.now, zone=context.zone)
    match answer:
        case Understood() if answer.time.utc:
            return answer.time.utc
        case Ambiguous():
            readings = " or ".join(f"`{reading.label}`" for reading in answer.readings)
            return Refusal(
                what="Nothing was changed",
                why=f"`{text}` can be read in more than one way.",
                hint=f"Type {readings}.",
            )
        case NotUnderstood():
            return Refusal(what="Nothing was changed", why=answer.why, hint=answer.hint)
        case _:
            return Refusal(what="Nothing was changed", why=f"`{text}` is no moment ahead.", hint="Try `30m`.")


def _choice(
    word: str, choices: type[Marker] | type[EntryKind] | type[Horizon] | type[ActionState], name: str
) -> str | Refusal:
    key = re.sub(r"[\s-]+", "_", word.strip().lower())
    known = [choice.value for choice in choices]
    if key in known:
        return key
    near = get_close_matches(key, known, n=1)
    meant = f"Did you mean `{near[0]}`? " if near else ""
    return Refusal(
        what="Nothing was changed",
        why=f"there is no {name} `{word}`.",
        hint=f"{meant}Use one of {', '.join(known)}.",
    )


def read_role(text: str, context: Context) -> str | Refusal:
    """A configured role by key, label or alias; a slip is asked about; any other label is a role of its own."""
    word = unquote(text.strip()).strip()
    lowered = word.lower()
    for role in context.roles:
        if lowered in {role.key, role.label.lower(), *role.aliases}:
            return role.key
    near = get_close_matches(lowered, [role.key for role in context.roles], n=1, cutoff=0.8)
    if near and " " not in word:
        return Refusal(
            what="Nobody was assigned",
            why=f"there is no role `{word}`.",
            hint=f"Did you mean `{near[0]}`?",
            field="role",
        )
    return word


# --- verbs -----------------------------------------------------------------------------------------------------------


def _declare(line: Line, verb: Verb, context: Context) -> Parsed:
    severity: Severity | None = None
    if "sev" in line.options:
        answer = read_severity(line.options["sev"], context)
        if isinstance(answer, Refusal):
            return Refusal(what="The incident was not declared", why=answer.why, hint=answer.hint)
        severity = answer
    kinds = (("test", Kind.TEST), ("drill", Kind.DRILL), ("retroactive", Kind.RETROACTIVE))
    kind = next((kind for name, kind in kinds if name in line.options), Kind.NORMAL)
    services = tuple(s.strip() for s in line.options.get("service", "").split(",") if s.strip())
    del verb
    return c.Declare(
        title=unquote(line.text),
        severity=severity,
        kind=kind,
        private="private" in line.options,
        services=services,
    )


def _status(line: Line, verb: Verb, context: Context) -> Parsed:
    del context
    word, reason = first_word(line.text)
    if not word:
        return Show(what="status")
    status = STATUS_WORDS.get(word.lower())
    if status is None:
        near = get_close_matches(word.lower(), list(STATUS_WORDS), n=1)
        meant = (
            f"Did you mean `{near[0]}`?"
            if near
            else f"Use one of {', '.join(s.value for s in Status if s is not Status.MERGED)}."
        )
        return Refusal(what="The status was not changed", why=f"there is no status `{word}`.", hint=meant)
    del verb
    return c.ChangeStatus(status=status, reason=reason or None)


def _ends_as(status: Status) -> Callable[[Line, Verb, Context], Parsed]:
    def read(line: Line, verb: Verb, context: Context) -> Parsed:
        del verb
        time: Time | None = None
        if "at" in line.options:
            answer = _time(line.options["at"], context)
            if isinstance(answer, Refusal):
                return answer
            time = answer
        said = line.text or None
        if status is Status.RESOLVED:
            return c.ChangeStatus(status=status, time=time, outcome=said)
        return c.ChangeStatus(status=status, time=time, reason=said)

    return read


def _update(line: Line, verb: Verb, context: Context) -> Parsed:
    del verb
    status: Status | None = None
    severity: Severity | None = None
    following: datetime | None = None
    if "status" in line.options:
        status = STATUS_WORDS.get(line.options["status"].lower())
        if status is None:
            return _status(Line(text=line.options["status"]), BY_WORD["status"], context)
    if "sev" in line.options:
        answer = read_severity(line.options["sev"], context)
        if isinstance(answer, Refusal):
            return answer
        severity = answer
    if "next" in line.options:
        ahead = _ahead(line.options["next"], context)
        if isinstance(ahead, Refusal):
            return ahead
        following = ahead
    return c.PostUpdate(text=line.text, status=status, severity=severity, next_at=following)


def _severity(line: Line, verb: Verb, context: Context) -> Parsed:
    del verb
    word, reason = first_word(line.text)
    answer = read_severity(word, context)
    return answer if isinstance(answer, Refusal) else c.ChangeSeverity(severity=answer, reason=reason or None)


def _role_and_person(line: Line, verb: Verb, context: Context) -> tuple[str, Person] | Refusal:
    people, rest = take_people(line.text)
    words = re.sub(r"^(?:is|as|to|for)\s+|\s+(?:is|as|to|for)$", "", rest).strip()
    if not people and re.search(r"(?:^|\s)me$", words):
        people, words = (Person(slack_id=context.by),), re.sub(r"(?:^|\s)me$", "", words).strip()
    if not people:
        role, name = first_word(words)
        if not name:
            return _usage(verb, "it does not say who.")
        answer = read_role(role, context)
        return answer if isinstance(answer, Refusal) else (answer, Person.of(unquote(name).removeprefix("@")))
    if not words:
        return _usage(verb, "it does not say which role.")
    answer = read_role(words, context)
    return answer if isinstance(answer, Refusal) else (answer, people[0])


def _assign(line: Line, verb: Verb, context: Context) -> Parsed:
    answer = _role_and_person(line, verb, context)
    return answer if isinstance(answer, Refusal) else c.AssignRole(role=answer[0], person=answer[1])


def _release(line: Line, verb: Verb, context: Context) -> Parsed:
    if not line.text:
        return _usage(verb, "it does not say which role.")
    answer = _role_and_person(line, verb, context)
    return answer if isinstance(answer, Refusal) else c.ReleaseRole(role=answer[0], person=answer[1])


def _set_time(line: Line, verb: Verb, context: Context) -> Parsed:
    word, when = first_word(line.text)
    which = TIME_WORDS.get(word.lower().replace("-", "_"))
    if which is None:
        return _usage(
            verb, f"there is no time `{word}`; there are {', '.join(name.value for name in TimeName)}."
        )
    if not when:
        return OpenForm(form="time", filled={"which": which.value})
    answer = _time(when, context)
    return answer if isinstance(answer, Refusal) else c.SetTime(which=which, time=answer)


def _rename(line: Line, verb: Verb, context: Context) -> Parsed:
    del context
    return c.Rename(title=unquote(line.text)) if line.text else _usage(verb, "the new title is missing.")


def _details(line: Line) -> EntryDetails | Refusal:
    marker, kind, order = line.options.get("marker"), line.options.get("kind"), line.options.get("order")
    found_marker = _choice(marker, Marker, "marker") if marker else None
    found_kind = _choice(kind, EntryKind, "kind of entry") if kind else None
    for answer in (found_marker, found_kind):
        if isinstance(answer, Refusal):
            return answer
    if order is not None and not order.isdigit():
        return Refusal(
            what="Nothing was changed",
            why=f"`{order}` is no step number.",
            hint="Use a whole number, such as 2.",
        )
    evidence = line.options.get("evidence")
    return EntryDetails(
        text=line.text or None,
        marker=Marker(found_marker) if isinstance(found_marker, str) else None,
        kind=EntryKind(found_kind) if isinstance(found_kind, str) else None,
        action=line.options.get("action"),
        actor=line.options.get("by"),
        label=line.options.get("label"),
        order=int(order) if order else None,
        evidence=(evidence,) if evidence else (),
    )


def _note(line: Line, verb: Verb, context: Context) -> Parsed:
    del verb
    details = _details(line)
    time = _time(line.options["at"], context) if "at" in line.options else Time.at(context.now)
    if isinstance(details, Refusal):
        return details
    return time if isinstance(time, Refusal) else c.AddNote(time=time, details=details)


def _entry_id(text: str, letter: str, verb: Verb) -> tuple[str, str] | Refusal:
    word, rest = first_word(text)
    match = re.fullmatch(rf"{letter}?(\d+)", word, re.IGNORECASE)
    return (
        (f"{letter}{int(match[1])}", rest)
        if match
        else _usage(verb, f"`{word}` is not the number of one, such as {letter}3.")
    )


def _edit(line: Line, verb: Verb, context: Context) -> Parsed:
    found = _entry_id(line.text, "T", verb)
    if isinstance(found, Refusal):
        return found
    details = _details(Line(text=found[1], options=line.options))
    time = _time(line.options["at"], context) if "at" in line.options else None
    if isinstance(details, Refusal):
        return details
    return time if isinstance(time, Refusal) else c.ChangeEntry(entry=found[0], time=time, details=details)


def _hide(*, hidden: bool) -> Callable[[Line, Verb, Context], Parsed]:
    def read(line: Line, verb: Verb, context: Context) -> Parsed:
        del context
        found = _entry_id(line.text, "T", verb)
        return found if isinstance(found, Refusal) else c.HideEntry(entry=found[0], hidden=hidden)

    return read


def _item(kind: ActionKind) -> Callable[[Line, Verb, Context], Parsed]:
    def read(line: Line, verb: Verb, context: Context) -> Parsed:
        del verb
        return _action_item(line, kind, context)

    return read


def _action_item(line: Line, kind: ActionKind, context: Context) -> Parsed:
    """Owners anywhere, `due …` at the end, a lone `P1` anywhere."""
    people, text = take_people(line.text)
    named = tuple(
        Person.of(name.strip()) for name in line.options.get("owner", "").split(",") if name.strip()
    )
    words = line.options.get("due")
    priority = line.options.get("priority")
    tokens = text.split(" ")
    found = next((token for token in tokens if _PRIORITY.match(token)), None)
    if found and priority is None:
        priority = found.upper()
        tokens.remove(found)
        text = " ".join(tokens)
    if words is None and (match := _DUE.search(text)):
        words, text = match[1], text[: match.start()].strip()
    due = _due(words, context)
    if isinstance(due, Refusal):
        return due
    horizon = _choice(line.options["horizon"], Horizon, "horizon") if "horizon" in line.options else None
    if isinstance(horizon, Refusal):
        return horizon
    parent = line.options.get("under")
    return c.AddAction(
        details=ActionDetails(
            text=text,
            kind=kind,
            owners=(*people, *named),
            due=due,
            priority=priority,
            horizon=Horizon(horizon) if horizon else None,
            parent=parent.upper() if parent else None,
            label=line.options.get("label"),
            type=line.options.get("type"),
            tracker=line.options.get("tracker"),
        )
    )


def _due(words: str | None, context: Context) -> Due | Refusal | None:
    if words is None:
        return None
    answer = read_due(words, now=context.now, zone=context.zone)
    if isinstance(answer, Understood) and answer.time.utc:
        return Due(at=answer.time.utc, raw=words, day_only=answer.time.precision == "day")
    refused = _ahead(words, context)
    assert isinstance(refused, Refusal), "what is no moment is refused"
    return Refusal(what="The action item was not added", why=refused.why, hint=refused.hint, field="due")


def _changes_to(state: ActionState) -> Callable[[Line, Verb, Context], Parsed]:
    def read(line: Line, verb: Verb, context: Context) -> Parsed:
        del context
        found = _entry_id(line.text, "A", verb)
        return (
            found
            if isinstance(found, Refusal)
            else c.ChangeActionState(action=found[0], state=state, reason=found[1] or None)
        )

    return read


def _action(line: Line, verb: Verb, context: Context) -> Parsed:
    del context
    found = _entry_id(line.text, "A", verb)
    if isinstance(found, Refusal):
        return found
    word, reason = first_word(found[1])
    answer = _choice(word, ActionState, "state")
    if isinstance(answer, Refusal):
        return answer
    return c.ChangeActionState(action=found[0], state=ActionState(answer), reason=reason or None)


def _snooze(line: Line, verb: Verb, context: Context) -> Parsed:
    found = _entry_id(line.text, "A", verb)
    if isinstance(found, Refusal):
        return found
    until = _ahead(found[1] or "1h", context)
    return until if isinstance(until, Refusal) else c.SnoozeAction(action=found[0], until=until)


def _named_field(text: str) -> tuple[Field | ListField | str, str] | Refusal:
    """The longest beginning of a line that names a field, a list or a group of fields; then the value."""
    words = text.replace("=", " ", 1).replace(":", " ", 1).split(" ")
    for count in range(min(6, len(words)), 0, -1):
        name = " ".join(words[:count])
        value = " ".join(words[count:]).strip()
        if name in GROUPS:
            return name, value
        if (found := find_field(name)) is not None:
            return found, value
    near = get_close_matches(words[0].lower(), field_names(), n=1)
    meant = f"Did you mean `{near[0]}`? " if near else ""
    return Refusal(
        what="Nothing was changed",
        why=f"the postmortem has no field `{words[0]}`.",
        hint=f"{meant}`/incident help postmortem` lists them.",
    )


def _set(line: Line, verb: Verb, context: Context) -> Parsed:
    del verb
    if not line.text:
        return Show(what="help", topic="postmortem")
    found = _named_field(line.text)
    if isinstance(found, Refusal):
        return found
    field, value = found
    if isinstance(field, str):
        return OpenForm(form="set", filled={"field": field})
    if isinstance(field, ListField):
        return _to_list(field, value)
    if not value:
        return OpenForm(form="set", filled={"field": field.path})
    answer = read_value(unquote(value), field.type, field.choices, context)
    if isinstance(answer, Unreadable):
        return Refusal(what=f"{field.label} was not set", why=answer.why, hint=answer.hint)
    return c.SetFields(values={field.path: answer})


def _add(line: Line, verb: Verb, context: Context) -> Parsed:
    del context
    found = _named_field(line.text)
    if isinstance(found, Refusal):
        return found
    field, value = found
    if isinstance(field, ListField):
        return _to_list(field, value)
    return _usage(verb, "that field holds one value; `set` fills it.")


def _to_list(field: ListField, value: str) -> Parsed:
    if not value:
        return OpenForm(form="add", filled={"field": field.path})
    return c.AddItem(path=field.path, values={field.main.name: unquote(value)})


def _render(line: Line, verb: Verb, context: Context) -> Parsed:
    del context
    short = {"md": "markdown", "markdown": "markdown", "html": "html", "json": "json"}
    wanted = [word.strip(",").lower() for word in line.text.split()]
    unknown = [word for word in wanted if word not in short]
    if unknown:
        return _usage(verb, f"`{unknown[0]}` is no format here.")
    return c.RequestDocument(
        formats=tuple(dict.fromkeys(short[word] for word in wanted)) or ("markdown", "html")
    )


def _document(line: Line, verb: Verb, context: Context) -> Parsed:
    del context
    word = re.sub(r"[\s-]+", "_", line.text.lower().strip())
    if word in {status.value for status in DocumentStatus}:
        return c.ChangeDocumentStatus(status=DocumentStatus(word))
    return _usage(
        verb, f"`{line.text}` is no status of a postmortem." if line.text else "the status is missing."
    )


def _shows(what: Show) -> Callable[[Line, Verb, Context], Parsed]:
    def read(line: Line, verb: Verb, context: Context) -> Parsed:
        del verb, context
        return Show(what=what.what, topic=line.text.lower() or None)

    return read


_READERS: Mapping[str, Callable[[Line, Verb, Context], Parsed]] = {
    "declare": _declare,
    "list": _shows(Show(what="list")),
    "help": _shows(Show(what="help")),
    "status": _status,
    "update": _update,
    "sev": _severity,
    "role": _assign,
    "roles": _shows(Show(what="roles")),
    "unrole": _release,
    "time": _set_time,
    "rename": _rename,
    "resolve": _ends_as(Status.RESOLVED),
    "close": _ends_as(Status.CLOSED),
    "reopen": _ends_as(Status.INVESTIGATING),
    "decline": _ends_as(Status.DECLINED),
    "note": _note,
    "timeline": _shows(Show(what="timeline")),
    "edit": _edit,
    "hide": _hide(hidden=True),
    "show": _hide(hidden=False),
    "task": _item(ActionKind.TASK),
    "followup": _item(ActionKind.FOLLOW_UP),
    "actions": _shows(Show(what="actions")),
    "action": _action,
    "done": _changes_to(ActionState.DONE),
    "start": _changes_to(ActionState.IN_PROGRESS),
    "cancel": _changes_to(ActionState.CANCELLED),
    "snooze": _snooze,
    "set": _set,
    "add": _add,
    "postmortem": _render,
    "document": _document,
}
