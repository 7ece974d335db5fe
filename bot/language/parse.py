"""From a typed line to an intent, or a refusal that says what to type instead. Never raises, whatever is typed.

In order: which incident, which verb, its options, then the verb's own reader. A line without a verb declares, unless
its first word is a slip of one, or it is one of the short forms at the end of this file.
"""

import re
from dataclasses import replace

from bot.domain.fields import Field
from bot.domain.refusals import Refusal
from bot.language import record, roles
from bot.language.grammar import BY_WORD, OPTION_WORDS, Verb
from bot.language.intents import Ask, Context, Intent, OpenForm, Show
from bot.language.options import Option, Taking, take
from bot.language.people import take_people
from bot.language.reading import NotUnderstood
from bot.language.said import Misread, Said, Unclear, is_time_alone, severity, try_due, try_time
from bot.language.typed import behind, first_word, plain, tokens
from bot.language.words import STATUSES, TIMES, alike, fold, leading, read_severity, squeeze

_LINKING = frozenset(
    {
        "is",
        "are",
        "was",
        "were",
        "isn't",
        "aren't",
        "wasn't",
        "has",
        "have",
        "keeps",
        "seems",
        "looks",
        "isnt",
        "arent",
    }
)
#: Before a name, these make it part of the sentence.
_OF = frozenset(
    {
        "of",
        "as",
        "like",
        "see",
        "with",
        "than",
        "from",
        "by",
        "and",
        "or",
        "to",
        "is",
        "was",
        "similar",
        "related",
    }
)
_SENTENCE = 5  # from so many words on, a line declares, whatever its first word looks like
_NUMBERED = re.compile(r"#?[TA]-?\d{1,6}", re.IGNORECASE | re.ASCII)


def parse(text: str, context: Context) -> Intent | Refusal:
    """What a line behind `/incident` means."""
    line = re.sub(r"^(?:/incident\b\s*)+", "", plain(text), flags=re.IGNORECASE)
    incident, line = _leading_ref(line, context)
    if not line:
        return Show(what="status", incident=incident) if incident else OpenForm(form="declare")
    if re.search(r"\s--help$", line) and (asked := _verb(line)):
        return Show(what="help", topic=asked[0].name)
    found = _verb(line)
    if found:
        return _with_verb(*found, line=line, incident=incident, context=context)
    return _no_incident(line, context) or _without_verb(line, incident, context)


# --- which incident ----------------------------------------------------------------------------------------------


def _ref(word: str, context: Context) -> int | None:
    """`INC-7`, `inc7`, `#inc-7-checkout-errors`."""
    prefix = re.escape(context.prefix)
    match = re.fullmatch(
        rf"#?{prefix}[-_ ]?(\d{{1,9}})(?:-[\w-]*)?", word.strip(".,;:!()[]"), re.IGNORECASE | re.ASCII
    )
    number = int(match[1]) if match else 0
    return number or None


def _leading_ref(line: str, context: Context) -> tuple[int | None, str]:
    """An incident named first; a bare number counts before a verb, or alone."""
    words = tokens(line)
    if not words:
        return None, line
    number, rest = _ref(words[0].text, context), behind(line, words, 1)
    if (
        number is None
        and len(words) > 1
        and fold(words[0].text) == fold(context.prefix)
        and words[1].text.isascii()
    ):
        number, rest = _ref(f"{context.prefix}{words[1].text}", context), behind(line, words, 2)
    if number is None and re.fullmatch(r"#?\d{1,9}", words[0].text, re.ASCII) and (not rest or _verb(rest)):
        number = int(words[0].text.lstrip("#")) or None
    return (number, rest) if number else (None, line)


def _no_incident(line: str, context: Context) -> Refusal | None:
    """`INC-0 status`, `INC-x`: something like an incident's name, which none can have, before a verb or alone."""
    words = tokens(line)
    like = re.fullmatch(rf"#?{re.escape(context.prefix)}[-_]?\w*", words[0].text, re.IGNORECASE)
    rest = behind(line, words, 1)
    if (
        like is None
        or _ref(words[0].text, context)
        or words[0].quoted
        or (rest and not _verb(rest))
        or (not rest and words[0].text.isalpha())
    ):
        return None
    return Refusal(
        what="Nothing was changed",
        why=f"there is no incident `{words[0].text}`.",
        hint=f"Incidents are called {context.prefix.upper()}-7. `/incident list` shows the open ones.",
    )


def _trailing_ref(text: str, verb: Verb, context: Context) -> tuple[int | None, str]:
    """An incident named last, unless it belongs to the sentence: `like INC-7`, or another one than this in prose."""
    words = tokens(text)
    if not words or words[-1].quoted or words[-1].code or not verb.end_ref:
        return None, text
    number = _ref(words[-1].text, context)
    before = fold(words[-2].text) if len(words) > 1 else ""
    if number is None or before in _OF or (verb.prose and context.here not in {None, number}):
        return None, text
    keep = words[-2].start if before in {"in", "for", "on"} else words[-1].start
    return number, text[:keep].rstrip()


# --- with a verb -------------------------------------------------------------------------------------------------


def _verb(line: str) -> tuple[Verb, str, str] | None:
    """The verb that the longest beginning names, as typed, and what is behind it."""
    words = tokens(line)
    for count in range(min(4, len(words)), 0, -1):
        if any(word.quoted or word.code for word in words[:count]):
            continue
        typed = line[words[0].start : words[count - 1].end]
        option = typed.startswith(("-", "–", "—"))  # noqa: RUF001 - phones make these of --
        verb = BY_WORD.get(typed if option else fold(typed) or typed)
        if verb and (count == 1 or not typed.endswith(":")):
            return verb, typed, behind(line, words, count)
    return None


def _with_verb(
    verb: Verb, word: str, text: str, *, line: str, incident: int | None, context: Context
) -> Intent | Refusal:
    colon = record.by_colon(line)
    if colon and fold(word) != verb.name:
        return _without_verb(line, incident, context)
    if verb.sentence and text and fold(first_word(text)) in _LINKING:
        return _asked_back(word, text, line)
    trailing = None
    if incident is None:
        trailing, text = _trailing_ref(text, verb, context)
    try:
        return _read(verb, word, text, incident or trailing, context)
    except Unclear as unclear:
        return Ask(
            what=verb.undone,
            text=unclear.text,
            why=unclear.question.why,
            readings=unclear.question.readings,
            incident=incident or trailing,
        )
    except Misread as misread:
        return _refusal(verb, misread, line)


def _read(verb: Verb, word: str, text: str, incident: int | None, context: Context) -> Intent:
    if not text and verb.form:
        return OpenForm(form=verb.form, incident=incident, filled=verb.filled or {})
    said = Said(verb=verb.name, word=word, text=text, context=context, incident=incident)
    if verb.options:
        taking = Taking(
            options=verb.options,
            readable=lambda option, words: _readable(option, words, context),
            prose=verb.prose,
            stops=verb.stops,
            elsewhere=OPTION_WORDS,
        )
        rest, options = take(text, taking)
        number, rest = (incident, rest) if incident else _trailing_ref(rest, verb, context)
        said = replace(said, text=rest, options=options, incident=number)
    return verb.read(said)


def _readable(option: Option, words: str, context: Context) -> bool:
    match option.kind:
        case "time":
            return not isinstance(try_time(words, context), NotUnderstood)
        case "due":
            return not isinstance(try_due(words, context), NotUnderstood)
        case "sev":
            return read_severity(words, context.severities) is not None
        case _:
            return option.name == "status" and fold(words) in STATUSES


def _refusal(verb: Verb, misread: Misread, line: str) -> Refusal:
    title = f" {_to_declare(line)}" if misread.title else ""
    return Refusal(what=verb.undone, why=misread.why, hint=misread.hint + title, field=misread.named)


def _to_declare(line: str) -> str:
    title = " ".join(line.replace("`", "'").split())
    shown = title if len(title) <= 60 else f"{title[:60]}…"
    return f"To declare an incident of that name: `/incident declare {shown}`."


def _asked_back(word: str, text: str, line: str) -> Refusal:
    """`monitoring is broken` may be a change of status, or a title."""
    return Refusal(
        what="Nothing was changed",
        why=f"this can mean `{word}`, or a new incident.",
        hint=f"{_to_declare(line)} For the other: `/incident {word}: …`, without `{first_word(text)}`.",
    )


# --- without a verb ------------------------------------------------------------------------------------------------


def _without_verb(line: str, incident: int | None, context: Context) -> Intent | Refusal:
    for short in (_field_line, _role_line, _time_line, _rung_line):
        answer = short(line, incident, context)
        if answer:
            return answer
    slip = _slip(line)
    if slip:
        return slip
    if incident:
        return Refusal(
            what="Nothing was changed",
            why=f"it does not say what about INC-{incident}.",
            hint=f"Put a command behind it, such as `/incident INC-{incident} note …`. {_to_declare(line)}",
        )
    if not any(sign.isalnum() for sign in line):
        return Refusal(
            what="Nothing was changed",
            why="there is no word in this.",
            hint="To declare an incident, say what is wrong: `/incident checkout is down`. `/incident help` shows the rest.",
        )
    return _with_verb(BY_WORD["declare"], "", line, line="", incident=None, context=context)


def _field_line(line: str, incident: int | None, context: Context) -> Intent | Refusal | None:
    """`went well: the rollback took two minutes`; a single field only where an incident is at hand."""
    found = record.by_colon(line)
    if found is None:
        return None
    is_list = not isinstance(found[0], Field)
    if not (is_list or incident or context.in_incident):
        return None
    verb = BY_WORD["add" if is_list else "set"]
    return _with_verb(verb, verb.name, line, line="", incident=incident, context=context)


def _role_line(line: str, incident: int | None, context: Context) -> Intent | Refusal | None:
    """`ic @ana`, `scribe me`: a role and a person, and nothing else."""
    people, rest = take_people(re.sub(r"\bme$", "@me", line), context)
    if not people or roles.known_role(re.sub(r"\s+(?:is|to|=)$|:$", "", rest), context) is None:
        return None
    return _with_verb(BY_WORD["role"], "role", line, line="", incident=incident, context=context)


def _time_line(line: str, incident: int | None, context: Context) -> Intent | Refusal | None:
    """`started 14:05`: the name of a time, and nothing but a time."""
    found = leading(line, TIMES)
    if found is None or not is_time_alone(found[1], context):
        return None
    return _with_verb(BY_WORD["time"], "time", line, line="", incident=incident, context=context)


def _rung_line(line: str, incident: int | None, context: Context) -> Intent | Refusal | None:
    """`sev1` changes the severity; with more words behind it nobody can know."""
    words = tokens(line)
    word = words[0].text
    labels = {squeeze(rung.severity.label) for rung in context.severities}
    if words[0].quoted or not word[-1:].isdigit() or squeeze(word) not in labels:
        return None
    rest = behind(line, words, 1)
    if rest and _ref(rest, context) is None and incident is None:
        label = severity(word, context).label
        return Refusal(
            what="Nothing was changed",
            why="this can mean a new incident, or a change of severity.",
            hint=f"Declare it: `/incident {rest[:60]} --sev {label}`. Or change it: `/incident sev {label} {rest[:60]}`.",
        )
    return _with_verb(BY_WORD["sev"], "sev", line, line="", incident=incident, context=context)


def _slip(line: str) -> Refusal | None:
    """`reslove` is a slip of the finger and not an incident's title; a sentence is a title."""
    words = line.split()
    if words[0].startswith(("-", "–", "—")):  # noqa: RUF001 - phones make these of --
        return None  # an option of declaring, not a verb
    near = _near_verb(words[0]) if len(words) < _SENTENCE else None
    numbered = len(words) in {2, 3, 4} and _NUMBERED.fullmatch(words[1])
    if near is None and not numbered:
        return None
    meant = (
        f"Did you mean `/incident {' '.join((near, *words[1:]))}`? "
        if near
        else "`/incident help` lists them. "
    )
    return Refusal(
        what="Nothing was changed",
        why=f"there is no command `{words[0].replace('`', '')}`.",
        hint=meant + _to_declare(line),
    )


def _near_verb(word: str) -> str | None:
    """In short words only two letters changed places: `node` is not `note`."""
    typed = fold(word)
    known = [name for name in BY_WORD if " " not in name and len(name) > 2]
    if len(typed) in {3, 4}:
        return next((name for name in known if _swapped(typed, name)), None)
    return alike(typed, (name for name in known if len(name) > 3), 0.8) if len(typed) > 4 else None


def _swapped(typed: str, name: str) -> bool:
    turned = (typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :] for at in range(len(typed) - 1))
    return typed != name and name in turned
