"""The cards of action items: one message for each owner, kept true for as long as it stands. Pure."""

from collections.abc import Iterator, Mapping

from bot.app.digests import digest
from bot.app.ports import Posted
from bot.app.steps import Post
from bot.domain.incident import ActionItem, Incident
from bot.domain.people import Person
from bot.domain.reminders import responsible
from bot.views.actions import card, past_card, unreached


def cards(incident: Incident, posted: Mapping[str, Posted]) -> Iterator[Post]:
    """Owners have the item's card by DM, a user group in the channel. Whom Slack does not reach, somebody else is told of.

    A card that stands with somebody who does not own the item any more says so.
    """
    wanted: dict[str, Post] = {}
    for item in incident.actions.values():
        for owner in item.details.owners:
            to = owner.user or (incident.channel if owner.is_group and not incident.archived else None)
            if to:
                wanted |= _card(incident, item, str(owner.slack_id), to)
                wanted |= _instead(incident, item, owner, posted)
    yield from wanted.values()
    for key, known in posted.items():
        if key.startswith("card:") and key not in wanted and known.ts and known.channel:
            view = past_card(incident, key.split(":")[1])
            yield Post(key=key, digest=digest(view), to=known.channel, view=view)


def _card(incident: Incident, item: ActionItem, holder: str, to: str) -> dict[str, Post]:
    view = card(incident, item)
    key = f"card:{item.id}:{holder}"
    return {key: Post(key=key, digest=digest(view), to=to, view=view)}


def _instead(
    incident: Incident, item: ActionItem, owner: Person, posted: Mapping[str, Posted]
) -> dict[str, Post]:
    """The commander, or who declared, gets the card of an owner who cannot be reached, and is told why."""
    known = posted.get(f"card:{item.id}:{owner.slack_id}")
    others = [user for user in responsible(incident) if user != owner.slack_id]
    if known is None or not known.failed or not others or item.state.is_finished:
        return {}
    made: dict[str, Post] = {}
    for user in others:
        key = f"unreached:{item.id}:{owner.slack_id}:{user}"
        view = unreached(incident, item, owner, known.failed)
        made |= {key: Post(key=key, to=user, view=view, once=True)}
        made |= _card(incident, item, user, user)
    return made
