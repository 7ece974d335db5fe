"""What is said of reading a channel's history again, in Slack and on the command line."""

from bot.domain.incident import Incident
from bot.views.notices import Notice
from bot.views.text import Bold, ChannelName, Text

#: Slack's words (docs: conversations.history) for what people can mend.
_REFUSED = {
    "not_in_channel": "Tocsin is not in the channel: invite it there",
    "channel_not_found": "Slack shows Tocsin no such channel: invite it there, if it still exists",
    "missing_scope": "Tocsin lacks a scope: install the app anew with the present manifest",
    "invalid_auth": "Slack does not take the bot's token: check SLACK_BOT_TOKEN",
    "account_inactive": "Slack does not take the bot's token: check SLACK_BOT_TOKEN",
}


def no_channel(incident: Incident) -> Notice:
    return Notice.of(
        (Bold("Nothing was read again:"), f" {incident.ref} has no channel."),
        ("Messages from elsewhere come in with “Add to timeline” in their menu.",),
    )


def begun(incident: Incident) -> Notice:
    where: Text = (ChannelName(incident.channel or "", incident.channel_name),)
    return Notice.of(
        (
            "Reading ",
            *where,
            " again. You will be told what was missing in the record.",
        )
    )


def ended(incident: Incident, *, found: int, refused: str | None, waits: bool) -> Notice:
    return Notice.of((Bold(incident.ref), f": {told(found=found, refused=refused, waits=waits)}"))


def told(*, found: int, refused: str | None = None, waits: bool = False) -> str:
    """One sentence or two. ``found`` messages were missing; ``refused`` is Slack's word; ``waits``: there is more to read."""
    missing = f"{found} message{'s were' if found != 1 else ' was'} missing and {'are' if found != 1 else 'is'} recorded now"
    if refused:
        return f"the channel could not be read. {_REFUSED.get(refused, f'Slack answered `{refused}`')}."
    if waits:
        return f"Slack wants to be spared for a while. So far {missing}; the rest follows by itself."
    if not found:
        return "read again, with edits, deletions and emoji; no message was missing."
    return f"read again, with edits, deletions and emoji; {missing}."
