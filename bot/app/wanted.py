"""What Slack should show of an incident, and which step comes next: wanted minus posted. Pure.

Each step carries the key under which `posted` remembers it. Steps wait for one another only where Slack makes them:
the channel first, then everything at once with the declarer's invitation before all, then what needs a message's ts.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from bot.app.asking import asked_steps
from bot.app.cards import cards
from bot.app.digests import digest
from bot.app.policy import Policy
from bot.app.ports import Posted
from bot.app.steps import (
    Bookmark,
    Canvas,
    DeleteFile,
    Invite,
    Join,
    MoveWatchers,
    NameChannel,
    OpenChannel,
    Picture,
    Pin,
    Post,
    Receipt,
    SetTopic,
    Step,
    TellDuplicate,
    Upload,
    Withdraw,
)
from bot.app.wanted_outlets import OUTLETS, deliveries
from bot.app.wanted_review import requests, reviewing, state_message
from bot.domain.details import MessageRef
from bot.domain.incident import Incident
from bot.domain.vocabulary import Kind
from bot.views import notices
from bot.views.banner import banner, topic
from bot.views.refused import channel_refused, refused

CANVAS = "canvas"
CHANNEL_NAME_LIMIT = 80  # Slack's limit for channel names


def next_steps(
    incident: Incident,
    posted: Mapping[str, Posted],
    policy: Policy,
    names: Mapping[str, str],
    words: Mapping[str, str] = MappingProxyType({}),
    guests: tuple[str, ...] = (),
) -> tuple[Step, ...]:
    """The steps that can be done now, all at once. Empty: Slack shows what is true.

    ``names`` are display names by Slack id, for the topic, which knows no mentions; ``words`` the present wordings of
    tagged messages by message key, for the brief of a handoff; ``guests`` are to be invited.
    """
    wanted = (
        *_wanted(incident, posted, policy, names, guests),
        *asked_steps(incident, posted, words, policy.look),
    )
    missing = [step for step in wanted if not _stands(step, posted)]
    blocking = next((step for step in missing if isinstance(step, OpenChannel)), None)
    if blocking:
        # A DM needs no channel: the refusal is told, and reminders go on.
        return (blocking,)
    return tuple(sorted(missing, key=lambda step: not _lets_in(step, incident.declarer)))


def _lets_in(step: Step, user: str | None) -> bool:
    return isinstance(step, Invite) and step.user == user


def apart(steps: tuple[Step, ...], posted: Mapping[str, Posted]) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """What is wanted at once, and what can wait until people have paused: (at once, later).

    An edit of what stands there waits, so that ten changes are one edit. The bookmark waits too: the banner to which
    it leads is pinned by then, and a declare is one call shorter.
    """

    def can_wait(step: Step) -> bool:
        known = posted.get(step.key)
        stands = known is not None and known.ts is not None
        return isinstance(step, Bookmark) or (isinstance(step, Post | SetTopic) and stands)

    later = tuple(step for step in steps if can_wait(step))
    return tuple(step for step in steps if step not in later), later


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
    incident: Incident,
    posted: Mapping[str, Posted],
    policy: Policy,
    names: Mapping[str, str],
    guests: tuple[str, ...],
) -> Iterator[Step]:
    yield from _dms(incident)
    yield from cards(incident, posted)
    yield from _guides(incident, policy)
    yield from _refusals(incident, posted)
    yield from requests(incident, posted)
    yield from deliveries(incident, posted, policy)
    if incident.channel is None:
        if incident.channel_refused is None:
            yield OpenChannel(key="channel", name=channel_name(incident, policy), private=incident.private)
        return
    yield from _announcement(incident, posted, policy)
    yield from _duplicates(incident)
    if incident.archived:
        return  # nothing can be said or changed there (docs: conversations.archive)
    yield from _entering(incident)
    yield from _members(incident, guests)
    yield from _banner(incident, posted, policy, names)
    for index in range(len(incident.updates)):
        yield _update(incident, index, f"update:{index + 1}", incident.channel, policy)
    yield from _receipts(incident, policy)
    yield from _files(incident)
    yield from _pictures(incident)
    yield from _overtaken(incident, posted)
    yield from _without_canvas(incident, posted)
    yield from state_message(incident, posted)


def _entering(incident: Incident) -> Iterator[Step]:
    """A channel that we did not make, or that was brought back (archiving takes us out of it), must be entered."""
    if incident.adopted or incident.unarchived:
        yield Join(key=f"join:{incident.unarchived}")


def _name(incident: Incident, policy: Policy) -> Iterator[NameChannel]:
    """A new title is a new name, once: what people call the channel afterwards stays."""
    titles = sum(change.what == "title" for change in incident.history)
    if titles:
        yield NameChannel(key=f"name:{titles}", name=channel_name(incident, policy))


def _banner(
    incident: Incident, posted: Mapping[str, Posted], policy: Policy, names: Mapping[str, str]
) -> Iterator[Step]:
    """The pinned message, the topic and the bookmark. An adopted channel keeps its team's name and topic."""
    assert incident.channel, "asked only when there is one"
    view = banner(incident, policy.look)
    yield Post(key="banner", digest=digest(view), to=incident.channel, view=view)
    if not incident.adopted:
        yield from _name(incident, policy)
        text = topic(incident, dict(names), policy.look)
        yield SetTopic(key="topic", digest=digest(text), text=text)
    standing = posted.get("banner")
    if standing and standing.ts and standing.channel:
        message = MessageRef(channel=standing.channel, ts=standing.ts)
        yield Pin(key=f"pin:{standing.ts}", message=message)
        name = f"{incident.ref} status"
        yield Bookmark(key="bookmark", digest=digest(name, message), title=name, message=message)


def _duplicates(incident: Incident) -> Iterator[Step]:
    """The incident of which this one is a duplicate knows of it and gets its watchers, as long as that is so."""
    for into in dict.fromkeys(incident.duplicate_of):
        present = into == incident.merged_into
        yield TellDuplicate(key=f"duplicate:{into}", digest=digest(present), into=into, present=present)
        if present and not incident.archived:
            yield MoveWatchers(key=f"watchers:{len(incident.duplicate_of)}", into=into)


def _members(incident: Incident, guests: tuple[str, ...]) -> Iterator[Invite]:
    people = [incident.declarer] if incident.declarer else []
    people += [p.slack_id for held in incident.roles.values() for p in held if p.slack_id]
    people += [p.user for item in incident.open_actions for p in item.details.owners if p.user]
    people += reviewing(incident)
    for user in dict.fromkeys((*people, *guests)):
        yield Invite(key=f"invite:{user}", user=user)


def _announcement(incident: Incident, posted: Mapping[str, Posted], policy: Policy) -> Iterator[Step]:
    if incident.private:
        yield from _withdrawn(posted)
        return
    if not policy.announce_in or incident.kind is Kind.TEST:
        return
    view = banner(incident, policy.look, buttons=False)
    yield Post(key="announcement", digest=digest(view), to=policy.announce_in, view=view)
    standing = posted.get("announcement")
    if standing and standing.ts and standing.channel:
        for index in range(len(incident.updates)):
            yield _update(
                incident, index, f"announced-update:{index + 1}", standing.channel, policy, thread=standing.ts
            )


def _update(
    incident: Incident, index: int, key: str, to: str, policy: Policy, thread: str | None = None
) -> Post:
    """Said once and left alone, unless its words were redacted: then what stands there is edited."""
    view = notices.update(incident, index, policy.look)
    gone = any(known.update == index for known in incident.redactions)
    return Post(key=key, digest=digest(view) if gone else "", to=to, view=view, once=not gone, thread=thread)


def _withdrawn(posted: Mapping[str, Posted]) -> Iterator[Withdraw]:
    """What was announced before an incident became private is taken back."""
    for key, known in posted.items():
        if key.startswith("announce") and known.ts and known.channel:
            yield Withdraw(key=f"withdrawn:{key}", message=MessageRef(channel=known.channel, ts=known.ts))


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


def _files(incident: Incident) -> Iterator[Upload | Canvas]:
    """Only the newest rendering is posted; those it overtook before they were uploaded are not wanted any more."""
    if not incident.renderings:
        return
    newest = incident.renderings[-1]
    for name in newest.formats:
        match name:
            case "markdown" | "html" | "json" | "pdf" | "png" | "svg":
                yield Upload(key=f"document:{newest.revision}:{name}", rendering=newest, format=name)
            case "canvas":
                yield Canvas(key=CANVAS, digest=str(newest.revision), rendering=newest)
            case _:
                continue


def _pictures(incident: Incident) -> Iterator[Picture]:
    """The newest; a redaction draws it anew."""
    if not incident.pictures:
        return
    newest = incident.pictures[-1]
    wanted: Literal["png", "svg"] = "svg" if newest.formats == ("svg",) else "png"
    yield Picture(key=f"picture:{newest.revision}", rendering=newest, format=wanted)


def _without_canvas(incident: Incident, posted: Mapping[str, Posted]) -> Iterator[Post]:
    """Said once in a channel: a canvas is a copy, and the file is the record."""
    known = posted.get(CANVAS)
    if known and known.failed and incident.channel:
        yield Post(
            key="canvas:refused", to=incident.channel, view=notices.canvas_refused(known.failed), once=True
        )


def _overtaken(incident: Incident, posted: Mapping[str, Posted]) -> Iterator[DeleteFile]:
    """Documents and pictures that were shared before words were redacted hold them still."""
    last = {
        "document": max((known.renderings for known in incident.redactions), default=0),
        "picture": max((known.pictures for known in incident.redactions), default=0),
    }
    for key, known in posted.items():
        kind, _, rest = key.partition(":")
        if kind in last and known.ts and not known.failed and int(rest.partition(":")[0]) <= last[kind]:
            yield DeleteFile(key=f"withdrawn:{key}", file=known.ts)


def _guides(incident: Incident, policy: Policy) -> Iterator[Post]:
    for index, given in enumerate(incident.appointments):
        if given.person.slack_id and given.person in incident.holders(given.role):
            view = notices.role_given(incident, policy.role_label(given.role), policy.guides.get(given.role))
            yield Post(key=f"guide:{index}", to=given.person.slack_id, view=view, once=True)


#: Refusals that are not told (of the telling itself), or told by `deliveries`.
_TOLD_OTHERWISE = frozenset({"told", "card", "undelivered", *OUTLETS})


def _refusals(incident: Incident, posted: Mapping[str, Posted]) -> Iterator[Post]:
    """What Slack refused for good is told to who declared, once for each reason."""
    if incident.declarer is None:
        return
    words: dict[str, list[str]] = {}
    for key, known in posted.items():
        if known.failed and key.partition(":")[0] not in _TOLD_OTHERWISE:
            words.setdefault(known.failed, []).append(key)
    for word, keys in words.items():
        view = refused(incident, keys, word)
        yield Post(key=f"told:{word}", digest=digest(view), to=incident.declarer, view=view)


def _dms(incident: Incident) -> Iterator[Post]:
    if incident.channel_refused and incident.channel is None and incident.declarer:
        yield Post(
            key=f"refused:{incident.channel_tries}",
            to=incident.declarer,
            view=channel_refused(incident),
            once=True,
        )


def channel_name(incident: Incident, policy: Policy) -> str:
    """`inc-42-checkout-errors`: lowercase letters, digits, dashes and underscores, at most 80 characters.

    The title is cut, not what stands around it: the number keeps two incidents apart.
    """
    values = {
        "prefix": policy.prefix,
        "number": incident.number,
        "kind": "" if incident.kind is Kind.NORMAL else incident.kind.value,
        "severity": incident.severity.label if incident.severity else "",
        "date": f"{incident.declared_at:%Y-%m-%d}",
    }
    around = _slug(policy.channel_pattern.format(**values, title=""))
    room = max(0, CHANNEL_NAME_LIMIT - len(around) - 1)
    title = _slug(incident.title)[:room]
    return _slug(policy.channel_pattern.format(**values, title=title))[:CHANNEL_NAME_LIMIT].rstrip("-")


def _slug(text: str) -> str:
    return re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9_]+", "-", text.lower())).strip("-")
