"""Spans as Slack's mrkdwn, with everything else escaped; and what a button carries."""

import json
from typing import Any, assert_never

from bot.domain.people import Person
from bot.slack import blocks as b
from bot.slack.dates import moment, stated
from bot.views.text import Bold, ChannelName, Code, Link, Mention, Moment, Span, Stated, Text


def write(text: Text) -> str:
    """Spans as mrkdwn. Only what we mean to be live is live: no typed `<!channel>` can ping."""
    return "".join(_span(span) for span in text)


def _span(span: Span) -> str:
    match span:
        case str():
            return b.escape(span)
        case Mention():
            return mention(span.person)
        case ChannelName():
            return f"<#{span.id}>"
        case Moment():
            return moment(span.at, span.style)
        case Stated():
            return stated(span.time, span.zone)
        case Bold():
            return f"*{b.escape(span.text).replace('*', '∗')}*" if span.text else ""  # noqa: RUF001 - no escape exists
        case Code():
            return f"`{b.escape(span.text).replace('`', 'ˋ')}`"  # noqa: RUF001 - no escape exists
        case Link():
            return link(span.url, span.label)
        case _:
            assert_never(span)


def link(url: str, label: str) -> str:
    """A live link. What would end it early is percent-encoded (RFC 3986)."""
    safe = url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")
    return f"<{b.escape(safe)}|{b.escape(label).replace('|', '¦')}>"


def mention(person: Person) -> str:
    if person.is_group:
        return f"<!subteam^{person.slack_id}>"
    return f"<@{person.slack_id}>" if person.slack_id else b.escape(person.name or "")


def value_of(**ids: Any) -> str:
    """What a button carries: ids, and what it was drawn from."""
    return json.dumps(ids, separators=(",", ":"), sort_keys=True)
