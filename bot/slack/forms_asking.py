"""What several forms ask or show besides their own: items that lack an owner or a date, and advice on the document."""

from bot.domain import custom
from bot.domain.fields import FIELDS
from bot.domain.incident import Incident
from bot.domain.sections import unsettled
from bot.slack import blocks as b
from bot.slack.inputs import DUE_HINT, Asked, field_input
from bot.views.lint import Finding, Level

_SHOWN = 12


def unsettled_inputs(incident: Incident, *, most: int = 12) -> list[b.Block]:
    """For each open item without an owner or a date: who takes it, and by when."""
    made: list[b.Block] = []
    for item in unsettled(incident)[:most]:
        label = b.cut(f"{item.id} {item.details.text}", 100)
        if not item.details.owners:
            name = f"owner:{item.id}"
            made.append(b.input_block(name, f"Who takes {label}?", b.users(name, (), many=False)))
        if item.details.due is None:
            name = f"due:{item.id}"
            element = b.text_input(name)
            made.append(b.input_block(name, f"By when is {label}?", element, hint=DUE_HINT))
    return made


def custom_inputs(asked: Asked, moment: custom.Asked) -> list[b.Block]:
    """The team's own fields that are asked for at this moment, as they stand."""
    known = asked.incident.fields if asked.incident else {}
    return [field_input(FIELDS[path], known.get(path)) for path in custom.asked_at(moment)]


def errors(asked: Asked) -> tuple[Finding, ...]:
    return tuple(finding for finding in asked.findings if finding.level is Level.ERROR)


def advice(asked: Asked) -> list[b.Block]:
    """What the document's advice says, errors first; what is only worth knowing stays in the draft."""
    found = [f for f in asked.findings if f.level in {Level.ERROR, Level.WARN}]
    found.sort(key=lambda finding: finding.level is not Level.ERROR)
    if not found:
        return []
    lines = [f"{_EMOJI[each.level]} {b.escape(each.text)} `{each.rule}`" for each in found[:_SHOWN]]
    more = [f"… and {len(found) - _SHOWN} more, in the draft"] if len(found) > _SHOWN else []
    return [b.section(b.cut("\n".join(["*Advice*", *lines, *more]), b.TEXT_LIMIT))]


_EMOJI = {Level.ERROR: ":red_circle:", Level.WARN: ":warning:"}
