"""A document as Markdown, by the templates of a pack."""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateSyntaxError

from bot.documents.environment import Sandbox
from bot.documents.escaping import Md
from bot.documents.packs import BadPack, Pack, PackLoader

TEMPLATE = "document.md.j2"


def render_markdown(document: Mapping[str, Any], pack: Pack) -> str:
    """Raises `BadPack` where a template cannot be rendered, with file and line."""
    environment = Sandbox(PackLoader(pack.folders))
    environment.globals["t"] = lambda words: Md(pack.strings.get(str(words), str(words)))
    try:
        text = environment.get_template(TEMPLATE).render({**document, "pack": pack.data()})
    except TemplateSyntaxError as error:
        raise BadPack(f"{error.name or TEMPLATE}, line {error.lineno}: {error.message}") from error
    except Exception as error:  # a template may fail in any way
        raise BadPack(f"{_where(error)}: {error}") from error
    return tidy(text)


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
