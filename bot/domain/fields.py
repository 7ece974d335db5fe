"""The postmortem's fields, declared once: what `/incident set`, the forms, JSON and the templates share.

A *field* holds one value; a *list* holds items with columns. Paths are those of the document model.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.times import Time

#: What a field or a column may hold. Lines are a tuple of strings.
Value = str | int | float | bool | tuple[str, ...] | Time


class FieldType(StrEnum):
    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    BOOL = "bool"
    CHOICE = "choice"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    """One named part of a list's items."""

    name: str
    label: str
    type: FieldType = FieldType.LINE
    choices: tuple[str, ...] = ()
    required: bool = False
    #: Names a person: a Slack user as ``<@U…>``, or somebody outside by name.
    person: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    path: str
    label: str
    type: FieldType = FieldType.LINE
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    #: Names people: Slack users as ``<@U…>``, others by name.
    person: bool = False

    @property
    def group(self) -> str:
        return self.path.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class ListField:
    path: str
    label: str
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()

    @property
    def main(self) -> Column:
        """The column that a plain typed line fills."""
        return next(column for column in self.columns if column.required)


def _line_list(path: str, label: str, *aliases: str, extra: tuple[Column, ...] = ()) -> ListField:
    columns = (
        Column("text", "Text", FieldType.TEXT, required=True),
        Column("details", "Details, one per line", FieldType.LINES),
        *extra,
    )
    return ListField(path, label, columns, aliases)


_F = Field
_T = FieldType
_QUESTION = (Column("question", "Question"),)
_YES_NO = ("yes", "no", "unknown")
_CAUSE_STATES = ("preliminary", "confirmed", "unconfirmed", "rejected")

_FIELDS = (
    _F("incident.type", "Incident type", aliases=("type",)),
    _F("incident.category", "Category", aliases=("category",)),
    _F("incident.services", "Affected services, one per line", _T.LINES, aliases=("services", "service")),
    _F("incident.environments", "Environments, one per line", _T.LINES, aliases=("environments",)),
    _F("incident.customers", "Customers, one per line", _T.LINES, aliases=("customers",)),
    _F("incident.reporter", "Reported by", aliases=("reporter",)),
    _F("incident.releases.faulty", "Faulty release"),
    _F("incident.releases.stable", "Stable release"),
    _F("incident.releases.trigger", "Release that triggered it"),
    _F("incident.stated_dates", "Incident dates as stated"),
    _F("incident.stated_time", "Incident time as stated"),
    _F("incident.stated_duration", "Duration as stated", aliases=("duration",)),
    _F("summary", "Summary", _T.TEXT, aliases=("executive summary",)),
    _F("background", "Background", _T.TEXT, aliases=("story",)),
    _F("introduction", "Introduction", _T.TEXT, aliases=("intro",)),
    _F("response.narrative", "Response, in words", _T.TEXT, aliases=("response",)),
    _F(
        "detection.method",
        "How it was detected",
        _T.CHOICE,
        ("monitoring", "user_report", "internal_observation", "vendor_notice", "other"),
        ("detection",),
    ),
    _F("detection.by", "Detected by"),
    _F("detection.text", "Detection, in words", _T.TEXT),
    _F("impact.level", "Impact level", aliases=("impact",)),
    _F("impact.users.count", "Users affected (number)", _T.NUMBER, aliases=("users affected", "users")),
    _F("impact.users.percent", "Users affected (percent)", _T.NUMBER),
    _F("impact.users.approx", "The number is approximate", _T.BOOL),
    _F("impact.users.qualifier", "Which users"),
    _F("impact.users.basis", "Basis of the number"),
    _F("impact.window.from", "Impact window from", _T.TIME),
    _F("impact.window.to", "Impact window to", _T.TIME),
    _F("impact.revenue.amount", "Revenue lost (amount)", _T.NUMBER, aliases=("revenue",)),
    _F("impact.revenue.currency", "Currency"),
    _F("impact.revenue.approx", "The amount is approximate", _T.BOOL),
    _F("impact.revenue.basis", "Basis of the amount"),
    _F("impact.revenue.note", "Note on revenue"),
    _F("impact.reputation.support_tickets", "Support tickets", _T.NUMBER, aliases=("tickets",)),
    _F("impact.reputation.negative_posts", "Negative posts", _T.NUMBER),
    _F("impact.reputation.network", "Where they were posted"),
    _F("impact.reputation.text", "Reputation, in words", _T.TEXT),
    _F("impact.data.loss", "Data loss", _T.CHOICE, _YES_NO, ("data loss",)),
    _F("impact.data.corruption", "Data corruption", _T.CHOICE, _YES_NO),
    _F("impact.data.recovery", "Data recovery"),
    _F("impact.data.text", "Data, in words", _T.TEXT),
    _F("cause.problem_statement", "Problem statement", _T.TEXT, aliases=("problem",)),
    _F("cause.trigger", "Trigger", _T.TEXT, aliases=("trigger",)),
    _F("cause.what_happened", "What happened", _T.TEXT, aliases=("what happened",)),
    _F("cause.preliminary", "Preliminary cause", _T.TEXT, aliases=("preliminary cause", "hypothesis")),
    _F("cause.confirmed", "Confirmed cause", _T.TEXT, aliases=("confirmed cause",)),
    _F("cause.confirmed_state", "State of the confirmed cause", _T.CHOICE, _CAUSE_STATES, ("cause state",)),
    _F("cause.root", "Root cause", _T.TEXT, aliases=("root cause", "cause")),
    _F("cause.contributing_none", "There were no contributing factors", _T.BOOL),
    _F("resolution.summary", "Resolution", _T.TEXT, aliases=("resolution",)),
    _F("resolution.outcome", "Outcome", _T.TEXT, aliases=("outcome",)),
    _F("doc.template", "Template pack", aliases=("template", "pack")),
    _F("doc.template_version", "Template version"),
    _F("doc.authors", "Authors, one per line", _T.LINES, aliases=("authors", "author"), person=True),
    _F("doc.reviewers", "Reviewers, one per line", _T.LINES, aliases=("reviewers", "reviewer"), person=True),
    _F("doc.attendees", "Attendees, one per line", _T.LINES, aliases=("attendees",), person=True),
    _F("doc.owner", "Document owner", aliases=("owner",), person=True),
    _F("doc.report_date", "Report date", _T.DATE, aliases=("report date",)),
    _F("doc.publication_date", "Publication date", _T.DATE),
    _F("doc.last_updated", "Last updated", _T.DATE),
    _F("doc.next_review", "Next review", _T.DATE, aliases=("next review",)),
    _F("doc.distribution", "Distribution, one per line", _T.LINES, aliases=("distribution",)),
    _F("doc.description", "Description", _T.TEXT),
    _F("doc.conclusion.text", "Conclusion", _T.TEXT, aliases=("conclusion",)),
    _F("doc.conclusion.severity", "Severity, in conclusion"),
    _F("doc.conclusion.outcome", "Outcome, in conclusion"),
    _F("doc.conclusion.learning_value", "Learning value"),
    _F("doc.action_plan", "Action plan", _T.TEXT, aliases=("action plan",)),
    _F("doc.hide_clock_times", "Hide clock times", _T.BOOL),
    _F("doc.followup.date", "Follow-up review on", _T.DATE, aliases=("followup review", "follow-up review")),
    _F("doc.followup.days", "Days after resolution", _T.NUMBER),
    _F("doc.followup.agenda", "Agenda, one point per line", _T.LINES),
    _F("doc.followup.result", "Result of the follow-up review", _T.TEXT),
)

_LISTS = (
    _line_list("impact.experience", "What users see", "experience", "symptom", "symptoms"),
    _line_list("impact.services", "Impacted services, with symptom"),
    _line_list("impact.customers", "Impacted customers"),
    ListField(
        "impact.windows",
        "Impact windows, by service",
        (
            Column("service", "Service", required=True),
            Column("from", "From", _T.TIME),
            Column("to", "To", _T.TIME),
        ),
    ),
    _line_list("cause.defects", "Defects", "defect"),
    ListField(
        "cause.hypotheses",
        "Hypotheses",
        (
            Column("text", "Text", _T.TEXT, required=True),
            Column("by", "By whom", person=True),
            Column("at", "When", _T.TIME),
            Column("state", "State", _T.CHOICE, _CAUSE_STATES),
        ),
        ("theory",),
    ),
    _line_list("cause.five_whys", "Five whys", "why", "whys", "five whys", extra=_QUESTION),
    _line_list("cause.why_not_caught", "Why it was not caught", "why not caught", extra=_QUESTION),
    _line_list(
        "cause.contributing",
        "Contributing factors",
        "factor",
        "factors",
        "contributing",
        extra=(Column("polarity", "It made things", _T.CHOICE, ("negative", "positive")),),
    ),
    _line_list("resolution.steps", "Resolution steps", "step", "steps"),
    _line_list("resolution.immediate", "Immediate remediation", "immediate"),
    _line_list("resolution.long_term", "Long-term fixes", "long term", "long-term"),
    _line_list("lessons.went_well", "What went well", "went well", "well", "good"),
    _line_list("lessons.went_wrong", "What went wrong", "went wrong", "wrong", "improve"),
    _line_list("lessons.lucky", "Where we got lucky", "lucky"),
    _line_list("lessons.insights", "Key insights", "insight", "insights"),
    _line_list("lessons.technical", "Technical lessons", "technical"),
    _line_list("lessons.process", "Process lessons", "process"),
    _line_list("lessons.people", "People lessons", "people"),
    _line_list("lessons.general", "Lessons", "lesson", "lessons"),
    _line_list("lessons.systems_worked", "Systems that worked", "worked", "systems worked"),
    ListField(
        "sla",
        "Service levels",
        (
            Column("name", "Name", required=True),
            Column("counterparty", "Counterparty"),
            Column("kind", "Kind", _T.CHOICE, ("downtime_budget", "availability", "error_budget")),
            Column("target_pct", "Target (percent)", _T.NUMBER),
            Column("budget", "Downtime budget, such as 20 min"),
            Column("window", "Window", _T.CHOICE, ("month", "quarter", "year")),
            Column("window_ref", "Which window, such as 2025-11"),
            Column("used_before", "Used before this incident, such as 5 min"),
            Column(
                "verdict", "Verdict, for kinds without numbers", _T.CHOICE, ("within", "breached", "unknown")
            ),
        ),
    ),
    ListField(
        "related",
        "Related incidents",
        (
            Column("title", "Title", required=True),
            Column("kind", "Kind"),
            Column("ref", "Reference"),
            Column("date", "Date", _T.DATE),
            Column("url", "Link"),
            Column("note", "Note"),
        ),
    ),
    ListField(
        "links",
        "Links",
        (
            Column("label", "Label", required=True),
            Column("kind", "Kind", _T.CHOICE, ("evidence", "reference", "recording", "document")),
            Column("url", "Link"),
        ),
        ("link",),
    ),
    ListField(
        "comms",
        "Communication",
        (
            Column("text", "What was said", _T.TEXT, required=True),
            Column("audience", "To whom"),
            Column("channel", "Where"),
            Column("at", "When", _T.TIME),
        ),
        ("communication",),
    ),
    ListField(
        "checklists",
        "Checklists",
        (
            Column("name", "Name", required=True),
            Column("items", "Lines: '# section', '[ ] item' or '[x] item'", _T.TEXT),
        ),
        ("checklist",),
    ),
    ListField(
        "doc.signoff",
        "Sign-off",
        (
            Column("role", "Role", required=True),
            Column("name", "Name", person=True),
            Column("date", "Date", _T.DATE),
            Column("state", "State", _T.CHOICE, ("pending", "signed", "waived")),
            Column("reason", "Why it is waived"),
        ),
        ("signoff", "sign-off"),
    ),
    ListField(
        "doc.updates",
        "Updates after publication",
        (Column("text", "Text", _T.TEXT, required=True), Column("date", "Date", _T.DATE)),
        ("implementation update", "doc update"),
    ),
)

#: A team's own fields come to it at the start: see `bot.domain.custom`.
FIELDS: dict[str, Field] = {field.path: field for field in _FIELDS}
LISTS: Mapping[str, ListField] = {field.path: field for field in _LISTS}


def _names(field: Field | ListField) -> tuple[str, ...]:
    return (field.path, field.label, *field.aliases)


_BY_NAME: Mapping[str, Field | ListField] = {
    " ".join(name.lower().replace("_", " ").split()): field
    for field in (*_FIELDS, *_LISTS)
    for name in _names(field)
}
GROUPS: Mapping[str, tuple[Field, ...]] = {
    group: tuple(field for field in _FIELDS if field.group == group)
    for group in {field.group for field in _FIELDS if field.group.count(".") == 1}
}


def take_in(fields: Iterable[Field]) -> None:
    """More fields. A name that one of ours has stays ours."""
    for field in fields:
        FIELDS[field.path] = field


def find_field(name: str) -> Field | ListField | None:
    """The field a person means by a path, label or alias; case, spaces and underscores do not matter."""
    wanted = _plain(name)
    return _BY_NAME.get(wanted) or next(
        (field for field in _added() if wanted in map(_plain, _names(field))), None
    )


def field_names() -> tuple[str, ...]:
    """Everything `find_field` knows, for "did you mean"."""
    return (*_BY_NAME, *(_plain(name) for field in _added() for name in _names(field)))


def _added() -> Iterator[Field]:
    return (field for field in FIELDS.values() if field not in _FIELDS)


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").split())
