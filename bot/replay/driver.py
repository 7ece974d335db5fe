"""Plays a case's steps as its people would: typing, reacting, using shortcuts, filling in forms."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.replay.case import Case, CaseStep
from bot.replay.hands import Hands, Refused
from bot.replay.typed import Args, told

#: Refusals begin with what was not done, in bold, with a colon.
_REFUSAL = re.compile(r"\*[^*\n]+:\*")


class NotBuilt(Exception):  # noqa: N818 - an outcome that the replay reports
    """A part of a step that Tocsin cannot do yet."""


@dataclass(slots=True)
class Outcome:
    """What became of one step: done, refused by the bot or Slack, or not built yet."""

    step: CaseStep
    problem: str | None = None
    unbuilt: bool = False


@dataclass(slots=True)
class World:
    """Where the case's things are in the sandbox."""

    users: dict[str, str]
    channels: dict[str, str]
    #: Case message id -> (channel, ts).
    messages: dict[str, tuple[str, str]] = field(default_factory=dict)
    actions: dict[str, str] = field(default_factory=dict)
    incident: int | None = None
    channel: str | None = None
    declared: datetime | None = None


class Driver:
    """One case in one sandbox: who and where everything is. ``settle`` returns when the bot is quiet.

    ``acts`` says how each kind of step is played.
    """

    def __init__(
        self, case: Case, hands: Hands, world: World, settle: Callable[[], Awaitable[None]], acts: "Acts"
    ) -> None:
        self._acts = acts
        self.case = case
        self.hands = hands
        self.world = world
        self.settle = settle

    async def play(self, step: CaseStep) -> Outcome:
        """One step at its moment. What fails is told, and the next step is played all the same."""
        act = self._acts.get(step.do)
        if act is None:
            return Outcome(step, f"no way to play `{step.do}` is built yet", unbuilt=True)
        await self.hands.clock(step.at.isoformat())
        try:
            await act(self, step, step.args)
        except NotBuilt as missing:
            return Outcome(step, str(missing), unbuilt=True)
        except Refused as refused:
            return Outcome(step, str(refused))
        except (KeyError, TypeError, ValueError, AttributeError) as malformed:
            return Outcome(step, f"its arguments cannot be read ({malformed!r})")
        finally:
            await self.settle()
        return Outcome(step)

    # --- where and who -----------------------------------------------------------------------------------------------

    def user(self, key: str) -> str:
        """A Slack id; people without an account cannot act, so the first person who has one acts for them."""
        if key in self.world.users:
            return self.world.users[key]
        return next(iter(self._humans()))

    def _humans(self) -> list[str]:
        return [self.world.users[u.id] for u in self.case.users.values() if u.kind == "human"]

    def person(self, key: str) -> str:
        """How a person is typed: a mention, or the name of somebody without an account."""
        user = self.case.users.get(key)
        if user is None:
            return key
        return f"<@{self.world.users[key]}>" if user.kind == "human" else user.name

    def name(self, key: str) -> str:
        user = self.case.users.get(key)
        return user.name if user else key

    def place(self, step: CaseStep) -> str:
        """The channel in which a person stands; forms are opened from the incident's channel."""
        known = self.world.channels.get(step.place)
        place = known or self.world.channel
        if place is None:
            raise Refused("the incident has no channel to do this in")
        return place

    async def find_channel(self) -> None:
        """The channel that the bot made is the newest one that no person made."""
        state = await self.hands.state()
        ours = set(self.world.channels.values())
        made = [c for c in state["channels"] if not c.get("is_im") and c["id"] not in ours]
        if not made:
            raise Refused("the bot opened no channel")
        channel = made[-1]
        self.world.channel = channel["id"]
        for key, (_, kind) in self.case.channels.items():
            if kind == "incident":
                self.world.channels[key] = channel["id"]
        match = re.search(r"-(\d+)-", channel["name"])
        self.world.incident = int(match[1]) if match else None
        await self._everybody_joins(channel["id"])

    async def _everybody_joins(self, channel: str) -> None:
        """The case's people and bots are in the incident's channel."""
        for user in self.world.users.values():
            await self.hands.join(user, channel)
        await self.settle()

    def zone(self, step: CaseStep) -> str:
        """Of the one who acts: people without an account have somebody act for them."""
        user = self.case.users.get(step.by)
        if user and user.kind == "human":
            return user.zone
        return next(user.zone for user in self.case.users.values() if user.kind == "human")

    def told(self, step: CaseStep, time: Args) -> str:
        """A time as this person types it, who looks at how it is read."""
        return told(time, now=step.at, zone=self.zone(step), near=self.world.declared)

    async def type(self, step: CaseStep, text: str) -> str:
        """`/incident text`; an answer that refuses is a refusal."""
        answer = await self.hands.command(self.user(step.by), self.place(step), text)
        if _REFUSAL.match(answer):
            raise Refused(answer.replace("\n", " "))
        return answer

    async def fill(self, step: CaseStep, text: str, typed: Args, *, emptied: Collection[str] = ()) -> None:
        """Open a form by typing, fill it in, send it. ``emptied``: inputs whose emptiness is meant."""
        user = self.user(step.by)
        await self.type(step, text)
        form = await self.hands.form(user)
        filled = {
            name: value for name, value in typed.items() if name in emptied or value not in (None, "", [])
        }
        await self.hands.send(user, form, filled)


def standing(step: CaseStep, place: str) -> CaseStep:
    return CaseStep(number=step.number, at=step.at, by=step.by, place=place, do=step.do, args=step.args)


Act = Callable[[Driver, CaseStep, Args], Awaitable[None]]
Acts = Mapping[str, Act]
