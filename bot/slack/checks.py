"""What a request needs to know of Slack or of other incidents before it can be decided."""

import re
from dataclasses import dataclass, replace

from bot.app.chat_port import Chat, ChatError
from bot.app.permissions import may_redact
from bot.app.ports import Store
from bot.app.user_groups import UserGroups
from bot.domain import commands as c
from bot.domain.people import Person
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import Status
from bot.slack.places import Place, Places
from bot.views import notices

_OWN_CHANNEL = "Leave out `--here`, and it gets a channel of its own."


_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(slots=True)
class Checks:
    store: Store
    places: Places
    chat: Chat
    user_groups: UserGroups

    async def admit(self, command: c.Command, place: Place) -> c.Command | Refusal:
        """The command as it may go on, or why it may not."""
        match command:
            case c.Declare(here=True):
                return await self._here(command, place)
            case c.Redact():
                return await self._redact(command, place)
            case c.ChangeStatus(into=int(into)):
                return await self._merge(command, place, into)
            case c.AddAction() | c.EditAction():
                owners = await self._known(command.details.owners)
                return replace(command, details=replace(command.details, owners=owners))
            case c.AmendAction(owners=tuple(owners)):
                return replace(command, owners=await self._known(owners))
            case c.AssignRole(person=person):
                return await self._reachable("Nobody was given a role", person) or command
            case c.OfferHandoff(to=person):
                return await self._reachable("Nothing was handed over", person) or command
            case _:
                return command

    async def _redact(self, command: c.Redact, place: Place) -> c.Redact | Refusal:
        """Our own messages are drawn from the record; of these only updates hold words that stand nowhere else."""
        assert place.incident, "only a declaration has no incident"
        if refusal := may_redact(place.incident, place.user, self.places.policy):
            return refusal
        ours = await self.store.posted_as(command.message) if command.message else None
        if ours is None:
            return command
        number, key = ours
        kind, _, index = key.partition(":")
        if number != place.incident.number or kind not in {"update", "announced-update"}:
            return Refusal(
                what="Nothing was redacted",
                why="that message of mine is drawn from the record.",
                hint="Redact the entry from which the words come, or correct the title or field: it follows.",
            )
        return replace(command, message=None, update=int(index) - 1)

    async def _known(self, owners: tuple[Person, ...]) -> tuple[Person, ...]:
        """People in Slack instead of their addresses, groups instead of their handles; other names stay as they are."""
        return tuple(dict.fromkeys([await self._in_slack(owner) for owner in owners]))

    async def _in_slack(self, owner: Person) -> Person:
        if owner.name is None:
            return owner
        try:
            if _ADDRESS.fullmatch(owner.name):
                user = await self.chat.by_address(owner.name)
                return Person(slack_id=user) if user else owner
        except ChatError:
            return owner
        handle = owner.name.removeprefix("@").casefold()
        groups = (await self.user_groups.all()).values()
        found = next((group.id for group in groups if group.handle.casefold() == handle), None)
        return Person(slack_id=found) if found else owner

    async def _here(self, command: c.Declare, place: Place) -> c.Declare | Refusal:
        """An incident in a private channel is private, whatever was said; a conversation of two is no channel."""
        what = "The incident was not declared"
        if place.channel is None:
            return Refusal(what=what, why="this is no channel.", hint=_OWN_CHANNEL)
        try:
            kind = await self.chat.kind(place.channel)
        except ChatError as error:
            if not error.permanent:
                return Refusal(what=what, why="Slack does not answer just now.", hint="Try once more.")
            return Refusal(
                what=what,
                why="I am not in this channel.",
                hint=f"Type `/invite @Tocsin` first, then try again. {_OWN_CHANNEL}",
            )
        if kind == "direct":
            return Refusal(what=what, why="a direct message cannot become its channel.", hint=_OWN_CHANNEL)
        return replace(command, declared_from=place.channel, private=command.private or kind == "private")

    async def _reachable(self, what: str, person: Person) -> Refusal | None:
        """Why somebody in Slack cannot hold a role."""
        user = person.slack_id
        profile = (await self.places.directory.profiles([user])).get(user) if user else None
        if profile is None or not (profile.deleted or profile.is_bot):
            return None
        why = "has left Slack." if profile.deleted else "is a bot."
        return Refusal(what=what, by=user, why=why, hint="Name somebody who can answer.")

    async def _merge(self, command: c.ChangeStatus, place: Place, into: int) -> c.ChangeStatus | Refusal:
        other = await self.store.incident(into)
        if other is None or not await self.places.may_see(other, place):
            return notices.unknown_incident(into)
        if other.merged_into is not None:
            return Refusal(
                what="Nothing was merged",
                why=f"{other.ref} is itself a duplicate of INC-{other.merged_into}.",
                hint=f"Merge into that one: `/incident duplicate INC-{other.merged_into}`.",
            )
        if other.status is Status.DECLINED:
            return Refusal(
                what="Nothing was merged",
                why=f"{other.ref} was declined.",
                hint=f"Open it first: `/incident {other.ref} reopen`.",
            )
        return command
