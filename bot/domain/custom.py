"""Fields that a team adds to the postmortem by itself, declared in its template packs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.fields import Field, FieldType

#: What a team may write as a type, and how it is kept. A user is typed as a mention or a name.
TYPES: Mapping[str, FieldType] = {
    "text": FieldType.TEXT,
    "number": FieldType.NUMBER,
    "choice": FieldType.CHOICE,
    "date": FieldType.DATE,
    "user": FieldType.LINE,
    "list": FieldType.LINES,
}
#: When a field is asked for.
ASKED = ("declare", "during", "close", "review")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """One field at ``custom.<name>``."""

    path: str
    label: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    ask: str = "review"

    def field(self) -> Field:
        """As any other field of the postmortem; it may be named without ``custom.``."""
        name = self.path.removeprefix("custom.")
        return Field(self.path, self.label, TYPES[self.kind], self.choices, (name.replace("_", " "),))


def custom_path(name: str) -> str | None:
    """``region`` as ``custom.region``; None where it is no name."""
    return f"custom.{name}" if _NAME.fullmatch(name) else None
