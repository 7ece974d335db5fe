"""The field's standard terms as closed lists: statuses, kinds, markers, times, states."""

from enum import StrEnum


class Status(StrEnum):
    TRIAGE = "triage"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"

    @property
    def is_open(self) -> bool:
        """Whether responders still work on it (resolved and after is not)."""
        return self in OPEN_STATUSES

    @property
    def is_final(self) -> bool:
        return self in {Status.CLOSED, Status.DECLINED, Status.MERGED}


OPEN_STATUSES = frozenset({Status.TRIAGE, Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING})


class Kind(StrEnum):
    NORMAL = "normal"
    TEST = "test"
    DRILL = "drill"
    RETROACTIVE = "retroactive"


class Marker(StrEnum):
    """A tag on a timeline entry that says how the service was doing."""

    FAILURE = "failure"
    DEGRADED = "degraded"
    DETECTED = "detected"
    IN_PROGRESS = "in_progress"
    RESTORED = "restored"
    HEALTHY = "healthy"
    RECOVERED = "recovered"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").upper()


class TimeName(StrEnum):
    """The moments of an incident; all can be corrected by hand, in any order of entry."""

    IMPACT_STARTED = "impact_started"
    DETECTED = "detected"
    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    IDENTIFIED = "identified"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


class EntryKind(StrEnum):
    EVENT = "event"
    ACTION = "action"
    DECISION = "decision"
    COMMUNICATION = "communication"
    DETECTION = "detection"
    CHANGE = "change"
    EVIDENCE = "evidence"
    SYSTEM = "system"


class Phase(StrEnum):
    """Where an entry stands beside the impact."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class TagKind(StrEnum):
    """Where a tagged message goes: the curated timeline, or the scribe's raw notes."""

    TIMELINE = "timeline"
    NOTE = "note"


class ActionKind(StrEnum):
    TASK = "task"
    FOLLOW_UP = "follow_up"
    RECOMMENDATION = "recommendation"
    PREVENTIVE_MEASURE = "preventive_measure"

    @property
    def label(self) -> str:
        return self.value.replace("_", "-" if self is ActionKind.FOLLOW_UP else " ")


class ActionState(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def is_finished(self) -> bool:
        return self in {ActionState.DONE, ActionState.CANCELLED}

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


class Horizon(StrEnum):
    IMMEDIATE = "immediate"
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class HandoffOutcome(StrEnum):
    """What became of an offered role; ``withdrawn`` when somebody else got it or it was given up."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class NudgeKind(StrEnum):
    """What an incident lacks, of which its channel is reminded."""

    COMMANDER = "commander"
    UPDATE = "update"
    PROMISE = "promise"
    QUIET = "quiet"
    IMPACT = "impact"


class DocumentStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        return {"draft": "Draft", "in_review": "In Review", "published": "Published"}[self.value]
