"""What is said about a postmortem that is late, and about the review that follows it up."""

from bot.domain.document_reminders import resolved_at
from bot.domain.incident import Incident
from bot.domain.sections import missing, sections
from bot.views.notices import Choice, Notice, title
from bot.views.text import Bold, Moment, Text

#: What is looked at when nobody wrote an agenda.
AGENDA = (
    "Are the action items done, and did they help?",
    "Has it happened again, or nearly?",
    "What did we learn since, and who should know?",
)
Said = tuple[Text, Notice]


def late_postmortem(incident: Incident, rung: str) -> Said:
    """The line, and what is still missing with a button to it."""
    resolved = resolved_at(incident)
    assert resolved is not None, "a postmortem is owed of what was resolved"
    late = rung not in {"before", "due"}
    state = "is late" if late else "is due"
    text: Text = (
        "The postmortem of ",
        *title(incident),
        f" {state}: it was resolved ",
        Moment(resolved, "date"),
        f", and the postmortem is {incident.document.label}.",
    )
    lacking = [section.title for section in sections() if missing(incident, section)]
    line: Text = (Bold("Still missing: "), ", ".join(lacking) if lacking else "nothing; it can be published.")
    choices = (
        Choice(
            label="Fill in what is missing", does="review", ids={"incident": incident.number}, style="primary"
        ),
        Choice(label="Publish…", does="publish", ids={"incident": incident.number}),
    )
    return text, Notice(lines=(line,), choices=choices)


def followup_review(incident: Incident, rung: str) -> Said:
    """The line, the agenda, the items that are still open, and where the result goes."""
    again = "still has no result" if rung == "again" else "is due"
    text: Text = ("The follow-up review of ", *title(incident), f" {again}.")
    typed = incident.fields.get("doc.followup.agenda")
    agenda = typed if isinstance(typed, tuple) and typed else AGENDA
    lines: list[Text] = [(Bold("Agenda"),), *((f"{n}. {point}",) for n, point in enumerate(agenda, 1))]
    still = [f"{item.id} {item.details.text}" for item in incident.open_actions]
    if still:
        lines.append((Bold("Still open: "), "; ".join(still)[:1000]))
    choice = Choice(
        label="Write down the result",
        does="section",
        ids={"incident": incident.number, "section": "signing"},
        style="primary",
    )
    return text, Notice(lines=tuple(lines), choices=(choice,))
