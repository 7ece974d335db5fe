"""What every handler of a payload needs: the one door for requests, forms that open in time, whispers.

Everything here returns only after the commit; what it returns is the acknowledgement.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.app.calendars import Calendars
from bot.app.chat_port import ChatError
from bot.app.directory import Directory
from bot.app.gaps import Gaps
from bot.app.incidents import Done, Incidents, Outcome, Request
from bot.app.policy import Policy
from bot.app.ports import Clock, Store
from bot.app.postmortem import Postmortems
from bot.app.recorder import Recorder
from bot.app.wordings import tagged_words
from bot.domain import commands as c
from bot.domain.incident import Incident
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import Kind
from bot.language import help as helping
from bot.language.intents import Show
from bot.slack import forms
from bot.slack.checks import Checks
from bot.slack.gateway import SlackGateway
from bot.slack.ids import Form
from bot.slack.later import Later
from bot.slack.messages import Payload, render
from bot.slack.places import Place, Places
from bot.views import answers, notices
from bot.views.actions import action_list
from bot.views.catchup import catchup
from bot.views.lint import Finding
from bot.views.notices import Notice

log = structlog.get_logger(__name__)

Body = Mapping[str, Any]
ADVICE_S = 1.5
#: Forms that end the work on a document, and show what it still lacks.
_ENDING = frozenset({Form.CLOSE, Form.PUBLISH})


@dataclass(slots=True)
class Desk:
    store: Store
    incidents: Incidents
    recorder: Recorder
    gaps: Gaps
    directory: Directory
    gateway: SlackGateway
    clock: Clock
    policy: Policy
    later: Later
    places: Places
    checks: Checks
    postmortems: Postmortems
    calendars: Calendars

    async def ask(self, command: c.Command, place: Place, *, delivery: str | None) -> Outcome:
        """One request; what can be known only from Slack or of other incidents is looked at first."""
        checked = await self.checks.admit(command, place)
        if isinstance(checked, Refusal):
            return checked
        command = self._as_configured(checked)
        declaring = isinstance(command, c.Declare)
        number = None if declaring or place.incident is None else place.incident.number
        return await self.incidents.handle(
            Request(command=command, by=place.user, at=self.clock.now(), incident=number, delivery=delivery)
        )

    def _as_configured(self, command: c.Command) -> c.Command:
        """Some roles are held by several people at once."""
        if isinstance(command, c.AssignRole) and command.role in self.policy.shared_roles:
            return replace(command, beside=True)
        return command

    async def open(
        self, form: Form, asked: forms.Asked, trigger: str, *, push: bool = False
    ) -> Payload | None:
        if form in _ENDING and asked.incident:
            asked = replace(asked, findings=await self._findings(asked.incident))
        try:
            await self.gateway.open_view(trigger, forms.build(form, asked), push=push)
        except ChatError as error:
            if error.word == "exchanged_trigger_id":
                return None  # the same request came twice; its form is open
            if error.word in {"expired_trigger_id", "no_answer", "ratelimited"}:
                return render(
                    Notice.of(("The form did not open in time; nothing was changed.",), ("Try once more.",))
                )
            raise
        return None

    async def _findings(self, incident: Incident) -> tuple[Finding, ...]:
        """Advice, where there is time for it: a form must open within three seconds (docs: trigger ids)."""
        try:
            async with asyncio.timeout(ADVICE_S):
                return await self.postmortems.findings(incident, self.clock.now())
        except TimeoutError:
            log.info("advice.too_slow", incident=incident.ref)
            return ()

    async def open_view(self, view: Body, trigger: str) -> Payload | None:
        try:
            await self.gateway.open_view(trigger, view)
        except ChatError as error:
            if error.word != "exchanged_trigger_id":
                raise
        return None

    async def show_incident(self, intent: Show, incident: Incident, user: str) -> Payload:
        match intent.what:
            case "status":
                return render(notices.status(incident, self.policy.look))
            case "roles":
                return render(notices.roles(incident, self.policy.look))
            case "actions":
                return render(action_list(incident, intent.topic, user, self.clock.now()))
            case "catchup":
                return render(catchup(incident, await tagged_words(self.store, incident), self.policy.look))
            case _:
                return render(helping.overview())

    async def answer(self, outcome: Done, place: Place) -> Notice | None:
        """What the person who asked is told. None: this delivery was answered before."""
        incident = outcome.incident
        if outcome.repeated or incident is None:
            return None
        said = answers.answer(
            incident,
            outcome.events,
            before=outcome.before,
            zone=await self.directory.zone(place.user),
            look=self.policy.look,
        )
        if outcome.before is not None:
            return said
        others = [row for row in await self.places.visible(place) if row.number != incident.number]
        offered = [
            answers.OpenOne(
                number=row.number, ref=f"INC-{row.number}", title=row.title, declared_at=row.declared_at
            )
            for row in others
            if row.kind is Kind.NORMAL
        ]
        return answers.with_offer(said, incident, offered, self.clock.now())

    async def tell(self, outcome: Done, place: Place) -> None:
        """A form has no answer of its own: the person is told in its channel, or by DM where there is none."""
        view = await self.answer(outcome, place)
        if view:
            self.later.start(self.whisper(place, view))

    async def tell_all(self, outcome: Outcome, place: Place) -> None:
        """The same, of a refusal too."""
        if isinstance(outcome, Done):
            await self.tell(outcome, place)
        else:
            self.later.start(self.whisper(place, notices.refusal(outcome)))

    async def whisper(self, place: Place, view: object) -> None:
        """Only to the person, in the channel where they acted, else by DM."""
        try:
            if place.channel:
                await self.gateway.whisper(place.channel, place.user, view)
            else:
                await self.gateway.post(place.user, view, key="answer")
        except ChatError as error:
            log.info("whisper.unheard", word=error.word)
