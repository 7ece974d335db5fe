"""Advice on a postmortem before people sign it: pure rules over the Document, each with an id that never changes."""

from collections.abc import Callable, Mapping

from bot.views.lint import content, times, wording, work
from bot.views.lint.finding import Data, Finding, Level, Profile, Remarks

__all__ = ["RULES", "Finding", "Level", "Profile", "lint", "worst"]

Rule = Callable[[Data, Profile], Remarks]
_E, _W, _I = Level.ERROR, Level.WARN, Level.INFO

#: id -> (level unless a pack or the rule itself says otherwise, rule). Documents and packs know the ids.
RULES: Mapping[str, tuple[Level, Rule]] = {
    "NO_DETECTION_TIME": (_E, times.no_detection_time),
    "NO_IMPACT_START": (_E, times.no_impact_start),
    "NO_RESOLVED_TIME": (_E, times.no_resolved_time),
    "TIME_ORDER": (_E, times.time_order),
    "TIMELINE_GAP": (_W, times.timeline_gap),
    "TIMELINE_EMPTY": (_E, times.timeline_empty),
    "FEW_ENTRIES": (_I, times.few_entries),
    "NO_MARKER_FOR": (_W, times.no_marker_for),
    "APPROXIMATE_TIMES": (_I, times.approximate_times),
    "LOW_PRECISION_TIMES": (_I, times.low_precision_times),
    "AMBIGUOUS_DATE": (_E, times.ambiguous_date),
    "MIXED_TIME_ZONES": (_I, times.mixed_time_zones),
    "CROSSES_DST": (_I, times.crosses_dst),
    "CROSSES_MIDNIGHT": (_I, times.crosses_midnight),
    "OVERLAPPING_ENTRIES": (_I, times.overlapping_entries),
    "MANY_ENTRIES": (_I, times.many_entries),
    "REOPENED": (_I, times.reopened),
    "NOTES_AND_TIMELINE_DISJOINT": (_W, times.notes_and_timeline_disjoint),
    "HEADER_DATES_CONTRADICT_TIMELINE": (_W, times.header_dates_contradict_timeline),
    "STATED_DURATION_DIFFERS": (_W, times.stated_duration_differs),
    "IMPACT_EMPTY": (_E, content.impact_empty),
    "IMPACT_NOT_QUANTIFIED": (_W, content.impact_not_quantified),
    "SLA_BREACHED": (_I, content.sla_breached),
    "SLA_UNKNOWN": (_W, content.sla_unknown),
    "NO_SEVERITY": (_W, content.no_severity),
    "SEVERITY_IMPACT_MISMATCH": (_W, content.severity_impact_mismatch),
    "CAUSE_EMPTY": (_E, content.cause_empty),
    "CAUSE_UNCONFIRMED": (_W, content.cause_unconfirmed),
    "HYPOTHESIS_DIFFERS_FROM_CONFIRMED": (_I, content.hypothesis_differs_from_confirmed),
    "SINGLE_CAUSE": (_I, content.single_cause),
    "DETECTED_WITHOUT_MONITORING": (_I, content.detected_without_monitoring),
    "LESSONS_EMPTY": (_W, content.lessons_empty),
    "NOTHING_WENT_WELL": (_I, content.nothing_went_well),
    "NO_EVIDENCE_LINKS": (_I, content.no_evidence_links),
    "LINK_WITHOUT_URL": (_W, content.link_without_url),
    "NO_AUTHOR": (_W, content.no_author),
    "NO_REVIEWERS": (_W, content.no_reviewers),
    "SIGNOFF_PENDING": (_W, content.signoff_pending),
    "FOLLOWUP_NOT_SCHEDULED": (_W, content.followup_not_scheduled),
    "ACTION_NO_OWNER": (_E, work.action_no_owner),
    "ACTION_NO_DUE": (_E, work.action_no_due),
    "ACTION_NO_PRIORITY": (_W, work.action_no_priority),
    "ACTION_NO_TRACKER": (_I, work.action_no_tracker),
    "ACTION_VAGUE": (_I, work.action_vague),
    "ACTION_OVERDUE": (_W, work.action_overdue),
    "ACTION_OWNER_LEFT": (_W, work.action_owner_left),
    "NO_ACTIONS": (_W, work.no_actions),
    "ONLY_DETECT_ACTIONS": (_I, work.only_detect_actions),
    "FACTOR_WITHOUT_ACTION": (_I, work.factor_without_action),
    "BLAMEFUL_WORDING": (_W, wording.blameful_wording),
    "PLACEHOLDER_LEFT": (_E, wording.placeholder_left),
    "SECRET_OR_PII": (_W, wording.secret_or_pii),
    "ENCODING_SUSPECT": (_W, wording.encoding_suspect),
}
_WEIGHT = {Level.ERROR: 0, Level.WARN: 1, Level.INFO: 2}


def lint(document: Data, profile: Profile | None = None) -> tuple[Finding, ...]:
    """Everything that the rules remark, the gravest first. The same document gives the same findings."""
    said = profile or Profile(levels={})
    found = [
        Finding(rule=name, level=level, text=remark.text, where=remark.where, hint=remark.hint)
        for name, (default, rule) in RULES.items()
        if said.levels.get(name) is not Level.OFF
        for remark in rule(document, said)
        for level in (said.levels.get(name) or remark.level or default,)
    ]
    return tuple(sorted(found, key=lambda finding: _WEIGHT[finding.level]))


def worst(findings: tuple[Finding, ...]) -> Level:
    """The gravest level that was found; OFF when nothing was."""
    return findings[0].level if findings else Level.OFF
