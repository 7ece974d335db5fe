"""Slack's rate limits kept by construction: a bucket for each method, one for each channel's messages, and an order of who may wait.

Limits are per method and workspace (docs: rate-limits). A call that would be too early is not made and says how long
to wait; nobody else is held up by it.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """How long a call may wait for those that matter more."""

    PERSON = 0  # somebody looks at the screen and waits: forms, answers, names
    NEWS = 1  # what is new in Slack: channels, invitations, posts
    UPKEEP = 2  # edits of what stands, receipts, looking for what was lost


#: Calls a minute by tier (docs: rate-limits).
_TIER_2, _TIER_3, _TIER_4 = 20, 50, 100
PER_MINUTE: Mapping[str, int] = {
    "bookmarks.add": _TIER_2,
    "bookmarks.edit": _TIER_2,
    "bookmarks.list": _TIER_3,
    "chat.delete": _TIER_3,
    "chat.postEphemeral": _TIER_4,
    "chat.postMessage": 300,  # "several hundred" a minute and workspace
    "chat.update": _TIER_3,
    "conversations.create": _TIER_2,
    "conversations.history": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.invite": _TIER_3,
    "conversations.join": _TIER_3,
    "conversations.members": _TIER_4,
    "conversations.open": _TIER_3,
    "conversations.rename": _TIER_2,
    "conversations.replies": _TIER_3,
    "conversations.setTopic": _TIER_2,
    "dnd.info": _TIER_3,
    "pins.add": _TIER_2,
    "pins.list": _TIER_2,
    "reactions.add": _TIER_3,
    "reactions.get": _TIER_3,
    "reactions.remove": _TIER_2,
    "users.conversations": _TIER_3,
    "users.info": _TIER_4,
    "views.open": _TIER_4,
    "views.publish": _TIER_4,
    "views.push": _TIER_4,
}
#: Methods that are not named are rarely called.
ELSE_PER_MINUTE = _TIER_2
#: chat.postMessage allows about one message a second and channel, with short bursts.
CHANNEL_BURST, CHANNEL_PER_MINUTE = 4, 60
#: What each rank leaves in the bucket for those before it.
RESERVE: Mapping[Rank, float] = {Rank.PERSON: 0.0, Rank.NEWS: 0.1, Rank.UPKEEP: 0.3}


@dataclass(slots=True)
class Bucket:
    """``size`` calls at once, refilled evenly at ``per_minute``."""

    size: float
    per_minute: float
    level: float
    at: float

    def wait(self, now: float, keep: float) -> float:
        """Seconds until one can be taken and ``keep`` (a share of the size) is left."""
        return max(0.0, -self._spare(now, keep) * 60 / self.per_minute)

    def free(self, now: float, keep: float) -> int:
        """How many can be taken now with ``keep`` left."""
        return max(0, math.floor(self._spare(now, keep)) + 1)

    def _spare(self, now: float, keep: float) -> float:
        """What is there beyond one call and what is kept; negative while it is missing."""
        self.level = min(self.size, self.level + max(0.0, now - self.at) * self.per_minute / 60)
        self.at = now
        return self.level - min(1 + keep * self.size, self.size)

    def take(self) -> None:
        self.level -= 1


class Pace:
    """Whether a call may be made now. ``now`` gives seconds of a clock that never goes back.

    Slack counts a workspace's calls, whoever of ``replicas`` bots makes them: each keeps to its share.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, *, replicas: int = 1) -> None:
        self._now = now
        self._replicas = replicas
        self._methods: dict[str, Bucket] = {}
        self._channels: dict[str, Bucket] = {}

    def wait(self, method: str, channel: str | None, rank: Rank) -> float:
        """Seconds to wait before this call; 0 means go, and it is counted."""
        now = self._now()
        buckets = [self._method(method, now)]
        if method == "chat.postMessage" and channel:
            buckets.append(self._channel(channel, now))
        wait = max(bucket.wait(now, RESERVE[rank]) for bucket in buckets)
        if wait == 0:
            for bucket in buckets:
                bucket.take()
        return wait

    def free(self, method: str, rank: Rank) -> int:
        """How many of these calls may be made now, each to another channel."""
        now = self._now()
        return self._method(method, now).free(now, RESERVE[rank])

    def _method(self, method: str, now: float) -> Bucket:
        """Half a minute's calls at once: with the refill that stays under the limit of every full minute."""
        if method not in self._methods:
            half = PER_MINUTE.get(method, ELSE_PER_MINUTE) / 2
            self._methods[method] = self._bucket(half, half, now)
        return self._methods[method]

    def _channel(self, channel: str, now: float) -> Bucket:
        if channel not in self._channels:
            self._forget_full(now)
            self._channels[channel] = self._bucket(CHANNEL_BURST, CHANNEL_PER_MINUTE, now)
        return self._channels[channel]

    def _bucket(self, size: float, per_minute: float, now: float) -> Bucket:
        """The share of one replica; a bucket for less than one call would never let any through."""
        share = max(1.0, size / self._replicas)
        return Bucket(size=share, per_minute=per_minute / self._replicas, level=share, at=now)

    def _forget_full(self, now: float) -> None:
        """Channels that have been quiet are as good as new."""
        long_ago = now - 60 * self._replicas * CHANNEL_BURST / CHANNEL_PER_MINUTE
        self._channels = {name: known for name, known in self._channels.items() if known.at > long_ago}
