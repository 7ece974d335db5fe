"""Rules about what the document says: impact, service levels, causes, lessons, links, review."""

import re
from collections.abc import Mapping
from typing import Any

from bot.views.lint.finding import Data, Level, Profile, Remark, Remarks
from bot.views.lint.reading import entries, filled

_CAUSES = (
    "root",
    "confirmed",
    "preliminary",
    "what_happened",
    "trigger",
    "problem_statement",
    "defects",
    "contributing",
)
_LESSONS = (
    "went_well",
    "went_wrong",
    "lucky",
    "insights",
    "technical",
    "process",
    "people",
    "general",
    "systems_worked",
)
_RANKS: Mapping[str, int] = {
    "critical": 0, "severe": 0, "total": 0, "complete": 0, "high": 1, "major": 1, "significant": 1,
    "medium": 2, "moderate": 2, "partial": 2, "minor": 2, "low": 3, "negligible": 3, "none": 3,
}  # fmt: skip
_NOT_BY_MONITORING = {
    "user_report": "by a report of users",
    "internal_observation": "by somebody who happened to see it",
    "vendor_notice": "by a notice of the vendor",
}


def impact_empty(document: Data, _: Profile) -> Remarks:
    if not filled(document["impact"]):
        yield Remark(
            text="Nothing is said about the impact.", where="impact", hint="/incident set users affected 1200"
        )


def impact_not_quantified(document: Data, _: Profile) -> Remarks:
    """A number anywhere in the impact will do; when it was is no measure of how much."""
    said = {name: value for name, value in document["impact"].items() if name not in {"window", "windows"}}
    if filled(said) and not _number(said):
        yield Remark(
            text="The impact has no number.", where="impact", hint="/incident set users affected 1200"
        )


def _number(value: Any) -> bool:
    match value:
        case bool():
            return False
        case int() | float():
            return True
        case str():
            return any(character.isdigit() for character in value)
        case Mapping():
            return any(_number(inner) for name, inner in value.items() if name != "id")
        case list() | tuple():
            return any(map(_number, value))
        case _:
            return False


def sla_breached(document: Data, _: Profile) -> Remarks:
    for row in document["sla"]:
        if row.get("verdict") == "breached":
            yield Remark(text=f"{row['name']} was breached{_window(row)}.", where="sla")


def sla_unknown(document: Data, _: Profile) -> Remarks:
    for row in document["sla"]:
        if row.get("verdict") not in {"breached", "within"}:
            yield Remark(
                text=f"Whether {row['name']} was kept is unknown{_window(row)}.",
                where="sla",
                hint="It needs a budget or a target, and the times of the impact.",
            )


def _window(row: Data) -> str:
    return f" in {row['window_ref']}" if row.get("window_ref") else ""


def no_severity(document: Data, _: Profile) -> Remarks:
    if not document["incident"].get("severity"):
        yield Remark(text="It has no severity.", where="incident.severity", hint="/incident sev 2")


def severity_impact_mismatch(document: Data, _: Profile) -> Remarks:
    severity, level = document["incident"].get("severity"), str(document["impact"].get("level") or "")
    rank = _word_rank(level)
    if severity and rank is not None and rank != _severity_rank(severity):
        yield Remark(
            text=f"The severity is {severity['label']}, the impact level is “{level}”.",
            where="impact.level",
            hint="Both are printed. Say why they differ, or correct one.",
        )


def _word_rank(text: str) -> int | None:
    words = re.findall(r"[a-z]+", text.lower())
    return next((_RANKS[word] for word in words if word in _RANKS), None)


def _severity_rank(severity: Data) -> int:
    named = _word_rank(str(severity["label"]))
    level = int(severity["level"])
    return named if named is not None else min(level if severity["scheme"] == "P" else level - 1, 3)


def cause_empty(document: Data, _: Profile) -> Remarks:
    if not any(filled(document["cause"].get(name)) for name in _CAUSES):
        yield Remark(
            text="No cause and no contributing factor is told.", where="cause", hint="/incident add factor …"
        )


def cause_unconfirmed(document: Data, _: Profile) -> Remarks:
    cause = document["cause"]
    if cause.get("preliminary") and not (cause.get("confirmed") or cause.get("root")):
        yield Remark(
            text="The cause is preliminary.",
            where="cause.preliminary",
            hint="/incident set confirmed cause …",
        )


def hypothesis_differs_from_confirmed(document: Data, _: Profile) -> Remarks:
    cause = document["cause"]
    known = cause.get("confirmed") or cause.get("root")
    guess = cause.get("preliminary")
    if known and guess and _folded(guess) != _folded(known):
        yield Remark(
            text="The first hypothesis and the confirmed cause differ; both are printed.",
            where="cause.preliminary",
        )


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", str(text).casefold()))


def single_cause(document: Data, _: Profile) -> Remarks:
    cause = document["cause"]
    if (cause.get("root") or cause.get("confirmed")) and not _negative(document):
        yield Remark(
            text="One cause and no contributing factor: more than one thing is needed for most incidents.",
            where="cause.contributing",
            hint="/incident add factor …",
        )


def _negative(document: Data) -> list[Data]:
    return [
        factor
        for factor in document["cause"].get("contributing") or []
        if factor.get("polarity") != "positive"
    ]


def detected_without_monitoring(document: Data, _: Profile) -> Remarks:
    how = _NOT_BY_MONITORING.get(str(document["detection"].get("method")))
    if how:
        yield Remark(text=f"It was detected {how}, not by monitoring.", where="detection.method")


def lessons_empty(document: Data, _: Profile) -> Remarks:
    if not any(filled(document["lessons"].get(name)) for name in _LESSONS):
        yield Remark(text="No lesson is told.", where="lessons", hint="/incident add went wrong …")


def nothing_went_well(document: Data, _: Profile) -> Remarks:
    lessons = document["lessons"]
    helped = [f for f in document["cause"].get("contributing") or [] if f.get("polarity") == "positive"]
    if not (filled(lessons.get("went_well")) or filled(lessons.get("systems_worked")) or helped):
        yield Remark(
            text="Nothing is said of what went well.",
            where="lessons.went_well",
            hint="/incident add went well …",
        )


def no_evidence_links(document: Data, _: Profile) -> Remarks:
    told = entries(document)
    if told and not any(
        line.get("message_url") or line.get("evidence") or line.get("files") for line in told
    ):
        yield Remark(text="No entry of the timeline links to a message or other evidence.", where="timeline")


def link_without_url(document: Data, _: Profile) -> Remarks:
    for number, link in enumerate(document["links"], 1):
        if not link.get("url"):
            yield Remark(text=f"“{link.get('label')}” has no address.", where=f"links.{number}")


# --- review ------------------------------------------------------------------------------------------------------------


def _in_review(document: Data) -> Level:
    """While it is a draft, what the review will ask for is a hint."""
    return Level.INFO if document["doc"].get("status") == "draft" else Level.WARN


def no_author(document: Data, _: Profile) -> Remarks:
    if not document["doc"].get("authors"):
        yield Remark(
            text="It has no author.",
            where="doc.authors",
            hint="/incident set authors …",
            level=_in_review(document),
        )


def no_reviewers(document: Data, _: Profile) -> Remarks:
    if not document["doc"].get("reviewers"):
        yield Remark(
            text="It has no reviewer.",
            where="doc.reviewers",
            hint="/incident set reviewers …",
            level=_in_review(document),
        )


def signoff_pending(document: Data, _: Profile) -> Remarks:
    waiting = [
        row for row in document["doc"].get("signoff") or [] if row.get("state") not in {"signed", "waived"}
    ]
    if waiting:
        roles = ", ".join(str(row.get("role")) for row in waiting)
        yield Remark(text=f"Not signed off yet: {roles}.", where="doc.signoff", level=_in_review(document))


def followup_not_scheduled(document: Data, _: Profile) -> Remarks:
    if not (document["doc"].get("followup") or {}).get("date"):
        yield Remark(
            text="No follow-up review is scheduled.",
            where="doc.followup.date",
            hint="/incident set followup review 2026-01-31",
            level=_in_review(document),
        )
