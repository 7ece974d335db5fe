"""A button was pressed: what it means now, whatever it was drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.app.incidents import Done
from bot.domain import commands as c
from bot.domain.people import Person
from bot.domain.refusals import Refusal
from bot.language.due import next_morning
from bot.language.intents import Show, Shown
from bot.language.running import merge_command
from bot.slack import blocks as b
from bot.slack import forms, stacked
from bot.slack.desk import Body, Desk
from bot.slack.homes import Homes
from bot.slack.ids import Action, Form
from bot.slack.item_buttons import ITEM_ACTIONS, ItemButtons, carried
from bot.slack.messages import Payload, render
from bot.slack.places import Place
from bot.slack.slash import SlashCommands
from bot.slack.timelines import Timelines
from bot.views import answers, notices


@dataclass(slots=True)
class Buttons:
    desk: Desk
    homes: Homes
    commands: SlashCommands

    async def press(self, body: Body) -> Payload | None:
        """A button was pressed. Returns what only this person is told, or None."""
        answer = await self._press(body)
        if answer and body.get("view", {}).get("type") == "home":
            # On the Home page nothing can be whispered (docs: a view's payload has no response_url).
            shown = b.view("shown", "Tocsin", answer.blocks, submit=None)
            return await self.desk.open_view(shown, str(body["trigger_id"]))
        return answer

    async def _press(self, body: Body) -> Payload | None:
        pressed = body["actions"][0]
        try:
            action = Action(pressed["action_id"].partition("#")[0])
        except ValueError:
            return None  # a choice inside a form: it is read when the form is sent
        user = str(body["user"]["id"])
        if action is Action.ENTRY:
            return await Timelines(self.desk).choose(body, user)
        value = carried(pressed)
        if action is Action.CHOOSE:
            answer = await self.commands.chosen(
                str(value["question"]), int(value["answer"]), user=user, trigger=str(body["trigger_id"])
            )
            return replace(answer, replaces=True) if answer else None
        incident = await self.desk.store.incident(int(value["incident"])) if value.get("incident") else None
        where = (body.get("channel") or {}).get("id")
        channel = str(where) if where else incident.channel if incident else None
        place = Place(user=user, channel=channel, incident=incident)
        if action is Action.OPEN_CHANNEL:
            return None  # Slack opens it
        if action in ITEM_ACTIONS:
            answer = await ItemButtons(self.desk).press(action, value, body, place)
            if body.get("view", {}).get("type") == "home":
                self.desk.later.start(self.homes.draw(user))
            return answer
        if action in _FORMS:
            below = stacked.below(body)
            asked = forms.Asked(
                policy=self.desk.policy,
                incident=incident,
                channel=channel,
                filled={name: str(known) for name, known in value.items() if name in _SAYS_WHICH},
                carried=stacked.carry({n: v for n, v in value.items() if n in _COMES_BACK}, below),
            )
            push = bool(below) or "pushed" in value
            return await self.desk.open(_FORMS[action], asked, str(body["trigger_id"]), push=push)
        if action is Action.TIMELINE and incident:
            return await Timelines(self.desk).show(place)
        if action is Action.TURN and incident:
            return await Timelines(self.desk).turn(place, value)
        if action in _SHOWN and incident:
            return await self.desk.show_incident(Show(what=_SHOWN[action]), incident, user)
        command = await self._pressed(action, value, place)
        delivery = f"action:{pressed.get('action_ts')}:{user}:{action}"
        outcome = await self.desk.ask(command, place, delivery=delivery)
        if isinstance(outcome, Done) and not outcome.events:
            return None  # the card or banner shows the present state already
        if isinstance(outcome, Done) and body.get("view", {}).get("type") == "home":
            self.desk.later.start(self.homes.draw(user))
            return None
        if stacked.below(body):  # a form has no answer of its own
            await self.desk.tell_all(outcome, place)
            return None
        if isinstance(outcome, Refusal):
            return render(notices.refusal(outcome))
        if action is Action.JOIN_INSTEAD and outcome.incident:
            return render(answers.answer(outcome.incident, outcome.events, look=self.desk.policy.look))
        return None

    async def _pressed(self, action: Action, value: Body, place: Place) -> c.Command:
        now = self.desk.clock.now()
        by = Person(slack_id=place.user)
        match action:
            case Action.RENDER:
                return c.RequestDocument()
            case Action.RETRY_CHANNEL:
                return c.RetryChannel()
            case Action.TAKE_COMMAND:
                return c.AssignRole(role="commander", person=by, vacant=True)
            case Action.LEAVE_ROLE:
                return c.ReleaseRole(role=str(value["role"]), person=by)
            case Action.ACCEPT_HANDOFF | Action.DECLINE_HANDOFF:
                accept = action is Action.ACCEPT_HANDOFF
                return c.AnswerHandoff(handoff=int(value["handoff"]), by=by, accept=accept)
            case Action.SNOOZE_NUDGES_30M:
                return c.SnoozeNudges(until=now + timedelta(minutes=30))
            case Action.SNOOZE_NUDGES_2H:
                return c.SnoozeNudges(until=now + timedelta(hours=2))
            case Action.SNOOZE_NUDGES_MORNING:
                zone = await self.desk.directory.zone(place.user)
                return c.SnoozeNudges(until=next_morning(now, zone))
            case Action.SIGN:
                known = await self.desk.directory.profiles([place.user])
                called = known[place.user].name if place.user in known else None
                return c.SignOff(item=str(value["item"]), person=by, called=called)
            case Action.JOIN_INSTEAD:
                return merge_command(int(value["into"]), await self.desk.places.context(place))
            case _:
                raise ValueError(f"a button {action} that nobody answers")


_SHOWN: Mapping[Action, Shown] = {Action.CATCH_UP: "catchup"}
#: What a button says of the form that it opens, and what that form carries back.
_SAYS_WHICH = frozenset({"section", "list", "which", "how", "role"})
_COMES_BACK = frozenset({"pushed", "item"})
_FORMS: Mapping[Action, Form] = {
    Action.DECLARE: Form.DECLARE,
    Action.UPDATE: Form.UPDATE,
    Action.ROLE: Form.ROLE,
    Action.ACTION: Form.ACTION,
    Action.RESOLVE: Form.RESOLVE,
    Action.CLOSE: Form.CLOSE,
    Action.REOPEN: Form.STATUS,
    Action.ADD: Form.ADD,
    Action.MORE: Form.MORE,
    Action.STATUS: Form.STATUS,
    Action.SEVERITY: Form.SEVERITY,
    Action.TIME: Form.TIME,
    Action.NOTE: Form.NOTE,
    Action.RENAME: Form.RENAME,
    Action.LINK: Form.LINK,
    Action.DUPLICATE: Form.DUPLICATE,
    Action.REVIEW: Form.REVIEW,
    Action.SECTION: Form.SECTION,
    Action.LIST: Form.LIST,
    Action.ASK: Form.ASK,
    Action.REVIEWERS: Form.REVIEWERS,
    Action.PUBLISH: Form.PUBLISH,
    Action.WAIVE: Form.WAIVE,
}
