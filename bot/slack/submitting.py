"""A form was sent: errors under its fields, or done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.app.chat_port import ChatError
from bot.app.digests import digest
from bot.domain.details import MessageRef
from bot.domain.refusals import Refusal
from bot.language.intents import Context
from bot.slack import stacked, submissions
from bot.slack.desk import Body, Desk
from bot.slack.ids import Form
from bot.slack.importing import Importing
from bot.slack.places import Place

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Submissions:
    desk: Desk

    async def take(self, body: Body) -> dict[str, Any] | None:
        """A form was sent: errors under its fields, or None when it is done and may close."""
        view = body["view"]
        form = Form(view["callback_id"])
        carried = json.loads(view.get("private_metadata") or "{}")
        user = str(body["user"]["id"])
        values = submissions.typed_values(view["state"]["values"])
        chosen = carried.get("incident") or values.get("incident")
        incident = await self.desk.store.incident(int(chosen)) if chosen else None
        place = Place(user=user, channel=carried.get("channel"), incident=incident)
        context = await self._context(place, values)
        sent = submissions.Sent(values=values, carried=carried, context=context, incident=incident)
        try:
            if form is Form.IMPORT:
                return await Importing(self.desk).preview(sent, place)
            commands = (
                await Importing(self.desk).commands(sent, place)
                if form is Form.IMPORT_PREVIEW
                else submissions.read(form, sent)
            )
        except submissions.FieldErrors as errors:
            return {"response_action": "errors", "errors": errors.errors}
        # A form sent again after a refusal keeps its view id: what was typed tells it from a repeated delivery.
        typed = digest(values)
        for index, command in enumerate(commands):
            outcome = await self.desk.ask(command, place, delivery=f"view:{view['id']}:{index}:{typed}")
            if isinstance(outcome, Refusal):
                return _refused(outcome, values)
            if outcome.incident:
                place = replace(place, incident=outcome.incident)
                await self.desk.tell(outcome, place)
        if about := about_message(carried):
            await self.desk.recorder.keep_held(about)
        if carried.get("pushed"):
            return {"response_action": "clear"}
        if place.incident and stacked.UNDER in carried:
            views = stacked.redrawn(self.desk.policy, place.incident, carried)
            self.desk.later.start(self._redraw(views))
        return None

    async def _redraw(self, views: Mapping[str, Body]) -> None:
        """What lies below shows what was just saved; one that was closed meanwhile needs nothing."""
        for view_id, view in views.items():
            try:
                await self.desk.gateway.update_view(view_id, view)
            except ChatError as error:
                log.info("form.not_redrawn", word=error.word)

    async def _context(self, place: Place, values: Mapping[str, Any]) -> Context:
        """When something is owed is read on the clock of who owes it."""
        context = await self.desk.places.context(place)
        owners = values.get("owners") or ()
        return replace(context, zone=await self.desk.directory.zone(str(owners[0]))) if owners else context

    async def closed(self, body: Body) -> None:
        """A form was closed without being sent."""
        if about := about_message(json.loads(body["view"].get("private_metadata") or "{}")):
            await self.desk.recorder.drop_held(about)


def about_message(carried: Mapping[str, Any]) -> MessageRef | None:
    """The message from which a form was opened."""
    if "message_ts" not in carried:
        return None
    return MessageRef(channel=str(carried["message_channel"]), ts=str(carried["message_ts"]))


def _refused(reason: Refusal, values: Mapping[str, Any]) -> dict[str, Any]:
    """A refusal under the field it blames, or under the first one: the form stays open with everything typed."""
    field = reason.field if reason.field in values else next(iter(values), "title")
    return {"response_action": "errors", "errors": {field: f"{reason.what}: {reason.why} {reason.hint}"}}
