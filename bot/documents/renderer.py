"""The bytes of a postmortem: Markdown by a pack, HTML from that Markdown, JSON from the document itself."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.app.ports import NO_IMAGES
from bot.app.record_ports import KeptImage
from bot.documents.advice import advice
from bot.documents.canvas import canvas_markdown
from bot.documents.html import data_uri, render_html
from bot.documents.json import render_json
from bot.documents.markdown import EDITABLE, as_shown
from bot.documents.marks import shown
from bot.documents.pdf import render_pdf, render_png
from bot.documents.picture import EMPTY, timeline_picture
from bot.documents.shelf import Shelf
from bot.views.lint import Finding, Profile, lint

#: Sections that tell what happened one after another.
_PICTURED = frozenset({"timeline", "steps"})


class PackRenderer:
    """The `Renderer` port. ``folders`` hold a workspace's own packs and are searched before the built-in ones."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._shelf = Shelf(folders)

    def render(
        self,
        document: Mapping[str, Any],
        *,
        pack: str,
        format: str,  # noqa: A002 - the port's word
        images: Mapping[str, KeptImage] = NO_IMAGES,
    ) -> bytes:
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
                text = self._editable(document, pack)
            case "html":
                text = self._html(document, pack, images)
            case "svg":
                text = self._picture(document, pack)[0] or EMPTY
            case "json":
                text = render_json(document, self.lint(document, pack=pack))
            case _:
                raise ValueError(f"{format} is no format of a postmortem")
        return text.encode()

    def lint(self, document: Mapping[str, Any], *, pack: str) -> tuple[Finding, ...]:
        """What the rules remark, with the levels of the pack."""
        return lint(document, Profile.of(self._shelf.pack(pack).settings))

    def markdown(self, document: Mapping[str, Any], pack: str) -> str:
        """By the pack; by ``default``, with a note, where that fails."""
        return self._shelf.markdown(document, pack)

    def _advised(self, document: Mapping[str, Any], pack: str) -> str:
        """A draft ends with what should be looked at before people sign it."""
        text = self.markdown(document, pack)
        if not document["doc"]["is_draft"]:
            return text
        strings = self._shelf.pack(pack).strings
        return text + advice(self.lint(document, pack=pack), lambda words: strings.get(words, words))

    def _editable(self, document: Mapping[str, Any], pack: str) -> str:
        """The record that people read, and may change and give back."""
        return shown(
            self._advised({**document, EDITABLE: True}, pack),
            incident=document["incident"]["id"],
            version=document["record"]["events"],
            pack=pack,
        )

    def _html(self, document: Mapping[str, Any], pack: str, images: Mapping[str, KeptImage]) -> str:
        picture, under = self._picture(document, pack)
        shown = {address: data_uri(image.mimetype, image.content) for address, image in images.items()}
        return render_html(self._advised(document, pack), picture=picture, under=under, images=shown)

    def _picture(self, document: Mapping[str, Any], pack: str) -> tuple[str | None, list[str]]:
        """The timeline as SVG, and the headings under which it belongs."""
        used = self._shelf.pack(pack)
        told = as_shown(document, used)
        picture = timeline_picture(told, clock12=told["display"]["clock12"])
        sections = [section for top in used.sections for section in top.walk()]
        return picture, [used.strings.get(s.heading, s.heading) for s in sections if s.id in _PICTURED]

    def version(self, pack: str) -> str:
        return self._shelf.pack(pack).version
