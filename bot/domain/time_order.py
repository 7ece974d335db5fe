"""Which of an incident's times contradict each other."""

from collections.abc import Mapping

from bot.domain.times import Time
from bot.domain.vocabulary import TimeName

#: (earlier, later) as they must come; equal is in order.
ORDER: tuple[tuple[TimeName, TimeName], ...] = (
    (TimeName.IMPACT_STARTED, TimeName.DETECTED),
    (TimeName.DETECTED, TimeName.ACKNOWLEDGED),
    (TimeName.IMPACT_STARTED, TimeName.MITIGATED),
    (TimeName.DETECTED, TimeName.MITIGATED),
    (TimeName.IMPACT_STARTED, TimeName.RESOLVED),
    (TimeName.MITIGATED, TimeName.RESOLVED),
    (TimeName.RESOLVED, TimeName.CLOSED),
)


def contradictions(times: Mapping[TimeName, Time]) -> tuple[tuple[TimeName, TimeName], ...]:
    """Pairs (earlier, later) that stand the wrong way round. Unknown and approximate times contradict nothing."""
    return tuple((early, late) for early, late in ORDER if _before(times.get(late), times.get(early)))


def _before(late: Time | None, early: Time | None) -> bool:
    if late is None or early is None or late.utc is None or early.utc is None:
        return False
    return not (late.approx or early.approx) and late.utc < early.utc
