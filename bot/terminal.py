"""`/incident …` typed in a terminal, for when Slack is down: kept like any other, and shown in Slack when it is back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.app.incidents import Incidents, Request
from bot.app.policy import Policy
from bot.app.ports import Clock, Store, Summary
from bot.app.wordings import tagged_words
from bot.domain import commands as c
from bot.domain.incident import Incident
from bot.domain.refusals import Refusal
from bot.language import help as helping
from bot.language.intents import Ask, Context, Do, OpenForm, ReadAgain, Show, Subscribe
from bot.language.parse import parse
from bot.language.reading import Ambiguous, offers
from bot.views import answers, notices
from bot.views.catchup import catchup
from bot.views.notices import Notice
from bot.views.plain import plain
from bot.views.text import Mention

_ONLY_IN_SLACK = "Type it on one line, such as `tocsin incident INC-7 update rolling back --next 30m`."
_DOCUMENT = "`tocsin postmortem render INC-7` prints the record; `tocsin actions export` the action items."


@dataclass(frozen=True, slots=True)
class Told:
    """What the person at the terminal reads, and whether what they asked was done."""

    text: str
    done: bool


@dataclass(slots=True)
class Terminal:
    """Whoever can write to the database is an operator: nothing is kept from them but private incidents in lists."""

    store: Store
    policy: Policy
    clock: Clock

    async def typed(self, line: str, *, by: str, zone: ZoneInfo) -> Told:
        """``by``: a Slack id or a name. ``zone`` is the one in which times are read."""
        context = Context(
            now=self.clock.now(),
            zone=zone,
            by=by,
            severities=self.policy.severities,
            roles=self.policy.roles,
        )
        intent = parse(line, context)
        if isinstance(intent, Refusal):
            return await self._refused(intent)
        incident = await self.store.incident(intent.incident) if intent.incident else None
        if intent.incident and incident is None:
            return await self._refused(notices.unknown_incident(intent.incident))
        match intent:
            case Do():
                return await self._do(intent.command, incident, by, zone)
            case Show():
                return await self._show(intent, incident)
            case Ask():
                asked = offers(Ambiguous(intent.readings))
                return await self._refused(
                    Refusal(what=intent.what, why=f"`{intent.text}` {intent.why}", hint=asked)
                )
            case OpenForm() | ReadAgain() | Subscribe():
                return await self._refused(
                    Refusal(what="Nothing was changed", why="this needs Slack.", hint=_ONLY_IN_SLACK)
                )
            case _:
                assert_never(intent)

    async def _do(self, command: c.Command, incident: Incident | None, by: str, zone: ZoneInfo) -> Told:
        if isinstance(command, c.Declare):
            command = replace(command, declared_from=None)
        elif incident is None:
            return await self._refused(_unnamed())
        if isinstance(command, c.AssignRole) and command.role in self.policy.shared_roles:
            command = replace(command, beside=True)
        # The running bot is another process: its worker finds the work in the database.
        outcome = await Incidents(self.store, lambda _: None).handle(
            Request(
                command=command,
                by=by,
                at=self.clock.now(),
                incident=incident.number if incident else None,
                delivery=f"terminal:{uuid.uuid4().hex}",
            )
        )
        if isinstance(outcome, Refusal):
            return await self._refused(outcome)
        assert outcome.incident is not None, "nothing was repeated"
        said = answers.answer(
            outcome.incident, outcome.events, before=outcome.before, zone=zone, look=self.policy.look
        )
        return Told(await self._plain(said), done=True)

    async def _show(self, intent: Show, incident: Incident | None) -> Told:
        if intent.what == "help":
            return Told(_help(intent.topic), done=True)
        if intent.what == "list":
            return Told(await self._list(intent.topic or "open"), done=True)
        if intent.what not in {"status", "roles", "catchup"}:
            return await self._refused(
                Refusal(what="Nothing is shown", why="this needs Slack.", hint=_DOCUMENT)
            )
        if incident is None:
            return await self._refused(_unnamed())
        match intent.what:
            case "status":
                said = notices.status(incident, self.policy.look)
            case "roles":
                said = notices.roles(incident, self.policy.look)
            case _:
                said = catchup(incident, await tagged_words(self.store, incident), self.policy.look)
        return Told(await self._plain(said), done=True)

    async def _list(self, wanted: str) -> str:
        rows = await self.store.summaries(open_only=wanted in {"open", "mine"})
        shown = [
            row
            for row in rows
            if not row.private
            and (wanted in {"open", "all", "mine"} or wanted in {row.status.value, row.severity})
        ]
        return "\n".join(_line(row) for row in shown) or "No such incident."

    async def _refused(self, reason: Refusal) -> Told:
        return Told(await self._plain(notices.refusal(reason)), done=False)

    async def _plain(self, notice: Notice) -> str:
        people = [span.person.key for line in notice.lines for span in line if isinstance(span, Mention)]
        return plain(notice, await self.store.profiles(people))


def _help(topic: str | None) -> str:
    view = helping.topic(topic) if topic else helping.overview()
    return "\n".join(f"{usage}\n    {said}" for part in view.sections for usage, said in part.lines)


def _line(row: Summary) -> str:
    kind = "" if row.kind.value == "normal" else f" [{row.kind.value}]"
    return f"INC-{row.number}{kind} {row.title} · {row.severity or 'severity not set'} · {row.status.value}"


def _unnamed() -> Refusal:
    return Refusal(
        what="Nothing was changed",
        why="a terminal is no incident channel.",
        hint="Name the incident first: `tocsin incident INC-7 …`. `tocsin incident list` shows the open ones.",
    )


async def person(store: Store, said: str) -> tuple[str, ZoneInfo]:
    """The Slack id, where one person is called so, else the name as it stands; and the zone in which they read clocks."""
    found = [*(await store.profiles([said])).values()] or await store.profiles_named(said)
    if len(found) != 1:
        return said, ZoneInfo("UTC")
    return found[0].id, ZoneInfo(found[0].zone)


def joined(words: Sequence[str]) -> str:
    """A line as it would stand in Slack: what the shell took for one word stays one."""
    return words[0] if len(words) == 1 else " ".join(f'"{word}"' if " " in word else word for word in words)
