"""The bytes of a postmortem: Markdown by a pack, HTML from that Markdown, JSON from the document itself."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.documents.escaping import inline
from bot.documents.html import render_html
from bot.documents.json import render_json
from bot.documents.markdown import render_markdown
from bot.documents.packs import DEFAULT, BadPack, PackNotFound, builtin, load_pack


class PackRenderer:
    """The `Renderer` port. ``folders`` hold a workspace's own packs and are searched before the built-in ones."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._roots = (*folders, builtin())

    def render(self, document: Mapping[str, Any], *, pack: str, format: str) -> bytes:  # noqa: A002 - the port's word
        """The same document and pack give the same bytes. A pack that fails gives way to ``default``, and says so."""
        match format:
            case "markdown":
                text = self.markdown(document, pack)
            case "html":
                text = render_html(self.markdown(document, pack))
            case "json":
                text = render_json(document)
            case _:
                raise ValueError(f"{format} is no format of a postmortem")
        return text.encode()

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
