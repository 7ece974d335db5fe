"""The renderer, loaded when something is first rendered: templates and Markdown are half of what a start would import."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.app.ports import NO_IMAGES
from bot.app.record_ports import KeptImage
from bot.views.lint import Finding

if TYPE_CHECKING:
    from bot.documents.renderer import PackRenderer


class LateRenderer:
    """The `Renderer` port; see `PackRenderer`."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = folders

    @cached_property
    def _renderer(self) -> "PackRenderer":
        from bot.documents.renderer import PackRenderer

        return PackRenderer(self._folders)

    def render(
        self,
        document: Mapping[str, Any],
        *,
        pack: str,
        format: str,  # noqa: A002 - the port's word
        images: Mapping[str, KeptImage] = NO_IMAGES,
    ) -> bytes:
        return self._renderer.render(document, pack=pack, format=format, images=images)

    def lint(self, document: Mapping[str, Any], *, pack: str) -> tuple[Finding, ...]:
        return self._renderer.lint(document, pack=pack)

    def version(self, pack: str) -> str:
        return self._renderer.version(pack)
