"""What becomes of a typed time: understood, to be asked about, or not understood with a way on."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.times import Time

EXAMPLES = "Try `14:05`, `2:05 PM CET`, `yesterday 23:50`, `2026-01-29 14:30 UTC` or `10 min ago`."
TWO_WAYS = "can be read in more than one way."


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text; ``label`` is text that can be read in this way only, to show and to type instead."""

    time: Time
    label: str


@dataclass(frozen=True, slots=True)
class Understood:
    time: Time


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """To be asked about: several readings, or one that has to be confirmed. ``why`` follows the text: "… is …"."""

    readings: tuple[Reading, ...]
    why: str = TWO_WAYS


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    why: str
    hint: str


Read = Understood | Ambiguous | NotUnderstood


def changed(answer: Read | None, change: Callable[[Time], Time]) -> Read | None:
    """The same answer with every time in it changed."""
    match answer:
        case Understood():
            return Understood(change(answer.time))
        case Ambiguous():
            return replace(answer, readings=tuple(replace(r, time=change(r.time)) for r in answer.readings))
        case _:
            return answer


def offers(question: Ambiguous) -> str:
    """What to type, where no button can be pressed."""
    labels = " or ".join(f"`{reading.label}`" for reading in question.readings)
    return f"If you mean it, type {labels}." if len(question.readings) == 1 else f"Type {labels}."
