"""A document as Markdown, by the templates of a pack."""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateSyntaxError

from bot.documents.contents import CONTENTS, with_contents
from bot.documents.environment import Sandbox
from bot.documents.escaping import Md
from bot.documents.marks import marking
from bot.documents.packs import BadPack, Pack, PackLoader
from bot.views.masking import masked

TEMPLATE = "document.md.j2"
#: A document with this is rendered with marks around what people wrote.
EDITABLE = "editable"
#: The lifecycle's own entries that a pack without system entries leaves out. That it came back is always told.
_LIFECYCLE = ("declared", "status", "severity", "role", "title")


class Templates:
    """The templates of one pack, compiled once and for all documents."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._said = pack.data()
        self._environment = Sandbox(PackLoader(pack.folders))
        self._environment.globals |= {
            "t": lambda words: Md(pack.strings.get(str(words), str(words))),
            "contents": lambda: Md(CONTENTS),
        }

    def markdown(self, document: Mapping[str, Any]) -> str:
        """Raises `BadPack` where a template cannot be rendered, with file and line."""
        shown = as_shown(document, self.pack)
        if document.get(EDITABLE):
            shown = marking(shown)
        context = {
            **shown,
            "pack": self._said,
            "asked_signoffs": _asked(shown, self.pack),
            "value": lambda path: value_at(shown, str(path)),
        }
        try:
            text = self._environment.get_template(TEMPLATE).render(context)
        except TemplateSyntaxError as error:
            raise BadPack(f"{error.name or TEMPLATE}, line {error.lineno}: {error.message}") from error
        except Exception as error:  # a template may fail in any way
            raise BadPack(f"{_where(error)}: {str(error) or type(error).__name__}") from error
        return tidy(with_contents(text))


def as_shown(document: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    """The document with names and times as the pack prints them."""
    shown = masked(document, str(pack.display.get("names", "full")))
    return {**shown, "display": _display(shown, pack)}


def render_markdown(document: Mapping[str, Any], pack: Pack) -> str:
    """One document by a pack that is not kept. Raises `BadPack`."""
    return Templates(pack).markdown(document)


def _asked(document: Mapping[str, Any], pack: Pack) -> list[dict[str, Any]]:
    """The signatures that the pack asks for, each with whoever held the role."""
    held = {role["label"]: role["people"] for role in document.get("roles") or []}
    roles = map(str, pack.settings.get("signoff_roles") or [])
    return [{"role": role, "name": ", ".join(held.get(role, [])), "state": "pending"} for role in roles]


def _display(document: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    """How times and names are printed: as the incident asks, and else as the pack does."""
    asked, usual = dict(document.get("display") or {}), pack.display
    seconds = {"always": True, "never": False}.get(str(usual.get("seconds")))
    hide_clocks = bool(asked.get("hide_clock_times") or usual.get("hide_clock_times"))
    quiet = hide_clocks or not usual.get("system_entries", True)
    return {
        **asked,
        "seconds": asked.get("seconds") if seconds is None else seconds,
        "all_seconds": seconds,
        "clock12": usual.get("clock") == "12h",
        "dates": usual.get("dates", "rows"),
        "order": usual.get("order", "asc"),
        "hide_clock_times": hide_clocks,
        "evidence": usual.get("evidence", True),
        "hidden_entries": list((_LIFECYCLE if quiet else usual.get("hidden_entries")) or []),
        "leaves": ((document.get("doc") or {}).get("names") or usual.get("names", "full")) != "full",
    }


def value_at(document: Mapping[str, Any], path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    place: Any = document
    for name in path.split("."):
        place = place.get(name) if isinstance(place, Mapping) else None
    return place


def tidy(text: str) -> str:
    """One blank line between blocks, none at the ends, no blanks at the ends of lines."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"


def _where(error: BaseException) -> str:
    """The template and line that an error came from; Jinja rewrites the traceback to tell."""
    where = TEMPLATE
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            where = f"{trace.tb_frame.f_code.co_filename}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return where
