"""The present wordings of an incident's tagged messages, by message key."""

from collections.abc import Mapping

from bot.app.ports import Store
from bot.domain.incident import Incident
from bot.domain.redaction import STUB


async def tagged_words(store: Store, incident: Incident) -> Mapping[str, str]:
    return {
        entry.message.key: STUB if message.redacted else message.text
        for entry in incident.entries.values()
        if entry.message and (message := await store.message(entry.message)) and not message.deleted
    }
