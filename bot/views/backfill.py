"""What is said of reading a channel's history again, in Slack and on the command line."""

from bot.domain.incident import Incident
from bot.domain.transcript import Progress
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


def ended(incident: Incident, came: Progress) -> Notice:
    return Notice.of((Bold(incident.ref), f": {told(came)}"))


def told(came: Progress) -> str:
    """One sentence or two."""
    if came.refused:
        return f"the channel could not be read. {_REFUSED.get(came.refused, f'Slack answered `{came.refused}`')}."
    if came.elsewhere:
        return "read again by another process of Tocsin; whatever was missing is recorded now."
    missing = (
        "1 message was missing and is recorded now"
        if came.found == 1
        else f"{came.found} messages were missing and are recorded now"
    )
    if came.waits_s is not None:
        return f"Slack wants to be spared for a while. So far {missing}; the rest follows by itself."
    if not came.found:
        return "read again, with edits, deletions and emoji; no message was missing."
    return f"read again, with edits, deletions and emoji; {missing}."
