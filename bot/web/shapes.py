"""What a delivery must look like before anything reads it. Slack sends no others; whoever does is not Slack.

Only the parts that we read are named; Slack may add what it likes (docs: changelog, "additive changes").
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictStr, TypeAdapter, ValidationError, model_validator

Id = Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9]{1,64}$")]
Ts = Annotated[StrictStr, Field(pattern=r"^\d{1,16}(\.\d{1,9})?$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="allow")


class _Named(_Shape):
    id: Id


class _File(_Shape):
    id: StrictStr | None = None
    name: StrictStr | None = None
    title: StrictStr | None = None
    mimetype: StrictStr | None = None
    permalink: StrictStr | None = None
    url_private: StrictStr | None = None


class _Said(_Shape):
    """A message object."""

    ts: Ts
    user: Id | None = None
    text: StrictStr | None = None
    subtype: StrictStr | None = None
    thread_ts: Ts | None = None
    bot_id: Id | None = None
    username: StrictStr | None = None
    permalink: StrictStr | None = None
    bot_profile: dict[str, Any] | None = None
    edited: dict[str, Any] | None = None
    files: list[_File] | None = None


class _Message(_Shape):
    type: Literal["message"]
    channel: Id
    ts: Ts
    event_ts: Ts | None = None
    subtype: StrictStr | None = None
    topic: StrictStr | None = None


class _Spoken(_Message, _Said):
    pass


class _Edited(_Message):
    subtype: Literal["message_changed"]
    message: _Said
    previous_message: _Said | None = None


class _Deleted(_Message):
    subtype: Literal["message_deleted"]
    deleted_ts: Ts
    previous_message: _Said | None = None


class _Item(_Shape):
    type: StrictStr
    channel: Id | None = None
    ts: Ts | None = None

    @model_validator(mode="after")
    def _a_message_is_named(self) -> Self:
        if self.type == "message" and not (self.channel and self.ts):
            raise ValueError("a message without its channel or its time")
        return self


class _Reaction(_Shape):
    user: Id
    reaction: StrictStr
    item: _Item
    event_ts: Ts | None = None


class _Pinned(_Shape):
    class _PinnedItem(_Shape):
        type: StrictStr = "message"
        message: _Said | None = None

    user: Id
    channel_id: Id
    item: _PinnedItem
    event_ts: Ts | None = None


class _Home(_Shape):
    user: Id
    tab: StrictStr | None = None


class _Profile(_Shape):
    class _Who(_Named):
        name: StrictStr | None = None
        real_name: StrictStr | None = None
        tz: StrictStr | None = None
        profile: dict[str, Any] | None = None

    user: _Who


class _Membership(_Shape):
    user: Id
    channel: Id


class _ChannelNews(_Shape):
    class _Channel(_Named):
        name: StrictStr

    channel: Id | _Channel


class _Command(_Shape):
    command: StrictStr
    user_id: Id
    trigger_id: StrictStr
    channel_id: StrictStr = ""
    text: StrictStr = ""


class _Pressed(_Shape):
    action_id: StrictStr
    value: StrictStr | None = None
    action_ts: StrictStr | None = None


class _View(_Shape):
    id: StrictStr
    type: StrictStr  # Bolt reads it, too
    private_metadata: StrictStr | None = None


class _Actions(_Shape):
    user: _Named
    trigger_id: StrictStr
    actions: Annotated[list[_Pressed], Field(min_length=1)]
    channel: _Named | None = None
    view: _View | None = None
    message: _Said | None = None


class _Submission(_Shape):
    class _SentView(_View):
        class _State(_Shape):
            values: dict[str, dict[str, dict[str, Any]]]

        callback_id: StrictStr
        state: _State

    user: _Named
    view: _SentView


class _Closed(_Shape):
    user: _Named
    view: _View


class _Shortcut(_Shape):
    user: _Named
    callback_id: StrictStr
    trigger_id: StrictStr


class _MessageShortcut(_Shortcut):
    channel: _Named
    message: _Said


_EVENTS: Mapping[str, Any] = {
    "reaction_added": _Reaction,
    "reaction_removed": _Reaction,
    "pin_added": _Pinned,
    "pin_removed": _Pinned,
    "app_home_opened": _Home,
    "user_change": _Profile,
    "member_joined_channel": _Membership,
    "member_left_channel": _Membership,
    "channel_rename": _ChannelNews,
    "group_rename": _ChannelNews,
    "channel_archive": _ChannelNews,
    "group_archive": _ChannelNews,
    "channel_unarchive": _ChannelNews,
    "group_unarchive": _ChannelNews,
}
_MESSAGES: Mapping[str, Any] = {"message_changed": _Edited, "message_deleted": _Deleted}
_INTERACTIONS: Mapping[str, Any] = {
    "block_actions": _Actions,
    "view_submission": _Submission,
    "view_closed": _Closed,
    "shortcut": _Shortcut,
    "message_action": _MessageShortcut,
}
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def problem(body: Mapping[str, Any]) -> str | None:
    """Where a delivery is not what Slack sends, in a few words for the log (no values); None when it is well-formed."""
    shape = _shape(body)
    if isinstance(shape, str):
        return shape
    if shape is None:
        return None
    wanted, value = shape
    adapter = _ADAPTERS.setdefault(wanted, TypeAdapter(wanted))
    try:
        adapter.validate_python(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['type']}"
    return None


def _shape(body: Mapping[str, Any]) -> tuple[Any, object] | str | None:
    """(shape, the part that must have it), or why there is none to be had; None for what nobody reads."""
    if not _plain(body):
        return "text that is no Unicode"
    if "command" in body:
        return _Command, body
    kind = body.get("type")
    if kind in ("url_verification", "app_rate_limited") or (kind is None and "ssl_check" in body):
        return None
    if kind == "event_callback":
        event = body.get("event")
        if not isinstance(event, Mapping) or not isinstance(event.get("type"), str):
            return "event: no type"
        if event["type"] == "message":
            subtype = event.get("subtype")
            return (_MESSAGES.get(subtype, _Spoken) if isinstance(subtype, str) else _Spoken), event
        wanted = _EVENTS.get(event["type"])
        return (wanted, event) if wanted else None
    if isinstance(kind, str) and kind in _INTERACTIONS:
        return _INTERACTIONS[kind], body
    return "no known kind"


def _plain(value: object) -> bool:
    """Lone surrogates cannot be stored nor sent (RFC 8259, section 8.2)."""
    match value:
        case str():
            try:
                value.encode()
            except UnicodeEncodeError:
                return False
            return True
        case Mapping():
            return all(_plain(name) and _plain(inner) for name, inner in value.items())
        case list():
            return all(_plain(inner) for inner in value)
        case _:
            return True
