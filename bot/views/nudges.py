"""A nudge as the channel reads it: what is lacking, who is asked, and buttons for it; or, once done, that it is done."""

from datetime import datetime

from bot.domain.incident import Incident, NudgeSent
from bot.domain.nudges import still_lacking
from bot.domain.people import Person
from bot.domain.vocabulary import NudgeKind, TimeName
from bot.views.notices import Choice, Notice
from bot.views.text import Bold, Mention, Moment, Text


def is_live(incident: Incident, index: int) -> bool:
    """Only the newest nudge asks, as long as something of it is still to be done."""
    return index == len(incident.nudges) - 1 and still_lacking(incident, incident.nudges[index])


def nudge(incident: Incident, index: int) -> Notice:
    sent = incident.nudges[index]
    lines = tuple(_line(incident, kind, sent) for kind in sent.about)
    if not is_live(incident, index):
        over = (
            "asked again below" if still_lacking(incident, sent) else "done since, nothing is left to do here"
        )
        return Notice.of(("Reminded at ", Moment(sent.at), f" of what was missing: {over}."))
    snoozed = incident.nudges_snoozed_until
    pause: tuple[Text, ...] = ()
    if snoozed and snoozed > sent.at:
        pause = (("No more reminders before ", Moment(snoozed, "date"), "."),)
    return Notice(
        lines=((_asked(incident), " ", *lines[0]), *lines[1:], *pause),
        choices=(*_choices(incident, sent), *_snoozes(incident)),
    )


def _asked(incident: Incident) -> Mention:
    """The commander, else who declared."""
    commander = incident.holders("commander")
    return Mention(commander[0] if commander else Person.of(incident.declared_by))


def _line(incident: Incident, kind: NudgeKind, sent: NudgeSent) -> Text:
    match kind:
        case NudgeKind.COMMANDER:
            return ("Nobody commands ", Bold(incident.ref), " yet. Who takes it?")
        case NudgeKind.UPDATE:
            return (
                "No update since ",
                Moment(_last_update(incident, sent.at)),
                ". What should readers know?",
            )
        case NudgeKind.PROMISE:
            return ("The update that was promised is due. What should readers know?",)
        case NudgeKind.QUIET:
            return ("Nobody has said anything for hours. Is ", Bold(incident.ref), " resolved?")
        case NudgeKind.IMPACT:
            return ("When did the impact start? Without it no duration can be told.",)


def _last_update(incident: Incident, before: datetime) -> datetime:
    earlier = [update.at for update in incident.updates if update.at <= before]
    return earlier[-1] if earlier else incident.declared_at


def _choices(incident: Incident, sent: NudgeSent) -> tuple[Choice, ...]:
    ids = {"incident": incident.number}
    made: list[Choice] = []
    if NudgeKind.COMMANDER in sent.about and not incident.holders("commander"):
        made.append(Choice(label="I take command", does="take_command", ids=ids, style="primary"))
    if {NudgeKind.UPDATE, NudgeKind.PROMISE, NudgeKind.QUIET} & set(sent.about):
        made.append(Choice(label="Update", does="update", ids=ids))
    if NudgeKind.QUIET in sent.about:
        made.append(Choice(label="Resolve", does="resolve", ids=ids))
    if NudgeKind.IMPACT in sent.about:
        filled = {**ids, "which": TimeName.IMPACT_STARTED.value}
        made.append(Choice(label="Set the time", does="time", ids=filled, style="primary"))
    return tuple(made)


def _snoozes(incident: Incident) -> tuple[Choice, ...]:
    if not incident.status.is_open:
        return ()  # asked once; there is nothing to snooze
    ids = {"incident": incident.number}
    return (
        Choice(label="Snooze 30 min", does="snooze_nudges_30m", ids=ids),
        Choice(label="Snooze 2 h", does="snooze_nudges_2h", ids=ids),
        Choice(label="Snooze until morning", does="snooze_nudges_morning", ids=ids),
    )
