"""What is asked of people without their having asked: nudges in the channel, handoffs by DM. Steps, pure."""

from collections.abc import Iterator, Mapping

from bot.app.digests import digest
from bot.app.ports import Posted
from bot.app.steps import Post
from bot.domain.incident import Handoff, Incident
from bot.domain.vocabulary import HandoffOutcome
from bot.views import handoffs
from bot.views.look import Look
from bot.views.nudges import is_live, nudge


def asked_steps(
    incident: Incident, posted: Mapping[str, Posted], words: Mapping[str, str], look: Look
) -> Iterator[Post]:
    """``words`` are the present wordings of tagged messages by message key, for a handoff's brief."""
    for handoff in incident.handoffs:
        yield from _handoff(incident, handoff, words, look)
    if incident.channel and not incident.archived:
        yield from _nudges(incident, incident.channel, posted)


def _nudges(incident: Incident, channel: str, posted: Mapping[str, Posted]) -> Iterator[Post]:
    """The newest asks; those before it say that it is done. What was done before it was ever shown stays unsaid."""
    for index in range(len(incident.nudges)):
        key = f"nudge:{index + 1}"
        if is_live(incident, index) or key in posted:
            view = nudge(incident, index)
            yield Post(key=key, digest=digest(view), to=channel, view=view)


def _handoff(incident: Incident, handoff: Handoff, words: Mapping[str, str], look: Look) -> Iterator[Post]:
    """The question with its brief stands as it was asked until it is settled; then both are told."""
    if handoff.to.slack_id:
        view = handoffs.question(incident, handoff, words, look)
        settled = digest(handoff.outcome)
        yield Post(key=f"handoff:{handoff.number}", digest=settled, to=handoff.to.slack_id, view=view)
    if handoff.outcome is not HandoffOutcome.WAITING and handoff.giver.slack_id:
        yield Post(
            key=f"handoff-told:{handoff.number}",
            to=handoff.giver.slack_id,
            view=handoffs.told(incident, handoff, look),
            once=True,
        )
