"""The bytes of a postmortem: Markdown by a pack, HTML from that Markdown, JSON from the document itself."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.documents.advice import advice
from bot.documents.canvas import canvas_markdown
from bot.documents.escaping import inline
from bot.documents.html import render_html
from bot.documents.json import render_json
from bot.documents.markdown import render_markdown
from bot.documents.packs import DEFAULT, BadPack, Pack, PackNotFound, builtin, load_pack
from bot.documents.pdf import render_pdf, render_png
from bot.documents.picture import EMPTY, timeline_picture
from bot.views.lint import Finding, Profile, lint


class PackRenderer:
    """The `Renderer` port. ``folders`` hold a workspace's own packs and are searched before the built-in ones."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._roots = (*folders, builtin())

    def render(self, document: Mapping[str, Any], *, pack: str, format: str) -> bytes:  # noqa: A002 - the port's word
        """The same document and pack give the same bytes. A pack that fails gives way to ``default``, and says so.

        Raises `MissingPart` for PDF and PNG where the extra `pdf` is not installed.
        """
        match format:
            case "pdf":
                picture, under = self._picture(document, pack)
                return render_pdf(self._advised(document, pack), picture, under)
            case "png":
                return render_png(self._picture(document, pack)[0] or EMPTY)
            case "canvas":
                text = canvas_markdown(self._advised(document, pack))
            case "markdown":
                text = self._advised(document, pack)
            case "html":
                text = self._html(document, pack)
            case "svg":
                text = self._picture(document, pack)[0] or EMPTY
            case "json":
                text = render_json(document, self.lint(document, pack=pack))
            case _:
                raise ValueError(f"{format} is no format of a postmortem")
        return text.encode()

    def lint(self, document: Mapping[str, Any], *, pack: str) -> tuple[Finding, ...]:
        """What the rules remark, with the levels of the pack."""
        return lint(document, Profile.of(self._usable(pack).settings))

    def _advised(self, document: Mapping[str, Any], pack: str) -> str:
        """A draft ends with what should be looked at before people sign it."""
        text = self.markdown(document, pack)
        if not document["doc"]["is_draft"]:
            return text
        strings = self._usable(pack).strings
        return text + advice(self.lint(document, pack=pack), lambda words: strings.get(words, words))

    def _html(self, document: Mapping[str, Any], pack: str) -> str:
        picture, under = self._picture(document, pack)
        return render_html(self._advised(document, pack), picture=picture, under=under)

    def _picture(self, document: Mapping[str, Any], pack: str) -> tuple[str | None, list[str]]:
        """The timeline as SVG, and the headings under which it belongs."""
        used = self._usable(pack)
        picture = timeline_picture(document, clock12=bool(used.display.get("clock12")))
        return picture, [used.strings.get(s.heading, s.heading) for s in used.sections if "timeline" in s.id]

    def _usable(self, name: str) -> Pack:
        """The pack, or ``default`` where it cannot be read."""
        try:
            return load_pack(name, self._roots)
        except (BadPack, OSError, RecursionError):
            return load_pack(DEFAULT, [builtin()])

    def markdown(self, document: Mapping[str, Any], pack: str) -> str:
        try:
            return render_markdown(document, load_pack(pack, self._roots))
        except PackNotFound:
            note = f"Pack '{pack}' was not found; rendered with {DEFAULT}."
        except (BadPack, OSError, RecursionError) as error:
            note = f"Pack '{pack}' could not be rendered ({_reason(error)}); rendered with {DEFAULT}."
        own = render_markdown(document, load_pack(DEFAULT, [builtin()]))
        return f"> **{inline(note)}**\n\n{own}"


def _reason(error: Exception) -> str:
    """In words that name no folder of the machine."""
    return str(error) if isinstance(error, BadPack) else type(error).__name__
