"""What a rule finds, how much it matters, and what the rules may be told by a pack."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Data = Mapping[str, Any]


class Level(StrEnum):
    """Only errors hold up a publication, and the commander may publish all the same, with a reason."""

    OFF = "off"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark: rule, level, the words for people, where in the document (a path) and what would help."""

    rule: str
    level: Level
    text: str
    where: str | None = None
    hint: str | None = None

    def data(self) -> dict[str, str]:
        said = {
            "rule": self.rule,
            "level": self.level.value,
            "text": self.text,
            "where": self.where,
            "hint": self.hint,
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A finding before anybody said how much it matters. ``level`` overrides the rule's own default."""

    text: str
    where: str | None = None
    hint: str | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a pack says about the rules: levels by rule id (`lint:` in pack.yaml), and its numbers."""

    levels: Mapping[str, Level]
    gap_minutes: float = 30
    many_entries: int = 50
    few_entries: int = 4

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Profile":
        """From a pack's settings; words that are no level and numbers that are none are left out."""
        said = settings.get("lint") or {}
        known = {level.value for level in Level}
        # YAML reads a bare `off` as False.
        words = {str(rule): "off" if level is False else str(level) for rule, level in said.items()}
        numbers = settings.get("lint_settings") or {}
        kept = {
            name: numbers[name]
            for name in ("gap_minutes", "many_entries", "few_entries")
            if isinstance(numbers.get(name), int | float)
        }
        return cls(levels={rule: Level(word) for rule, word in words.items() if word in known}, **kept)


Remarks = Iterator[Remark]
