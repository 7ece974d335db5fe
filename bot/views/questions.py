"""A question about what somebody typed, with each answer as a button: nothing has to be typed again."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.refusals import Refusal
from bot.views.text import Bold, Code, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``key`` names what was typed, as it is kept; the n-th button chooses the n-th answer."""

    key: str
    lines: Sequence[Text]
    answers: Sequence[str]


def which_time(key: str, *, what: str, text: str, why: str, readings: Sequence[str]) -> Question:
    """Several readings to choose from, or one to confirm."""
    several = len(readings) > 1
    choose = "Which do you mean?" if several else "Is that what you mean?"
    return Question(
        key=key,
        lines=(
            (Bold(f"{what} yet:"), " ", Code(text), f" {why}"),
            (f"{choose} The rest of what you typed is kept.",),
        ),
        answers=readings if several else [f"Yes, {readings[0]}"],
    )


#: As many buttons as can be told apart at a glance.
MOST_INCIDENTS = 10


def which_incident(key: str, line: str, incidents: Sequence[str], *, more: int) -> Question:
    """``line`` as it was typed where no incident is at hand; ``more`` are open beside those that are offered."""
    short = " ".join(line.split())
    typed = f"/incident {short}" if len(short) <= 80 else f"/incident {short[:80]}…"
    lines: list[Text] = [
        (
            Bold("Nothing was changed yet:"),
            " which incident do you mean? The button carries out ",
            Code(typed),
            ".",
        ),
    ]
    if more > 0:
        lines.append((f"{more} more are open; name one in front: ", Code("/incident INC-7 …"), "."))
    return Question(key=key, lines=lines, answers=incidents)


def forgotten() -> Refusal:
    return Refusal(
        what="Nothing was changed",
        why="this question is more than a week old.",
        hint="Type the command once more.",
    )
