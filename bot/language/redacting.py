"""How `/incident redact` is read: an entry's number, a message's link, or the last one tagged."""

import re

from bot.domain import commands as c
from bot.domain.details import MessageRef
from bot.language.entries import numbered
from bot.language.intents import Intent
from bot.language.said import Misread, Said

#: As Slack writes a message's link (docs: chat.getPermalink); a reply's own ts stands first.
_LINK = re.compile(
    r"<?https://[\w.-]+(?::\d+)?/archives/(?P<channel>[CGD][A-Z0-9]+)/p(?P<seconds>\d{10})(?P<micros>\d{6})[^\s>|]*(?:\|[^>]*)?>?",
    re.IGNORECASE,
)


def redact(said: Said) -> Intent:
    text = said.text.strip()
    reason = said.option("reason")
    if text.lower() in {"last", "the last", "last message"}:
        return said.do(c.Redact(reason=reason))
    if link := _LINK.fullmatch(text.replace("http://", "https://")):
        message = MessageRef(channel=link["channel"].upper(), ts=f"{link['seconds']}.{link['micros']}")
        return said.do(c.Redact(message=message, reason=reason))
    if "://" in text:
        raise Misread(
            "that is no link to one message.", "Copy it in Slack from the message's own menu: Copy link."
        )
    entry, rest = numbered(said, "T")
    if rest:
        raise Misread(
            f"`{rest}` is not understood here.", f'Give the reason as `redact {entry} --reason "…"`.'
        )
    return said.do(c.Redact(entry=entry, reason=reason))
