"""How the verbs that declare and run an incident are read: title, status, severity, times, updates."""

import re

from bot.domain import commands as c
from bot.domain.details import Severity
from bot.domain.vocabulary import Kind, Status, TimeName
from bot.language.entries import is_number
from bot.language.intents import Context, Intent, Show
from bot.language.items import reopen_item
from bot.language.said import Misread, Said, ahead, choice, moment, reason, severity, time_alone
from bot.language.typed import behind, first_word, tokens, unquote
from bot.language.words import STATUSES, TIMES, alike, fold, leading, read_severity, squeeze

_KINDS = (("test", Kind.TEST), ("drill", Kind.DRILL), ("retroactive", Kind.RETROACTIVE))
_LEAD_IN = re.compile(r"^(?:is|to|as|now|=)\s+", re.IGNORECASE)
_RUNG_AT_END = re.compile(r"[\s,;(]+(\S*\d)\)?[.!]*$")


def declare(said: Said) -> Intent:
    title, found = _title(said)
    kind = next((kind for name, kind in _KINDS if said.has(name)), Kind.NORMAL)
    if not title:
        flags = ",".join(
            name for name in ("private", "test", "drill", "retroactive", "here") if said.has(name)
        )
        services = "\n".join(_services(said))
        label = found.label if found else None
        return said.form(
            "declare", severity=label, symptom=said.option("symptom"), services=services, flags=flags
        )
    return said.do(
        c.Declare(
            title=title,
            severity=found,
            kind=kind,
            private=said.has("private"),
            symptom=said.option("symptom"),
            services=_services(said),
            template=said.option("template"),
            here=said.has("here"),
        )
    )


def _title(said: Said) -> tuple[str, Severity | None]:
    """The title, and the severity by option, or by a label such as ``sev2`` behind the title."""
    title, found = unquote(said.text), said.severity()
    match = _RUNG_AT_END.search(title)
    if found is None and match and squeeze(match[1]) in _labels(said.context):
        found = read_severity(match[1], said.context.severities)
        title = title[: match.start()]
    return " ".join(title.split()).rstrip(". ") or title.strip(), found


def _labels(context: Context) -> frozenset[str]:
    return frozenset(squeeze(rung.severity.label) for rung in context.severities)


def _services(said: Said) -> tuple[str, ...]:
    parts = (part.strip() for typed in said.options.get("service", ()) for part in re.split(r"[,\n;]", typed))
    return tuple(dict.fromkeys(part for part in parts if part))


def is_url(text: str) -> bool:
    return re.fullmatch(r"https?://[^\s<>|]+", text) is not None


def link(said: Said) -> Intent:
    """``link URL [label]``; Slack sends a typed address as ``<https://…|shown>``."""
    if not said.text:
        return said.form("link")
    words = said.text.split(maxsplit=1)
    url = words[0].strip("<>").partition("|")[0]
    if not is_url(url):
        raise Misread(
            f"`{words[0]}` is no link.", "Type it: `/incident link https://… what it shows`.", title=True
        )
    label = unquote(words[1]) if len(words) > 1 else url
    return said.do(c.AddItem(path="links", values={"label": label, "url": url}))


def make_private(said: Said) -> Intent:
    if said.text:
        raise Misread("there are words behind it.", "Type `/incident private` alone.", title=True)
    return said.do(c.MakePrivate())


def rename(said: Said) -> Intent:
    title = re.sub(r"^to\s+(?=[\"“'])", "", said.text)
    if not title:
        raise Misread("the new title is missing.", "Type it: `/incident rename checkout is slow`.")
    return said.do(c.Rename(title=unquote(title)))


# --- status ------------------------------------------------------------------------------------------------------


def status(said: Said) -> Intent:
    """``status S [why]``; alone it shows how the incident stands."""
    if not said.text:
        return Show(what="status", incident=said.incident)
    text = _LEAD_IN.sub("", said.text)
    found = leading(text, STATUSES)
    if found is None:
        word = first_word(text)
        near = alike(word, STATUSES)
        meant = (
            f"Did you mean `{STATUSES[near].value}`?"
            if near
            else "There are `investigating`, `identified`, `monitoring`, `resolved`, `closed`, `declined`."
        )
        raise Misread(f"there is no status `{word}`.", meant, title=True)
    return _become(said, *found)


def status_word(said: Said) -> Intent:
    """A status typed as a verb."""
    return _become(said, STATUSES[fold(said.word)], said.text)


def resolve(said: Said) -> Intent:
    return _become(said, Status.RESOLVED, said.text)


def close(said: Said) -> Intent:
    return _become(said, Status.CLOSED, said.text)


def reopen(said: Said) -> Intent:
    """The incident, or the item that is named."""
    if is_number(first_word(said.text)):
        return reopen_item(said)
    return _become(said, Status.INVESTIGATING, said.text)


def _become(said: Said, status: Status, text: str) -> Intent:
    """What follows a status is its time, if it is nothing but a time, else the reason, or the outcome of resolving."""
    time = said.at()
    if time is None and (alone := time_alone(text, said.context)):
        time, text = alone, ""
    why = None if fold(text) == "now" else reason(text)
    if status is Status.RESOLVED:
        return said.do(c.ChangeStatus(status=status, time=time, outcome=why))
    if status is Status.MERGED:
        into = read_ref(text, said.context)
        if into is None:
            raise Misread(
                "it does not say of which incident.", "Name it: `/incident duplicate INC-7`.", title=True
            )
        return said.do(merge_command(into, said.context))
    return said.do(c.ChangeStatus(status=status, time=time, reason=why))


def read_ref(text: str, context: Context) -> int | None:
    """The number of an incident anywhere in the text, or a number alone."""
    match = re.search(rf"\b{re.escape(context.prefix)}[- ]?(\d{{1,9}})\b", text, re.IGNORECASE | re.ASCII)
    match = match or re.fullmatch(r"(?:of\s+)?#?(\d{1,9})", text.strip(), re.ASCII)
    return int(match[1]) if match else None


def merge_command(into: int, context: Context) -> c.ChangeStatus:
    reason = f"duplicate of {context.prefix.upper()}-{into}"
    return c.ChangeStatus(status=Status.MERGED, reason=reason, into=into)


# --- severity, times, updates --------------------------------------------------------------------------------------


def change_severity(said: Said) -> Intent:
    """``sev 1 [why]``, ``severity to high``: as many words as name a rung."""
    text = _LEAD_IN.sub("", said.text)
    words = tokens(text)
    for count in range(min(3, len(words)), 0, -1):
        found = read_severity(text[: words[count - 1].end], said.context.severities)
        if found:
            return said.do(c.ChangeSeverity(severity=found, reason=reason(behind(text, words, count))))
    try:
        found = severity(first_word(text), said.context)
    except Misread as misread:
        raise misread.as_title() from None
    return said.do(c.ChangeSeverity(severity=found))


def set_time(said: Said) -> Intent:
    found = leading(said.text, TIMES)
    if found is None:
        near = alike(first_word(said.text), TIMES)
        meant = f"Did you mean `{TIMES[near].value}`? " if near else ""
        names = ", ".join(f"`{name.value}`" for name in TimeName)
        raise Misread(
            f"there is no time `{first_word(said.text)}`.", f"{meant}There are {names}.", title=True
        )
    which, rest = found
    when = re.sub(r"^(?:at|to|is|was|=)\s+", "", rest, flags=re.IGNORECASE)
    if not when:
        return said.form("time", which=which.value)
    if fold(when) in {"none", "clear", "nothing"}:
        return said.do(c.SetTime(which=which, time=None))
    return said.do(c.SetTime(which=which, time=moment(when, said.context)))


def update(said: Said) -> Intent:
    status_typed = said.option("status")
    status = choice(status_typed, STATUSES, "status") if status_typed else None
    found = said.severity()
    following = said.option("next")
    next_at = ahead(following, said.context) if following else None
    text = unquote(said.text)
    if not text:
        label = found.label if found else None
        return said.form("update", status=status.value if status else None, severity=label, next=following)
    return said.do(c.PostUpdate(text=text, status=status, severity=found, next_at=next_at))
