"""Where what people do in Slack is answered: commands, buttons, forms and shortcuts, each one request to the one door.

Everything here returns only after the commit; what it returns is the acknowledgement.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never
from zoneinfo import ZoneInfo

import structlog

from bot.app.directory import Directory
from bot.app.incidents import Done, Incidents, Outcome, Request
from bot.app.policy import Policy
from bot.app.ports import ChatError, Clock, Store, Summary
from bot.app.recorder import Recorder
from bot.app.wanted import digest
from bot.domain import commands as c
from bot.domain.incident import Incident
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import ActionState, TimeName
from bot.language import help as helping
from bot.language.intents import Context, Do, Intent, OpenForm, Show
from bot.language.parse import parse
from bot.slack import forms, inbound, submissions
from bot.slack.gateway import SlackGateway
from bot.slack.home import home_view
from bot.slack.ids import Action, Form, Shortcut
from bot.slack.later import Later
from bot.slack.messages import Payload, render
from bot.views import notices
from bot.views.actions import action_list, card
from bot.views.home import Home, OpenIncident
from bot.views.lists import IncidentLine, IncidentList, timeline_page
from bot.views.notices import Notice

log = structlog.get_logger(__name__)

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody acted: who, in which channel, and the incident that this channel belongs to, if any."""

    user: str
    channel: str | None
    incident: Incident | None = None


@dataclass(slots=True)
class Desk:
    store: Store
    incidents: Incidents
    recorder: Recorder
    directory: Directory
    gateway: SlackGateway
    clock: Clock
    policy: Policy
    later: Later

    # --- slash commands ------------------------------------------------------------------------------------------

    async def command(self, body: Body) -> Payload | None:
        """What `/incident …` is answered with, only to the person who typed it. None: the answer is a form."""
        place = await self._place(str(body["user_id"]), str(body.get("channel_id") or ""))
        context = await self._context(place)
        intent = parse(str(body.get("text") or ""), context)
        if isinstance(intent, Refusal):
            return render(notices.refusal(intent))
        named = await self._named(intent, place)
        if isinstance(named, Refusal):
            return render(notices.refusal(named))
        if named and named is not place.incident:
            # Times are read near the incident that is meant, not the one whose channel this is.
            place = replace(place, incident=named)
            intent = parse(str(body.get("text") or ""), await self._context(place))
            if isinstance(intent, Refusal):
                return render(notices.refusal(intent))
        return await self._follow(intent, place, body)

    async def _follow(self, intent: Intent, place: Place, body: Body) -> Payload | None:
        match intent:
            case Do():
                return await self._do(intent.command, place, delivery=f"command:{body['trigger_id']}")
            case Show():
                return await self._show(intent, place)
            case OpenForm():
                return await self._open_form(intent, place, str(body["trigger_id"]))
            case _:
                assert_never(intent)

    async def _named(self, intent: Intent, place: Place) -> Incident | Refusal | None:
        """The incident that an intent is about: by its number, else the channel's."""
        if intent.incident is None:
            return place.incident
        found = await self.store.incident(intent.incident)
        if found is None or (found.private and not await self._may_see(found, place)):
            return notices.unknown_incident(intent.incident)
        return found

    async def _may_see(self, incident: Incident, place: Place) -> bool:
        """A private incident is known only in its own channel and to those who hold something in it."""
        if place.channel == incident.channel:
            return True
        holders = {p.slack_id for held in incident.roles.values() for p in held}
        owners = {p.slack_id for item in incident.actions.values() for p in item.details.owners}
        return place.user in {incident.declared_by, *holders, *owners}

    async def _do(self, command: c.Command, place: Place, *, delivery: str) -> Payload | None:
        if isinstance(command, c.Declare):
            command = replace(command, declared_from=place.channel)
        elif place.incident is None:
            return render(notices.refusal(notices.no_incident_here()))
        outcome = await self._ask(command, place, delivery=delivery)
        return self._answer(outcome)

    async def _ask(self, command: c.Command, place: Place, *, delivery: str | None) -> Outcome:
        declaring = isinstance(command, c.Declare)
        number = None if declaring or place.incident is None else place.incident.number
        return await self.incidents.handle(
            Request(command=command, by=place.user, at=self.clock.now(), incident=number, delivery=delivery)
        )

    def _answer(self, outcome: Outcome) -> Payload | None:
        if isinstance(outcome, Refusal):
            return render(notices.refusal(outcome))
        if outcome.repeated or outcome.incident is None:
            return None
        return render(notices.answer(outcome.incident, outcome.events))

    async def _show(self, intent: Show, place: Place) -> Payload:
        match intent.what:
            case "help":
                return render(helping.topic(intent.topic) if intent.topic else helping.overview())
            case "list":
                return render(_listed(await self._visible(place)))
            case _:
                pass
        if place.incident is None:
            return render(notices.refusal(notices.no_incident_here()))
        return await self._show_incident(intent, place.incident, place.user)

    async def _show_incident(self, intent: Show, incident: Incident, user: str) -> Payload:
        match intent.what:
            case "status":
                return render(notices.status(incident))
            case "roles":
                return render(notices.roles(incident))
            case "actions":
                return render(action_list(incident, intent.topic, user, self.clock.now()))
            case "timeline":
                messages = {
                    entry.message.key: message.text
                    for entry in incident.entries.values()
                    if entry.message and (message := await self.store.message(entry.message))
                }
                return render(timeline_page(incident, messages))
            case _:
                return render(helping.overview())

    async def _visible(self, place: Place) -> list[Summary]:
        """Open incidents that this person may know of."""
        seen: list[Summary] = []
        for row in await self.store.summaries(open_only=True):
            if row.private and row.declared_by != place.user and row.channel != place.channel:
                continue
            seen.append(row)
        return seen

    # --- forms ---------------------------------------------------------------------------------------------------

    async def _open_form(self, intent: OpenForm, place: Place, trigger: str) -> Payload | None:
        form = Form(f"form_{intent.form}")
        if form is not Form.DECLARE and place.incident is None:
            return render(notices.refusal(notices.no_incident_here()))
        incident = None if form is Form.DECLARE else place.incident
        asked = forms.Asked(
            policy=self.policy, incident=incident, filled=intent.filled, channel=place.channel
        )
        return await self._open(form, asked, trigger)

    async def _open(self, form: Form, asked: forms.Asked, trigger: str) -> Payload | None:
        try:
            await self.gateway.open_view(trigger, forms.build(form, asked))
        except ChatError as error:
            if error.word == "exchanged_trigger_id":
                return None  # the same request came twice; its form is open
            if error.word in {"expired_trigger_id", "no_answer", "ratelimited"}:
                return render(
                    Notice.of(("The form did not open in time; nothing was changed.",), ("Try once more.",))
                )
            raise
        return None

    async def submission(self, body: Body) -> dict[str, Any] | None:
        """A form was sent: errors under its fields, or None when it is done and may close."""
        view = body["view"]
        form = Form(view["callback_id"])
        carried = json.loads(view.get("private_metadata") or "{}")
        user = str(body["user"]["id"])
        values = submissions.typed_values(view["state"]["values"])
        chosen = carried.get("incident") or values.get("incident")
        incident = await self.store.incident(int(chosen)) if chosen else None
        place = Place(user=user, channel=carried.get("channel"), incident=incident)
        context = await self._context(place)
        try:
            commands = submissions.read(
                form, submissions.Sent(values=values, carried=carried, context=context)
            )
        except submissions.FieldErrors as errors:
            return {"response_action": "errors", "errors": errors.errors}
        # A form sent again after a refusal keeps its view id: what was typed tells it from a repeated delivery.
        typed = digest(values)
        for index, command in enumerate(commands):
            outcome = await self._ask(command, place, delivery=f"view:{view['id']}:{index}:{typed}")
            if isinstance(outcome, Refusal):
                return _refused(outcome, values)
            if outcome.incident:
                place = replace(place, incident=outcome.incident)
                self._tell(outcome, place)
        return None

    def _tell(self, outcome: Done, place: Place) -> None:
        """A form has no answer of its own: its channel is told, only to the person, when it can be."""
        if outcome.repeated or outcome.incident is None:
            return
        channel = place.channel or outcome.incident.channel
        if channel:
            view = notices.answer(outcome.incident, outcome.events)
            self.later.start(self._whisper(channel, place.user, view))

    async def _whisper(self, channel: str, user: str, view: object) -> None:
        try:
            await self.gateway.whisper(channel, user, view)
        except ChatError as error:
            log.info("whisper.unheard", word=error.word)

    # --- buttons -------------------------------------------------------------------------------------------------

    async def action(self, body: Body) -> Payload | None:
        """A button was pressed. Returns what only this person is told, or None."""
        pressed = body["actions"][0]
        try:
            action = Action(pressed["action_id"])
        except ValueError:
            return None  # a choice inside a form: it is read when the form is sent
        user = str(body["user"]["id"])
        value = json.loads(pressed.get("value") or "{}")
        incident = await self.store.incident(int(value["incident"])) if value.get("incident") else None
        where = (body.get("channel") or {}).get("id")
        channel = str(where) if where else incident.channel if incident else None
        place = Place(user=user, channel=channel, incident=incident)
        if action in _FORMS:
            carried = {"action": value["action"]} if "action" in value else None
            asked = forms.Asked(policy=self.policy, incident=incident, channel=channel, carried=carried)
            return await self._open(_FORMS[action], asked, str(body["trigger_id"]))
        if action is Action.TIMELINE and incident:
            return await self._show_incident(Show(what="timeline"), incident, user)
        command = await self._pressed(action, value, place)
        delivery = f"action:{pressed.get('action_ts')}:{user}:{action}"
        outcome = await self._ask(command, place, delivery=delivery)
        if isinstance(outcome, Done) and not outcome.events:
            return None  # the card or banner shows the present state already
        if isinstance(outcome, Done) and body.get("view", {}).get("type") == "home":
            self.later.start(self.home(user))
            return None
        return render(notices.refusal(outcome)) if isinstance(outcome, Refusal) else None

    async def _pressed(self, action: Action, value: Body, place: Place) -> c.Command:
        item = str(value.get("action", ""))
        now = self.clock.now()
        match action:
            case Action.DONE:
                return c.ChangeActionState(action=item, state=ActionState.DONE)
            case Action.START:
                return c.ChangeActionState(action=item, state=ActionState.IN_PROGRESS)
            case Action.SNOOZE_HOUR:
                return c.SnoozeAction(action=item, until=now + timedelta(hours=1))
            case Action.SNOOZE_TOMORROW:
                return c.SnoozeAction(
                    action=item, until=tomorrow_morning(now, await self.directory.zone(place.user))
                )
            case Action.RENDER:
                return c.RequestDocument()
            case _:
                raise ValueError(f"a button {action} that nobody answers")

    # --- shortcuts, Home, people -----------------------------------------------------------------------------------

    async def shortcut(self, body: Body) -> Payload | None:
        trigger, user = str(body["trigger_id"]), str(body["user"]["id"])
        kind = Shortcut(body["callback_id"])
        if kind is Shortcut.DECLARE:
            return await self._open(Form.DECLARE, forms.Asked(policy=self.policy), trigger)
        channel = str(body["channel"]["id"])
        raw = body["message"]
        if kind is Shortcut.DECLARE_FROM_MESSAGE:
            filled = {"title": " ".join(str(raw.get("text") or "").split())[:100]}
            asked = forms.Asked(policy=self.policy, filled=filled, channel=channel)
            return await self._open(Form.DECLARE, asked, trigger)
        return await self._tag_form(raw, await self._place(user, channel), trigger)

    async def _tag_form(self, raw: Body, place: Place, trigger: str) -> Payload | None:
        """From an incident's channel that incident is meant; from elsewhere the form asks which."""
        carried: dict[str, Any] = {"message_channel": place.channel, "message_ts": raw["ts"]}
        message = inbound.message(raw, str(place.channel))
        filled = None
        # Kept now, because we may not be in that channel and the form has no room for long words.
        await self.recorder.foreign(message)
        if place.incident and (entry := place.incident.entry_of(message.ref)):
            filled = forms.details_filled(entry.details)
        asked = forms.Asked(
            policy=self.policy, incident=place.incident, filled=filled, channel=place.channel, carried=carried
        )
        view = forms.build(Form.TAG, asked)
        if place.incident is None:
            visible = await self._visible(place)
            if not visible:
                return render(notices.refusal(_NOTHING_OPEN))
            view["blocks"].insert(0, forms.incident_picker((row.number, row.title) for row in visible))
        return await self._open_view(view, trigger)

    async def _open_view(self, view: Body, trigger: str) -> Payload | None:
        try:
            await self.gateway.open_view(trigger, view)
        except ChatError as error:
            if error.word != "exchanged_trigger_id":
                raise
        return None

    async def home(self, user: str) -> None:
        """Draw a person's Home page."""
        place = Place(user=user, channel=None)
        rows = await self._visible(place)
        items = []
        for row in await self.store.actions_of(user):
            incident = await self.store.incident(row.incident)
            if incident and row.action in incident.actions:
                items.append(card(incident, incident.actions[row.action]))
        shown = [await self._open_incident(row, user) for row in rows]
        try:
            await self.gateway.publish_home(user, home_view(Home(open=tuple(shown), items=tuple(items))))
        except ChatError as error:
            log.info("home.not_drawn", word=error.word)

    async def _open_incident(self, row: Summary, user: str) -> OpenIncident:
        incident = await self.store.incident(row.number)
        held = incident.roles.items() if incident else ()
        return OpenIncident(
            number=row.number,
            title=row.title,
            severity=row.severity,
            status=row.status.value,
            channel=row.channel,
            roles=tuple(role for role, people in held if user in {p.slack_id for p in people}),
        )

    # --- context -------------------------------------------------------------------------------------------------

    async def _place(self, user: str, channel: str) -> Place:
        """A channel with several incidents means the newest one that is open, else the newest."""
        rows = await self.store.in_channel(channel) if channel else ()
        row = next((row for row in rows if row.status.is_open), rows[0] if rows else None)
        incident = await self.store.incident(row.number) if row else None
        return Place(user=user, channel=channel or None, incident=incident)

    async def _context(self, place: Place) -> Context:
        return Context(
            now=self.clock.now(),
            zone=await self.directory.zone(place.user),
            by=place.user,
            severities=self.policy.severities,
            roles=self.policy.roles,
            near=_near(place.incident),
            here=place.incident.number if place.incident else None,
        )


_FORMS: Mapping[Action, Form] = {
    Action.DECLARE: Form.DECLARE,
    Action.UPDATE: Form.UPDATE,
    Action.ROLE: Form.ROLE,
    Action.ACTION: Form.ACTION,
    Action.RESOLVE: Form.RESOLVE,
    Action.CLOSE: Form.CLOSE,
    Action.REOPEN: Form.STATUS,
    Action.ADD: Form.ADD,
    Action.CANCEL: Form.CANCEL,
}

_NOTHING_OPEN = Refusal(
    what="The message was not added",
    why="no incident is open.",
    hint="`/incident` declares one; then use the shortcut again.",
)


def _listed(rows: Iterable[Summary]) -> IncidentList:
    return IncidentList(
        incidents=tuple(
            IncidentLine(
                number=row.number,
                title=row.title,
                status=row.status.value,
                severity=row.severity,
                kind=row.kind,
                channel=row.channel,
                declared_at=row.declared_at,
            )
            for row in rows
        )
    )


def _refused(reason: Refusal, values: Mapping[str, Any]) -> dict[str, Any]:
    """A refusal under the field it blames, or under the first one: the form stays open with everything typed."""
    field = reason.field if reason.field in values else next(iter(values), "title")
    return {"response_action": "errors", "errors": {field: f"{reason.what}: {reason.why} {reason.hint}"}}


def _near(incident: Incident | None) -> datetime | None:
    """The moment about which people talk in an incident."""
    if incident is None:
        return None
    started = incident.times.get(TimeName.IMPACT_STARTED)
    return started.utc if started and started.utc else incident.declared_at


def tomorrow_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Nine o'clock on the next day of the person's own calendar."""
    local = now.astimezone(zone) + timedelta(days=1)
    return local.replace(hour=9, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
