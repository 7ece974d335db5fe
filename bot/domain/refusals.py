"""A refusal is a value: what was not done, why, and what to try."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Told to the person who asked; nothing was changed. ``field`` names the form field to blame, if one is."""

    what: str
    why: str
    hint: str
    field: str | None = None
    #: Slack id of the person with whom ``why`` begins.
    by: str | None = None

    def __str__(self) -> str:
        return f"{self.what}: {self.why} {self.hint}".strip()
