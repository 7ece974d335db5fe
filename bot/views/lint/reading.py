"""How the rules read a document: entries, times and everything that people wrote."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.views.lint.finding import Data

#: Not written by people, or no prose.
_SKIPPED = frozenset(
    {
        "action_totals", "added_at", "added_by", "at", "by", "channel", "created", "date", "display", "done_at", "durations", "end_utc",
        "findings", "id", "kind", "level", "marker", "message_url", "number", "owners", "people", "precision", "ref", "rendered_at",
        "revisions", "roles", "severity_history", "sla", "source", "status", "status_history", "times", "tracker", "updated",
        "url", "utc", "raw", "tz", "window", "declared_by", "evidence", "files", "record",
    }
)  # fmt: skip


def moment(time: object) -> datetime | None:
    """The instant of a time of the document, where one is known."""
    utc = time.get("utc") if isinstance(time, Mapping) else None
    return datetime.fromisoformat(utc) if utc else None


def entries(document: Data) -> list[Data]:
    """What people put on the timeline, without what the lifecycle adds."""
    return [line for line in document["timeline"] if not line.get("system")]


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text that a person wrote, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in _SKIPPED:
                yield from texts(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value, 1):
            yield from texts(inner, f"{path}.{number}")


def filled(value: Any) -> bool:
    """Whether anything was said there. A number says something even when it is 0; False says nothing."""
    if isinstance(value, Mapping):
        return any(filled(inner) for name, inner in value.items() if name != "id")
    if isinstance(value, list | tuple):
        return any(filled(inner) for inner in value)
    return value is not None and value is not False and value != ""


def actions(document: Data) -> Iterator[tuple[Data, tuple[Data, ...]]]:
    """Every action item with those above it, nearest first."""

    def below(items: Any, above: tuple[Data, ...]) -> Iterator[tuple[Data, tuple[Data, ...]]]:
        for item in items:
            yield item, above
            yield from below(item.get("children", []), (item, *above))

    yield from below(document["actions"], ())


def named(refs: list[str], most: int = 5) -> str:
    """``A1, A2 and 7 more``."""
    shown = ", ".join(refs[:most])
    return f"{shown} and {len(refs) - most} more" if len(refs) > most else shown
