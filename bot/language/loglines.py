"""Lines pasted from logs, chats and tables: the time at the beginning of each, and what is left. Never raises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.commands import ImportedLine
from bot.domain.times import Time
from bot.language.dates import NO_DATE, find_date
from bot.language.intents import Context
from bot.language.reading import Ambiguous, NotUnderstood, Read, Understood
from bot.language.said import try_time
from bot.language.zones import Zone, split_zone

MOST_LINES = 500
MOST_WORDS = 6
HALF_A_DAY = timedelta(hours=12)
#: A time does not end in these, though it could be read with them: `14:05 on call paged`.
_OPEN_END = frozenset({"on", "and", "at", "in", "for", "to", "from", "by", "the", "of"})
_LEAD = re.compile(r"^(?:<\d{1,3}>\d?\s*)?[|>*•\-\s]*")
_SEPARATORS = " \t|:;,–—-"  # noqa: RUF001 - as people type them
#: Common Log Format (Apache, nginx): host ident user [time] request.
_ACCESS = re.compile(r"^(\S+) \S+ \S+ \[([^\]]+)\]\s*(.*)$")
_BRACKETED = re.compile(r"^[\[(]([^\])]{3,40})[\])]\s*(.*)$")
_INSIDE = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?(?!\d)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A line that is left out, and why."""

    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRead:
    lines: tuple[ImportedLine, ...]
    unread: tuple[Unread, ...]


def read_log(text: str, context: Context, *, zone: Zone | None = None, day: date | None = None) -> LogRead:
    """Each line's time and words. ``zone`` and ``day`` count where a line names none; indented lines continue one.

    Lines without a date follow each other over midnight. Whoever imports sees all of it first, so nothing is asked.
    """
    context = replace(context, declared=None)
    lines: list[ImportedLine] = []
    unread: list[Unread] = []
    given = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(given[:MOST_LINES], 1):
        if line[0] in " \t" and lines and not _parts_read(line, context, zone, day):
            lines[-1] = replace(lines[-1], text=f"{lines[-1].text}\n{line.strip()}")
            continue
        answer, words = _line(line, context, zone, day)
        if isinstance(answer, Understood) and answer.time.utc and words:
            time = answer.time
            if day and lines and (before := lines[-1].time.utc) and answer.time.utc < before - HALF_A_DAY:
                day += timedelta(days=1)
                again, words = _line(line, context, zone, day)
                time = again.time if isinstance(again, Understood) else time
            lines.append(ImportedLine(time=replace(time, source="import"), text=words))
            context = replace(context, near=time.utc)
        else:
            unread.append(Unread(number=number, text=line.strip(), why=_why(answer, words)))
    if len(given) > MOST_LINES:
        rest = f"{len(given) - MOST_LINES} more lines"
        unread.append(Unread(number=MOST_LINES + 1, text=rest, why=f"only {MOST_LINES} are taken at once."))
    return LogRead(lines=tuple(lines), unread=tuple(unread))


def _parts_read(line: str, context: Context, zone: Zone | None, day: date | None) -> bool:
    return isinstance(_line(line, context, zone, day)[0], Understood)


def _why(answer: Read, words: str) -> str:
    match answer:
        case Understood():
            return "nothing stands behind its time." if not words else "its time is unknown."
        case Ambiguous():
            return f"its time {answer.why} Give a zone and a date, or write it as 2026-01-29 14:30."
        case NotUnderstood():
            return answer.why


def _line(line: str, context: Context, zone: Zone | None, day: date | None) -> tuple[Read, str]:
    """The reading of a line's time and the words beside it; the first way of writing that fits counts."""
    for stamp, words in _ways(_LEAD.sub("", line.rstrip(" |\t"))):
        answer = _read(stamp, context, zone, day)
        if not isinstance(answer, NotUnderstood) or "future" in answer.why:
            return answer, words
    return NotUnderstood("it does not begin with a time.", ""), line.strip()


def _ways(line: str) -> Iterator[tuple[str, str]]:
    """A time in the line, and the words without it: by format, then by as many leading words as make a time."""
    if access := _ACCESS.match(line):
        yield access[2], f"{access[1]} {access[3]}".strip()
    if bracketed := _BRACKETED.match(line):
        yield bracketed[1], bracketed[2].lstrip(_SEPARATORS)
    words = list(re.finditer(r"\S+", line))
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        last = words[count - 1]
        stamp = line[: last.end()].rstrip(_SEPARATORS)
        if last[0].lower() in _OPEN_END or not _is_stamp(stamp, line):
            continue
        yield stamp, line[last.end() :].lstrip(_SEPARATORS)
    if inside := _INSIDE.search(line):
        yield inside[0], line


def _is_stamp(stamp: str, line: str) -> bool:
    """A bare number is a time only with a colon behind it: `0654: paged`, but not `1400 users`."""
    if re.fullmatch(r"\d{1,8}", stamp):
        return len(stamp) == 4 and line[4:5] == ":"
    return any(character.isdigit() for character in stamp)


def _read(stamp: str, context: Context, zone: Zone | None, day: date | None) -> Read:
    typed = stamp.strip()
    if day is not None and _has_no_date(typed, context):
        typed = f"{day} {typed}"
    if (
        zone is not None
        and split_zone(typed)[1] is None
        and not re.fullmatch(r"1\d{9}(?:\d{3}|\.\d+)?", typed)
    ):
        typed = f"{typed} {zone.name}"
    answer = try_time(typed, context)
    return Understood(_as_written(answer.time, stamp)) if isinstance(answer, Understood) else answer


def _as_written(time: Time, stamp: str) -> Time:
    return replace(time, raw=stamp.strip())


def _has_no_date(stamp: str, context: Context) -> bool:
    local: datetime = context.now.astimezone(context.zone)
    if re.fullmatch(r"1\d{9}(?:\d{3}|\.\d+)?", stamp):
        return False
    try:
        return find_date(stamp, now=local, near=local, order=context.date_order)[0] is NO_DATE
    except ValueError:
        return False
