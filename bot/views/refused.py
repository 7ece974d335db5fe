"""What Slack refused, in plain words: what is missing now, why, and what to try."""

from collections.abc import Iterable, Mapping

from bot.domain.incident import Incident
from bot.domain.people import Person
from bot.views.notices import Choice, Notice
from bot.views.text import Bold, Code, Mention, Span, Text

#: What a person misses when a step of this kind (the key up to its first colon) was refused.
_PART: Mapping[str, str] = {
    "banner": "the banner was not posted",
    "announcement": "the announcement was not posted",
    "announced-update": "the update was not posted under the announcement",
    "update": "the update was not posted in the channel",
    "topic": "the topic was not set",
    "pin": "the banner was not pinned",
    "bookmark": "the bookmark was not added",
    "invite": "somebody was not invited",
    "join": "the bot could not enter the channel",
    "name": "the channel was not renamed",
    "document": "the postmortem was not uploaded",
    "receipt": "a tagged message got no receipt",
    "card": "an owner did not get the card of an item",
    "guide": "the holder of a role did not get its guide",
    "review": "the state of the postmortem's review was not posted",
    "ask": "somebody was not asked for a section of the postmortem",
    "reviewer": "a reviewer was not told",
    "signer": "somebody who is to sign was not told",
    "watchers": "watchers were not invited to the other incident",
}
_REINSTALL = "Paste the newest app.yaml into the app's manifest and reinstall it to the workspace."
_INVITE = "Type `/invite @Tocsin` in that channel; it is tried again by itself."
#: Slack's word -> (why, what to try). Sources: the error lists of the methods' pages.
_SAYS: Mapping[str, tuple[str, str]] = {
    "missing_scope": ("the app was not granted the right", _REINSTALL),
    "too_many_channels": (
        "the workspace has as many channels as Slack allows",
        "Archive some, or ask an admin to.",
    ),
    "restricted_action": ("the workspace does not allow it", "Ask a workspace admin to allow it for apps."),
    "user_is_restricted": ("the person is a guest", "Ask a workspace admin to invite them."),
    "is_archived": ("the channel is archived", "Unarchive it, or choose another channel in the settings."),
    "not_in_channel": ("the bot is not in the channel", _INVITE),
    "channel_not_found": ("the bot cannot see the channel", _INVITE),
    "name_taken": ("the name is taken", "Rename the channel by hand, or leave it."),
    "too_many_pins": ("the channel has as many pins as Slack allows", "Unpin something that is not needed."),
    "cannot_dm_bot": ("bots take no messages", "Choose a person."),
    "user_disabled": ("the person has left Slack", "Choose somebody else."),
    "messages_tab_disabled": ("direct messages to the app are off", "Turn on the Messages tab in App Home."),
    "file_uploads_disabled": ("file uploads are switched off", "Ask a workspace admin to allow them."),
}


def refused(incident: Incident, steps: Iterable[str], word: str) -> Notice:
    """``steps`` are the keys of what was refused, ``word`` is Slack's."""
    parts = dict.fromkeys(map(_part, steps))
    parted: list[Span] = [span for part in parts for span in ("; ", *part)][1:]
    why, hint = explain(word)
    said: Text = (
        Bold(f"{incident.ref}:"),
        " ",
        *parted,
        f", because {why} (Slack says ",
        Code(word),
        ").",
    )
    return Notice.of(said, (hint, " Everything is kept, and shown as soon as Slack allows it."))


def _part(key: str) -> Text:
    """What is missing, with the person whom the key names."""
    kind, *ids = key.split(":")
    people = [person for each in ids if (person := Person.of(each)).user]
    missing = _PART.get(kind, "something was not done")
    return (missing, " (", Mention(people[0]), ")") if people else (missing,)


def explain(word: str) -> tuple[str, str]:
    """(why, what to try) for Slack's error word."""
    return _SAYS.get(word, ("Slack refused it", "Ask a workspace admin, and give them Slack's word for it."))


def channel_refused(incident: Incident) -> Notice:
    """The incident exists, its channel does not: what that means and how it can be opened after all."""
    why, hint = explain(str(incident.channel_refused))
    return Notice(
        lines=(
            (
                Bold(f"{incident.ref} is declared, but it has no channel,"),
                f" because {why} (Slack says ",
                Code(str(incident.channel_refused)),
                ").",
            ),
            (hint, " Then press the button."),
            (
                "Everything you say with ",
                Code(f"/incident {incident.ref} …"),
                " is kept all the same.",
            ),
        ),
        choices=(
            Choice(
                label="Open it now", does="retry_channel", ids={"incident": incident.number}, style="primary"
            ),
        ),
    )
