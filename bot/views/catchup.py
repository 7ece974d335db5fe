"""An incident for somebody who was not there: headline, last updates, key entries, open items, who holds what."""

from collections.abc import Iterator, Mapping

from bot.domain.incident import Entry, Incident, Update
from bot.domain.vocabulary import TagKind
from bot.views.actions import due_text
from bot.views.look import PLAIN, Look
from bot.views.notices import Choice, Notice, title
from bot.views.text import Bold, Mention, Moment, Text, join, who

UPDATES = 3
ENTRIES = 5
ITEMS = 5


def catchup(incident: Incident, words: Mapping[str, str], look: Look = PLAIN) -> Notice:
    """``words`` are the present wordings of tagged messages, by message key."""
    return Notice(lines=(*headline(incident, look), *story(incident, words, look)))


def headline(incident: Incident, look: Look = PLAIN) -> Iterator[Text]:
    """What it is and how it stands."""
    yield title(incident)
    severity = incident.severity.label if incident.severity else "severity not set"
    since = incident.status_since or incident.declared_at
    yield (Bold(severity), " · ", Bold(look.status(incident.status)), " since ", Moment(since, "date"))
    if incident.symptom:
        yield (f"What users see: {incident.symptom}",)


def story(incident: Incident, words: Mapping[str, str], look: Look = PLAIN) -> Iterator[Text]:
    """What happened so far, what is still to be done, and by whom."""
    updates = [update for update in incident.updates if update.text][-UPDATES:]
    yield (Bold("Last updates"), "" if updates else ": none yet.")
    yield from (_update(update) for update in reversed(updates))
    entries = key_entries(incident)
    yield (Bold("Key entries"), "" if entries else ": nothing is on the timeline yet.")
    yield from (_entry(entry, words) for entry in entries)
    yield from _items(incident)
    yield from _roles(incident, look)
    if incident.next_update_at:
        yield ("Next update by ", Moment(incident.next_update_at), ".")


def key_entries(incident: Incident) -> list[Entry]:
    """Those that people marked as key or with how the service was doing, and the newest ones; in order of time."""
    shown = [e for e in incident.entries.values() if e.tag is TagKind.TIMELINE and not e.hidden]
    ordered = sorted(shown, key=lambda entry: entry.time.sort_key)
    marked = [entry for entry in ordered if entry.details.key or entry.details.marker]
    plain = [entry for entry in ordered if entry not in marked]
    kept = {entry.id for entry in [*plain, *marked][-ENTRIES:]}
    return [entry for entry in ordered if entry.id in kept]


def _update(update: Update) -> Text:
    return ("• ", Moment(update.at), " ", who(update.by), f": {update.text}")


def _entry(entry: Entry, words: Mapping[str, str]) -> Text:
    said = entry.details.text or (words.get(entry.message.key) if entry.message else None)
    at: Text = (Moment(entry.time.utc, "date"),) if entry.time.utc else ("time unknown",)
    marker: Text = (" ", Bold(entry.details.marker.label)) if entry.details.marker else ()
    return ("• ", *at, *marker, f" {said or '(deleted in Slack)'}")


def _items(incident: Incident) -> Iterator[Text]:
    items = incident.open_actions
    yield (Bold("Open action items"), f": {len(items)}" if items else ": none.")
    for item in items[:ITEMS]:
        owners: Text = join(item.details.owners) if item.details.owners else ("nobody yet",)
        yield ("• ", Bold(item.id), f" {item.details.text} · ", *owners, *due_text(item.details.due))
    if len(items) > ITEMS:
        yield (f"and {len(items) - ITEMS} more.",)


def _roles(incident: Incident, look: Look) -> Iterator[Text]:
    if not incident.holders("commander"):
        yield (Bold(look.role("commander")), ": nobody.")
    for role, holders in incident.roles.items():
        yield (Bold(look.role(role)), ": ", *join(holders))


def offered(incident: Incident, user: str) -> Notice:
    """To somebody who has just come into the channel."""
    return Notice(
        lines=(("Welcome, ", who(user), ". ", *headline_words(incident)),),
        choices=(
            Choice(label="Catch up", does="catch_up", ids={"incident": incident.number}, style="primary"),
        ),
    )


def headline_words(incident: Incident) -> Text:
    """The incident in half a sentence."""
    severity = f"{incident.severity.label}, " if incident.severity else ""
    commander = incident.holders("commander")
    led: Text = (" ", Mention(commander[0]), " commands.") if commander else (" Nobody commands yet.",)
    return (Bold(incident.ref), f" {incident.title} ({severity}{incident.status.value}).", *led)
