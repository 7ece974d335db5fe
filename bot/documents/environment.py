"""Jinja2 for packs: sandboxed, plain data in, every printed value escaped without the author's doing."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, FileSystemLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.documents.escape import Safe, cell, escape, inline, paragraph


def environment(folders: list[Path]) -> ImmutableSandboxedEnvironment:
    """Templates are looked up in ``folders`` in order. A path that is missing prints nothing."""
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=False,  # HTML is made from the Markdown, which `finalize` has escaped
        finalize=escape,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.clear()
    made.filters |= {
        "cell": cell,
        "line": inline,
        "prose": paragraph,
        "words": _words,
        "when": _when,
        "listed": _listed,
        "heading": inline,
        "md": Safe,
        "safe_box": _box,
        "long_date": _long_date,
        "number": _number,
    }
    return made


def _words(value: object) -> str:
    """``in_progress`` as people write it."""
    return str(value).replace("_", " ") if value else ""


def _box(value: object) -> Safe:
    """A tick box, whose brackets are Markdown."""
    return Safe("[x]" if "x" in str(value) else "[ ]")


def _number(value: object) -> str:
    """``15,000``."""
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _long_date(value: object) -> str:
    """``2026-02-05 (February 5, 2026)``, so that nobody takes the day for the month."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{day.isoformat()} ({day:%B} {day.day}, {day.year})"


def _listed(values: object) -> str:
    """A list in one line."""
    return (
        ", ".join(str(value) for value in values if value) if isinstance(values, list) else str(values or "")
    )


def _when(time: Any) -> Safe:
    """A stated moment: date, clock in UTC, and the typist's own clock where it differed."""
    if not isinstance(time, Mapping) or not time.get("utc"):
        return Safe("—")
    if time["precision"] == "day":
        return escape(time["date"])
    zone = "" if str(time["clock"]).endswith("UTC") else " UTC"
    local = f" ({time['local']})" if time.get("local") else ""
    return escape(f"{time['date']} {time['clock']}{zone}{local}")
