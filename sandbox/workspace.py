"""A workspace and its rules: who may do what, what it leads to, and which events follow. Raises Slack's own words."""

import re
from typing import Any

from sandbox.channels import Channels
from sandbox.clock import Clock, seconds
from sandbox.config import UserConfig, WorkspaceConfig
from sandbox.errors import SlackError
from sandbox.ground import Emit
from sandbox.state import Channel, User, by_name


class Workspace(Channels):
    """Filled as configured."""

    def __init__(self, config: WorkspaceConfig, clock: Clock, emit: Emit, base: str = "") -> None:
        super().__init__(config, clock, emit, base)
        self._populate()

    def _populate(self) -> None:
        app = self.config.app
        for user in self.config.users:
            self._add_user(user)
        self._add_user(UserConfig(id=app.bot_user_id, name=app.name, real_name=app.name.title(), is_bot=True))
        self.bot.bot_id, self.bot.app_id = app.bot_id, app.app_id
        humans = {u.id for u in self.config.users if not u.is_restricted}
        for channel in self.config.channels:
            members = set(channel.members) if channel.members is not None else set(humans)
            creator = next(iter(sorted(members)), app.bot_user_id)
            self.channels[channel.id] = Channel(
                id=channel.id,
                name=channel.name,
                creator=creator,
                created=seconds(self.clock.now()),
                is_private=channel.is_private,
                members=members,
            )

    # --- people ----------------------------------------------------------------------------------------------------

    def _add_user(self, user: UserConfig) -> User:
        made = User(
            id=user.id,
            name=user.name,
            real_name=user.real_name or user.name,
            tz=user.tz,
            is_bot=user.is_bot,
            is_restricted=user.is_restricted,
            bot_id=f"B{user.id[1:]}" if user.is_bot else None,
            email=user.email,
            team=self.config.team_id,
            updated=seconds(self.clock.now()),
        )
        self.users[made.id] = made
        return made

    def add_user(self, user: UserConfig) -> User:
        """Somebody new. Raises when the name or id is taken."""
        if user.id in self.users or any(known.name == user.name for known in self.users.values()):
            raise SlackError("name_taken")
        made = self._add_user(user)
        self._about_user("team_join", made)
        return made

    def change_user(self, user: User, **changes: Any) -> None:
        """A person changes name or zone."""
        for name, value in changes.items():
            setattr(user, name, value)
        user.updated = seconds(self.clock.now())
        self._about_user("user_change", user)

    def deactivate(self, user: User) -> None:
        """Who leaves the company leaves its channels, without a line in each."""
        for channel in self.channels.values():
            if channel.kind in {"channel", "group"}:
                channel.members.discard(user.id)
        self.change_user(user, deleted=True)

    def _about_user(self, kind: str, user: User) -> None:
        event = {"type": kind, "user": user.shown(self.clock.now()), "cache_ts": seconds(self.clock.now())}
        self.tell({**event, "event_ts": self.event_ts()}, None)
        self.touch()

    # --- later -------------------------------------------------------------------------------------------------------

    def schedule(self, channel: Channel, post_at: int, content: dict[str, Any]) -> str:
        """A message for later (docs: chat.scheduleMessage)."""
        now = seconds(self.clock.now())
        if post_at <= now:
            raise SlackError("time_in_past")
        if post_at - now > 120 * 24 * 3600:
            raise SlackError("time_too_far")
        near = [
            e
            for e in self.scheduled.values()
            if e["channel"] == channel.id and abs(e["post_at"] - post_at) < 300
        ]
        if len(near) >= 30:
            raise SlackError("restricted_too_many")
        made = self.new_id("Q")
        self.scheduled[made] = {
            "id": made,
            "channel": channel.id,
            "post_at": post_at,
            "created": now,
            "content": content,
        }
        return made

    def post_due(self) -> None:
        """Post what was scheduled and is due. With metadata it never appears (docs: chat.scheduleMessage, "bug alert")."""
        now = seconds(self.clock.now())
        for each in sorted(self.scheduled.values(), key=lambda e: e["post_at"]):
            if each["post_at"] > now:
                return
            del self.scheduled[each["id"]]
            channel = self.channels[each["channel"]]
            if not channel.is_archived and "metadata" not in each["content"]:
                self.post(channel, self.bot, **each["content"])

    def escape_mentions(self, text: str) -> str:
        """What `should_escape` makes of a typed command: ``@ana`` and ``#general`` as ids."""

        def person(match: re.Match[str]) -> str:
            name = match[1].lower()
            group = next((g for g in self.groups.values() if g.handle == name), None)
            if group:
                return f"<!subteam^{group.id}>"
            found = next(
                (u for u in self.users.values() if name in {u.name.lower(), u.real_name.lower()}), None
            )
            return f"<@{found.id}>" if found and not found.deleted else match[0]

        def place(match: re.Match[str]) -> str:
            found = by_name(self.channels.values(), match[1])
            return f"<#{found.id}|{'' if found.is_private else found.name}>" if found else match[0]

        escaped = re.sub(r"(?<![\w<@!])@([\w.-]*\w)", person, text)
        return re.sub(r"(?<![\w<&])#([\w-]+)", place, escaped)
