"""What the doctor found of one subject."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    SKIPPED = "not looked at"
    WARNING = "warning"
    #: Tocsin will not start, or something that it promises will not happen.
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """``said`` is what is so; ``do`` what an operator does about it, where there is something to do."""

    subject: str
    state: State
    said: str
    do: str = ""
