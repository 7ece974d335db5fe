"""The sandbox in which templates run: plain data in, Markdown out, every printed value escaped without being asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    TemplateRuntimeError,
    Undefined,
    UndefinedError,
    nodes,
    pass_context,
)
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from bot.documents import printing
from bot.documents.escaping import Md, inline, link, paragraphs, within
from bot.documents.marks import Written
from bot.documents.packs import PackLoader

#: Jinja's own filters that neither switch escaping off nor write another markup.
_KEPT = frozenset(
    {
        "abs",
        "batch",
        "capitalize",
        "default",
        "dictsort",
        "first",
        "float",
        "groupby",
        "indent",
        "int",
        "items",
        "last",
        "length",
        "list",
        "lower",
        "map",
        "max",
        "min",
        "reject",
        "rejectattr",
        "replace",
        "reverse",
        "round",
        "select",
        "selectattr",
        "slice",
        "sort",
        "string",
        "sum",
        "title",
        "trim",
        "truncate",
        "unique",
        "upper",
    }
)


class _Generator(CodeGenerator):
    """Joins with ``~`` by our rule: what is no Markdown yet is escaped as Markdown, not as HTML."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        self.write("environment.concat_values((")
        for arg in node.nodes:
            self.visit(arg, frame)
            self.write(", ")
        self.write("))")


class Sandbox(ImmutableSandboxedEnvironment):
    """Missing parts of the document are empty; names that no document has are mistakes."""

    code_generator_class = _Generator

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            autoescape=True,
            finalize=printed,
            undefined=ChainableUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.globals = {
            "range": self.globals["range"],
            "link": link,
            "money": printing.money_text,
            "heading": heading,
            "columns_of": columns_of,
            "record_columns": record_columns,
        }
        kept = {name: function for name, function in self.filters.items() if name in _KEPT}
        self.filters = kept | _FILTERS

    def join_path(self, template: str, parent: str) -> str:
        """``base/…`` depends on the pack in which it is said."""
        return self.loader.below(template, parent) if isinstance(self.loader, PackLoader) else template

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A dot reads the document. Methods of dicts would hide fields like ``items`` and ``count``."""
        if isinstance(obj, Undefined):
            return obj  # with what was wrong first
        if isinstance(obj, dict):
            return obj.get(attribute, self.undefined(obj=obj, name=attribute))
        return super().getattr(obj, attribute)

    @staticmethod
    def concat_values(values: Iterable[Any]) -> str:
        parts = list(values)
        if any(isinstance(part, Markup) for part in parts):
            return Md("").join(
                within(part) if isinstance(part, str) and not isinstance(part, Markup) else printed(part)
                for part in parts
            )
        return "".join("" if part is None else str(part) for part in parts)


def printed(value: Any) -> Markup:
    """A value as it stands in Markdown. Nothing prints as nothing; a group has no print."""
    match value:
        case Markup():
            return value
        case Written():
            return value.wrap(inline(value))
        case Undefined():
            _refuse_mistakes(value)
            return Md()
        case None:
            return Md()
        case bool():
            return Md("yes" if value else "no")
        case int() | float():
            return inline(printing.number_text(value))
        case str():
            return inline(value)
        case list() | tuple():
            return join(value)
        case dict():
            raise TemplateRuntimeError(
                f"a group cannot be printed; print one of its parts: {', '.join(value)}"
            )
        case _:
            raise TemplateRuntimeError(f"{type(value).__name__} cannot be printed")


def _refuse_mistakes(value: Undefined) -> None:
    """What the sandbox forbids, and names that no document has. `a if b` without else has no name at all."""
    if issubclass(value._undefined_exception, SecurityError):  # noqa: SLF001 - Jinja has no other way to ask
        raise SecurityError(value._undefined_message)  # noqa: SLF001
    name = value._undefined_name  # noqa: SLF001
    if name is not None and value._undefined_obj is missing:  # noqa: SLF001
        raise UndefinedError(f"the document has no {name}")


def join(values: Iterable[Any], by: str = ", ") -> Md:
    """Values printed one after another. ``by`` is the template's own text and stays as it is."""
    return Md(by.join(str(printed(value)) for value in values))


def heading(level: int, words: Any) -> Md:
    """A heading; Markdown has six levels."""
    return Md(f"{'#' * max(1, min(6, level))} {str(printed(words)).strip()}")


def columns_of(
    section: Mapping[str, Any], columns: Mapping[str, Sequence[Any]], t: Callable[[str], Any]
) -> list[list[Any]]:
    """The columns of a section in its pack's order and words; those that the pack does not name follow.

    ``columns`` are name to (title, how to get the cell). What the pack names is kept when it is empty.
    """
    named = [(name, title) for name, title in section.get("columns") or [] if name in columns]
    hidden = set(section.get("hide") or [])
    first = [[t(title or columns[name][0]), columns[name][1], True] for name, title in named]
    rest = [
        [t(column[0]), column[1], len(column) > 2 and column[2]]
        for name, column in columns.items()
        if name not in hidden and name not in {taken for taken, _ in named}
    ]
    return first + rest


def record_columns(
    row: Mapping[str, Any], section: Mapping[str, Any], t: Callable[[str], Any]
) -> list[list[Any]]:
    """The columns that a section names, or all that a record has."""
    named = section.get("columns") or [[name, None] for name in row if name != "id"]
    return [[t(title or name.replace("_", " ").capitalize()), name] for name, title in named]


def table(rows: Iterable[Any], columns: Sequence[Sequence[Any]], keep: Sequence[str] = ()) -> Md:
    """Rows as a table. A column is a title and how to get its cell: a macro, a name or a place; or none at all.

    Columns without any content are left out, but for those to keep, by title or by a third part of the column.
    """
    keep = [*keep, *(column[0] for column in columns if len(column) > 2 and column[2])]
    cells = [
        [str(printed(_cell(row, how))).strip().replace("\n", " ") for _, how, *_ in columns] for row in rows
    ]
    if not cells:
        return Md()
    titles = [str(printed(title)) for title, *_ in columns]
    blanks = ["—" if title in keep else "" for title in titles]
    shown = [at for at, blank in enumerate(blanks) if blank or any(row[at] for row in cells)]
    lines = chain([titles, ["---"] * len(titles)], cells)
    return Md("\n".join(f"| {' | '.join(line[at] or blanks[at] for at in shown)} |" for line in lines))


def _cell(row: Any, how: Any) -> Any:
    if how is None:
        return None
    if callable(how):
        return how(row)
    return row.get(how) if isinstance(row, Mapping) else row[how]


def tree(nodes_: Iterable[Mapping[str, Any]], line: Callable[[Any], Any], depth: int = 0) -> Md:
    """A nested list; ``line`` is a macro that prints one node, without the bullet."""
    lines: list[str] = []
    for node in nodes_:
        lines.append(f"{'  ' * depth}- {str(printed(line(node))).strip()}")
        if children := node.get("children"):
            lines.append(str(tree(children, line, depth + 1)))
    return Md("\n".join(lines))


def _of(text: Callable[..., str]) -> Callable[..., Any]:
    """A filter that lets what is missing stay missing."""

    def of(value: Any, *args: Any, **options: Any) -> Any:
        return value if value is None or isinstance(value, Undefined) else text(value, *args, **options)

    return of


def _prose(text: str) -> Md:
    return text.wrap(paragraphs(text)) if isinstance(text, Written) else paragraphs(text)


@pass_context
def _status_label(context: Context, state: Any) -> Any:
    """What the pack calls an item's state: ``🟢 Done``."""
    words = context.resolve("pack")["labels"]["states"].get(state, state)
    return context.resolve("t")(words)


_FILTERS: dict[str, Callable[..., Any]] = {
    "clock": _of(lambda value, **options: Md(printing.clock_text(value, **options))),
    "utc": _of(lambda value, **options: Md(printing.moment_text(value, **options))),
    "date": _of(printing.date_text),
    "duration": lambda value, **options: printing.duration_text(
        None if isinstance(value, Undefined) else value, **options
    ),
    "number": _of(printing.number_text),
    "local": _of(lambda value, zone, **options: Md(printing.moment_text(value, zone=zone, **options))),
    "person": printed,
    "status_label": _status_label,
    "esc": printed,
    "esc_md": printed,
    "prose": _of(_prose),
    "join": join,
    "table": table,
    "tree": tree,
}
