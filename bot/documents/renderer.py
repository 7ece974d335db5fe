"""From the Document to bytes: Markdown by a pack, HTML from that Markdown, JSON as it is."""

import json
from collections.abc import Mapping
from pathlib import Path

import structlog
from jinja2 import TemplateError

from bot.documents.environment import environment
from bot.documents.html import to_html
from bot.documents.packs import DEFAULT, TEMPLATE, BrokenPack, Pack, builtin_folder, load_pack

log = structlog.get_logger(__name__)


class PackRenderer:
    """``folders`` are a workspace's own packs; they are searched before the built-in ones."""

    def __init__(self, folders: list[Path] | None = None) -> None:
        self._folders = [*(folders or []), builtin_folder()]
        self._environment = environment(self._folders)

    def render(self, document: Mapping[str, object], *, pack: str, format: str) -> bytes:  # noqa: A002
        """``format`` is markdown, html or json. The same document and pack give the same bytes."""
        if format == "json":
            return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
        markdown = self._markdown(document, pack)
        if format == "html":
            return to_html(markdown, _title(document)).encode()
        return markdown.encode()

    def _markdown(self, document: Mapping[str, object], pack: str) -> str:
        """A broken pack never stops a postmortem: `default` is used, and the document says so."""
        try:
            return self._with_pack(document, load_pack(pack, self._folders), note=None)
        except (BrokenPack, TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            if pack == DEFAULT:
                raise
            reason = str(error) if isinstance(error, BrokenPack) else f"Pack '{pack}' is broken: {error}"
            log.warning("pack.unusable", pack=pack, reason=reason)
            note = f"{reason}; this was rendered with '{DEFAULT}'."
            return self._with_pack(document, load_pack(DEFAULT, self._folders), note=note)

    def _with_pack(self, document: Mapping[str, object], pack: Pack, *, note: str | None) -> str:
        template = self._environment.get_template(f"{pack.name}/{TEMPLATE}")
        pack_data = {"name": pack.name, "title": pack.title, "version": pack.version, "strings": pack.strings}
        return _tidy(template.render(**document, pack=pack_data, pack_note=note))


def _title(document: Mapping[str, object]) -> str:
    incident = document.get("incident")
    if not isinstance(incident, Mapping):
        return "Postmortem"
    return f"{incident.get('ref')} {incident.get('title')}"


def _tidy(markdown: str) -> str:
    """One blank line between blocks, none at the end of lines, one end of line at the end."""
    lines: list[str] = []
    for line in markdown.splitlines():
        stripped = line.rstrip()
        if stripped or (lines and lines[-1]):
            lines.append(stripped)
    return "\n".join(lines).strip() + "\n"
