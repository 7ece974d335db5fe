"""What a form was drawn from: a short digest of every value it showed comes back with it.

So only what a person changed is saved, and nobody's words are overwritten unseen.
"""

from collections.abc import Iterable, Mapping

from bot.app.digests import digest
from bot.domain.fields import Column, Value
from bot.domain.incident import Incident
from bot.domain.sections import TIMES
from bot.domain.vocabulary import TimeName
from bot.slack.inputs import shown

#: Stands between the columns of an item.
ROW = " \x1f "
LENGTH = 6  # private_metadata holds 3000 characters (docs: views)


def mark(text: str | None) -> str:
    """The digest of a shown or typed value; spaces and line ends do not count."""
    return digest(" ".join((text or "").split()))[:LENGTH]


def value_at(incident: Incident, path: str) -> Value | None:
    """What a field or a time holds."""
    if path.startswith(TIMES):
        return incident.times.get(TimeName(path.removeprefix(TIMES)))
    return incident.fields.get(path)


def marks(incident: Incident, paths: Iterable[str]) -> dict[str, str]:
    """Digests of those fields and times that hold something."""
    known = {path: value_at(incident, path) for path in paths}
    return {path: mark(shown(value)) for path, value in known.items() if value is not None}


def row_mark(columns: Iterable[Column], values: Mapping[str, Value]) -> str:
    """The digest of one item of a list."""
    return mark(ROW.join(shown(values.get(column.name)) or "" for column in columns))
