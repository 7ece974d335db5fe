"""How the postmortem's verbs are read: fields, lists, renderings, its status."""

import re
from collections.abc import Mapping

from bot.domain import commands as c
from bot.domain.fields import (
    FIELDS,
    GROUPS,
    LISTS,
    Column,
    Field,
    FieldType,
    ListField,
    Value,
    field_names,
    find_field,
)
from bot.domain.sections import SECTIONS
from bot.domain.vocabulary import DocumentStatus
from bot.language.fill import Unreadable, read_field, read_lines, read_value
from bot.language.intents import Context, Intent, Show
from bot.language.options import Option, OptionKind, Taking, take
from bot.language.reading import NotUnderstood
from bot.language.said import Misread, Said, reason, try_due, try_time
from bot.language.typed import behind, cut, tokens
from bot.language.words import DOCUMENT_STATUSES, FORMATS, LONGEST, alike, fold, leading

Named = Field | ListField | str
_URL = re.compile(r"https?://\S+")
_KINDS: Mapping[FieldType, OptionKind] = {
    FieldType.TIME: "time",
    FieldType.DATE: "due",
    FieldType.CHOICE: "word",
    FieldType.NUMBER: "word",
    FieldType.BOOL: "word",
}


def set_field(said: Said) -> Intent:
    """``set FIELD value``; a field or a group of fields alone opens its form, nothing at all shows the fields."""
    if not said.text:
        return Show(what="help", incident=said.incident, topic="fields")
    field, value = named(said.text)
    if isinstance(field, ListField):
        return _add(said, field, value)
    if isinstance(field, str) or not value:
        return said.form("set", field=field if isinstance(field, str) else field.path)
    answer = read_field(field, value, said.context)
    if isinstance(answer, Unreadable):
        raise Misread(f"{field.label}: {answer.why}", answer.hint)
    return said.do(c.SetFields(values=answer))


def clear(said: Said) -> Intent:
    field, rest = named(said.text)
    if not isinstance(field, Field) or rest:
        raise Misread(
            "only a single field can be emptied.", "Type its name: `/incident clear root cause`.", title=True
        )
    return said.do(c.SetFields(values={field.path: None}))


def add_item(said: Said) -> Intent:
    field, value = named(said.text)
    if isinstance(field, ListField):
        return _add(said, field, value)
    if isinstance(field, Field) and field.type is FieldType.LINES:
        if not value:
            return said.form("add", field=field.path)
        return said.do(c.AddLines(path=field.path, lines=read_lines(value)))
    name = field if isinstance(field, str) else field.path
    raise Misread(f"`{name}` is no list; it holds one value.", f"Fill it: `/incident set {name} …`.")


def named(text: str) -> tuple[Named, str]:
    """The longest beginning that names a field, a list or a group of fields; and the value behind it."""
    words = tokens(text)
    for count in range(min(LONGEST, len(words)), 0, -1):
        name = words[0].text if count == 1 and words[0].quoted else text[: words[count - 1].end]
        found = find(name)
        if found:
            return found, behind(text, words, count)
    glued = re.match(r"([\w.\s-]{2,40}?)\s*[:=]\s*(?=\S)", text)
    if glued and (found := find(glued[1])):
        return found, text[glued.end() :].strip()
    raise _no_field(text)


_ALL: tuple[Field | ListField, ...] = (*FIELDS.values(), *LISTS.values())
_SHORT_LABELS: Mapping[str, Field | ListField] = {
    field.label.lower().partition(",")[0].partition(" (")[0]: field for field in _ALL
}


def find(name: str) -> Named | None:
    """By path, label or other name; hyphens and a label's remarks behind a comma do not matter."""
    plain = name.strip().strip(":=,").strip()
    spaced = plain.replace("-", " ")
    for form in (plain, spaced, ".".join(spaced.split())):
        if form.lower() in GROUPS:
            return form.lower()
        if found := find_field(form):
            return found
    return _SHORT_LABELS.get(spaced.lower())


def _no_field(text: str) -> Misread:
    words = text.split()
    begun = " ".join(words[:2])
    near = alike(begun, field_names(), 0.8) or alike(words[0] if words else "", field_names(), 0.75)
    meant = f"Did you mean `{near}`? " if near else ""
    why = f"the postmortem has no field `{words[0]}`." if words else "it does not say which field."
    return Misread(why, f"{meant}`/incident help fields` lists them.", title=bool(words))


# --- lists -------------------------------------------------------------------------------------------------------


def _add(said: Said, field: ListField, text: str) -> Intent:
    """A line into a list; its other columns are options by their names."""
    columns = {column.name: column for column in field.columns if column is not field.main}
    options = tuple(
        Option(name.replace("_", "-"), _KINDS.get(column.type, "name"), name)
        for name, column in columns.items()
    )
    text, typed = take(
        text, Taking(options=options, readable=lambda o, words: _fits(o, words, said.context), prose=True)
    )
    values = {
        name: _column(columns[name], said_of[0], said.context)
        for name, said_of in ((key.replace("-", "_"), value) for key, value in typed.items())
    }
    if "url" in columns and "url" not in values and (link := _URL.search(text)):
        values["url"] = link[0]
        text = cut(text, (link.span(),)) or link[0]
    if not text:
        return said.form("add", field=field.path, **{name: str(value) for name, value in values.items()})
    values[field.main.name] = _column(field.main, text, said.context)
    return said.do(c.AddItem(path=field.path, values=values))


def _fits(option: Option, words: str, context: Context) -> bool:
    if option.kind == "time":
        return not isinstance(try_time(words, context), NotUnderstood)
    return option.kind == "due" and not isinstance(try_due(words, context), NotUnderstood)


def _column(column: Column, text: str, context: Context) -> Value:
    answer = read_value(text, column.type, column.choices, context)
    if isinstance(answer, Unreadable):
        raise Misread(f"{column.label}: {answer.why}", answer.hint)
    return answer


def by_colon(text: str) -> tuple[Named, str] | None:
    """``went well: the rollback``: a field or list named before a colon."""
    name, colon, value = text.partition(":")
    found = find(name) if colon and value.strip() and len(name.split()) <= LONGEST else None
    return (found, value.strip()) if found and not isinstance(found, str) else None


# --- the document ----------------------------------------------------------------------------------------------------


#: What asks for the document itself, and not for its review.
_RENDERS = frozenset({"render", "generate"})
_SECTIONS: Mapping[str, str] = {
    fold(name): section.key for section in SECTIONS.values() for name in (section.key, section.title)
}


def document(said: Said) -> Intent:
    """Alone the guided review, ``postmortem impact`` one section of it; ``postmortem html``, ``postmortem in review``."""
    text = re.sub(r"^(?:is|to|as|status)\s+", "", said.text, flags=re.IGNORECASE)
    if not text and fold(said.word) not in _RENDERS:
        return said.form("review")
    if section := _SECTIONS.get(fold(text)):
        return said.form("section", section=section)
    found = leading(text, DOCUMENT_STATUSES)
    if found and not found[1]:
        return said.do(c.ChangeDocumentStatus(status=found[0]))
    wanted = [fold(word) for word in re.split(r"[\s,]+|\band\b", text) if fold(word)]
    unknown = next((word for word in wanted if word not in FORMATS), None)
    if unknown:
        raise Misread(
            f"`{unknown}` is neither a format nor a status of the postmortem.",
            "Formats are `markdown`, `html`, `pdf`, `canvas` and `json`; statuses `draft`, `in review` and `published`.",
            title=True,
        )
    formats = tuple(dict.fromkeys(FORMATS[word] for word in wanted))
    if formats in {("png",), ("svg",)}:
        return said.do(c.RequestPicture(format="svg" if formats == ("svg",) else "png"))
    return said.do(c.RequestDocument(formats=formats) if formats else c.RequestDocument())


def publish(said: Said) -> Intent:
    """``publish`` shows what is missing first; ``publish because …`` does it, with the reason."""
    if not said.text:
        return said.form("publish")
    return said.do(c.ChangeDocumentStatus(status=DocumentStatus.PUBLISHED, reason=reason(said.text)))
