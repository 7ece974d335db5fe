"""Channels: making, entering, naming, archiving; each with the line and the events that Slack adds."""

import re

from sandbox.clock import seconds
from sandbox.errors import SlackError
from sandbox.messages import Messages
from sandbox.state import Channel, User, by_name

NAME = re.compile(r"^[a-z0-9_\-\u0080-\uffff]+$")


class Channels(Messages):
    def create_channel(self, name: str, creator: User, *, private: bool) -> Channel:
        checked = self.check_name(name)
        made = Channel(
            id=self.new_id("C"),
            name=checked,
            creator=creator.id,
            created=seconds(self.clock.now()),
            is_private=private,
            members={creator.id},
        )
        self.channels[made.id] = made
        if not private:
            shown = {"id": made.id, "name": made.name, "created": made.created, "creator": creator.id}
            self.tell(
                {"type": "channel_created", "channel": shown, "event_ts": self.event_ts()}, made, wide=True
            )
        self._member_event(made, creator.id, None)
        self.system_line(made, creator.id, "channel_join", f"<@{creator.id}> has joined the channel")
        return made

    def check_name(self, name: str) -> str:
        if not name:
            raise SlackError("invalid_name_required")
        if len(name) > 80:
            raise SlackError("invalid_name_maxlength")
        if not re.search(r"[a-z0-9]", name.lower()):
            raise SlackError("invalid_name_punctuation")
        if not NAME.match(name) or name != name.lower():
            raise SlackError("invalid_name_specials")
        if by_name(self.channels.values(), name):
            raise SlackError("name_taken")
        return name

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        """Enter, alone or by invitation. Who is in already stays in."""
        if user in channel.members:
            return
        channel.members.add(user)
        self._member_event(channel, user, inviter)
        more = {"inviter": inviter} if inviter else {}
        self.system_line(channel, user, "channel_join", f"<@{user}> has joined the channel", **more)

    def leave(self, channel: Channel, user: str) -> None:
        if channel.kind in {"im", "mpim"}:
            raise SlackError("method_not_supported_for_channel_type")
        self.tell(
            {
                "type": "member_left_channel",
                "user": user,
                "channel": channel.id,
                "channel_type": "C",
                "event_ts": self.event_ts(),
            },
            channel,
        )
        channel.members.discard(user)
        self.system_line(channel, user, "channel_leave", f"<@{user}> has left the channel")

    def _member_event(self, channel: Channel, user: str, inviter: str | None) -> None:
        event = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "C",
            "team": self.config.team_id,
            "event_ts": self.event_ts(),
        }
        if inviter:
            event["inviter"] = inviter
        self.tell(event, channel)

    def set_topic(self, channel: Channel, user: str, topic: str) -> None:
        self._about(channel, user, "topic", topic)

    def set_purpose(self, channel: Channel, user: str, purpose: str) -> None:
        self._about(channel, user, "purpose", purpose)

    def _about(self, channel: Channel, user: str, what: str, text: str) -> None:
        """Topic or purpose; saying the same again is no news."""
        if channel.is_im:
            raise SlackError("method_not_supported_for_channel_type")
        if len(text) > 250:
            raise SlackError("too_long")
        if text == getattr(channel, what):
            return
        setattr(channel, what, text)
        line = (
            f"<@{user}> set the channel {what}: {text}" if text else f"<@{user}> cleared the channel {what}"
        )
        self.system_line(channel, user, f"channel_{what}", line, **{what: text})

    def rename(self, channel: Channel, user: str, name: str) -> None:
        if name == channel.name:
            return
        old = channel.name
        channel.name = self.check_name(name)
        kind = "group_rename" if channel.is_private else "channel_rename"
        shown = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
        shown |= {"is_channel": not channel.is_private, "is_mpim": False}
        self.tell({"type": kind, "channel": shown, "event_ts": self.event_ts()}, channel, wide=True)
        self.system_line(
            channel,
            user,
            "channel_name",
            f"<@{user}> has renamed the channel from {old} to {name}",
            name=name,
            old_name=old,
        )

    def archive(self, channel: Channel, user: str, *, archived: bool) -> None:
        if channel.kind in {"im", "mpim"}:
            raise SlackError("method_not_supported_for_channel_type")
        if archived and channel.name == "general":
            raise SlackError("cant_archive_general")
        if channel.is_archived == archived:
            raise SlackError("already_archived" if archived else "not_archived")
        kind = "group" if channel.is_private else "channel"
        word = "archive" if archived else "unarchive"
        self.system_line(channel, user, f"channel_{word}", f"<@{user}> {word}d the channel")
        event = {"type": f"{kind}_{word}", "channel": channel.id, "user": user, "is_moved": 0}
        self.tell({**event, "event_ts": self.event_ts()}, channel, wide=True)
        channel.is_archived = archived
        if archived:
            channel.members.discard(self.bot.id)
        self.touch()
