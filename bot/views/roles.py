"""People in the document: their names, the roles they held, and their words freed of Slack's markup."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.incident import Incident
from bot.domain.people import SYSTEM, Person
from bot.domain.transcript import Message, Profile
from bot.views.prose import prose

ROLE_LABELS: Mapping[str, str] = {
    "commander": "Incident Commander",
    "comms": "Communications Lead",
    "ops": "Operations Lead",
    "scribe": "Scribe",
}
#: What Slack writes into a form or a command for a person, a channel, a link, an emoji. All else was typed.
_LIVE = re.compile(
    r"<(?:@[UWS][A-Z0-9]+|#[CG][A-Z0-9]+|!(?:here|channel|everyone)|(?:https?://|mailto:)[^<>\s|]+)(?:\|[^<>\n]*)?>"
    r"|:[a-z0-9_+-]+(?:::skin-tone-\d)?:"
)


def role_label(key: str) -> str:
    """``commander`` as people say it; a role with a name of its own stays as it is."""
    words = key.replace("_", " ")
    return ROLE_LABELS.get(key, words if words != words.lower() else words.capitalize())


class Names:
    """People and words as the document prints them."""

    def __init__(self, profiles: Mapping[str, Profile], roles: Mapping[str, str] = ROLE_LABELS) -> None:
        """``roles``: labels by key, as the workspace calls them."""
        self._profiles = profiles
        self._roles = roles

    def role(self, key: str) -> str:
        return self._roles.get(key) or role_label(key)

    def of(self, key: str) -> str:
        """A name for a Slack id; anything else is a name already."""
        if key == SYSTEM:
            return "Tocsin"
        known = self._profiles.get(key)
        return known.name if known else key

    def all(self, people: Iterable[Person]) -> list[str]:
        return [self.of(person.key) for person in people]

    def left(self, people: Iterable[Person]) -> list[str]:
        """The names of those whose Slack account was switched off."""
        known = (self._profiles.get(person.slack_id or "") for person in people)
        return [profile.name for profile in known if profile and profile.deleted]

    def heard(self, text: str) -> str:
        """The words of a Slack message, which come with Slack's escapes."""
        return prose(text, self._profiles).strip()

    def typed(self, text: str) -> str:
        """Words from a form or a command: literal, but for what Slack itself put between them."""
        return _LIVE.sub(lambda live: prose(live[0], self._profiles), text).strip()

    def author(self, message: Message | None) -> str | None:
        if message is None:
            return None
        return message.bot_name or (self.of(message.user) if message.user else None)


def roles(incident: Incident, names: Names) -> list[dict[str, Any]]:
    """Each role in order of its first appointment: who holds it, and who held it earlier."""
    found = []
    for role in dict.fromkeys(given.role for given in incident.appointments):
        holders = incident.holders(role)
        earlier = {given.person: None for given in incident.appointments if given.role == role}
        found.append(
            {
                "role": role,
                "label": names.role(role),
                "people": names.all(holders),
                "earlier": names.all(person for person in earlier if person not in holders),
            }
        )
    return found


def people(incident: Incident, messages: Mapping[str, Message], names: Names) -> list[dict[str, Any]]:
    """Everybody who took part: those with roles, who declared, and whose messages are on the timeline."""
    taking: dict[str, list[str]] = {}
    for given in incident.appointments:
        held = taking.setdefault(given.person.key, [])
        if names.role(given.role) not in held:
            held.append(names.role(given.role))
    visible = [entry for entry in incident.entries.values() if not entry.hidden]
    posters = [messages[e.message.key].user for e in visible if e.message and e.message.key in messages]
    for key in (incident.declared_by, *filter(None, posters)):
        if key != SYSTEM:
            taking.setdefault(key, [])
    return [
        {"name": names.of(key), "roles": held, **({"slack_id": key} if names.of(key) != key else {})}
        for key, held in taking.items()
    ]
