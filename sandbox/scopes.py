"""Which scope is needed for what (docs: the scope table of every method and event); any one of those listed will do."""

from collections.abc import Mapping

PerKind = Mapping[str, tuple[str, ...]]

READ: PerKind = {kind: (f"{kind}s:read",) for kind in ("channel", "group")} | {
    k: (f"{k}:read",) for k in ("im", "mpim")
}
HISTORY: PerKind = {kind: (scopes[0].replace("read", "history"),) for kind, scopes in READ.items()}
MANAGE: PerKind = {
    "channel": ("channels:manage",),
    "group": ("groups:write",),
    "im": ("im:write",),
    "mpim": ("mpim:write",),
}
TOPIC: PerKind = {
    **MANAGE,
    "channel": ("channels:manage", "channels:write.topic"),
    "group": ("groups:write", "groups:write.topic"),
}
INVITE: PerKind = {
    **MANAGE,
    "channel": ("channels:manage", "channels:write.invites"),
    "group": ("groups:write", "groups:write.invites"),
}

#: Event type -> what the app must have been granted; events that are not here need nothing.
EVENTS: Mapping[str, PerKind | str] = {
    "message": HISTORY,
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "member_joined_channel": READ,
    "member_left_channel": READ,
    "channel_created": "channels:read",
    "channel_rename": "channels:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "group_rename": "groups:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
    "team_join": "users:read",
    "user_change": "users:read",
}


def event_allowed(kind: str, place: str | None, granted: frozenset[str] | None) -> bool:
    """Whether an app with these scopes may see an event; ``place`` is the kind of conversation."""
    needed = EVENTS.get(kind)
    if needed is None or granted is None:
        return True
    if isinstance(needed, str):
        return needed in granted
    return bool(granted & set(needed.get(place or "channel", ())))
