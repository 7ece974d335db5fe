"""Slack's rate limits, as a workspace enforces them when it is told to (docs: rate-limits, and each method's page)."""

from collections import deque
from datetime import datetime, timedelta

_TIERS = {2: 20, 3: 50, 4: 100}
_TIER_OF = {
    2: "conversations.create conversations.setTopic conversations.setPurpose conversations.rename conversations.archive "
    "pins.add pins.remove pins.list bookmarks.add bookmarks.edit bookmarks.remove conversations.list users.list "
    "usergroups.list usergroups.users.list conversations.canvases.create canvases.create reactions.remove",
    3: "conversations.invite conversations.join conversations.history conversations.replies conversations.info "
    "conversations.open chat.update chat.delete bookmarks.list reactions.add reactions.get users.conversations "
    "users.lookupByEmail dnd.info canvases.edit",
    4: "conversations.members chat.postEphemeral users.info views.open views.push views.update views.publish "
    "files.getUploadURLExternal files.completeUploadExternal files.info",
}
PER_MINUTE = {name: _TIERS[tier] for tier, names in _TIER_OF.items() for name in names.split()}
POSTS_PER_MINUTE = 300
#: One message a second and channel; a short burst is let through.
POSTS_IN_A_ROW, ROW_S = 15, 10
WINDOW = timedelta(seconds=60)


class Rates:
    """Sliding windows over the calls that were let through."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], deque[datetime]] = {}

    def refuse(self, method: str, channel: str, now: datetime) -> int | None:
        """Seconds of Retry-After, or None when the call is let through."""
        limits = [((method, ""), PER_MINUTE.get(method), WINDOW)]
        if method == "chat.postMessage":
            limits = [((method, ""), POSTS_PER_MINUTE, WINDOW)]
            limits.append(((method, channel), POSTS_IN_A_ROW, timedelta(seconds=ROW_S)))
        windows = []
        for key, limit, length in limits:
            if limit is None:
                continue
            seen = self._seen.setdefault(key, deque())
            while seen and seen[0] <= now - length:
                seen.popleft()
            if len(seen) >= limit:
                return max(1, round((seen[0] + length - now).total_seconds()) + 1)
            windows.append(seen)
        for seen in windows:
            seen.append(now)
        return None
