"""What Slack should show of an incident, and which step comes next: wanted minus posted. Pure.

Each step carries the key under which `posted` remembers it. Steps wait for one another only where Slack makes them:
the channel first, then the declarer's invitation, then everything else at once, then what needs a message's ts.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.app.policy import Policy
from bot.app.ports import Posted
from bot.domain.events import MessageRef
from bot.domain.incident import Incident, Rendering
from bot.domain.people import SYSTEM
from bot.domain.vocabulary import Kind
from bot.views import notices
from bot.views.actions import card
from bot.views.banner import banner, topic

CHANNEL_NAME_LIMIT = 80  # Slack's limit for channel names


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call (or a short run of calls) that makes Slack a little truer."""

    key: str
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChannel(Step):
    name: str
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite(Step):
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Step):
    """A message. ``once``: posted and left alone; else edited in place as the view changes."""

    to: str
    view: object
    once: bool = False
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin(Step):
    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTopic(Step):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark(Step):
    title: str
    message: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Step):
    """Our own reaction on a tagged message, or its removal."""

    message: MessageRef
    name: str
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload(Step):
    """A rendered postmortem as a file in the channel."""

    rendering: Rendering
    format: Literal["markdown", "html", "json"]


def next_steps(
    incident: Incident, posted: Mapping[str, Posted], policy: Policy, names: Mapping[str, str]
) -> tuple[Step, ...]:
    """The steps that can be done now, all at once. Empty: Slack shows what is true.

    ``names`` are display names by Slack id, for the topic, which knows no mentions.
    """
    missing = [step for step in _wanted(incident, posted, policy, names) if not _stands(step, posted)]
    blocking = next((step for step in missing if isinstance(step, OpenChannel)), None)
    if blocking:
        # A DM needs no channel: the refusal is told, and reminders go on.
        return (blocking,)
    first = next((s for s in missing if isinstance(s, Invite) and s.user == incident.declared_by), None)
    return (first,) if first else tuple(missing)


def apart(steps: tuple[Step, ...], posted: Mapping[str, Posted]) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """What is new in Slack, and what only edits something that stands there: (new, edits)."""

    def is_edit(step: Step) -> bool:
        known = posted.get(step.key)
        return isinstance(step, Post | SetTopic | Bookmark) and known is not None and known.ts is not None

    edits = tuple(step for step in steps if is_edit(step))
    return tuple(step for step in steps if step not in edits), edits


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _stands(step: Step, posted: Mapping[str, Posted]) -> bool:
    known = posted.get(step.key)
    if known is None:
        return isinstance(step, Receipt) and not step.present
    if known.failed and known.digest == step.digest:
        return True
    if isinstance(step, Post) and step.once:
        return known.ts is not None
    return known.ts is not None and known.digest == step.digest


def _wanted(
    incident: Incident, posted: Mapping[str, Posted], policy: Policy, names: Mapping[str, str]
) -> Iterator[Step]:
    yield from _dms(incident)
    yield from _guides(incident, policy)
    if incident.channel is None:
        if incident.channel_refused is None:
            yield OpenChannel(key="channel", name=channel_name(incident, policy), private=incident.private)
        return
    channel = incident.channel
    yield from _members(incident)
    view = banner(incident)
    yield Post(key="banner", digest=digest(view), to=channel, view=view)
    text = topic(incident, dict(names))
    yield SetTopic(key="topic", digest=digest(text), text=text)
    standing = posted.get("banner")
    if standing and standing.ts and standing.channel:
        message = MessageRef(channel=standing.channel, ts=standing.ts)
        yield Pin(key=f"pin:{standing.ts}", message=message)
        name = f"{incident.ref} status"
        yield Bookmark(key="bookmark", digest=digest(name, message), title=name, message=message)
    yield from _announcement(incident, posted, policy)
    for index in range(len(incident.updates)):
        yield Post(key=f"update:{index + 1}", to=channel, view=notices.update(incident, index), once=True)
    yield from _receipts(incident, policy)
    yield from _files(incident)


def _members(incident: Incident) -> Iterator[Invite]:
    people = [incident.declared_by]
    people += [p.slack_id for held in incident.roles.values() for p in held if p.slack_id]
    people += [p.slack_id for item in incident.open_actions for p in item.details.owners if p.slack_id]
    for user in dict.fromkeys(people):
        if user != SYSTEM:
            yield Invite(key=f"invite:{user}", user=user)


def _announcement(incident: Incident, posted: Mapping[str, Posted], policy: Policy) -> Iterator[Step]:
    if incident.private or not policy.announce_in or incident.kind is Kind.TEST:
        return
    view = banner(incident, buttons=False)
    yield Post(key="announcement", digest=digest(view), to=policy.announce_in, view=view)
    standing = posted.get("announcement")
    if standing and standing.ts and standing.channel:
        for index in range(len(incident.updates)):
            yield Post(
                key=f"announced-update:{index + 1}",
                to=standing.channel,
                view=notices.update(incident, index),
                once=True,
                thread=standing.ts,
            )


def _receipts(incident: Incident, policy: Policy) -> Iterator[Receipt]:
    for entry in incident.entries.values():
        # We can react only where we are members: in the incident's own channel.
        if entry.message is None or entry.message.channel != incident.channel:
            continue
        present = entry.message.key in incident.tagged
        key = f"receipt:{entry.message.ts}"
        yield Receipt(
            key=key, digest=digest(present), message=entry.message, name=policy.receipt, present=present
        )


def _files(incident: Incident) -> Iterator[Upload]:
    """Only the newest rendering is posted; those it overtook before they were uploaded are not wanted any more."""
    if not incident.renderings:
        return
    newest = incident.renderings[-1]
    for name in newest.formats:
        match name:
            case "markdown" | "html" | "json":
                yield Upload(key=f"document:{newest.revision}:{name}", rendering=newest, format=name)
            case _:
                continue


def _guides(incident: Incident, policy: Policy) -> Iterator[Post]:
    for index, given in enumerate(incident.appointments):
        if given.person.slack_id and given.person in incident.holders(given.role):
            view = notices.role_given(incident, policy.role_label(given.role), policy.guides.get(given.role))
            yield Post(key=f"guide:{index}", to=given.person.slack_id, view=view, once=True)


def _dms(incident: Incident) -> Iterator[Post]:
    if incident.channel_refused and incident.channel is None:
        yield Post(
            key=f"refused:{digest(incident.channel_refused)}",
            to=incident.declared_by,
            view=notices.channel_refused(incident),
            once=True,
        )
    for item in incident.actions.values():
        for owner in item.details.owners:
            if owner.slack_id:
                view = card(incident, item)
                yield Post(
                    key=f"card:{item.id}:{owner.slack_id}", digest=digest(view), to=owner.slack_id, view=view
                )


def channel_name(incident: Incident, policy: Policy) -> str:
    """`inc-42-checkout-errors`: lowercase letters, digits and dashes, at most 80 characters."""
    slug = re.sub(r"[^a-z0-9]+", "-", incident.title.lower()).strip("-")
    mark = "" if incident.kind is Kind.NORMAL else f"{incident.kind.value}-"
    return f"{policy.prefix}-{incident.number}-{mark}{slug}"[:CHANNEL_NAME_LIMIT].rstrip("-")
