"""The words by which people call statuses, times, markers and states, and how a word is matched with them."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from bot.domain.details import Severity
from bot.domain.vocabulary import (
    ActionKind,
    ActionState,
    DocumentStatus,
    EntryKind,
    Horizon,
    Marker,
    Phase,
    Status,
    TimeName,
)
from bot.language.intents import Rung
from bot.language.typed import behind, tokens

LONGEST = 6  # words in a name, such as "long term fixes"


def fold(text: str) -> str:
    """How words are compared: case, hyphens, underscores and dots at the end do not matter."""
    return re.sub(r"[\s_‐-―-]+", " ", text.casefold()).replace("’", "'").strip(" .,:;!?…\"'`")  # noqa: RUF001


def squeeze(text: str) -> str:
    return fold(text).replace(" ", "")


_T = TypeVar("_T", bound=StrEnum)
_V = TypeVar("_V")


def _table(names: Mapping[_T, str]) -> Mapping[str, _T]:
    """Each member by its own value and by its other words, separated by ``|``."""
    own = {fold(member.value): member for member in names}
    return {
        fold(word): member for member, words in names.items() for word in words.split("|") if word.strip()
    } | own


STATUSES = _table(
    {
        Status.TRIAGE: "triaging|new",
        Status.INVESTIGATING: "investigate|looking into it|looking",
        Status.IDENTIFIED: "identify|found|fixing|fix in progress|mitigating",
        Status.MONITORING: "monitor|mitigated|mitigate|stable|stabilized|stabilised|watching|contained",
        Status.RESOLVED: "resolve|fixed|recovered|solved",
        Status.CLOSED: "close|completed",
        Status.DECLINED: "decline|cancelled|canceled|false alarm|not an incident|invalid|rejected",
        Status.MERGED: "duplicate|dup|duplicate of|merge|merged into",
    }
)
TIMES = _table(
    {
        TimeName.IMPACT_STARTED: "impact start|impact|start|started|began|beginning|onset",
        TimeName.DETECTED: "detection|reported|noticed|alerted|found",
        TimeName.DECLARED: "declaration|opened",
        TimeName.ACKNOWLEDGED: "acknowledge|acked|ack|responded",
        TimeName.IDENTIFIED: "diagnosed|cause found",
        TimeName.MITIGATED: "mitigation|stable|stabilized|restored|impact ended|impact end",
        TimeName.RESOLVED: "resolution|fixed|recovered|ended|end|over",
        TimeName.CLOSED: "finished",
    }
)
MARKERS = _table(
    {
        Marker.FAILURE: "failed|failing|fail|down|outage|red",
        Marker.DEGRADED: "degradation|slow|partial|yellow",
        Marker.DETECTED: "detection|alert|alerted",
        Marker.IN_PROGRESS: "progress|working|wip|inprogress",
        Marker.RESTORED: "restore|back",
        Marker.HEALTHY: "ok|up|green",
        Marker.RECOVERED: "recovery|recovering",
    }
)
ENTRY_KINDS = _table(
    {
        EntryKind.EVENT: "happening",
        EntryKind.ACTION: "step|did",
        EntryKind.DECISION: "decided|decide",
        EntryKind.COMMUNICATION: "comms|communicated|said",
        EntryKind.DETECTION: "detected|alert",
        EntryKind.CHANGE: "changed|deploy|release",
        EntryKind.EVIDENCE: "graph|log|screenshot",
        EntryKind.SYSTEM: "machine",
    }
)
ACTION_KINDS = _table(
    {
        ActionKind.TASK: "now",
        ActionKind.FOLLOW_UP: "followup|later|action",
        ActionKind.RECOMMENDATION: "recommend",
        ActionKind.PREVENTIVE_MEASURE: "preventive|measure|prevent|prevention",
    }
)
STATES = _table(
    {
        ActionState.OPEN: "todo|to do|reopen|reopened|not started",
        ActionState.IN_PROGRESS: "inprogress|progress|start|started|doing|wip|working",
        ActionState.BLOCKED: "block|waiting|stuck|on hold",
        ActionState.DONE: "finish|finished|complete|completed|closed|close|resolved",
        ActionState.CANCELLED: "cancel|canceled|dropped|drop|won't do|wont do|not needed",
    }
)
HORIZONS = _table(
    {
        Horizon.IMMEDIATE: "now|at once",
        Horizon.SHORT: "short term",
        Horizon.MEDIUM: "medium term|mid|mid term",
        Horizon.LONG: "long term|ongoing",
    }
)
DOCUMENT_STATUSES = _table(
    {
        DocumentStatus.DRAFT: "drafting",
        DocumentStatus.IN_REVIEW: "review|reviewing|inreview|for review",
        DocumentStatus.PUBLISHED: "publish|final|done",
    }
)
FORMATS: Mapping[str, str] = {
    "markdown": "markdown",
    "md": "markdown",
    "html": "html",
    "json": "json",
    "pdf": "pdf",
    "canvas": "canvas",
    "picture": "png",
    "png": "png",
    "svg": "svg",
}
PRIORITIES: Mapping[str, str] = {f"p{n}": f"P{n}" for n in range(5)} | {
    "critical": "Critical",
    "high": "High",
    "medium": "Medium",
    "low": "Low",
    "urgent": "High",
}
PHASES = _table({Phase.BEFORE: "earlier", Phase.DURING: "impact", Phase.AFTER: "later|afterwards"})

FILTERS: Mapping[str, str] = {
    "mine": "mine",
    "my": "mine",
    "me": "mine",
    "open": "open",
    "all": "all",
    "overdue": "overdue",
    "late": "overdue",
    "unowned": "unowned",
    "nobody": "unowned",
}


def leading(text: str, table: Mapping[str, _V]) -> tuple[_V, str] | None:
    """The value that the longest beginning of a text names, and the rest of the text."""
    words = tokens(text)
    for count in range(min(LONGEST, len(words)), 0, -1):
        value = table.get(fold(text[words[0].start : words[count - 1].end]))
        if value is not None:
            return value, behind(text, words, count)
    return None


def alike(word: str, known: Iterable[str], cutoff: float = 0.7) -> str | None:
    """The known word that was probably meant.

    Two words' likeness is twice their matching letters by all their letters (`difflib`). Those that have not enough letters
    in common need no closer look, which takes twenty times as long.
    """
    typed = fold(word)
    letters = frozenset(typed)
    worth = [
        name
        for name in known
        if sum(letter in letters for letter in name) >= cutoff * (len(typed) + len(name)) / 2
    ]
    return next(iter(get_close_matches(typed, worth, n=1, cutoff=cutoff)), None)


def read_severity(text: str, ladder: tuple[Rung, ...]) -> Severity | None:
    """`SEV1`, `sev-1`, `1`, `s1`, `critical`: by label, then by the ladder's other words, then by level."""
    word = squeeze(text)
    by_label = {squeeze(rung.severity.label): rung.severity for rung in ladder}
    by_alias = {squeeze(alias): rung.severity for rung in ladder for alias in rung.aliases}
    by_first = {
        squeeze(rung.definition.partition(":")[0]): rung.severity for rung in ladder if ":" in rung.definition
    }
    by_level = {
        name: rung.severity
        for rung in ladder
        for level in (rung.severity.level,)
        for name in (
            str(level),
            f"sev{level}",
            f"s{level}",
            f"severity{level}",
            squeeze(f"{rung.severity.scheme}{level}"),
        )
    }
    return by_label.get(word) or by_alias.get(word) or by_level.get(word) or by_first.get(word)
