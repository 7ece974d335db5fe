"""Buttons of an action item, wherever its card stands: in a DM, a reminder, a list, on the Home page.

What was drawn may be old: a finished item is never changed by a button, and the pressed message shows how it stands.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app.incidents import Outcome
from bot.domain import commands as c
from bot.domain.incident import ActionItem, Incident
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import ActionState
from bot.domain.working_time import WorkingTime
from bot.slack import blocks as b
from bot.slack import forms
from bot.slack.desk import Body, Desk
from bot.slack.ids import Action, Form
from bot.slack.messages import Payload, item_mark, render
from bot.slack.places import Place
from bot.views import notices
from bot.views.actions import card, settled

ITEM_ACTIONS = frozenset({Action.DONE, Action.START, Action.SNOOZE, Action.REASSIGN, Action.CANCEL})
_FORMS: Mapping[Action, Form] = {Action.REASSIGN: Form.REASSIGN, Action.CANCEL: Form.CANCEL}


@dataclass(slots=True)
class ItemButtons:
    desk: Desk

    async def press(self, action: Action, value: Body, body: Body, place: Place) -> Payload | None:
        """What becomes of the pressed message, or what only this person is told; None: a form opened."""
        incident, name = place.incident, str(value["action"])
        assert incident, "an item's buttons name its incident"
        item = incident.actions.get(name)
        if item and not item.state.is_finished:
            form = Form.SNOOZE if value.get("until") == "date" else _FORMS.get(action)
            if form:
                return await self._open(form, item, body, place)
            outcome = await self._ask(action, value, body, place)
            if isinstance(outcome, Refusal):
                return render(notices.refusal(outcome))
            incident = outcome.incident or incident
        return _as_it_stands(body, incident, name)

    async def _open(self, form: Form, item: ActionItem, body: Body, place: Place) -> Payload | None:
        owners = item.details.owners
        filled = {
            "owners": ",".join(p.slack_id for p in owners if p.slack_id),
            "other_owners": "\n".join(p.name for p in owners if p.name),
        }
        asked = forms.Asked(
            policy=self.desk.policy,
            incident=place.incident,
            channel=place.channel,
            carried={"action": item.id},
            filled=filled,
        )
        return await self.desk.open(form, asked, str(body["trigger_id"]))

    async def _ask(self, action: Action, value: Body, body: Body, place: Place) -> Outcome:
        delivery = f"action:{body['actions'][0].get('action_ts')}:{place.user}:{action}"
        return await self.desk.ask(await self._command(action, value, place), place, delivery=delivery)

    async def _command(self, action: Action, value: Body, place: Place) -> c.Command:
        item = str(value["action"])
        match action:
            case Action.DONE:
                return c.ChangeActionState(action=item, state=ActionState.DONE)
            case Action.START:
                return c.ChangeActionState(action=item, state=ActionState.IN_PROGRESS)
            case Action.SNOOZE:
                zone = await self.desk.directory.zone(place.user)
                until = snoozed_until(
                    str(value["until"]), self.desk.clock.now(), zone, self.desk.policy.hours
                )
                return c.SnoozeAction(action=item, until=until)
            case _:
                raise ValueError(f"a button {action} that nobody answers")


def carried(pressed: Body) -> dict[str, str | int]:
    """What a button, or the chosen option of a menu, was drawn from."""
    chosen = pressed.get("selected_option") or pressed
    value: dict[str, str | int] = json.loads(chosen.get("value") or "{}")
    return value


def snoozed_until(choice: str, now: datetime, zone: ZoneInfo, hours: WorkingTime) -> datetime:
    """An hour, or the beginning of work on the next day or Monday of the person's own calendar; UTC."""
    if choice == "hour":
        return now + timedelta(hours=1)
    today = now.astimezone(zone).date()
    days = 1 if choice == "tomorrow" else 7 - today.weekday()
    morning = datetime.combine(today + timedelta(days=days), hours.start, zone)
    return morning.astimezone(now.tzinfo)


def _as_it_stands(body: Body, incident: Incident, action: str) -> Payload:
    """The pressed message with this item's blocks put right; a message that we are not shown is answered in words."""
    message = body.get("message")
    item = incident.actions.get(action)
    if not message or not message.get("blocks"):
        return render(settled(incident, action))
    fresh = (
        render(card(incident, item)).blocks if item else [b.context(f"{incident.ref} {action} was deleted.")]
    )
    mark = item_mark(incident.number, action)
    made: list[b.Block] = []
    for block in message["blocks"]:
        if not str(block.get("block_id", "")).startswith(mark):
            made.append(block)
        elif fresh:
            made.extend(fresh)
            fresh = []
    return Payload(text=str(message.get("text") or " "), blocks=b.fit(made), replaces=True)
