"""A typed command taken apart: what the verbs read from, and how they say what they could not read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from bot.domain.commands import Command
from bot.domain.details import Due, Severity
from bot.domain.times import Precision, Time
from bot.language.due import read_due
from bot.language.intents import Context, Do, FormName, OpenForm
from bot.language.reading import Ambiguous, NotUnderstood, Read, Understood, offers
from bot.language.typed import unquote
from bot.language.when import read_time
from bot.language.words import alike, fold, read_severity

_TIME_ALONE = re.compile(
    r"(?:at\s+)?(?:~?\d{1,2}[:.]\d{2}\b|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b|\d{6}\s|yesterday\b|\d.*\bago$)",
    re.IGNORECASE,
)
_MINUTES = re.compile(r"\d{1,4}", re.ASCII)


class Misread(Exception):  # noqa: N818 - an outcome, told to the person as a refusal
    """Why words could not be read, and what to try. ``title``: perhaps an incident's title was meant."""

    def __init__(self, why: str, hint: str, *, named: str | None = None, title: bool = False) -> None:
        super().__init__(why)
        self.why, self.hint, self.named, self.title = why, hint, named, title

    def as_title(self) -> "Misread":
        return Misread(self.why, self.hint, named=self.named, title=True)


class Unclear(Misread):
    """Words with several readings, or one to confirm; the person is asked which."""

    def __init__(self, text: str, question: Ambiguous) -> None:
        super().__init__(f"`{text}` {question.why}", offers(question))
        self.text, self.question = text, question


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """``word``: the verb as typed; ``text``: what is left behind it without the options."""

    verb: str
    word: str
    text: str
    context: Context
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    incident: int | None = None

    def option(self, name: str) -> str | None:
        return next(iter(self.options.get(name, ())), None)

    def chosen(self, name: str) -> str | None:
        """The option's words, or the reading of them that its typist chose."""
        typed = self.option(name)
        return None if typed is None else self.context.chosen.get(typed, typed)

    def has(self, name: str) -> bool:
        return name in self.options

    def do(self, command: Command) -> Do:
        return Do(command=command, incident=self.incident)

    def form(self, name: FormName, /, **filled: str | None) -> OpenForm:
        known = {key: value for key, value in filled.items() if value}
        return OpenForm(form=name, incident=self.incident, filled=known)

    def at(self) -> Time | None:
        """The moment behind ``--at``."""
        typed = self.option("at")
        return None if typed is None else moment(typed, self.context)

    def severity(self) -> Severity | None:
        typed = self.option("sev")
        return None if typed is None else severity(typed, self.context)


# --- moments -----------------------------------------------------------------------------------------------------


def try_time(text: str, context: Context) -> Read:
    """A time that people type. The readings that its typist chose already are not asked about again."""
    chosen = context.chosen.get(text.strip())
    answer = read_time(
        chosen or text,
        now=context.now,
        zone=context.zone,
        near=context.near,
        declared=None if chosen else context.declared,
        date_order=context.date_order,
    )
    if chosen and isinstance(answer, Understood):
        return Understood(replace(answer.time, raw=text.strip()))
    return answer


def try_due(text: str, context: Context) -> Read:
    """A bare number is minutes."""
    text = context.chosen.get(text.strip(), text)
    minutes = f"{text.strip()}m" if _MINUTES.fullmatch(text.strip()) else text
    return read_due(minutes, now=context.now, zone=context.zone)


def moment(text: str, context: Context) -> Time:
    """A time of what happened; raises `Misread` for what cannot be read or can be read twice."""
    return _understood(try_time(text, context), text)


def ahead(text: str, context: Context) -> datetime:
    """A moment to come."""
    found = _understood(try_due(text, context), text).utc
    if found is None or found <= context.now:
        raise Misread(f"`{text}` is no moment ahead.", "Type a time ahead, such as `30m` or `tomorrow 9:00`.")
    return found


#: Words and the day they come to: `end of the quarter (2026-03-31)`.
_DATED_WORDS = re.compile(r"(?P<words>\S.*?)\s*\((?P<date>\d{4}-\d{2}-\d{2})\)")


def due(text: str, context: Context) -> Due:
    """A moment where the words can be read, else the words themselves: nothing typed is lost. Raises `Unclear`."""
    if dated := _DATED_WORDS.fullmatch(text.strip()):
        return replace(due(dated["date"], context), raw=dated["words"])
    answer = read_due(context.chosen.get(text.strip(), text), now=context.now, zone=context.zone)
    if isinstance(answer, NotUnderstood):
        return Due(raw=text)
    time = _understood(answer, text)
    return Due(at=time.utc, raw=text, day_only=time.precision is Precision.DAY, zone=time.tz)


def _understood(answer: Read, text: str) -> Time:
    match answer:
        case Understood():
            return answer.time
        case Ambiguous():
            raise Unclear(text, answer)
        case NotUnderstood():
            raise Misread(answer.why, answer.hint)


def is_time_alone(text: str, context: Context) -> bool:
    """Whether a whole text is a time, perhaps one to be asked about."""
    return bool(_TIME_ALONE.match(text)) and not isinstance(
        try_time(_without_at(text), context), NotUnderstood
    )


def _without_at(text: str) -> str:
    return re.sub(r"^at\s+", "", text, flags=re.IGNORECASE)


def time_alone(text: str, context: Context) -> Time | None:
    """The time that a whole text is, as in `resolve 14:05`; None where it says anything else. Raises `Unclear`."""
    if not _TIME_ALONE.match(text):
        return None
    bare = _without_at(text)
    answer = try_time(bare, context)
    if isinstance(answer, Ambiguous):
        raise Unclear(bare, answer)
    return answer.time if isinstance(answer, Understood) else None


# --- choices -----------------------------------------------------------------------------------------------------


def severity(text: str, context: Context) -> Severity:
    found = read_severity(text, context.severities)
    if found is None:
        ladder = ", ".join(_rung(rung.severity.label, rung.definition) for rung in context.severities)
        near = alike(text, (alias for rung in context.severities for alias in rung.aliases))
        meant = f"Did you mean `{near}`? " if near else ""
        raise Misread(f"there is no severity `{text}`.", f"{meant}Use one of {ladder}.", named="severity")
    return found


def _rung(label: str, definition: str) -> str:
    return f"`{label}` ({definition.partition(':')[0]})" if definition else f"`{label}`"


_V = TypeVar("_V", bound=StrEnum)


def choice(text: str, table: Mapping[str, _V], what: str) -> _V:
    """What a word of a closed list means; raises `Misread` with the word that was probably meant."""
    found = table.get(fold(text))
    if found is None:
        near = alike(text, table)
        meant = f"Did you mean `{table[near].value}`? " if near else ""
        known = ", ".join(
            f"`{value}`" for value in dict.fromkeys(v.value for v in type(next(iter(table.values()))))
        )
        raise Misread(f"there is no {what} `{text}`.", f"{meant}There are {known}.", named=what)
    return found


def number(text: str, what: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text.strip(), re.ASCII):
        raise Misread(f"`{text}` is no {what}.", "Use a whole number, such as 2.")
    return int(text)


def reason(text: str) -> str | None:
    """Why something was done, without the word that leads in; None when nothing is said."""
    said = re.sub(r"^\s*(?:because|as|since)\b[\s:,]*", "", unquote(text), flags=re.IGNORECASE)
    return said.strip() or None
