"""Handing a role over: the question to the one who is asked, with a brief, and what became of it, told to both."""

from collections.abc import Mapping

from bot.domain.incident import Handoff, Incident
from bot.domain.vocabulary import HandoffOutcome
from bot.views.catchup import catchup
from bot.views.look import PLAIN, Look
from bot.views.notices import Choice, Notice, title
from bot.views.text import Bold, Mention, Moment, Text


def question(incident: Incident, handoff: Handoff, words: Mapping[str, str], look: Look = PLAIN) -> Notice:
    """To the one who is asked. As long as nobody has answered: with a brief and the buttons."""
    role = look.role(handoff.role)
    head: Text = (
        Mention(handoff.giver),
        " asks you to take over as ",
        Bold(role),
        " of ",
        *title(incident),
        ".",
    )
    if handoff.outcome is not HandoffOutcome.WAITING:
        return Notice.of(head, (_became(handoff.outcome, "You"),))
    note: tuple[Text, ...] = ((Mention(handoff.giver), f": {handoff.note}"),) if handoff.note else ()
    ids = {"incident": incident.number, "handoff": handoff.number}
    return Notice(
        lines=(
            head,
            *note,
            ("Until you accept, nothing changes hands. The question ends ", Moment(handoff.expires_at), "."),
            *catchup(incident, words, look).lines[1:],
        ),
        choices=(
            Choice(label="Accept", does="accept_handoff", ids=ids, style="primary"),
            Choice(label="Decline", does="decline_handoff", ids=ids),
        ),
    )


def told(incident: Incident, handoff: Handoff, look: Look = PLAIN) -> Notice:
    """To the one who wants to hand over: the answer, and what to do where there was none."""
    role = look.role(handoff.role)
    match handoff.outcome:
        case HandoffOutcome.ACCEPTED:
            said: Text = (Mention(handoff.to), " accepted: you are no longer ", Bold(role), " of ")
        case HandoffOutcome.DECLINED:
            said = (Mention(handoff.to), " declined: you still are ", Bold(role), " of ")
        case HandoffOutcome.EXPIRED:
            said = (Mention(handoff.to), " did not answer in time: you still are ", Bold(role), " of ")
        case _:
            said = ("Nobody is asked to take over from you any more as ", Bold(role), " of ")
    hint: tuple[Text, ...] = ()
    if handoff.outcome in {HandoffOutcome.DECLINED, HandoffOutcome.EXPIRED}:
        hint = (("Ask somebody else with the same command, or by the button Roles.",),)
    return Notice(lines=((*said, *title(incident), "."), *hint))


def _became(outcome: HandoffOutcome, you: str) -> str:
    return {
        HandoffOutcome.ACCEPTED: f"{you} accepted.",
        HandoffOutcome.DECLINED: f"{you} declined.",
        HandoffOutcome.EXPIRED: "The time to answer is over; nothing changed hands.",
        HandoffOutcome.WITHDRAWN: "The role went another way meanwhile; there is nothing left to answer.",
    }[outcome]
