"""Fields that a team adds to the postmortem by itself, declared in its template packs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.fields import FIELDS, Field, FieldType, take_in

#: What a team may write as a type, and how it is kept. A user is typed as a mention or a name.
TYPES: Mapping[str, FieldType] = {
    "text": FieldType.TEXT,
    "number": FieldType.NUMBER,
    "choice": FieldType.CHOICE,
    "date": FieldType.DATE,
    "user": FieldType.LINE,
    "list": FieldType.LINES,
}


class Asked(StrEnum):
    """When a field is asked for; the review asks for all."""

    DECLARE = "declare"
    DURING = "during"
    CLOSE = "close"
    REVIEW = "review"


PREFIX = "custom."
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """One field at ``custom.<name>``."""

    path: str
    label: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    ask: Asked = Asked.REVIEW

    def field(self) -> Field:
        """As any other field of the postmortem; it may be named without ``custom.``."""
        name = self.path.removeprefix(PREFIX)
        return Field(
            self.path,
            self.label,
            TYPES[self.kind],
            self.choices,
            (name.replace("_", " "),),
            person=self.kind == "user",
        )


def custom_path(name: str) -> str | None:
    """``region`` as ``custom.region``; None where it is no name."""
    return f"{PREFIX}{name}" if _NAME.fullmatch(name) else None


_asked: dict[str, Asked] = {}


def declare(fields: Iterable[CustomField]) -> None:
    """The fields of this installation, instead of those declared before: once, where everything is put together.

    A name that two packs declare is what the first of them says.
    """
    first: dict[str, CustomField] = {}
    for field in fields:
        first.setdefault(field.path, field)
    for path in _asked:
        del FIELDS[path]
    _asked.clear()
    _asked.update({path: field.ask for path, field in first.items()})
    take_in(field.field() for field in first.values())


def asked_at(moment: Asked) -> tuple[str, ...]:
    """Paths of the fields that are asked for then."""
    return tuple(path for path, ask in _asked.items() if ask is moment)


def declared() -> tuple[str, ...]:
    return tuple(_asked)
