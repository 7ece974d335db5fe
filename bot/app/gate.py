"""Who may do what, at the one door: what Slack knows of groups is looked up before the transaction, judged inside it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.app.user_groups import UserGroups
from bot.domain import commands as c
from bot.domain import permissions
from bot.domain.incident import Incident
from bot.domain.permissions import Permissions, Right
from bot.domain.refusals import Refusal

#: Told the incident as it stands: why it may not be done, or None.
Judge = Callable[[Incident | None], Refusal | None]


@dataclass(frozen=True, slots=True)
class Gate:
    kept: Permissions
    groups: UserGroups

    async def judge(self, command: c.Command, by: str) -> Judge:
        """Asks Slack only when the command wants a right that is kept to some."""
        right = permissions.needed(command)
        allowed = self.kept.get(right) if right else None
        groups = await self.groups.all() if allowed and allowed.groups else {}
        return lambda incident: permissions.refusal(command, incident, by, self.kept, groups)

    async def may_read_private(self, user: str, incident: Incident) -> bool:
        """Whether a right says so; members and role holders need none."""
        allowed = self.kept.get(Right.READ_PRIVATE)
        if allowed is None:
            return False
        groups = await self.groups.all() if allowed.groups else {}
        return permissions.may(user, allowed, incident, groups)
