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


def forgotten() -> Refusal:
    return Refusal(
        what="Nothing was changed",
        why="this question is more than a week old.",
        hint="Type the command once more.",
    )
