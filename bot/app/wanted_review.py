"""What Slack should show of the postmortem's review: its state in the channel, and who is asked for what by DM. Pure."""

from collections.abc import Iterator, Mapping

from bot.app.digests import digest
from bot.app.ports import Posted
from bot.app.steps import Post
from bot.domain.incident import Incident
from bot.domain.vocabulary import DocumentStatus, Status
from bot.views.review import (
    Signature,
    people_of,
    review_request,
    review_state,
    section_request,
    signatures,
)

_WRITTEN_UP = frozenset({Status.RESOLVED, Status.CLOSED})


def state_message(incident: Incident, posted: Mapping[str, Posted]) -> Iterator[Post]:
    """From the resolution on, and for as long as it stands, one message in the channel says where the review is."""
    wanted = incident.status in _WRITTEN_UP or incident.document is not DocumentStatus.DRAFT
    if incident.channel and (wanted or "review" in posted):
        view = review_state(incident)
        yield Post(key="review", digest=digest(view), to=incident.channel, view=view)


def requests(incident: Incident, posted: Mapping[str, Posted]) -> Iterator[Post]:
    """Sections sent to people; and, once the review has begun, its reviewers and signers."""
    for ask in incident.asks:
        if ask.person.user:
            view = section_request(incident, ask)
            yield Post(key=f"ask:{ask.id}", digest=digest(view), to=ask.person.user, view=view)
    for user, signature in _reviewing(incident):
        key = f"signer:{signature.item}:{user}" if signature else f"reviewer:{user}"
        if incident.document is DocumentStatus.IN_REVIEW or key in posted:
            request = review_request(incident, signature)
            yield Post(key=key, digest=digest(request), to=user, view=request)


def _reviewing(incident: Incident) -> Iterator[tuple[str, Signature | None]]:
    """Slack ids of who signs which line, and of the reviewers who sign nothing."""
    signing = [(line.person.user, line) for line in signatures(incident) if line.person]
    yield from ((user, line) for user, line in signing if user)
    signers = {user for user, _ in signing}
    for person in people_of(incident, "doc.reviewers"):
        if person.user and person.user not in signers:
            yield person.user, None


def reviewing(incident: Incident) -> tuple[str, ...]:
    """Who must be able to read the channel because they review or sign."""
    if incident.document is DocumentStatus.DRAFT:
        return ()
    return tuple(user for user, _ in _reviewing(incident))
