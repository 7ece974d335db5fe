"""What `/incident …` is answered with, only to the person who typed it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never

from bot.app.calendars import EVERYTHING
from bot.app.ports import Summary, Unfinished
from bot.domain import commands as c
from bot.domain.decide.actions import unknown_item
from bot.domain.incident import Incident
from bot.domain.people import Person
from bot.domain.refusals import Refusal
from bot.language import help as helping
from bot.language.intents import Ask, Context, Do, Intent, OpenForm, ReadAgain, Show, Subscribe
from bot.language.parse import parse
from bot.language.spelled import echo
from bot.slack import forms
from bot.slack.backfilling import Backfilling
from bot.slack.desk import Body, Desk
from bot.slack.ids import Form
from bot.slack.item_lists import ItemLists, owner_of
from bot.slack.messages import Payload, render
from bot.slack.places import Place
from bot.slack.timelines import Timelines
from bot.views import calendars as views
from bot.views import notices, questions
from bot.views.lists import IncidentLine, IncidentList
from bot.views.look import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A line as somebody typed it at ``at`` in a channel, with the readings of it that they chose since.

    ``meant``: the incident that they said they mean, where the line and the channel do not tell.
    """

    line: str
    user: str
    channel: str
    at: datetime
    trigger: str
    delivery: str
    chosen: Mapping[str, str] = field(default_factory=dict)
    meant: int | None = None


@dataclass(slots=True)
class SlashCommands:
    desk: Desk
    items: ItemLists

    async def answer(self, body: Body) -> Payload | None:
        """What `/incident …` is answered with, only to the person who typed it. None: the answer is a form."""
        trigger = str(body["trigger_id"])
        typed = Typed(
            line=str(body.get("text") or ""),
            user=str(body["user_id"]),
            channel=str(body.get("channel_id") or ""),
            at=self.desk.clock.now(),
            trigger=trigger,
            delivery=f"command:{trigger}",
        )
        return await self._read(typed)

    async def chosen(self, key: str, answer: int, *, user: str, trigger: str) -> Payload | None:
        """Somebody answered the question that a line of theirs had raised: it is read again, as of when it was typed."""
        kept = await self.desk.store.unfinished(key)
        if kept is None or kept.by != user:
            return render(notices.refusal(questions.forgotten()))
        body = kept.body
        typed = Typed(
            line=body["line"],
            user=user,
            channel=body["channel"],
            at=kept.at,
            trigger=trigger,
            delivery=f"question:{key}",
            chosen=body["chosen"],
            meant=body.get("meant"),
        )
        if "incidents" in body:
            return await self._read(replace(typed, meant=body["incidents"][answer]))
        return await self._read(
            replace(typed, chosen={**typed.chosen, body["text"]: body["readings"][answer]})
        )

    async def _read(self, typed: Typed) -> Payload | None:
        place = await self.desk.places.place(typed.user, typed.channel)
        intent = parse(typed.line, await self._context(place, typed))
        if isinstance(intent, Refusal):
            return render(notices.refusal(intent))
        named = await self._named(intent, place, typed)
        if isinstance(named, Refusal):
            return render(notices.refusal(named))
        if named is None and _needs_incident(intent):
            return await self._ask_which(typed, place)
        if named and named is not place.incident:
            # Times are read near the incident that is meant, not the one whose channel this is.
            place = replace(place, incident=named)
            intent = parse(typed.line, await self._context(place, typed))
            if isinstance(intent, Refusal):
                return render(notices.refusal(intent))
        return await self._follow(await self._in_owners_zone(intent, place, typed), place, typed)

    async def _in_owners_zone(self, intent: Intent, place: Place, typed: Typed) -> Intent:
        """When something is owed is read on the clock of who owes it."""
        owner = owner_of(intent.command, place.incident) if isinstance(intent, Do) else None
        if owner is None or owner == place.user:
            return intent
        zone = await self.desk.directory.zone(owner)
        again = parse(typed.line, replace(await self._context(place, typed), zone=zone))
        return intent if isinstance(again, Refusal) else again

    async def _context(self, place: Place, typed: Typed) -> Context:
        return replace(await self.desk.places.context(place), now=typed.at, chosen=typed.chosen)

    async def _follow(self, intent: Intent, place: Place, typed: Typed) -> Payload | None:
        match intent:
            case Do():
                return await self._do(intent.command, place, delivery=typed.delivery)
            case Show():
                return await self._show(intent, place)
            case ReadAgain():
                return Backfilling(self.desk).begin(place)
            case OpenForm():
                return await self._open_form(intent, place, typed.trigger)
            case Ask():
                return await self._ask(intent, typed)
            case Subscribe():
                return await self._subscribe(intent, place)
            case _:
                assert_never(intent)

    async def _ask_which(self, typed: Typed, place: Place) -> Payload:
        """About the open incidents of this channel, where it has several, else about all."""
        rows = await self.desk.places.visible(place)
        here = [row for row in rows if place.channel and row.channel == place.channel]
        offered = (here or rows)[: questions.MOST_INCIDENTS]
        if not offered:
            return render(notices.refusal(notices.no_incident_open()))
        key = await self._keep(typed, incidents=[row.number for row in offered])
        names = [f"INC-{row.number} {row.title}" for row in offered]
        return render(questions.which_incident(key, typed.line, names, more=len(here or rows) - len(offered)))

    async def _keep(self, typed: Typed, **question: Any) -> str:
        """The line, until its question is answered; returns the key by which it is found again."""
        key = uuid.uuid4().hex
        body = {
            "line": typed.line,
            "channel": typed.channel,
            "chosen": dict(typed.chosen),
            "meant": typed.meant,
            **question,
        }
        await self.desk.store.keep_unfinished(Unfinished(key=key, by=typed.user, at=typed.at, body=body))
        return key

    async def _ask(self, ask: Ask, typed: Typed) -> Payload:
        key = await self._keep(typed, text=ask.text, readings=[reading.label for reading in ask.readings])
        zone = await self.desk.directory.zone(typed.user)
        said = [echo(reading.time, zone, now=typed.at) for reading in ask.readings]
        question = questions.which_time(key, what=ask.what, text=ask.text, why=ask.why, readings=said)
        return render(question)

    async def _named(self, intent: Intent, place: Place, typed: Typed) -> Incident | Refusal | None:
        """The incident that an intent is about: by its number, else the one that was chosen, else the channel's."""
        number = intent.incident or typed.meant
        if number is None:
            return place.incident
        found = await self.desk.store.incident(number)
        if found is None or not await self.desk.places.may_see(found, place):
            return notices.unknown_incident(number)
        return found

    async def _do(self, command: c.Command, place: Place, *, delivery: str) -> Payload | None:
        if isinstance(command, c.Declare):
            command = replace(command, declared_from=place.channel)
        outcome = await self.desk.ask(command, place, delivery=delivery)
        if isinstance(outcome, Refusal):
            return render(notices.refusal(outcome))
        view = await self.desk.answer(outcome, place)
        return render(view) if view else None

    async def _show(self, intent: Show, place: Place) -> Payload:
        match intent.what:
            case "help":
                return render(helping.topic(intent.topic) if intent.topic else helping.overview())
            case "list":
                return render(await self._list(intent.topic or "open", place))
            case "actions" if place.incident is None or (intent.topic == "mine" and intent.incident is None):
                return render(await self.items.everywhere(intent.topic, place))
            case _:
                pass
        assert place.incident is not None, "asked for before"
        if intent.what == "timeline":
            return await Timelines(self.desk).show(place, intent.topic or "")
        if intent.what == "entry":
            return await Timelines(self.desk).entry(place, intent.topic or "")
        return await self.desk.show_incident(intent, place.incident, place.user)

    async def _subscribe(self, intent: Subscribe, place: Place) -> Payload:
        everything = intent.whose == EVERYTHING
        whose = Person.of(intent.whose) if intent.whose and not everything else None
        url = await self.desk.calendars.address(intent.whose or place.user, renew=intent.renew)
        if url is None:
            return render(notices.refusal(views.closed()))
        return render(views.address(url, whose, everything=everything, renewed=intent.renew))

    async def _list(self, wanted: str, place: Place) -> IncidentList:
        """``wanted``: open, all, mine, a status or a severity's label."""
        rows = await self.desk.places.visible(place, open_only=wanted == "open")
        if wanted == "mine":
            rows = [row for row in rows if await self._concerns(row, place.user)]
        elif wanted not in {"open", "all"}:
            rows = [row for row in rows if wanted in {row.status.value, row.severity}]
        return _listed(rows, wanted, self.desk.policy.look)

    async def _concerns(self, row: Summary, user: str) -> bool:
        """Whether somebody declared an incident, or holds a role or owns an item in it."""
        incident = await self.desk.store.incident(row.number, version=row.version)
        return incident is not None and user in incident.involved

    async def _open_form(self, intent: OpenForm, place: Place, trigger: str) -> Payload | None:
        form = Form(f"form_{intent.form}")
        incident = None if form is Form.DECLARE else place.incident
        if incident and (item := intent.filled.get("item")) and item not in incident.actions:
            return render(notices.refusal(unknown_item(incident, item)))
        asked = forms.Asked(
            policy=self.desk.policy, incident=incident, filled=intent.filled, channel=place.channel
        )
        return await self.desk.open(form, asked, trigger)


def _needs_incident(intent: Intent) -> bool:
    match intent:
        case (
            Do(command=c.Declare())
            | Show(what="help" | "list" | "actions")
            | OpenForm(form="declare")
            | Subscribe()
        ):
            return False
        case _:
            return True


def _listed(rows: Iterable[Summary], wanted: str, look: Look) -> IncidentList:
    return IncidentList(
        wanted=wanted,
        incidents=tuple(
            IncidentLine(
                number=row.number,
                title=row.title,
                status=look.status(row.status),
                severity=row.severity,
                kind=row.kind,
                channel=row.channel,
                declared_at=row.declared_at,
            )
            for row in rows
        ),
    )
