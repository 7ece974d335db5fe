"""People's names in a document: full, as initials, or as the roles they held, for what leaves the company."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.views.timeline import Data

#: What stands for somebody without a role.
NOBODY = "a team member"
#: Parts of a name that are too short stand for too much else.
_SHORTEST = 3


def masked(document: Mapping[str, Any], how: str) -> Data:
    """A copy in which people's names are ``initials`` or ``roles``; the document itself for ``full``.

    The incident's own choice, ``doc.names``, goes before the pack's. Whole names and their capitalized parts are
    replaced in every text. Teams, bots and customers keep theirs.
    """
    wanted = str((document.get("doc") or {}).get("names") or how)
    if wanted == "full":
        return dict(document)
    words = dict(_words(document, wanted))
    if not words:
        return dict(document)
    longest = sorted(words, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")
    replaced = _replaced(dict(document), lambda text: pattern.sub(lambda found: words[found[0]], text))
    assert isinstance(replaced, dict)
    return replaced


def _words(document: Mapping[str, Any], how: str) -> Iterator[tuple[str, str]]:
    """Each name, and each part of one, with what stands for it."""
    for person in document.get("people") or []:
        name = str(person["name"])
        parts = [part for part in name.split() if len(part) >= _SHORTEST and part[0].isupper()]
        said = (
            _initials(name)
            if how == "initials"
            else f"the {person['roles'][0]}"
            if person["roles"]
            else NOBODY
        )
        for part in parts if len(name.split()) > 1 else ():
            yield part, said
        yield name, said


def _initials(name: str) -> str:
    return "".join(f"{part[0].upper()}." for part in name.split())


def _replaced(value: Any, change: Any) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            return {name: _replaced(inner, change) for name, inner in value.items()}
        case list() | tuple():
            return [_replaced(inner, change) for inner in value]
        case _:
            return value
