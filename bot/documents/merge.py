"""Three-way merge of lines: what one side left alone is taken from the other, and where both changed it is a conflict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed the same lines, each in its own way."""

    base: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The lines of both sides; where they conflict, ours stand."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


def merge(base: str, ours: str, theirs: str) -> Merged:
    """``ours`` and ``theirs`` were both made from ``base``."""
    if theirs in {base, ours}:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    lines: list[str] = []
    conflicts: list[Conflict] = []
    for old, mine, other in _chunks(base.split("\n"), ours.split("\n"), theirs.split("\n")):
        if other in (old, mine):
            lines += mine
        elif mine == old:
            lines += other
        else:
            lines += mine
            conflicts.append(Conflict("\n".join(old), "\n".join(mine), "\n".join(other)))
    return Merged("\n".join(lines), tuple(conflicts))


Chunk = tuple[list[str], list[str], list[str]]


def _chunks(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Chunk]:
    """The three texts cut at the lines that all of them share."""
    in_ours, in_theirs = _partners(base, ours), _partners(base, theirs)
    b = o = t = 0
    for at in sorted(in_ours.keys() & in_theirs.keys()):
        mine, other = in_ours[at], in_theirs[at]
        yield list(base[b:at]), list(ours[o:mine]), list(theirs[t:other])
        yield [base[at]], [ours[mine]], [theirs[other]]
        b, o, t = at + 1, mine + 1, other + 1
    yield list(base[b:]), list(ours[o:]), list(theirs[t:])


def _partners(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    """Which line of a side is which of the base's."""
    blocks = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}
